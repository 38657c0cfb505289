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

// grantRows is how many grants to a receiver its page lists.
const grantRows = 100

type queryData struct {
	Form     page.Form
	Base     string
	Notice   Notice
	Grants   []grantLine
	Editions []page.Option
	Purposes []Purpose
	Options  []page.Option
	Made     []madeLine
	Next     string
}

// grantLine is a grant as the receiver sees it.
type grantLine struct {
	consent.Grant
	Who  string
	Open bool
	Why  string // why it cannot be used
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
	d := queryData{Form: f, Base: "/authorised", Notice: p.purposes.Notice}
	for _, id := range []string{"general", "administration", "listing"} {
		d.Editions = append(d.Editions, page.Option{Value: id, Label: editionNames[id]})
	}
	if d.Grants, err = p.grants(r.Context(), who); err != nil {
		return err
	}
	if err := p.made(r, who, &d); err != nil {
		return err
	}
	return p.render.Render(w, r, status, "authorised", d)
}

// grants are those by which a receiver may read, usable ones first.
func (p *pages) grants(ctx context.Context, who *Receiver) (all []grantLine, err error) {
	var over []grantLine
	for _, g := range who.Whom {
		list, err := p.c.Consent.ToGrantee(ctx, g, "", grantRows)
		if err != nil {
			return nil, err
		}
		for _, x := range list {
			if x.Scope != consent.Read {
				continue
			}
			line := grantLine{Grant: x}
			if line.Who, err = p.c.Name(ctx, x.Subject); err != nil {
				return nil, err
			}
			no := x.Over(p.today())
			if no == nil && x.Level == consent.Conclusion { // serves the desk only, where it tells whether there is anything newer
				no = consent.ErrOutside
			}
			if no != nil {
				line.Why = no.Error()
				over = append(over, line)
				continue
			}
			line.Open = true
			all = append(all, line)
		}
	}
	return append(all, over...), nil
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
		d.Next = d.Base + "?before=" + list[deskRows-1].Number
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
		note := x.Sureness.Chinese() + "：" + x.Basis
		if !x.Certificate {
			note = "不得要求提供信用报告。" + note
		}
		d.Options = append(d.Options, page.Option{Value: x.ID, Label: x.Name, Note: note})
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
		f.Wrong = append(f.Wrong, page.Wrong{Field: fieldOf(err, &f), Text: text})
		return p.showOrgan(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/organ-requests/"+number, http.StatusSeeOther)
	return nil
}

// fieldOf is where the form shows a refusal.
func fieldOf(err error, f *page.Form) string {
	switch {
	case errors.Is(err, ErrNoSubject):
		f.Values.Del("code")
		return "code"
	case strings.Contains(err.Error(), "理由"):
		return "reason"
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
