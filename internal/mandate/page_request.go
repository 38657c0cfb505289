package mandate

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// requestView is a request in a list or on its page.
type requestView struct {
	casework.Case
	Request
	At       time.Time
	Tone     string
	Due      credit.Date // last day for the answer, 0 when it is answered
	Mine     bool        // the caller may answer
	SignHref string      // to the form of the grant, filled in
	Form     page.Form
}

type requestsData struct {
	Form     page.Form
	Done     bool // just asked
	Holders  []account.Holder
	Key      credit.Key
	Of, By   []requestView
	NextOf   string
	NextBy   string
	Scopes   []page.Option
	Purposes []page.Option
	Editions []page.Option
}

var tones = map[casework.State]string{Asked: page.Info, Given: page.Good, Declined: page.Bad, Lapsed: page.Neutral, Withdrawn: page.Neutral}

func (p *pages) requestView(me account.Principal, c *casework.Case) (requestView, error) {
	q, err := RequestOf(c)
	v := requestView{Case: *c, Request: q, At: at(c.Opened), Tone: tones[c.State], Mine: me.MayActFor(c.Subject)}
	if c.State == Asked {
		v.Due = credit.DateOf(v.At).AddDays(waits)
		v.SignHref = "/mandates/new?" + q.fields(c).Encode()
	}
	return v, err
}

// fields are the form of a grant as the request asks for it.
func (q *Request) fields(c *casework.Case) url.Values {
	v := url.Values{"request": {c.ID}, "subject": {string(c.Subject)}, "grantee": {q.Login}, "scope": {string(q.Scope)}, "purpose": {q.Purpose},
		"edition": q.Editions, "until": {q.Until.String()}}
	for _, d := range q.Domains {
		v.Add("domain", d.ID)
	}
	for name, d := range map[string]credit.Date{"from": q.From, "to": q.To} {
		if d != 0 {
			v.Set(name, d.String())
		}
	}
	if q.Level != "" {
		v.Set("level", string(q.Level))
	}
	return v
}

// listRequests shows what the caller's subjects are asked, what the caller has asked, and the form to ask.
func (p *pages) listRequests(w http.ResponseWriter, r *http.Request) error {
	return p.showRequests(w, r, http.StatusOK, page.Form{Values: r.URL.Query()})
}

func (p *pages) showRequests(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	ctx, me, v := r.Context(), account.From(r.Context()), r.URL.Query()
	d := requestsData{Form: f, Done: v.Get("made") == "asked"}
	if len(me.Subjects) > 0 {
		var err error
		if d.Holders, d.Key, err = p.mine(ctx, v.Get("for")); err != nil {
			return err
		}
		of, err := p.AskedOf(ctx, d.Key, v.Get("of"), listRows+1)
		if err != nil {
			return err
		}
		if d.Of, d.NextOf, err = p.requestRows(me, of, "of", d.Key); err != nil {
			return err
		}
	}
	mine, err := p.AskedBy(ctx, me, v.Get("by"), listRows+1)
	if err != nil {
		return err
	}
	if d.By, d.NextBy, err = p.requestRows(me, mine, "by", d.Key); err != nil {
		return err
	}
	p.requestChoices(me, &d)
	return p.Pages.Render(w, r, status, "mandate_requests", d)
}

func (p *pages) requestRows(me account.Principal, cases []casework.Case, field string, key credit.Key) (all []requestView, next string, err error) {
	if len(cases) > listRows {
		cases = cases[:listRows]
		next = "/mandates/requests?" + url.Values{"for": {string(key)}, field: {cases[listRows-1].ID}}.Encode()
	}
	for i := range cases {
		v, err := p.requestView(me, &cases[i])
		if err != nil {
			return nil, "", err
		}
		all = append(all, v)
	}
	return all, next, nil
}

// scopes are those that a person could use: it asks for no others.
func scopes(me account.Principal) (all []consent.Scope) {
	if me.Has(account.Enterprise) {
		all = append(all, consent.Ask)
	}
	if me.Has(account.Receiver) {
		all = append(all, consent.Read)
	}
	return all
}

func (p *pages) requestChoices(me account.Principal, d *requestsData) {
	can := scopes(me)
	scope := cmp.Or(d.Form.Values.Get("scope"), string(can[0]))
	for _, s := range can {
		d.Scopes = append(d.Scopes, page.Option{Value: string(s), Label: "mandate.scope." + string(s), Chosen: string(s) == scope})
	}
	for _, x := range p.Purposes {
		d.Purposes = append(d.Purposes, page.Option{Value: x, Label: x})
	}
	for _, e := range editions {
		d.Editions = append(d.Editions, page.Option{Value: e, Label: "report.edition." + e, Chosen: slices.Contains(d.Form.Values["edition"], e)})
	}
	if d.Form.Values.Get("until") == "" {
		d.Form.Values.Set("until", credit.DateOf(p.now()).AddMonths(usualMonths).String())
	}
}

// askRequest opens a request that the form asks for.
func (p *pages) askRequest(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f := page.Form{Values: r.PostForm}
	c, err := p.requestFrom(r.Context(), &f)
	if err != nil {
		return err
	}
	if len(f.Wrong) > 0 {
		return p.showRequests(w, r, http.StatusUnprocessableEntity, f)
	}
	http.Redirect(w, r, "/mandates/requests?"+url.Values{"for": {f.Values.Get("for")}, "made": {"asked"}}.Encode()+"#"+c.ID, http.StatusSeeOther)
	return nil
}

// requestFrom reads the form and opens the request; what is wrong is noted in the form.
func (p *pages) requestFrom(ctx context.Context, f *page.Form) (c casework.Case, err error) {
	me, v, today := account.From(ctx), f.Values, credit.DateOf(p.now())
	q := Request{Scope: consent.Scope(v.Get("scope")), Purpose: v.Get("purpose"), Why: v.Get("why")}
	if !slices.Contains(scopes(me), q.Scope) {
		f.Fail("scope", "form.required")
	}
	if !slices.Contains(p.Purposes, q.Purpose) {
		f.Fail("purpose", "form.required")
	}
	for _, e := range editions {
		if slices.Contains(v["edition"], e) {
			q.Editions = append(q.Editions, e)
		}
	}
	if q.Until, err = credit.ParseDate(v.Get("until")); err != nil || q.Until < today || q.Until > today.AddMonths(consent.Longest) {
		f.Fail("until", "mandate.until.wrong", consent.Longest)
	}
	key, name, err := p.asker(ctx, f, &q)
	if err != nil || len(f.Wrong) > 0 {
		return c, err
	}
	q.Subject = name
	c, err = p.Ask(ctx, me, key, q)
	for field, known := range map[error]string{ErrAskedAlready: "subject", ErrOwnSubject: "subject", ErrAskPerson: "subject", ErrWhy: "why"} {
		if errors.Is(err, field) {
			f.Wrong = append(f.Wrong, page.Wrong{Field: known, Text: field.Error()})
			return c, nil
		}
	}
	return c, err
}

// asker fills in who asks, and finds whom: an organisation by its code.
func (p *pages) asker(ctx context.Context, f *page.Form, q *Request) (key credit.Key, name string, err error) {
	me, text := account.From(ctx), strings.TrimSpace(f.Values.Get("subject"))
	q.Grantee, q.Name, q.Login = consent.AccountGrantee(me.ID), me.Name, me.Login
	if len(me.Subjects) > 0 {
		_, own, err := p.mine(ctx, f.Values.Get("for"))
		if err != nil {
			return "", "", err
		}
		if !own.Person() {
			q.Grantee, q.Login = consent.OrganisationGrantee(own), own.Code()
			if q.Name, err = p.nameOf(ctx, own); err != nil {
				return "", "", err
			}
		}
	}
	key = credit.Key(credit.NormalCode(text))
	if credit.CheckUSCC(string(key)).Verdict != credit.Valid && problem.HasIdentityNumber(text) {
		f.Values.Del("subject") // it must not stand on the page again
		f.Fail("subject", "mandate.grantee.number")
		return "", "", nil
	}
	s, ok, err := p.Ledger.Subject(ctx, key)
	if err == nil && !ok {
		f.Fail("subject", "mandate.grantee.unknown")
	}
	return key, s.Name, err
}

func (p *pages) oneRequest(w http.ResponseWriter, r *http.Request) error {
	return p.showRequest(w, r, http.StatusOK, page.Form{})
}

func (p *pages) showRequest(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	c, _, err := p.Request(r.Context(), account.From(r.Context()), r.PathValue("id"))
	if err != nil {
		return requestProblem(err)
	}
	v, err := p.requestView(account.From(r.Context()), &c)
	if err != nil {
		return err
	}
	v.Form = f
	return p.Pages.Render(w, r, status, "mandate_request", v)
}

// requestProblem is the problem to show for what a case does not allow.
func requestProblem(err error) error {
	switch {
	case errors.Is(err, casework.ErrNoCase):
		return problem.New(http.StatusNotFound, "no-mandate-request")
	case errors.Is(err, casework.ErrMove), errors.Is(err, casework.ErrMoved):
		return problem.New(http.StatusConflict, "mandate-request-over")
	}
	return err
}

// declineRequest is the subject's answer that it does not allow what is asked.
func (p *pages) declineRequest(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	c, err := p.Decline(r.Context(), account.From(r.Context()), r.PathValue("id"), r.PostForm.Get("reason"))
	if errors.Is(err, ErrReason) {
		f := page.Form{Values: r.PostForm, Wrong: []page.Wrong{{Field: "reason", Text: err.Error()}}}
		return p.showRequest(w, r, http.StatusUnprocessableEntity, f)
	}
	return seeRequest(w, r, &c, err)
}

func (p *pages) takeBackRequest(w http.ResponseWriter, r *http.Request) error {
	c, err := p.TakeBack(r.Context(), account.From(r.Context()), r.PathValue("id"))
	return seeRequest(w, r, &c, err)
}

func seeRequest(w http.ResponseWriter, r *http.Request, c *casework.Case, err error) error {
	if err != nil {
		return requestProblem(err)
	}
	http.Redirect(w, r, "/mandate-requests/"+c.ID, http.StatusSeeOther)
	return nil
}
