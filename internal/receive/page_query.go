package receive

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type queryData struct {
	Form     page.Form
	Base     string
	Holders  []holderOption
	As       string // the query that carries the choice of holder on
	Notice   Notice
	Over     bool // the tab of grants that are over
	Asked    string
	Grants   []grantLine
	More     string // the next page of grants
	Purposes []Purpose
	Options  []page.Option
	Made     []madeLine
	Next     string
}

// link leads to another page of the same list, with what else was chosen.
func (d *queryData) link(more ...string) string {
	q, _ := url.ParseQuery(strings.TrimPrefix(d.As, "?")) // made here
	if d.Over {
		q.Set("tab", "over")
	}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return d.Base + "?" + q.Encode()
}

// Tab leads to one of the two tabs.
func (d queryData) Tab(over bool) string {
	d.Over = over
	return d.link()
}

type madeLine struct {
	Made
	Who string
}

// authorised lists whom the receiver may ask about, and what it had made.
func (p *pages) authorised(w http.ResponseWriter, r *http.Request) error {
	return p.showAuthorised(w, r, http.StatusOK, page.Form{Values: url.Values{}})
}

func (p *pages) showAuthorised(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	d := queryData{Form: f, Base: "/authorised", Notice: p.purposes.Notice, Over: r.URL.Query().Get("tab") == "over", Asked: strings.TrimSpace(f.Values.Get("q"))}
	if d.Holders, d.As, err = p.holderOptions(r.Context()); err != nil {
		return err
	}
	if err := p.listGrants(r, who, &d); err != nil {
		return err
	}
	if err := p.made(r, who, &d); err != nil {
		return err
	}
	return p.render.Render(w, r, status, "authorised", d)
}

func (p *pages) listGrants(r *http.Request, who *Receiver, d *queryData) (err error) {
	var list []consent.Grant
	if d.Asked != "" {
		list, err = p.grantsOf(r.Context(), who, d.Asked, d.Over)
	} else {
		var next string
		if list, next, err = p.grantsAfter(r.Context(), who, r.URL.Query().Get("grants"), d.Over, grantRows); next != "" {
			d.More = d.link("grants", next)
		}
	}
	if err != nil {
		return err
	}
	d.Grants, err = p.grantLines(r.Context(), list)
	return err
}

// searchGrants lists the grants of one subject. It is asked with a form that is sent, so that what was entered stands in no
// address; an identity number finds nobody and is not shown again.
func (p *pages) searchGrants(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f := page.Form{Values: r.PostForm}
	hideIdentity(&f, "q")
	return p.showAuthorised(w, r, http.StatusOK, f)
}

// hideIdentity takes an identity number out of a form: it is not shown again.
func hideIdentity(f *page.Form, field string) {
	if text := f.Values.Get(field); problem.HasIdentityNumber(text) && credit.CheckUSCC(credit.NormalCode(text)).Verdict != credit.Valid {
		f.Values.Del(field)
	}
}

func (p *pages) made(r *http.Request, who *Receiver, d *queryData) error {
	list, err := p.Made(r.Context(), who, r.URL.Query().Get("before"), deskRows)
	if err != nil {
		return err
	}
	for _, m := range list {
		name, err := p.c.Name(r.Context(), m.Subject)
		if err != nil {
			return err
		}
		d.Made = append(d.Made, madeLine{m, name})
	}
	if len(list) == deskRows {
		d.Next = d.link("before", list[deskRows-1].Number)
	}
	return nil
}

// query makes a report under a grant.
func (p *pages) query(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	v := r.PostForm
	f := page.Form{Values: v}
	number, err := p.Authorised(r.Context(), who, credit.Key(v.Get("subject")), v.Get("edition"), strings.TrimSpace(v.Get("purpose")))
	if text, ok := toShow(err); ok {
		f.Wrong = append(f.Wrong, page.Wrong{Field: "grant", Text: text})
		return p.showAuthorised(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/authorised/"+number, http.StatusSeeOther)
	return nil
}

// toShow is the text of an error that the asker can act on.
func toShow(err error) (string, bool) {
	var no *RefusedError
	if errors.As(err, &no) {
		return no.Text, true
	}
	if why, ok := consent.Why(err); ok {
		return why.Error(), true
	}
	return "", false
}

// organRequests shows the form of an organ, with the purposes for which it may ask and for which it may not.
func (p *pages) organRequests(w http.ResponseWriter, r *http.Request) error {
	return p.showOrgan(w, r, http.StatusOK, page.Form{Values: url.Values{}})
}

func (p *pages) showOrgan(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	who, err := p.reader(r.Context(), true)
	if err != nil {
		return err
	}
	d := queryData{Form: f, Base: "/organ-requests", Notice: p.purposes.Notice, Purposes: p.purposes.Purposes}
	for _, x := range d.Purposes {
		d.Options = append(d.Options, x.option())
	}
	if err := p.made(r, who, &d); err != nil {
		return err
	}
	return p.render.Render(w, r, status, "organ", d)
}

func (p *pages) organRequest(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	who, err := p.reader(r.Context(), true)
	if err != nil {
		return err
	}
	f := page.Form{Values: r.PostForm}
	number, err := p.askForOrgan(r.Context(), who, f.Values.Get("code"), f.Values.Get("purpose"), f.Values.Get("reason"))
	if text, ok := toShow(err); ok {
		f.Wrong = append(f.Wrong, page.Wrong{Field: fieldOf(err), Text: text})
		hideIdentity(&f, "code")
		return p.showOrgan(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/organ-requests/"+number, http.StatusSeeOther)
	return nil
}

// fieldOf is the field of the form that an error is about.
func fieldOf(err error) string {
	if no := (*RefusedError)(nil); errors.As(err, &no) && no.Field != "" {
		return no.Field
	}
	return "purpose"
}

// askForOrgan finds the subject, which is named by its code and never by an identity number.
func (s *Service) askForOrgan(ctx context.Context, who *Receiver, code, purpose, reason string) (string, error) {
	key, ok, err := s.c.Find(ctx, code)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", ErrNoSubject
	}
	return s.ForOrgan(ctx, who, key, purpose, reason)
}
