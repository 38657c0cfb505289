package mandate

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// uses is how many entries of the access log a grant's page shows, of the newest looked at.
const uses, lookedAt = 50, 1000

type oneData struct {
	grantView
	Made   string
	Signed time.Time
	Ended  time.Time // withdrawn; zero while not
	Log    []audit.Entry
}

func (p *pages) one(w http.ResponseWriter, r *http.Request) error {
	g, err := p.given(r, r.URL.Query().Get("subject"))
	if err != nil {
		return err
	}
	made := r.URL.Query().Get("made")
	if made != "new" && made != "withdrawn" {
		made = ""
	}
	d := oneData{grantView: p.views([]consent.Grant{g}, nil)[0], Made: made, Signed: at(g.Signature.At)}
	if g.Withdrawn != 0 {
		d.Ended = at(g.Withdrawn)
	}
	if d.Log, err = p.usesOf(r.Context(), &g); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "mandate", d)
}

func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// given is a grant of one of the caller's subjects.
func (p *pages) given(r *http.Request, subject string) (consent.Grant, error) {
	_, key, err := p.mine(r.Context(), subject)
	if err != nil {
		return consent.Grant{}, err
	}
	all, err := p.consent.Given(r.Context(), key)
	if err != nil {
		return consent.Grant{}, err
	}
	i := slices.IndexFunc(all, func(g consent.Grant) bool { return g.ID == r.PathValue("id") })
	if i < 0 {
		return consent.Grant{}, problem.New(http.StatusNotFound, "no-mandate")
	}
	return all[i], nil
}

// usesOf are the entries of the subject's access log about documents that were asked for under the grant, by
// those to whom it was given.
func (p *pages) usesOf(ctx context.Context, g *consent.Grant) (all []audit.Entry, err error) {
	documents, err := p.under(ctx, g, lookedAt)
	if err != nil || len(documents) == 0 {
		return nil, err
	}
	numbers, whose := map[string]bool{}, map[string]bool{}
	for _, d := range documents {
		numbers[d.Number] = true
	}
	entries, _, err := audit.BySubject(ctx, p.db, g.Subject, audit.Cursor{}, lookedAt)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !numbers[e.Document] || len(all) == uses {
			continue
		}
		its, known := whose[e.Actor.ID]
		if !known {
			if its, err = p.allowed(ctx, g, e.Actor.ID); err != nil {
				return nil, err
			}
			whose[e.Actor.ID] = its
		}
		if its {
			all = append(all, e)
		}
	}
	return all, nil
}

// allowed tells whether an account is one to whom the grant was given.
func (p *pages) allowed(ctx context.Context, g *consent.Grant, id string) (bool, error) {
	if g.Grantee == consent.AccountGrantee(id) {
		return true, nil
	}
	if !strings.HasPrefix(string(g.Grantee), string(consent.OrganisationGrantee(""))) {
		return false, nil
	}
	a, err := p.Accounts.ByID(ctx, id)
	if errors.Is(err, account.ErrNoAccount) { // by a command
		return false, nil
	}
	return slices.ContainsFunc(a.Subjects, func(k credit.Key) bool { return consent.OrganisationGrantee(k) == g.Grantee }), err
}

func (p *pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	g, err := p.given(r, r.PostForm.Get("subject"))
	if err != nil {
		return err
	}
	err = p.db.Tx(r.Context(), func(tx *store.Tx) error {
		if err := p.consent.Withdraw(tx, g.Subject, g.ID); err != nil {
			return err
		}
		return audit.Record(tx, p.entry(r.Context(), g.Subject, "撤回对"+g.Name+"的授权"))
	})
	if err != nil && !errors.Is(err, consent.ErrNone) { // withdrawn twice is withdrawn
		return err
	}
	http.Redirect(w, r, "/mandates/"+g.ID+"?"+url.Values{"subject": {string(g.Subject)}, "made": {"withdrawn"}}.Encode(), http.StatusSeeOther)
	return nil
}
