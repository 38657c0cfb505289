package report

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
	"xinban/internal/pinyin"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// searchRows is how many subjects a page of the search shows.
const searchRows = 20

// foundSubject is a subject in a list.
type foundSubject struct {
	Key   credit.Key
	Name  string
	Class credit.SubjectClass
	Href  string
}

type searchData struct {
	Form   page.Form
	Person page.Form
	Asked  bool
	Exact  []foundSubject  // by code, number or whole name
	Named  []foundSubject  // by the beginning of the name
	Next   *ledger.Subject // after which the next page begins

	Initialled []foundSubject // by the pinyin initials of a name
	NextBy     *ledger.Initialled
}

func subjectHref(key credit.Key) string {
	return "/subjects/" + strings.ReplaceAll(url.PathEscape(string(key)), "%2F", "/")
}

func found(all []ledger.Subject) (list []foundSubject) {
	for _, s := range all {
		list = append(list, foundSubject{s.Key, shownName(s.Key, s.Name), s.Class, subjectHref(s.Key)})
	}
	return list
}

// searchSubjects finds subjects by code, legacy number, name or the beginning of a name. The form sends the
// words in its body, so that what is typed stands in no address; an address may name what is no identity
// number.
func (p *pages) searchSubjects(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	v := r.URL.Query()
	if r.Method == http.MethodPost {
		v = r.PostForm
		page.From(r.Context()).Return = "/subjects"
	}
	text := strings.TrimSpace(v.Get("q"))
	d := searchData{Form: page.Form{Values: v}, Asked: text != ""}
	switch {
	case text == "":
	case problem.HasIdentityNumber(text) && credit.CheckUSCC(credit.NormalCode(text)).Verdict != credit.Valid:
		d.Form.Values.Del("q") // and nowhere is it shown again
		d.Form.Fail("q", "subjects.q.identity")
	case utf8.RuneCountInString(text) > 100:
		d.Form.Fail("q", "subjects.q.long")
	default:
		if err := p.search(r.Context(), &d, text, v.Get("name"), v.Get("key")); err != nil {
			return err
		}
		if err := p.searchInitials(r.Context(), &d, text, v.Get("initials"), v.Get("ikey")); err != nil {
			return err
		}
		if err := p.recordSearch(r.Context(), d.Exact, d.Named, d.Initialled); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if len(d.Form.Wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return p.Pages.Render(w, r, status, "subjects", d)
}

// recordSearch enters into the access logs of subjects that a search showed them.
func (p *pages) recordSearch(ctx context.Context, lists ...[]foundSubject) error {
	err := p.db.Tx(ctx, func(tx *store.Tx) error {
		for _, s := range slices.Concat(lists...) {
			e := audit.Entry{Subject: s.Key, At: p.c.Now(), Actor: actor(account.From(ctx)), Action: audit.Search}
			if err := audit.Record(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("report: recording a search: %w", err)
	}
	return nil
}

func (p *pages) search(ctx context.Context, d *searchData, text, afterName, afterKey string) error {
	if afterKey == "" {
		exact, err := p.ledger.Find(ctx, text, searchRows)
		if err != nil {
			return err
		}
		if exact, err = p.within(ctx, exact); err != nil {
			return err
		}
		d.Exact = found(exact)
	}
	for range searchBatches {
		if err := p.searchNames(ctx, d, credit.NormalName(text), afterName, afterKey); err != nil {
			return err
		}
		if len(d.Named) > 0 || d.Next == nil {
			break
		}
		afterName, afterKey = d.Next.Name, string(d.Next.Key)
	}
	return nil
}

// searchBatches is how many pages of names are looked through for the first with a subject of the caller's region.
const searchBatches = 20

// searchNames reads one page of names, of which it shows those that the caller reaches.
func (p *pages) searchNames(ctx context.Context, d *searchData, name, afterName, afterKey string) error {
	named, err := p.ledger.NamesFrom(ctx, name, afterName, afterKey, searchRows+1)
	if err != nil {
		return err
	}
	d.Next = nil
	if len(named) > searchRows {
		named = named[:searchRows]
		if last := named[searchRows-1]; !last.Key.Person() { // a person's name stands nowhere in clear
			d.Next = &last
		}
	}
	if named, err = p.within(ctx, named); err != nil {
		return err
	}
	for _, s := range found(named) {
		if !has(d.Exact, s.Key) {
			d.Named = append(d.Named, s)
		}
	}
	return nil
}

// searchInitials adds the subjects whose name has the initials typed, after the given place.
func (p *pages) searchInitials(ctx context.Context, d *searchData, text, after, afterKey string) error {
	initials, ok := pinyin.Typed(text)
	if !ok {
		return nil
	}
	all, err := p.ledger.InitialsFrom(ctx, initials, after, afterKey, searchRows+1)
	if err != nil {
		return err
	}
	if len(all) > searchRows {
		all = all[:searchRows]
		d.NextBy = &all[searchRows-1]
	}
	for _, s := range all {
		ok, err := p.reaches(ctx, account.From(ctx), s.Key)
		if err != nil {
			return err
		}
		if ok && !has(d.Exact, s.Key) && !has(d.Named, s.Key) && !has(d.Initialled, s.Key) {
			d.Initialled = append(d.Initialled, found([]ledger.Subject{s.Subject})...)
		}
	}
	return nil
}

// within leaves out the subjects that lie outside the caller's region.
func (p *pages) within(ctx context.Context, all []ledger.Subject) (some []ledger.Subject, err error) {
	for _, s := range all {
		ok, err := p.reaches(ctx, account.From(ctx), s.Key)
		if err != nil {
			return nil, err
		}
		if ok {
			some = append(some, s)
		}
	}
	return some, nil
}

func has(all []foundSubject, key credit.Key) bool {
	for _, s := range all {
		if s.Key == key {
			return true
		}
	}
	return false
}

// findPerson leads from an identity number, sent in a form and never in an address, to the subject.
func (p *pages) findPerson(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	d := searchData{Form: page.Form{Values: url.Values{}}}
	number, ok := credit.ParsePersonNumber(r.PostForm.Get("number"))
	var key credit.Key
	if ok {
		var err error
		if key, ok, err = p.ledger.FindPerson(r.Context(), number); err != nil {
			return err
		}
	}
	if ok { // a person of another region is as one not on record
		var err error
		if ok, err = p.reaches(r.Context(), account.From(r.Context()), key); err != nil {
			return err
		}
	}
	if !ok {
		d.Person.Fail("number", "subjects.person.none")
		return p.Pages.Render(w, r, http.StatusUnprocessableEntity, "subjects", d)
	}
	http.Redirect(w, r, subjectHref(key), http.StatusSeeOther)
	return nil
}
