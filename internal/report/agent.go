package report

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// Agents says what a person may do for a subject that it is not bound to (代办). What is refused is a reason of
// package consent, whose text is shown.
type Agents interface {
	// Mandated lists up to limit subjects in whose name the person may ask for reports at this moment, for a purpose; an
	// empty one is any. more tells that there are others.
	Mandated(ctx context.Context, me account.Principal, purpose string, limit int) (keys []credit.Key, more bool, err error)
	// Reaches returns nil when a subject is one of them.
	Reaches(ctx context.Context, me account.Principal, key credit.Key, purpose string) error
	// MayAct tells, without counting, whether UseAs would be allowed.
	MayAct(ctx context.Context, me account.Principal, key credit.Key, act consent.Act) error
	// UseAs counts one use in the transaction that issues the document, and notes whose it is.
	UseAs(tx *store.Tx, me account.Principal, key credit.Key, act consent.Act) error
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

// Within is the longest period of a report within two dates, of which 0 is none; no period when there are none.
func (s *Service) Within(from, to credit.Date) (credit.Date, credit.Date) {
	if from == 0 && to == 0 {
		return 0, 0
	}
	first, last := s.LastYears(longestYears)
	if to != 0 && to < last {
		last = to
	}
	return max(first, from), last
}

// longestYears is the longest period of a report.
const longestYears = 5

// Shows is how much a report of an edition shows; everything where that cannot be told.
func (s *Service) Shows(edition string) consent.Level {
	rules, err := s.rulesInForce(s.book(), credit.DateOf(s.c.Now()))
	if err != nil {
		return consent.Records
	}
	if e, err := rules.Edition(edition); err == nil && e.Detail == law.DetailCount {
		return consent.Counts
	}
	return consent.Records
}

// CheckRequest tells, as a *RequestError, whether the rules refuse what is asked for, whoever it is about.
func (s *Service) CheckRequest(r Request) error {
	if _, err := s.settle(r, credit.DateOf(s.c.Now())); err != nil {
		return &RequestError{err}
	}
	return nil
}

// mostOffered is how many subjects of others a form lists; who acts for more searches for the one it means.
const mostOffered = 30

// forWhom is mine with the subjects besides that the caller acts for as an agent, for a purpose or any. Of many it lists
// those that find names; more tells that there are others than the listed.
func (p *pages) forWhom(ctx context.Context, asked, purpose, find string) (all []holderOf, key credit.Key, more bool, err error) {
	me := account.From(ctx)
	if asked != "" && !me.MayActFor(credit.Key(asked)) {
		if err := p.Agents.Reaches(ctx, me, credit.Key(asked), purpose); err != nil {
			return nil, "", false, notAllowed(err)
		}
		key = credit.Key(asked)
	}
	keys, more, err := p.mandated(ctx, me, purpose, find)
	if err != nil {
		return nil, "", false, err
	}
	if key != "" && !slices.Contains(keys, key) {
		keys = append(keys, key)
	}
	if len(me.Subjects) > 0 {
		own := asked
		if key != "" {
			own = ""
		}
		var first credit.Key
		if all, first, err = p.mine(ctx, own); err != nil {
			return nil, "", false, err
		}
		all[0].Current = all[0].Current && key == ""
		key = cmp.Or(key, first)
	} else if len(keys) == 0 {
		return nil, "", more, problem.New(http.StatusForbidden, "no-subject")
	}
	key = cmp.Or(key, append(keys, "")[0])
	agent, err := p.agentHolders(ctx, keys, key)
	return append(all, agent...), key, more, err
}

// mandated are the subjects of others that a form lists.
func (p *pages) mandated(ctx context.Context, me account.Principal, purpose, find string) (keys []credit.Key, more bool, err error) {
	if keys, more, err = p.Agents.Mandated(ctx, me, purpose, mostOffered); err != nil || !more || strings.TrimSpace(find) == "" {
		return keys, more, err
	}
	found, err := p.find(ctx, find)
	if err != nil {
		return nil, true, err
	}
	keys = nil
	for _, s := range found {
		if err := p.Agents.Reaches(ctx, me, s.Key, purpose); err == nil {
			keys = append(keys, s.Key)
		} else if _, ok := consent.Why(err); !ok {
			return nil, true, err
		}
	}
	return keys, true, nil
}

// find looks for subjects by a code, a whole name or the beginning of one.
func (p *pages) find(ctx context.Context, text string) ([]ledger.Subject, error) {
	found, err := p.ledger.Find(ctx, text, mostOffered)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return p.ledger.NamesFrom(ctx, credit.NormalName(text), "", "", mostOffered)
}

// agentHolders names subjects of others.
func (p *pages) agentHolders(ctx context.Context, keys []credit.Key, current credit.Key) (all []holderOf, err error) {
	names, err := p.ledger.NamesOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		all = append(all, holderOf{Key: k, Name: shownName(k, names[k]), Agent: true, Current: k == current})
	}
	return all, nil
}

// askFor issues what the caller asks for; in another's name, only under a grant that allows it before anything is
// read, and still when the document is kept. Officials need none.
func (p *pages) askFor(ctx context.Context, q Request) (*Issued, error) {
	me := account.From(ctx)
	if !me.MayActFor(q.Key) && !me.Has(account.Centre, account.Operator) {
		set, err := p.settle(q, credit.DateOf(p.c.Now()))
		if err != nil {
			return nil, &RequestError{err}
		}
		act := consent.Act{Purpose: q.Purpose, Edition: set.Edition, Domains: set.Domains, From: set.From, To: set.To}
		if err := p.Agents.MayAct(ctx, me, q.Key, act); err != nil {
			return nil, notAllowed(err)
		}
		q.Within = func(tx *store.Tx, number string) error {
			act.Document = number
			return p.Agents.UseAs(tx, me, q.Key, act)
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
