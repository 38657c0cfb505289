package intake

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Touched is a subject whose facts a load changed and whose projections have not followed yet; load 0
// stands for what a person did, and mark for the last time that it did.
type Touched = struct {
	Load    int64
	Subject credit.Key
	Mark    int64
}

// Touched returns up to limit entries of the queue, oldest load first.
func (s *Service) Touched(ctx context.Context, limit int) ([]Touched, error) {
	return scanTouched(s.db.Query(ctx, "SELECT load, subject, mark FROM touched ORDER BY load, subject LIMIT $1", int64(limit)))
}

// TouchedOf returns all entries of a subject: a projection that is made once follows every load that touched it.
func (s *Service) TouchedOf(ctx context.Context, key credit.Key) ([]Touched, error) {
	return scanTouched(s.db.Query(ctx, "SELECT load, subject, mark FROM touched WHERE subject = $1 ORDER BY load", string(key)))
}

func scanTouched(rows *sql.Rows, err error) ([]Touched, error) {
	if err != nil {
		return nil, fmt.Errorf("intake: reading which subjects changed: %w", err)
	}
	defer rows.Close()
	var all []Touched
	for rows.Next() {
		var t Touched
		if err := rows.Scan(&t.Load, &t.Subject, &t.Mark); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// Followed takes an entry off the queue, in the transaction that writes the projections. It is store.ErrConflict when
// another process has followed it, or a person put it there again, after it was read: what was computed may be old.
func (s *Service) Followed(tx *store.Tx, t Touched) error {
	n, err := tx.Exec("DELETE FROM touched WHERE load = $1 AND subject = $2 AND mark = $3", t.Load, string(t.Subject), t.Mark)
	if err == nil && n == 0 {
		err = store.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("intake: taking a subject off the queue: %w", err)
	}
	return nil
}

// Touch puts subjects on the queue, in the transaction that changes their facts.
func (s *Service) Touch(tx *store.Tx, keys ...credit.Key) error {
	for _, k := range keys {
		// an entry that is there already is written again, so that one who takes it off meanwhile waits
		_, err := tx.Exec("INSERT INTO touched (load, subject, mark) VALUES (0, $1, $2) ON CONFLICT (load, subject) DO UPDATE SET mark = excluded.mark",
			string(k), rand.Int64())
		if err != nil {
			return fmt.Errorf("intake: putting a subject on the queue: %w", err)
		}
	}
	return nil
}
