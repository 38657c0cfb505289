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

// Set gives a case a deadline, or another day for the one of that name, in the caller's transaction. The stages of another
// day start anew; in a paused case a deadline stands still from the day on which it is set.
func (s *Service) Set(tx *store.Tx, d Deadline) error {
	provisional := int64(0)
	if d.Provisional {
		provisional = 1
	}
	err := s.passed(tx, d.Subject, d.Case, d.Name, d.Due)
	if err == nil {
		_, err = tx.Exec(`INSERT INTO case_deadline (subject, id, name, due, provisional, stood, fired, next) VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
		ON CONFLICT (subject, id, name) DO UPDATE SET due = excluded.due, provisional = excluded.provisional,
			fired = CASE WHEN case_deadline.due = excluded.due THEN case_deadline.fired ELSE excluded.fired END,
			next = CASE WHEN case_deadline.due = excluded.due THEN case_deadline.next ELSE excluded.next END`,
			string(d.Subject), d.Case, d.Name, int64(d.Due), provisional, unfired, int64(s.firstDay(d)))
	}
	if err == nil {
		err = nearest(tx, d.Subject, d.Case)
	}
	if err == nil { // after the case is locked, so that no pause is missed
		_, err = tx.Exec(`UPDATE case_deadline SET stood = $1 WHERE subject = $2 AND id = $3 AND name = $4 AND stood = 0
			AND EXISTS (SELECT 1 FROM case_file f WHERE f.subject = case_deadline.subject AND f.id = case_deadline.id AND f.paused > 0)`,
			int64(s.today()), string(d.Subject), d.Case, d.Name)
	}
	if err != nil {
		return fmt.Errorf("casework: setting a deadline: %w", err)
	}
	return nil
}

// Drop takes a deadline off a case, because what it was for has happened or was told.
func (s *Service) Drop(tx *store.Tx, subject credit.Key, id, name string) error {
	err := s.passed(tx, subject, id, name, 0)
	if err == nil {
		_, err = tx.Exec("DELETE FROM case_deadline WHERE subject = $1 AND id = $2 AND name = $3", string(subject), id, name)
	}
	if err == nil {
		err = nearest(tx, subject, id)
	}
	if err != nil {
		return fmt.Errorf("casework: dropping a deadline: %w", err)
	}
	return nil
}

// never is the day of what has none, as it is stored: it sorts after every day.
const never credit.Date = 99991231

// nearest notes the nearest deadline of a case in its row, and locks the row.
func nearest(tx *store.Tx, subject credit.Key, id string) error {
	_, err := tx.Exec(`UPDATE case_file SET due = CASE WHEN paused > 0 THEN 99991231 ELSE
		COALESCE((SELECT MIN(d.due) FROM case_deadline d WHERE d.subject = case_file.subject AND d.id = case_file.id), 99991231) END
		WHERE subject = $1 AND id = $2`, string(subject), id)
	return err
}

// passed notes that a case is late when a deadline with stages of its name goes, or gets another day than except, after its day.
func (s *Service) passed(tx *store.Tx, subject credit.Key, id, name string, except credit.Date) error {
	if len(s.stages[name]) == 0 {
		return nil
	}
	_, err := tx.Exec(`UPDATE case_file SET late = 1 WHERE subject = $1 AND id = $2 AND EXISTS (SELECT 1 FROM case_deadline d
		WHERE d.subject = case_file.subject AND d.id = case_file.id AND d.name = $3 AND d.due < $4 AND d.due <> $5
		AND d.provisional = 0 AND (d.stood = 0 OR d.due < d.stood))`, string(subject), id, name, int64(s.today()), int64(except))
	return err
}

func (s *Service) today() credit.Date { return credit.DateOf(s.now()) }

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
