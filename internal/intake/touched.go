package intake

import (
	"context"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Touched is a subject whose facts a load changed and whose projections have not followed yet; load 0
// stands for what a person did.
type Touched = struct {
	Load    int64
	Subject credit.Key
}

// Touched returns up to limit entries of the queue, oldest load first.
func (s *Service) Touched(ctx context.Context, limit int) ([]Touched, error) {
	rows, err := s.db.Query(ctx, "SELECT load, subject FROM touched ORDER BY load, subject LIMIT $1", int64(limit))
	if err != nil {
		return nil, fmt.Errorf("intake: reading which subjects changed: %w", err)
	}
	defer rows.Close()
	var all []Touched
	for rows.Next() {
		var t Touched
		if err := rows.Scan(&t.Load, &t.Subject); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// Followed takes an entry off the queue, in the transaction that writes the projections.
func (s *Service) Followed(tx *store.Tx, t Touched) error {
	if _, err := tx.Exec("DELETE FROM touched WHERE load = $1 AND subject = $2", t.Load, string(t.Subject)); err != nil {
		return fmt.Errorf("intake: taking a subject off the queue: %w", err)
	}
	return nil
}

// Touch puts subjects on the queue, in the transaction that changes their facts.
func (s *Service) Touch(tx *store.Tx, keys ...credit.Key) error {
	for _, k := range keys {
		// an entry that is there already is written again, so that one who takes it off meanwhile waits
		_, err := tx.Exec("INSERT INTO touched (load, subject) VALUES (0, $1) ON CONFLICT (load, subject) DO UPDATE SET load = excluded.load", string(k))
		if err != nil {
			return fmt.Errorf("intake: putting a subject on the queue: %w", err)
		}
	}
	return nil
}
