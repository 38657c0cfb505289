package follow

import (
	"context"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Project tells the followers of a subject what its changed facts mean for them; see report.Projection.
func (s *Service) Project(ctx context.Context, key credit.Key, _ []ledger.Fact) ([]func(*store.Tx) error, error) {
	all, err := scanSubscriptions(s.c.DB.Query(ctx, ofSubject, string(key)))
	if err != nil {
		return nil, err
	}
	var steps []func(*store.Tx) error
	for i := range all {
		x := &all[i]
		if yes, err := s.stillBound(ctx, x); err != nil || !yes {
			if err != nil {
				return nil, err
			}
			continue
		}
		notes, err := s.notes(ctx, x)
		if err != nil {
			return nil, err
		}
		steps = append(steps, func(tx *store.Tx) error { return s.tellIfFollowed(tx, x, notes) })
	}
	return steps, nil
}

// tellIfFollowed tells unless the subscription ended meanwhile.
func (s *Service) tellIfFollowed(tx *store.Tx, x *Subscription, notes []note) error {
	all, err := scanSubscriptions(tx.Query(ofSubject, string(x.Subject)))
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Account == x.Account {
			return s.tell(tx, &all[i], wanted(&all[i], notes))
		}
	}
	return nil
}

// sweepRows is how many subscriptions one sweep looks at.
const sweepRows = 50

// Sweep tells followers what the day has brought: once a day for each subscription, a part at each call. more tells
// that there are others. One that cannot be told holds up nobody else, and is tried again when the rest is done.
func (s *Service) Sweep(ctx context.Context) (more bool, err error) {
	s.sweeping.Lock()
	defer s.sweeping.Unlock()
	all, err := scanSubscriptions(s.c.DB.Query(ctx, "SELECT "+subscriptionColumns+` FROM follow_subscription
		WHERE swept < $1 AND (swept, subject, account) > ($2, $3, $4) ORDER BY swept, subject, account LIMIT $5`,
		int64(s.today()), s.at.swept, s.at.subject, s.at.account, int64(sweepRows)))
	if err != nil {
		return false, err
	}
	var errs []error
	for i := range all {
		x := &all[i]
		if err := s.sweep(ctx, x); err != nil {
			errs = append(errs, fmt.Errorf("follow: telling a follower: %w", err))
		}
		s.at = place{int64(x.swept), string(x.Subject), x.Account}
	}
	if len(all) < sweepRows {
		s.at = place{swept: -1}
	}
	return len(all) == sweepRows, errors.Join(errs...)
}

// sweep tells one follower. Where not all of the log could be read at once the rest follows with the next round.
func (s *Service) sweep(ctx context.Context, x *Subscription) error {
	if yes, err := s.stillBound(ctx, x); err != nil || !yes {
		return err
	}
	notes, err := s.notes(ctx, x)
	if err != nil {
		return err
	}
	day, looked, more := s.today(), x.looked, false
	if x.Follows(Looked) {
		var looks []note
		if looks, looked, more, err = s.missed(ctx, x); err != nil {
			return err
		}
		notes = append(notes, looks...)
	}
	if more {
		day = x.swept
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if err := s.tellIfFollowed(tx, x, notes); err != nil {
			return err
		}
		_, err := tx.Exec("UPDATE follow_subscription SET swept = $1, looked = $2 WHERE subject = $3 AND account = $4 AND looked <= $2",
			int64(day), looked, string(x.Subject), x.Account)
		return err
	})
}
