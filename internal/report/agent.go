package report

import (
	"context"
	"errors"
	"net/http"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// Agents says what a person may do for a subject that it is not bound to (代办). What is refused is a reason of
// package consent, whose text is shown.
type Agents interface {
	// ActsFor lists the subjects in whose name the person may ask for reports at this moment, for a purpose; an empty one
	// is any.
	ActsFor(ctx context.Context, me account.Principal, purpose string) ([]credit.Key, error)
	// Check tells, without counting, whether Use would be allowed.
	Check(ctx context.Context, me account.Principal, key credit.Key, purpose, edition string) error
	// Use counts one use in the transaction that issues the document, and notes whose it is.
	Use(tx *store.Tx, me account.Principal, key credit.Key, purpose, edition, number string) error
	// MayRead returns nil when the person asked for the document and may still read it.
	MayRead(ctx context.Context, me account.Principal, number string) error
}

// Preset is a purpose as it is printed, and the edition that it proposes.
type Preset struct{ Purpose, Edition string }

// Presets lists the purposes for which reports are asked for.
func Presets() (all []Preset) {
	for _, p := range purposes {
		all = append(all, Preset{p.Printed, p.Edition})
	}
	return all
}

// LastYears is the period of so many years that ends today, not before the region's data begin.
func (s *Service) LastYears(years int) (from, to credit.Date) {
	today := credit.DateOf(s.c.Now())
	return s.notBeforeData(today.AddMonths(-12*years).AddDays(1), today), today
}

// CheckRequest tells, as a *RequestError, whether the rules refuse what is asked for, whoever it is about.
func (s *Service) CheckRequest(r Request) error {
	if _, err := s.settle(r, credit.DateOf(s.c.Now())); err != nil {
		return &RequestError{err}
	}
	return nil
}

// forWhom is mine with the subjects besides that the caller acts for as an agent, for a purpose or any.
func (p *pages) forWhom(ctx context.Context, asked, purpose string) (all []holderOf, key credit.Key, err error) {
	me := account.From(ctx)
	keys, err := p.Agents.ActsFor(ctx, me, purpose)
	if err != nil {
		return nil, "", err
	}
	var agent []holderOf
	for _, k := range keys {
		name, err := p.nameOf(ctx, k)
		if err != nil {
			return nil, "", err
		}
		agent = append(agent, holderOf{Key: k, Name: shownName(k, name), Agent: true, Current: string(k) == asked})
		if string(k) == asked {
			key = k
		}
	}
	if asked != "" && key == "" && !me.MayActFor(credit.Key(asked)) {
		if err := p.Agents.Check(ctx, me, credit.Key(asked), purpose, ""); err != nil {
			return nil, "", notAllowed(err)
		}
		return nil, "", account.ErrForbidden()
	}
	if len(me.Subjects) == 0 && len(agent) > 0 {
		if key == "" {
			agent[0].Current, key = true, agent[0].Key
		}
		return agent, key, nil
	}
	own := asked
	if key != "" {
		own = ""
	}
	all, first, err := p.mine(ctx, own)
	if err != nil {
		return nil, "", err
	}
	if key == "" {
		return append(all, agent...), first, nil
	}
	all[0].Current = false
	return append(all, agent...), key, nil
}

// askFor issues what the caller asks for; in another's name, only under a grant that allows it before anything is
// read, and still when the document is kept. Officials need none.
func (p *pages) askFor(ctx context.Context, q Request) (*Issued, error) {
	me := account.From(ctx)
	if !me.MayActFor(q.Key) && !me.Has(account.Centre, account.Operator) {
		if err := p.Agents.Check(ctx, me, q.Key, q.Purpose, q.Edition); err != nil {
			return nil, notAllowed(err)
		}
		q.Within = func(tx *store.Tx, number string) error {
			return p.Agents.Use(tx, me, q.Key, q.Purpose, q.Edition, number)
		}
	}
	doc, err := p.Issue(ctx, q, audit.Actor(me.Actor()))
	return doc, notAllowed(err)
}

// notAllowed turns why a grant does not allow something into the problem to show. Who never had one is not told
// whether there is such a subject.
func notAllowed(err error) error {
	why, ok := consent.Why(err)
	switch {
	case !ok:
		return err
	case errors.Is(why, consent.ErrNone):
		return account.ErrForbidden()
	}
	return problem.New(http.StatusForbidden, "mandate-over", why.Error())
}
