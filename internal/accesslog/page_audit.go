package accesslog

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// rowsOf a page.
const pageRows = 50

// row is an entry of the log with names; EventKey names its purpose when that is an event.
type row struct {
	audit.Entry
	Login    string // of the account, empty for anybody and for commands
	Code     string // of the subject
	Who      string // the subject's name, a person's masked
	Own      bool   // the log itself was read
	EventKey string
}

type auditData struct {
	Form  page.Form
	Rows  []row
	Next  string
	Asked string // what was asked for, in words
}

// events are the purposes under which amendments are logged.
var events = []ledger.EventType{ledger.Withdrawn, ledger.Annulled, ledger.Removed, ledger.Reassigned, ledger.Linked, ledger.LinkUndone}

// question is what the auditor asked for: a subject, an account or a day.
type question struct {
	subject credit.Key
	actor   string
	day     credit.Date
	words   string
}

// list answers one question; without one, what was done today.
func (d *Desk) list(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.URL.Query()
	data := auditData{Form: page.Form{Values: v}}
	q, err := d.ask(ctx, &data.Form)
	if err != nil {
		return err
	}
	if len(data.Form.Wrong) > 0 {
		return d.Pages.Render(w, r, http.StatusUnprocessableEntity, "audit", data)
	}
	after, err := audit.ParseCursor(v.Get("after"))
	if err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	within, err := d.region(ctx, q)
	if err != nil {
		return err
	}
	found, next, err := d.readWithin(ctx, q, after, within)
	if err != nil {
		return err
	}
	if err := d.record(ctx, q); err != nil {
		return err
	}
	data.Asked = q.words
	if data.Rows, err = d.rows(ctx, found); err != nil {
		return err
	}
	if next != (audit.Cursor{}) {
		v.Set("after", next.String())
		data.Next = "/audit?" + v.Encode()
	}
	return d.Pages.Render(w, r, http.StatusOK, "audit", data)
}

// ask reads the question, noting in the form what is wrong with it.
func (d *Desk) ask(ctx context.Context, f *page.Form) (q question, err error) {
	subject, login, day := strings.TrimSpace(f.Values.Get("subject")), strings.TrimSpace(f.Values.Get("login")), strings.TrimSpace(f.Values.Get("day"))
	switch {
	case subject != "" && login != "" || subject != "" && day != "" || login != "" && day != "":
		f.Fail("subject", "audit.one")
	case subject != "":
		return q, d.askSubject(ctx, f, &q, subject)
	case login != "":
		a, err := d.Accounts.ByLogin(ctx, login)
		if errors.Is(err, account.ErrNoAccount) {
			f.Fail("login", "audit.login.none")
			return q, nil
		}
		q.actor, q.words = a.ID, a.Login
		return q, err
	case day != "":
		if q.day, err = credit.ParseDate(day); err != nil {
			f.Fail("day", "audit.day.wrong")
		}
		q.words = q.day.String()
	default:
		q.day = credit.DateOf(d.Now())
		q.words = q.day.String()
	}
	return q, nil
}

func (d *Desk) askSubject(ctx context.Context, f *page.Form, q *question, text string) error {
	key := credit.Key(text)
	if problem.HasIdentityNumber(text) && credit.CheckUSCC(credit.NormalCode(text)).Verdict != credit.Valid {
		f.Values.Del("subject") // it must not stand on the page either
		f.Fail("subject", "audit.subject.number")
		return nil
	}
	s, ok, err := d.Subjects.Subject(ctx, key)
	if err != nil {
		return err
	}
	if !ok {
		found, err := d.Subjects.Find(ctx, text, 2)
		switch {
		case err != nil:
			return err
		case len(found) > 1:
			f.Fail("subject", "audit.subject.many")
			return nil
		case len(found) == 0:
			f.Fail("subject", "audit.subject.none")
			return nil
		}
		s = found[0]
	}
	q.subject, q.words = s.Key, shown(s.Key, s.Name)
	return nil
}

func (d *Desk) read(ctx context.Context, q question, after audit.Cursor) ([]audit.Entry, audit.Cursor, error) {
	switch {
	case q.subject != "":
		return audit.BySubject(ctx, d.DB, q.subject, after, pageRows)
	case q.actor != "":
		return audit.ByActor(ctx, d.DB, q.actor, after, pageRows)
	}
	return audit.ByDay(ctx, d.DB, q.day, after, pageRows)
}

// maxPages is how many pages of the log are looked through for one with an entry of the auditor's region.
const maxPages = 20

// readWithin reads a page of the log and leaves out the subjects that are not within the auditor's region.
func (d *Desk) readWithin(ctx context.Context, q question, after audit.Cursor, within func(credit.Key) (bool, error)) (some []audit.Entry, next audit.Cursor, err error) {
	for range maxPages {
		var found []audit.Entry
		if found, next, err = d.read(ctx, q, after); err != nil {
			return nil, next, err
		}
		for _, e := range found {
			ok, err := within(e.Subject)
			if err != nil {
				return nil, next, err
			}
			if ok {
				some = append(some, e)
			}
		}
		if after = next; len(some) > 0 || next == (audit.Cursor{}) {
			break
		}
	}
	return some, next, nil
}

// region returns which subjects the auditor reaches, each looked up once; of the log itself only one who reaches
// all. A question about a subject elsewhere is refused.
func (d *Desk) region(ctx context.Context, q question) (within func(credit.Key) (bool, error), err error) {
	me, known := account.From(ctx), map[credit.Key]bool{audit.LogItself: false}
	within = func(key credit.Key) (bool, error) {
		if me.Region == "" {
			return true, nil
		}
		ok, asked := known[key]
		if asked {
			return ok, nil
		}
		area, err := d.Subjects.Area(ctx, key, credit.DateOf(d.Now()))
		known[key] = me.Reaches(area)
		return known[key], err
	}
	if q.subject == "" {
		return within, nil
	}
	ok, err := within(q.subject)
	if err == nil && !ok {
		err = account.ErrRegion()
	}
	return within, err
}

// record writes that the auditor looked: who watches is watched too.
func (d *Desk) record(ctx context.Context, q question) error {
	e := audit.Entry{Subject: q.subject, At: d.Now(), Actor: audit.Actor(account.From(ctx).Actor()), Action: audit.View, Purpose: "查询记录审计"}
	if q.subject == "" {
		e.Subject, e.Purpose = audit.LogItself, "查询记录审计："+q.words
	}
	return d.DB.Tx(ctx, func(tx *store.Tx) error { return audit.Record(tx, e) })
}

// rows adds the names of accounts and subjects, each read once.
func (d *Desk) rows(ctx context.Context, found []audit.Entry) ([]row, error) {
	logins, subjects := map[string]string{}, map[credit.Key]string{}
	var all []row
	for _, e := range found {
		if _, known := logins[e.Actor.ID]; !known && e.Actor.ID != "" {
			a, err := d.Accounts.ByID(ctx, e.Actor.ID)
			if err != nil && !errors.Is(err, account.ErrNoAccount) {
				return nil, err
			}
			logins[e.Actor.ID] = a.Login
		}
		if _, known := subjects[e.Subject]; !known && e.Subject != audit.LogItself {
			s, _, err := d.Subjects.Subject(ctx, e.Subject)
			if err != nil {
				return nil, err
			}
			subjects[e.Subject] = shown(e.Subject, s.Name)
		}
		r := row{Entry: e, Login: logins[e.Actor.ID], Code: e.Subject.Code(), Who: subjects[e.Subject], Own: e.Subject == audit.LogItself}
		if slices.Contains(events, ledger.EventType(e.Purpose)) {
			r.EventKey = "event." + e.Purpose
		}
		all = append(all, r)
	}
	return all, nil
}

// Href asks for the log of the entry's subject.
func (r row) Href() string { return "/audit?" + url.Values{"subject": {string(r.Subject)}}.Encode() }

// LoginHref asks for what the entry's account did.
func (r row) LoginHref() string { return "/audit?" + url.Values{"login": {r.Login}}.Encode() }

// ChannelKey is the message that names the way by which it was done.
func (r row) ChannelKey() string { return audit.Channel(r.Actor.Channel).Key() }

// shown is a subject's name as the auditor sees it: of a person the first character.
func shown(key credit.Key, name string) string {
	if !key.Person() || name == "" {
		return name
	}
	return credit.MaskName(name)
}
