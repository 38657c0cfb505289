package casework

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// sweepRows is how many deadlines a sweep reads at once.
const sweepRows = 200

// Sweep fires each stage that has come by today, once, in the transaction that notes it: what fire writes stands or falls
// with the note. A stage whose transaction failed is tried again by the next sweep and holds up no other deadline; all
// failures are returned. Deadlines of paused cases stand still; on a provisional day only reminders fire.
func (s *Service) Sweep(ctx context.Context, today credit.Date, fire func(*store.Tx, Due) error) error {
	var faults []error
	for after := (ripe{}); ; {
		page, err := s.ripe(ctx, today, after)
		if err != nil {
			return errors.Join(append(faults, err)...)
		}
		for _, after = range page {
			if err := s.catchUp(ctx, today, after.Deadline, fire); err != nil {
				faults = append(faults, err)
			}
		}
		if err := ctx.Err(); err != nil || len(page) < sweepRows {
			return errors.Join(append(faults, err)...)
		}
	}
}

// ripe is a deadline with the day for which it was noted.
type ripe struct {
	Deadline
	next int64
}

func (s *Service) ripe(ctx context.Context, today credit.Date, after ripe) ([]ripe, error) {
	rows, err := s.db.Query(ctx, `SELECT subject, id, name, next FROM case_deadline WHERE stood = 0 AND next <= $1
		AND (next, subject, id, name) > ($2, $3, $4, $5) ORDER BY next, subject, id, name LIMIT $6`,
		int64(today), after.next, string(after.Subject), after.Case, after.Name, int64(sweepRows))
	if err != nil {
		return nil, fmt.Errorf("casework: sweeping deadlines: %w", err)
	}
	defer rows.Close()
	var all []ripe
	for rows.Next() {
		var r ripe
		if err := rows.Scan(&r.Subject, &r.Case, &r.Name, &r.next); err != nil {
			return nil, fmt.Errorf("casework: sweeping deadlines: %w", err)
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// catchUp fires all stages of a deadline that have come, in their order, each in a transaction of its own.
func (s *Service) catchUp(ctx context.Context, today credit.Date, d Deadline, fire func(*store.Tx, Due) error) error {
	for more := true; more; {
		err := s.db.Tx(ctx, func(tx *store.Tx) (err error) {
			more, err = s.fireNext(tx, today, d, fire)
			return err
		})
		if err != nil {
			return fmt.Errorf("casework: deadline %s of case %s: %w", d.Name, d.Case, err)
		}
	}
	return nil
}

// fireNext fires the next stage of a deadline if its day has come; more says that another may follow.
func (s *Service) fireNext(tx *store.Tx, today credit.Date, d Deadline, fire func(*store.Tx, Due) error) (more bool, err error) {
	var day, provisional, fired int64
	err = tx.QueryRow("SELECT due, provisional, fired FROM case_deadline WHERE subject = $1 AND id = $2 AND name = $3 AND stood = 0",
		string(d.Subject), d.Case, d.Name).Scan(&day, &provisional, &fired)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	d.Due, d.Provisional = credit.Date(day), provisional == 1
	due, sure, ok := s.following(d, fired)
	if !ok || due.On > today {
		_, err := s.noteStage(tx, d, fired, fired)
		return false, err
	}
	if !sure {
		return false, nil
	}
	n, err := s.noteStage(tx, d, fired, int64(due.Stage.Days))
	if err != nil || n == 0 {
		return err == nil, err
	}
	return true, fire(tx, due)
}

// noteStage notes that a stage fired, unless somebody else noted it or the deadline moved or stopped meanwhile.
func (s *Service) noteStage(tx *store.Tx, d Deadline, from, to int64) (int64, error) {
	return tx.Exec(`UPDATE case_deadline SET fired = $1, next = $2 WHERE subject = $3 AND id = $4 AND name = $5 AND due = $6 AND fired = $7
		AND stood = 0`, to, int64(s.nextDay(d, to)), string(d.Subject), d.Case, d.Name, int64(d.Due), from)
}
