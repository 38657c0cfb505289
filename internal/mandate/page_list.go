package mandate

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
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
	Holders   []account.Holder
	Key       credit.Key
	Given     []grantView
	NextGiven string
	Mine      []grantView // grants to the caller
	NextMine  string
	Documents []documentView
}

// newest is how many documents the page lists, listRows how many grants.
const newest, listRows = 20, 30

func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx, me, v := r.Context(), account.From(r.Context()), r.URL.Query()
	var d listData
	if len(me.Subjects) > 0 { // an agent may have no subject of its own
		var err error
		if d.Holders, d.Key, err = p.mine(ctx, v.Get("subject")); err != nil {
			return err
		}
		given, err := p.consent.GivenBefore(ctx, d.Key, v.Get("given"), listRows+1)
		if err != nil {
			return err
		}
		given, d.NextGiven = rest(given, "given", d.Key)
		d.Given = p.views(given, nil)
	}
	got, err := p.toMe(ctx, me, v.Get("mine"), listRows+1)
	if err != nil {
		return err
	}
	got, d.NextMine = rest(got, "mine", d.Key)
	documents, err := p.Service.mine(ctx, me, newest)
	if err != nil {
		return err
	}
	names, err := p.names(ctx, got, documents)
	if err != nil {
		return err
	}
	d.Mine = p.views(got, names)
	if d.Documents, err = p.asked(ctx, documents, names); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "mandates", d)
}

// rest cuts a list to a page and tells where it goes on.
func rest(all []consent.Grant, field string, key credit.Key) ([]consent.Grant, string) {
	if len(all) <= listRows {
		return all, ""
	}
	return all[:listRows], "/mandates?" + url.Values{"subject": {string(key)}, field: {all[listRows-1].ID}}.Encode()
}

// toMe lists the newest grants to a person before a number, those that are over too.
func (s *Service) toMe(ctx context.Context, me account.Principal, before string, limit int) (all []consent.Grant, err error) {
	for _, who := range grantees(me) {
		some, err := s.consent.ToGranteeBefore(ctx, who, before, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b consent.Grant) int { return cmp.Compare(b.ID, a.ID) })
	return all[:min(limit, len(all))], nil
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

// names are those of the subjects of grants and documents, as an agent sees them.
func (p *pages) names(ctx context.Context, grants []consent.Grant, documents []document) (map[credit.Key]string, error) {
	var keys []credit.Key
	for _, g := range grants {
		keys = append(keys, g.Subject)
	}
	for _, d := range documents {
		keys = append(keys, d.Subject)
	}
	slices.Sort(keys)
	return p.Ledger.NamesOf(ctx, slices.Compact(keys))
}

func (p *pages) asked(ctx context.Context, documents []document, names map[credit.Key]string) (all []documentView, err error) {
	for _, x := range documents {
		v := documentView{document: x, Who: names[x.Subject], When: at(x.At)}
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
