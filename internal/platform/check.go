package platform

import (
	"context"
	"errors"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// checkStep bounds the pages that one [Service.Check] reads.
const checkStep = 50

// Check reads pages again that agreed and have rested, those first that were not looked at for the longest, and returns how many it read.
// One that denies now what it confirmed is told again. A page that cannot be read changes no state, but waits its turn.
func (s *Service) Check(ctx context.Context) (n int, err error) {
	all, err := listShown(s.c.DB.Query(ctx, "SELECT "+shownColumns+` FROM platform_shown WHERE state = 'confirmed' AND checked < $1
		ORDER BY checked, subject, matter, target LIMIT $2`, s.c.Now().Add(-s.c.Rest).UnixMilli(), int64(checkStep)))
	if err != nil {
		return 0, err
	}
	for i := range all {
		if err := s.checkOne(ctx, &all[i]); err != nil {
			return i, err
		}
	}
	return len(all), nil
}

func (s *Service) checkOne(ctx context.Context, x *Shown) error {
	t, err := s.target(ctx, x.Target)
	if err != nil && !errors.Is(err, ErrNoTarget) {
		return err
	}
	ev := event{what: silent, text: "平台已停用，没有核对"}
	if err == nil && !t.Closed {
		p, err := pushOf(s.c.Origin, &t, x)
		if err != nil {
			return err
		}
		if ev, err = s.look(ctx, &t, x, &p); err != nil {
			ev = event{what: silent, text: "没有核对成：" + err.Error()}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	ev.version = x.Version
	_, err = s.apply(ctx, x, ev)
	return err
}

// overdueStep bounds the days that one transaction of [Service.Overdue] ends.
const overdueStep = 200

// Overdue makes overdue what is past its day and says so upward, once for each day, and returns how many there were.
func (s *Service) Overdue(ctx context.Context, today credit.Date) (n int, err error) {
	for _, state := range []State{Pending, Mismatch, LetterSent, Replied} {
		for {
			all, err := listShown(s.c.DB.Query(ctx, "SELECT "+shownColumns+" FROM platform_shown WHERE state = $1 AND due < $2 ORDER BY due, subject, matter, target LIMIT $3",
				string(state), int64(today), int64(overdueStep)))
			if err != nil || len(all) == 0 {
				if err != nil {
					return n, err
				}
				break
			}
			ended := 0
			err = s.c.DB.Tx(ctx, func(tx *store.Tx) error { ended, err = s.end(tx, all, today); return err })
			if n += ended; err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func (s *Service) end(tx *store.Tx, all []Shown, today credit.Date) (n int, err error) {
	for i := range all {
		x, err := scanShown(tx.QueryRow("SELECT "+shownColumns+" FROM platform_shown WHERE subject = $1 AND matter = $2 AND target = $3", string(all[i].Subject), all[i].Matter, all[i].Target))
		if err != nil {
			return n, err
		}
		came, changed := next(x, event{what: passed, version: x.Version})
		if !changed || x.Due >= today {
			continue
		}
		if err := keep(tx, &came); err != nil {
			return n, err
		}
		n++
		if s.c.Late != nil {
			if err := s.c.Late(tx, came); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}
