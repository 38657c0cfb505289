package mandate

import (
	"context"
	"net/http"
	"slices"
	"time"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/page"
)

// grantView is a grant in a list, with how it stands.
type grantView struct {
	consent.Grant
	Who  string // the subject, for the agent
	Tone string
	Word string // key
}

// state is how a grant stands on a day, as a badge.
func state(g *consent.Grant, today credit.Date) (tone, word string) {
	switch g.Over(today) {
	case nil:
		return page.Good, "mandate.state.good"
	case consent.ErrWithdrawn:
		return page.Neutral, "mandate.state.withdrawn"
	case consent.ErrExpired:
		return page.Neutral, "mandate.state.expired"
	}
	return page.Neutral, "mandate.state.used"
}

// documentView is a document that the caller asked for in another's name.
type documentView struct {
	document
	Who  string
	When time.Time
	Over string // why it can no longer be read; empty when it can
}

type listData struct {
	Holders   []holder
	Key       credit.Key
	Given     []grantView
	Mine      []grantView // grants to the caller
	Documents []documentView
}

// newest is how many documents the page lists.
const newest = 20

func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, me := r.Context(), account.From(r.Context())
	var d listData
	if len(me.Subjects) > 0 { // an agent may have no subject of its own
		var err error
		if d.Holders, d.Key, err = p.mine(ctx, r.URL.Query().Get("subject")); err != nil {
			return err
		}
		given, err := p.consent.Given(ctx, d.Key)
		if err != nil {
			return err
		}
		d.Given = p.views(given, nil)
	}
	got, err := p.toMe(ctx, me)
	if err != nil {
		return err
	}
	slices.SortStableFunc(got, func(a, b consent.Grant) int { return int(b.Given - a.Given) })
	names, err := p.names(ctx, got)
	if err != nil {
		return err
	}
	d.Mine = p.views(got, names)
	if d.Documents, err = p.asked(ctx, me, names); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "mandates", d)
}

func (p *pages) views(grants []consent.Grant, names map[credit.Key]string) (all []grantView) {
	today := credit.DateOf(p.now())
	for _, g := range grants {
		v := grantView{Grant: g, Who: names[g.Subject]}
		v.Tone, v.Word = state(&g, today)
		all = append(all, v)
	}
	return all
}

// names are those of the subjects of grants, as an agent sees them.
func (p *pages) names(ctx context.Context, grants []consent.Grant) (map[credit.Key]string, error) {
	names := map[credit.Key]string{}
	for _, g := range grants {
		if names[g.Subject] != "" {
			continue
		}
		name, err := p.nameOf(ctx, g.Subject)
		if err != nil {
			return nil, err
		}
		names[g.Subject] = name
	}
	return names, nil
}

func (p *pages) asked(ctx context.Context, me account.Principal, names map[credit.Key]string) ([]documentView, error) {
	found, err := p.Service.mine(ctx, me, newest)
	if err != nil {
		return nil, err
	}
	var all []documentView
	for _, x := range found {
		v := documentView{document: x, Who: names[x.Subject], When: time.UnixMilli(x.At).UTC()}
		why, err := p.stands(ctx, x.Subject, x.Grant)
		if err != nil {
			return nil, err
		}
		if why != nil {
			v.Over = why.Error()
		}
		all = append(all, v)
	}
	return all, nil
}
