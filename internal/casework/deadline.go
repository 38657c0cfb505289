package casework

import (
	"context"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Deadline is a day by which something must have happened to a case.
type Deadline struct {
	Subject credit.Key
	Case    string
	Name    string
	Due     credit.Date // the last day on which it is in time
	// Provisional says that the day lies past the last published calendar year: it may be shown as
	// such, and nothing that harms anyone may follow from it.
	Provisional bool
}

// Set gives a case a deadline, or another day for the one of that name, in the caller's transaction.
func (s *Service) Set(tx *store.Tx, d Deadline) error {
	provisional := int64(0)
	if d.Provisional {
		provisional = 1
	}
	_, err := tx.Exec(`INSERT INTO case_deadline (subject, id, name, due, provisional) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (subject, id, name) DO UPDATE SET due = excluded.due, provisional = excluded.provisional`,
		string(d.Subject), d.Case, d.Name, int64(d.Due), provisional)
	if err != nil {
		return fmt.Errorf("casework: setting a deadline: %w", err)
	}
	return nil
}

// Drop takes a deadline off a case, because what it was for has happened or was told.
func (s *Service) Drop(tx *store.Tx, subject credit.Key, id, name string) error {
	if _, err := tx.Exec("DELETE FROM case_deadline WHERE subject = $1 AND id = $2 AND name = $3", string(subject), id, name); err != nil {
		return fmt.Errorf("casework: dropping a deadline: %w", err)
	}
	return nil
}

// Deadlines lists the deadlines of a case, the nearest first.
func (s *Service) Deadlines(ctx context.Context, c *Case) ([]Deadline, error) {
	return s.deadlines(ctx, "SELECT subject, id, name, due, provisional FROM case_deadline WHERE subject = $1 AND id = $2 ORDER BY due, name",
		string(c.Subject), c.ID)
}

func (s *Service) deadlines(ctx context.Context, query string, args ...any) ([]Deadline, error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("casework: listing deadlines: %w", err)
	}
	defer rows.Close()
	var all []Deadline
	for rows.Next() {
		var d Deadline
		var due, provisional int64
		if err := rows.Scan(&d.Subject, &d.Case, &d.Name, &due, &provisional); err != nil {
			return nil, fmt.Errorf("casework: listing deadlines: %w", err)
		}
		d.Due, d.Provisional = credit.Date(due), provisional == 1
		all = append(all, d)
	}
	return all, rows.Err()
}
