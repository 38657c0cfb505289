package follow

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// Bounds of what is read of the access log.
const (
	lookRows  = 500 // entries at once
	lookPages = 10  // of one subject in one sweep
)

// settle is how long an entry may take from its instant until it can be read. The log is read to its end, but the
// cursor stays so far behind. sweepSettle is the same for the daily sweep, which tells what took longer.
const (
	settle      = 30 * time.Second
	sweepSettle = 10 * time.Minute
)

// looksName is the cursor of the access log.
const looksName = "looks"

// Looks reads what came to the access log since the last time and tells the followers of its subjects; more tells
// that the log goes on. What it costs depends on what was logged, not on how many follow.
func (s *Service) Looks(ctx context.Context) (more bool, err error) {
	s.looking.Lock()
	defer s.looking.Unlock()
	from, err := s.cursor(ctx, looksName)
	if err != nil {
		return false, err
	}
	if s.ahead != nil && s.ahead.Time().After(from.Time()) {
		from = *s.ahead
	}
	entries, err := audit.Next(ctx, s.c.DB, from, lookRows)
	if err != nil {
		return false, err
	}
	fresh := s.unread(entries)
	more = len(entries) == lookRows
	if err := s.lookedUpTo(ctx, entries, more); err != nil {
		return false, err
	}
	return more, s.tellLooks(ctx, fresh)
}

// unread are the entries that were not told before: those near the end of the log are read several times.
func (s *Service) unread(entries []audit.Entry) (all []audit.Entry) {
	for _, e := range entries {
		if _, was := s.read[e.ID]; !was {
			all = append(all, e)
		}
	}
	return all
}

// lookedUpTo keeps how far the log was read: the cursor in the store up to what is settled, and in memory the entries
// after it, and within a pass how far that is.
func (s *Service) lookedUpTo(ctx context.Context, entries []audit.Entry, more bool) error {
	settled := s.c.Now().Add(-settle)
	var last *audit.Entry
	for i := range entries {
		if e := &entries[i]; e.At.Before(settled) {
			last = e
		} else {
			s.read[e.ID] = e.At
		}
	}
	for id, at := range s.read {
		if at.Before(settled.Add(-settle)) {
			delete(s.read, id)
		}
	}
	if s.ahead = nil; more {
		c := audit.After(&entries[len(entries)-1])
		s.ahead = &c
	}
	if last == nil {
		return nil
	}
	return s.keepCursor(ctx, looksName, audit.After(last))
}

// tellLooks tells the followers of the subjects in entries. Where that fails the entries are read again as long as they
// are not settled, and the daily sweep tells what is missing even then.
func (s *Service) tellLooks(ctx context.Context, entries []audit.Entry) error {
	bySubject := map[credit.Key][]audit.Entry{}
	for _, e := range entries {
		bySubject[e.Subject] = append(bySubject[e.Subject], e)
	}
	var errs []error
	for key, some := range bySubject {
		if err := s.tellLooksOf(ctx, key, some); err != nil {
			errs = append(errs, fmt.Errorf("follow: telling of looks: %w", err))
			for _, e := range some {
				delete(s.read, e.ID)
			}
		}
	}
	return errors.Join(errs...)
}

func (s *Service) tellLooksOf(ctx context.Context, key credit.Key, entries []audit.Entry) error {
	subscribers, err := scanSubscriptions(s.c.DB.Query(ctx, ofSubject, string(key)))
	if err != nil || len(subscribers) == 0 {
		return err
	}
	for i := range subscribers {
		x := &subscribers[i]
		if !x.Follows(Looked) {
			continue
		}
		if yes, err := s.stillBound(ctx, x); err != nil || !yes {
			if err != nil {
				return err
			}
			continue
		}
		notes, err := s.lookNotes(ctx, x, entries)
		if err != nil {
			return err
		}
		if len(notes) == 0 {
			continue
		}
		if err := s.c.DB.Tx(ctx, func(tx *store.Tx) error { return s.tellIfFollowed(tx, x, notes) }); err != nil {
			return err
		}
	}
	return nil
}

// lookNotes are the looks of others since a subscriber follows them: each person once a day.
func (s *Service) lookNotes(ctx context.Context, x *Subscription, entries []audit.Entry) (all []note, err error) {
	own, told := map[string]bool{}, map[string]bool{}
	for i := range entries {
		e := &entries[i]
		if e.At.UnixMilli() < x.looked {
			continue
		}
		mine, seen := own[e.Actor.ID]
		if !seen && e.Actor.ID != "" {
			if mine, err = s.c.Subjects.Bound(ctx, e.Actor.ID, x.Subject); err != nil {
				return nil, err
			}
			own[e.Actor.ID] = mine
		}
		if n := look(e); !mine && !told[n.topic] {
			told[n.topic], all = true, append(all, n)
		}
	}
	return all, nil
}

// look is one person's look on one day.
func look(e *audit.Entry) note {
	day := credit.DateOf(e.At)
	sum := sha256.Sum256([]byte(e.Actor.ID + "\x00" + e.Actor.Name))
	return note{"looked:" + day.String() + ":" + hex.EncodeToString(sum[:6]), Looked, string(Looked), accessHref(e.Subject), day}
}

// missed reads a subscriber's part of the log from where the last sweep ended, so that a look is told even if it came
// into the log too late for [Service.Looks]. It returns up to where it was read, and whether there is more.
func (s *Service) missed(ctx context.Context, x *Subscription) (notes []note, upTo int64, more bool, err error) {
	after := audit.At(time.UnixMilli(x.looked))
	for range lookPages {
		entries, err := audit.NextOf(ctx, s.c.DB, x.Subject, after, lookRows)
		if err != nil {
			return nil, 0, false, err
		}
		some, err := s.lookNotes(ctx, x, entries)
		if err != nil {
			return nil, 0, false, err
		}
		notes = append(notes, some...)
		if len(entries) < lookRows {
			return notes, max(x.looked, s.c.Now().Add(-sweepSettle).UnixMilli()), false, nil
		}
		after = audit.After(&entries[len(entries)-1])
	}
	return notes, after.Time().UnixMilli(), true, nil
}

// cursor reads how far something was read. A log is read from the moment at which it is first asked for.
func (s *Service) cursor(ctx context.Context, name string) (audit.Cursor, error) {
	var at int64
	var id string
	err := s.c.DB.QueryRow(ctx, "SELECT at, id FROM follow_cursor WHERE name = $1", name).Scan(&at, &id)
	if errors.Is(err, sql.ErrNoRows) {
		now := audit.At(s.c.Now().Add(-settle))
		return now, s.keepCursor(ctx, name, now)
	}
	if err != nil {
		return audit.Cursor{}, fmt.Errorf("follow: reading a cursor: %w", err)
	}
	return audit.Kept(at, id), nil
}

// keepCursor moves a cursor on, never back.
func (s *Service) keepCursor(ctx context.Context, name string, c audit.Cursor) error {
	at, id := c.Place()
	err := s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO follow_cursor (name, at, id) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET at = excluded.at, id = excluded.id
			WHERE follow_cursor.at < excluded.at OR follow_cursor.at = excluded.at AND follow_cursor.id < excluded.id`, name, at, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("follow: keeping a cursor: %w", err)
	}
	return nil
}
