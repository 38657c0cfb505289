package livecode

import (
	"context"
	"errors"
	"fmt"
	"time"

	"xinban/internal/store"
)

// kept is how long a code that is over stays, so that a phone that comes late is told from one that guesses, and how
// long after its last code a showing stays for its page.
const kept = time.Hour

// purged is how many rows of a table one step of a purge deletes.
const purged = 500

// Purge deletes codes and showings that are long over; more says that there may be more of them. Scans stay in the
// access log.
func (s *Service) Purge(ctx context.Context) (more bool, err error) {
	now := s.c.Now()
	codes, err := s.old(ctx, "SELECT id, '' FROM livecode_code WHERE until <= $1 ORDER BY until, id LIMIT $2", now.Add(-kept))
	if err != nil {
		return false, err
	}
	showings, err := s.old(ctx, "SELECT subject, id FROM livecode_showing WHERE begun <= $1 ORDER BY begun, subject, id LIMIT $2", now.Add(-Longest-kept))
	if err != nil || len(codes)+len(showings) == 0 {
		return false, err
	}
	err = s.db.Bulk(ctx, func(tx *store.Tx) error {
		for _, c := range codes {
			if _, err := tx.Exec("DELETE FROM livecode_code WHERE id = $1", c[0]); err != nil {
				return err
			}
		}
		for _, x := range showings {
			_, err := tx.Exec("DELETE FROM livecode_scan WHERE subject = $1 AND showing = $2", x[0], x[1])
			if err == nil {
				_, err = tx.Exec("DELETE FROM livecode_showing WHERE subject = $1 AND id = $2", x[0], x[1])
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return len(codes) == purged || len(showings) == purged, err
}

// old reads the keys of up to a few hundred rows from before an instant.
func (s *Service) old(ctx context.Context, query string, before time.Time) (all [][2]string, err error) {
	rows, err := s.db.Query(ctx, query, before.UnixMilli(), int64(purged))
	if err != nil {
		return nil, fmt.Errorf("livecode: looking for what is over: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x [2]string
		if err := rows.Scan(&x[0], &x[1]); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}
