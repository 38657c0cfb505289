package platform

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Line is how one platform follows.
type Line struct {
	Target  Target
	Counts  map[State]int64
	Oldest  int64         // UTC ms since when the longest of those that do not agree disagrees, 0 for none
	Median  time.Duration // from being told to agreeing, of the last [sample] that did
	P90     time.Duration
	Sample  int // how many the two are of, 0: there are none
	Last    Comparison
	HasLast bool
}

// sample is of how many confirmations the times of a board are.
const sample = 500

// Board lists how the platforms follow, by their place.
func (s *Service) Board(ctx context.Context) ([]Line, error) {
	targets, err := s.Targets(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Line, 0, len(targets))
	for _, t := range targets {
		l := Line{Target: t, Counts: map[State]int64{}}
		if err := s.count(ctx, &l); err != nil {
			return nil, fmt.Errorf("platform: counting what %s shows: %w", t.ID, err)
		}
		if err := s.times(ctx, &l); err != nil {
			return nil, fmt.Errorf("platform: timing %s: %w", t.ID, err)
		}
		if l.Last, l.HasLast, err = s.LastComparison(ctx, t.ID); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

func (s *Service) count(ctx context.Context, l *Line) error {
	for _, state := range States() {
		var n, oldest int64
		err := s.c.DB.QueryRow(ctx, "SELECT COUNT(since), COALESCE(MIN(since), 0) FROM platform_shown WHERE target = $1 AND state = $2", l.Target.ID, string(state)).Scan(&n, &oldest)
		if err != nil {
			return err
		}
		l.Counts[state] = n
		if state != Confirmed && n > 0 && (l.Oldest == 0 || oldest < l.Oldest) {
			l.Oldest = oldest
		}
	}
	return nil
}

func (s *Service) times(ctx context.Context, l *Line) error {
	rows, err := s.c.DB.Query(ctx, "SELECT confirmed - since FROM platform_shown WHERE target = $1 AND state = 'confirmed' ORDER BY confirmed DESC LIMIT $2", l.Target.ID, int64(sample))
	if err != nil {
		return err
	}
	defer rows.Close()
	var all []int64
	for rows.Next() {
		var ms int64
		if err := rows.Scan(&ms); err != nil {
			return err
		}
		all = append(all, ms)
	}
	slices.Sort(all)
	if l.Sample = len(all); l.Sample > 0 {
		l.Median = time.Duration(all[(len(all)-1)/2]) * time.Millisecond
		l.P90 = time.Duration(all[(len(all)*9+9)/10-1]) * time.Millisecond
	}
	return rows.Err()
}

// Waiting lists up to limit matters of a platform in a state, those that disagree for the longest first.
func (s *Service) Waiting(ctx context.Context, target string, state State, limit int) ([]Shown, error) {
	return listShown(s.c.DB.Query(ctx, "SELECT "+shownColumns+" FROM platform_shown WHERE target = $1 AND state = $2 ORDER BY since LIMIT $3", target, string(state), int64(limit)))
}
