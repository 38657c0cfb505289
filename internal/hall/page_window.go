package hall

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// deskData is what the start of a service shows: an empty form, and subjects when several have the name.
type deskData struct {
	Form  page.Form
	Found []foundSubject
	Done  bool
}

type foundSubject struct {
	Key  credit.Key
	Name string
	Code string
}

func (p *pages) showDesk(w http.ResponseWriter, r *http.Request) error {
	return p.render.Render(w, r, http.StatusOK, "hall", deskData{Done: r.URL.Query().Has("done")})
}

// findWalkIn begins a service for the subject that is meant. What was typed is in no address and, when it is an
// identity number, not on the page again.
func (p *pages) findWalkIn(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	page.From(r.Context()).Return = "/hall"
	d := deskData{Form: page.Form{Values: url.Values{}}}
	text := strings.TrimSpace(r.PostForm.Get("q"))
	if !problem.HasIdentityNumber(text) {
		d.Form.Values.Set("q", text)
	}
	if n := len([]rune(text)); n < 2 || n > 100 {
		d.Form.Fail("q", "hall.q.missing")
		return p.render.Render(w, r, http.StatusUnprocessableEntity, "hall", d)
	}
	all, err := p.find(r.Context(), text)
	if err != nil {
		return err
	}
	me := account.From(r.Context())
	switch len(all) {
	case 0:
		d.Form.Fail("q", "hall.q.none")
		return p.render.Render(w, r, http.StatusUnprocessableEntity, "hall", d)
	case 1:
		v, err := p.begin(r.Context(), me, AtWindow, all[0].Key, Person{}, nil)
		if err != nil {
			return err
		}
		return see(w, r, v.href())
	}
	return p.choose(w, r, d, all)
}

// choose lets the clerk pick among subjects of one name; each learns that it was looked for.
func (p *pages) choose(w http.ResponseWriter, r *http.Request, d deskData, all []ledger.Subject) error {
	for _, x := range all {
		if err := p.log(r.Context(), actorAt(account.From(r.Context()), AtWindow), x.Key, audit.Search, ""); err != nil {
			return err
		}
		d.Found = append(d.Found, foundSubject{x.Key, shownName(x.Key, x.Name), x.Key.Code()})
	}
	return p.render.Render(w, r, http.StatusOK, "hall", d)
}

type todayData struct {
	Rows []visitRow
	Next string
}

// visitRow is a visit in a list.
type visitRow struct {
	*Visit
	Name      string // of the subject, a person's masked
	PurposeOf string // key
}

func (p *pages) rows(r *http.Request, list []*Visit) (rows []visitRow, err error) {
	for _, v := range list {
		x, _, err := p.Ledger.Subject(r.Context(), v.Subject)
		if err != nil {
			return nil, err
		}
		row := visitRow{Visit: v, Name: shownName(v.Subject, x.Name)}
		switch {
		case v.Reprint():
			row.PurposeOf = "hall.reprint"
		case v.Purpose != "":
			row.PurposeOf = "report.purpose." + v.Purpose
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// showToday lists what the clerk did today, and nobody else's.
func (p *pages) showToday(w http.ResponseWriter, r *http.Request) error {
	list, next, err := p.ofDay(r.Context(), p.today(), account.From(r.Context()).ID, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	d := todayData{}
	if next != "" {
		d.Next = "/hall/today?after=" + url.QueryEscape(next)
	}
	if d.Rows, err = p.rows(r, list); err != nil {
		return err
	}
	return p.render.Render(w, r, http.StatusOK, "hall_today", d)
}

func see(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func (v *Visit) href() string { return "/hall/visit/" + v.ID }

// At is when the visit began.
func (v *Visit) At() time.Time { return time.UnixMilli(v.Begun).UTC() }

// EndedAt is when it was closed.
func (v *Visit) EndedAt() time.Time { return time.UnixMilli(v.Ended).UTC() }

// Running tells whether the clerk may go on with it.
func (v *Visit) Running() bool { return v.Place == AtWindow && v.State != Closed }
