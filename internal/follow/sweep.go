package follow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"xinban/internal/audit"
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

// Sweep goes on through the subscriptions: of each it tells who looked, and once a day what the day has brought. It
// goes round for ever, a part at each call.
func (s *Service) Sweep(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := scanSubscriptions(s.c.DB.Query(ctx, "SELECT "+subscriptionColumns+` FROM follow_subscription
		WHERE (subject, account) > ($1, $2) ORDER BY subject, account LIMIT $3`, s.at.subject, s.at.account, int64(sweepRows)))
	if err != nil {
		return err
	}
	var errs []error
	for i := range all {
		if err := s.sweep(ctx, &all[i]); err != nil { // one that cannot be told holds up nobody else
			errs = append(errs, fmt.Errorf("follow: telling a follower: %w", err))
		}
		s.at = place{string(all[i].Subject), all[i].Account}
	}
	if len(all) < sweepRows {
		s.at = place{}
	}
	return errors.Join(errs...)
}

func (s *Service) sweep(ctx context.Context, x *Subscription) error {
	if yes, err := s.stillBound(ctx, x); err != nil || !yes {
		return err
	}
	var notes []note
	var err error
	today, now := s.today(), s.c.Now().UnixMilli()
	if x.swept < today {
		if notes, err = s.notes(ctx, x); err != nil {
			return err
		}
	}
	if x.Follows(Looked) {
		looks, err := s.looks(ctx, x)
		if err != nil {
			return err
		}
		notes = append(notes, looks...)
	}
	if len(notes) == 0 && x.swept == today {
		return nil
	}
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("UPDATE follow_subscription SET swept = $1, looked = $2 WHERE subject = $3 AND account = $4",
			int64(today), now, string(x.Subject), x.Account); err != nil {
			return err
		}
		return s.tellIfFollowed(tx, x, notes)
	})
}

// lookRows and lookPages bound how much of the access log is read for one subscriber at once.
const (
	lookRows  = 100
	lookPages = 10
)

// overlap is how far back looks are read again: an entry may be written a moment after its instant.
const overlap = time.Minute

// looks are who looked since the last time, but for those who act for the subject: each person once a day.
func (s *Service) looks(ctx context.Context, x *Subscription) (all []note, err error) {
	from := max(x.looked-overlap.Milliseconds(), x.Since)
	own := map[string]bool{}
	var after audit.Cursor
	for range lookPages {
		entries, next, err := audit.BySubject(ctx, s.c.DB, x.Subject, after, lookRows)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.At.UnixMilli() < from {
				return all, nil
			}
			mine, seen := own[e.Actor.ID]
			if !seen && e.Actor.ID != "" {
				if mine, err = s.c.Subjects.Bound(ctx, e.Actor.ID, x.Subject); err != nil {
					return nil, err
				}
				own[e.Actor.ID] = mine
			}
			if !mine {
				all = append(all, look(&e))
			}
		}
		if next == (audit.Cursor{}) {
			break
		}
		after = next
	}
	return all, nil
}

// look is one person's look on one day.
func look(e *audit.Entry) note {
	day := credit.DateOf(e.At)
	sum := sha256.Sum256([]byte(e.Actor.ID + "\x00" + e.Actor.Name))
	return note{"looked:" + day.String() + ":" + hex.EncodeToString(sum[:6]), Looked, string(Looked), "/access", day}
}
