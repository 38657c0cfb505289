package mandate

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// useRows is how many uses a grant's page shows at once.
const useRows = 30

// useView is one use of a grant.
type useView struct {
	consent.Used
	When time.Time
}

type oneData struct {
	grantView
	Made   string
	Signed time.Time
	Ended  time.Time // withdrawn; zero while not
	Broken string    // why its signature does not verify; empty when it does
	Sealed bool      // there is an envelope to download
	Log    []useView
	Next   string
	Before bool // uses before they were listed one by one
}

func (p *pages) one(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.URL.Query()
	g, err := p.given(r, v.Get("subject"))
	if err != nil {
		return err
	}
	made := v.Get("made")
	if made != "new" && made != "withdrawn" {
		made = ""
	}
	d := oneData{grantView: p.views([]consent.Grant{g}, nil)[0], Made: made, Signed: at(g.Signature.At)}
	if g.Withdrawn != 0 {
		d.Ended = at(g.Withdrawn)
	}
	if err := p.consent.Verify(ctx, &g); err != nil {
		why, ok := consent.Why(err)
		if !ok {
			return err
		}
		d.Broken = why.Error()
	}
	gave, _, err := p.consent.Envelopes(ctx, g.Subject, g.ID)
	if err != nil {
		return err
	}
	d.Sealed = gave != nil
	if err := p.uses(r, &d); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "mandate", d)
}

// uses fills in a page of the uses of a grant.
func (p *pages) uses(r *http.Request, d *oneData) error {
	before := r.URL.Query().Get("before")
	all, err := p.consent.Uses(r.Context(), d.Subject, d.ID, before, useRows+1)
	if err != nil {
		return err
	}
	d.Before = before == "" && int64(len(all)) < min(d.Used, useRows)
	if len(all) > useRows {
		all = all[:useRows]
		d.Next = "/mandates/" + d.ID + "?" + url.Values{"subject": {string(d.Subject)}, "before": {all[useRows-1].ID}}.Encode()
	}
	for _, u := range all {
		d.Log = append(d.Log, useView{u, at(u.At)})
	}
	return nil
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// given is a grant of one of the caller's subjects.
func (p *pages) given(r *http.Request, subject string) (consent.Grant, error) {
	return p.givenBy(r.Context(), subject, r.PathValue("id"))
}

func (p *pages) givenBy(ctx context.Context, subject, id string) (consent.Grant, error) {
	_, key, err := p.mine(ctx, subject)
	if err != nil {
		return consent.Grant{}, err
	}
	g, err := p.consent.Get(ctx, key, id)
	if errors.Is(err, consent.ErrNone) {
		return g, problem.New(http.StatusNotFound, "no-mandate")
	}
	return g, err
}

// envelope gives a grant as it was sealed, or its withdrawal, to be verified by anybody.
func (p *pages) envelope(w http.ResponseWriter, r *http.Request) error {
	g, err := p.given(r, r.URL.Query().Get("subject"))
	if err != nil {
		return err
	}
	body, took, err := p.consent.Envelopes(r.Context(), g.Subject, g.ID)
	if err != nil {
		return err
	}
	name := "consent-" + g.ID
	if r.URL.Query().Get("kind") == "withdrawn" {
		body, name = took, name+"-withdrawn"
	}
	if body == nil {
		return problem.New(http.StatusNotFound, "no-mandate")
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.json"`)
	_, err = w.Write(body)
	return err
}

func (p *pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	g, err := p.given(r, r.PostForm.Get("subject"))
	if err != nil {
		return err
	}
	if err := p.takeBack(r.Context(), &g); err != nil {
		return err
	}
	http.Redirect(w, r, "/mandates/"+g.ID+"?"+url.Values{"subject": {string(g.Subject)}, "made": {"withdrawn"}}.Encode(), http.StatusSeeOther)
	return nil
}

// takeBack withdraws a grant. Withdrawn twice is withdrawn.
func (p *pages) takeBack(ctx context.Context, g *consent.Grant) error {
	me := account.From(ctx)
	err := p.db.Tx(ctx, func(tx *store.Tx) error {
		if err := p.consent.WithdrawBy(tx, g.Subject, g.ID, consent.Actor{ID: me.ID, Name: me.Name}); err != nil {
			return err
		}
		return audit.Record(tx, p.entry(ctx, g.Subject, "撤回对"+g.Name+"的授权"))
	})
	if errors.Is(err, consent.ErrNone) {
		return nil
	}
	return err
}
