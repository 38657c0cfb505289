package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// DomainState is how fresh the data of a domain are, over all feeds that supply it.
type DomainState struct {
	Domain string
	AsOf   credit.Date // day of the oldest last arrival
	Late   bool        // a feed is overdue by its rhythm
}

// stateLife is how long a computed state serves while no load ends: with several processes on one
// PostgreSQL another one may have taken a file in.
const stateLife = 2 * time.Second

type stateCache struct {
	at     time.Time
	day    credit.Date
	states []DomainState
}

// DomainStates tells of every domain that some feed has supplied; a domain that is not named has no data.
func (s *Service) DomainStates(ctx context.Context) ([]DomainState, error) {
	s.mu.Lock()
	c := s.states
	s.mu.Unlock()
	if c.states != nil && time.Since(c.at) < stateLife && c.day == s.today() {
		return c.states, nil
	}
	feeds, err := s.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	c = stateCache{time.Now(), s.today(), domainStates(feeds, s.today())}
	s.mu.Lock()
	s.states = c
	s.mu.Unlock()
	return c.states, nil
}

// forget drops the cached states when a load has ended or a feed has changed.
func (s *Service) forget() {
	s.mu.Lock()
	s.states = stateCache{}
	s.mu.Unlock()
}

// answering are the kinds of which a domain's feeds must all be up to date for it to answer. Without a
// feed of penalties a domain has no answer to give, however fresh its licences are.
var answering = map[credit.Kind]bool{credit.Penalty: true, credit.Coercion: true, credit.CriminalJudgment: true, credit.SeriousList: true}

// domainStates folds the feeds. A domain of which a feed has never arrived has no answer to give: its
// state is late as of nothing.
func domainStates(feeds []Feed, today credit.Date) []DomainState {
	states := []DomainState{}
	penalties := map[string]bool{}
	for _, f := range feeds {
		if !answering[f.Kind] {
			continue
		}
		var asOf credit.Date
		if f.LastArrival != 0 {
			asOf = credit.DateOf(time.UnixMilli(f.LastArrival))
		}
		late := asOf == 0 || f.Rhythm > 0 && asOf.AddDays(f.Rhythm) < today
		for _, d := range f.Domains {
			penalties[d] = penalties[d] || f.Kind == credit.Penalty
			i := slices.IndexFunc(states, func(s DomainState) bool { return s.Domain == d })
			if i < 0 {
				states = append(states, DomainState{d, asOf, late})
				continue
			}
			states[i].AsOf = min(states[i].AsOf, asOf)
			states[i].Late = states[i].Late || late
		}
	}
	states = slices.DeleteFunc(states, func(s DomainState) bool { return s.AsOf == 0 || !penalties[s.Domain] })
	slices.SortFunc(states, func(a, b DomainState) int { return cmp.Compare(a.Domain, b.Domain) })
	return states
}

// widen adds domains to a trial feed: it answers for the domains of which it has sent rows.
func widen(tx *store.Tx, l *Load, seen map[string]bool) error {
	var text string
	if err := tx.QueryRow("SELECT domains FROM feed WHERE source = $1 AND kind = $2", l.Source, int64(l.Kind)).Scan(&text); err != nil {
		return err
	}
	var domains []string
	if err := json.Unmarshal([]byte(text), &domains); err != nil {
		return err
	}
	for d := range seen {
		if d != "" && !slices.Contains(domains, d) {
			domains = append(domains, d)
		}
	}
	slices.Sort(domains)
	b, err := json.Marshal(domains)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE feed SET domains = $1 WHERE source = $2 AND kind = $3", string(b), l.Source, int64(l.Kind))
	return err
}
