package intake

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Need is what a domain's data must hold for it to answer: the kinds that count under a rule set.
type Need struct {
	Domain string
	Kinds  []credit.Kind
}

// DomainState is how fresh the data of a domain are, over all feeds that it needs.
type DomainState struct {
	Domain string
	AsOf   credit.Date // day of the oldest last arrival
	Late   bool        // a feed is overdue by its rhythm
	Since  credit.Date // first day for which every feed can answer; 0 when none names one
	Timeliness
}

// Timeliness is how a feed, or several together, kept the time limits, in rows since the beginning.
type Timeliness struct {
	Rows        int64
	Bad         int64 // quarantined
	LatePublish int64 // sent after the day by which a decision must be published
	LateArrive  int64 // sent after the day by which a decision must have arrived
}

// stateLife is how long what was read of the feeds serves while no load ends: with several processes on
// one PostgreSQL another one may have taken a file in.
const stateLife = 2 * time.Second

type stateCache struct {
	at    time.Time
	day   credit.Date
	index *feedIndex
}

// DomainStates tells of every domain of the needs for which the feeds can answer: for each kind that
// counts there is a feed, and each such feed has arrived. A domain that is not named has no data.
func (s *Service) DomainStates(ctx context.Context, needs []Need) ([]DomainState, error) {
	index, err := s.feedIndex(ctx)
	if err != nil {
		return nil, err
	}
	states := []DomainState{}
	for _, n := range needs {
		if x, ok := index.state(n); ok {
			states = append(states, x)
		}
	}
	return states, nil
}

func (s *Service) feedIndex(ctx context.Context) (*feedIndex, error) {
	s.mu.Lock()
	c := s.states
	s.mu.Unlock()
	if c.index != nil && time.Since(c.at) < stateLife && c.day == s.today() {
		return c.index, nil
	}
	feeds, err := s.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return nil, err
	}
	c = stateCache{time.Now(), s.today(), newFeedIndex(feeds, sources, s.today())}
	s.mu.Lock()
	s.states = c
	s.mu.Unlock()
	return c.index, nil
}

// forget drops what was read of the feeds when a load has ended or a feed has changed.
func (s *Service) forget() {
	s.mu.Lock()
	s.states = stateCache{}
	s.mu.Unlock()
}

// freshness is the state of feeds together; the zero value is that of none.
type freshness struct {
	feeds int
	asOf  credit.Date // 0 when one never arrived
	late  bool
	since credit.Date
	Timeliness
}

func freshnessOf(f Feed, today credit.Date) freshness {
	x := freshness{feeds: 1, since: f.Since, Timeliness: f.Timeliness}
	if f.LastArrival != 0 {
		x.asOf = credit.DateOf(time.UnixMilli(f.LastArrival))
	}
	x.late = f.overdue(today)
	return x
}

// due is the day by which the next file must come.
func (f Feed) due() credit.Date {
	return credit.DateOf(time.UnixMilli(f.LastArrival)).AddDays(max(f.Rhythm, 1))
}

// overdue tells that the next file should have come before today, or that none ever came.
func (f Feed) overdue(today credit.Date) bool { return f.LastArrival == 0 || f.due() < today }

// with is both together: as old as the older, and answering from the later day on.
func (x freshness) with(y freshness) freshness {
	if x.feeds == 0 {
		return y
	}
	if y.feeds == 0 {
		return x
	}
	return freshness{x.feeds + y.feeds, min(x.asOf, y.asOf), x.late || y.late, max(x.since, y.since), Timeliness{x.Rows + y.Rows, x.Bad + y.Bad,
		x.LatePublish + y.LatePublish, x.LateArrive + y.LateArrive}}
}

type domainKind struct {
	domain string // empty for the feeds that answer for every domain
	kind   credit.Kind
}

// feedIndex finds the feeds that answer for a domain.
type feedIndex struct {
	today credit.Date
	feeds map[domainKind]freshness
	trial map[int64][]Feed // by trial source: what has arrived
}

func newFeedIndex(feeds []Feed, sources []Source, today credit.Date) *feedIndex {
	x := &feedIndex{today, map[domainKind]freshness{}, map[int64][]Feed{}}
	trial := map[int64]bool{}
	for _, src := range sources {
		trial[src.ID] = src.Trial
	}
	for _, f := range feeds {
		domains := f.Domains
		switch {
		case trial[f.Source]:
			if f.LastArrival != 0 {
				x.trial[f.Source] = append(x.trial[f.Source], f)
			}
			continue
		case len(domains) == 0:
			domains = []string{""}
		}
		for _, d := range domains {
			k := domainKind{d, f.Kind}
			x.feeds[k] = x.feeds[k].with(freshnessOf(f, today))
		}
	}
	return x
}

// state folds the feeds that a domain needs; ok is false when they cannot answer for it.
func (x *feedIndex) state(n Need) (s DomainState, ok bool) {
	var all freshness
	for _, k := range n.Kinds {
		one := x.feeds[domainKind{n.Domain, k}].with(x.feeds[domainKind{"", k}]).with(x.tried(n, k))
		if one.feeds == 0 {
			return s, false
		}
		all = all.with(one)
	}
	return DomainState{n.Domain, all.asOf, all.late, all.since, all.Timeliness}, all.asOf != 0
}

// tried is what trial sources add. A trial source has no terms: it answers for the domains of which it
// has sent rows that count, with every kind that it has sent.
func (x *feedIndex) tried(n Need, kind credit.Kind) (sum freshness) {
	for _, feeds := range x.trial {
		if !slices.ContainsFunc(feeds, func(f Feed) bool { return slices.Contains(n.Kinds, f.Kind) && slices.Contains(f.Domains, n.Domain) }) {
			continue
		}
		for _, f := range feeds {
			if f.Kind == kind {
				sum = sum.with(freshnessOf(f, x.today))
			}
		}
	}
	return sum
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
