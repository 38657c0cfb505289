package casework

import (
	"context"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/workday"
)

// Calendar counts working days: a *workday.Calendar, or whatever a region puts in its place.
type Calendar interface {
	Add(start credit.Date, n int) workday.Result
	Between(from, to credit.Date) workday.Count
}

// SetCalendar gives the service another calendar than the one shipped with the program. It is called before
// the service is used.
func (s *Service) SetCalendar(c Calendar) { s.calendar = c }

// Pause is a time during which the clock of a case stood still (中止计时).
type Pause struct {
	Version int64       // of the case, when it began
	Since   credit.Date // first day
	Until   credit.Date // the day on which the clock ran again, 0 while it stands
	Reason  string
	By      By
}

// Errors of pausing.
var (
	ErrPaused  = errors.New("该办件已中止计时：请先恢复计时")
	ErrRunning = errors.New("该办件没有中止计时，不需要恢复")
)

// Pause stops the clock of a case in the caller's transaction: its deadlines stand still until [Service.Resume], and nothing
// of them fires. A reason is needed.
func (s *Service) Pause(tx *store.Tx, c *Case, reason string, by By) error {
	if c.Paused != 0 {
		return ErrPaused
	}
	if reason == "" {
		return ErrReason
	}
	next := *c
	next.Paused, next.Due = s.today(), 0
	if err := s.note(tx, c, &next, "pause", by, reason); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO case_pause (subject, id, version, since, until, reason, actor, name) VALUES ($1, $2, $3, $4, 0, $5, $6, $7)`,
		string(c.Subject), c.ID, c.Version, int64(c.Paused), reason, by.ID, by.Name)
	if err == nil {
		_, err = tx.Exec("UPDATE case_deadline SET stood = $1 WHERE subject = $2 AND id = $3 AND stood = 0", int64(c.Paused), string(c.Subject), c.ID)
	}
	if err == nil {
		err = nearest(tx, c.Subject, c.ID)
	}
	if err != nil {
		return fmt.Errorf("casework: pausing case %s: %w", c.ID, err)
	}
	return nil
}

// Resume lets the clock of a case run again: each deadline moves on by the working days for which it stood. One that had
// passed before the pause stays where it is. Where the calendar is not published, the new day is provisional.
func (s *Service) Resume(tx *store.Tx, c *Case, note string, by By) error {
	if c.Paused == 0 {
		return ErrRunning
	}
	next := *c
	next.Paused = 0
	if err := s.note(tx, c, &next, "resume", by, note); err != nil {
		return err
	}
	err := s.stop(tx, c)
	if err == nil {
		err = s.moveOn(tx, c)
	}
	if err != nil {
		return fmt.Errorf("casework: resuming case %s: %w", c.ID, err)
	}
	return nil
}

// stop ends the pause of a case, if there is one, in its row and in the list.
func (s *Service) stop(tx *store.Tx, c *Case) error {
	_, err := tx.Exec("UPDATE case_pause SET until = $1 WHERE subject = $2 AND id = $3 AND until = 0", int64(s.today()), string(c.Subject), c.ID)
	if err == nil && c.Paused != 0 {
		c.Paused = 0
		_, err = tx.Exec("UPDATE case_file SET paused = 0 WHERE subject = $1 AND id = $2", string(c.Subject), c.ID)
	}
	return err
}

// moveOn sets the deadlines of a case running that stood still.
func (s *Service) moveOn(tx *store.Tx, c *Case) error {
	all, err := standing(tx, c)
	if err != nil {
		return err
	}
	for _, d := range all {
		if err == nil && d.Due >= d.stood {
			err = s.Set(tx, s.later(d))
		}
	}
	if err == nil { // not before: until then none of them has passed
		_, err = tx.Exec("UPDATE case_deadline SET stood = 0 WHERE subject = $1 AND id = $2 AND stood > 0", string(c.Subject), c.ID)
	}
	if err == nil {
		err = nearest(tx, c.Subject, c.ID)
	}
	return err
}

// stoodDeadline is a deadline that stands still since a day.
type stoodDeadline struct {
	Deadline
	stood credit.Date
}

// later is a deadline moved on by the working days from the day on which it stopped to today.
func (s *Service) later(d stoodDeadline) Deadline {
	n := s.calendar.Between(d.stood, s.today())
	if n.Days == 0 {
		return d.Deadline
	}
	r := s.calendar.Add(d.Due, n.Days)
	d.Due, d.Provisional = r.Date, d.Provisional || n.Provisional || r.Provisional
	return d.Deadline
}

func standing(tx *store.Tx, c *Case) ([]stoodDeadline, error) {
	rows, err := tx.Query("SELECT name, due, provisional, stood FROM case_deadline WHERE subject = $1 AND id = $2 AND stood > 0", string(c.Subject), c.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []stoodDeadline
	for rows.Next() {
		var due, provisional, stood int64
		d := stoodDeadline{Deadline: Deadline{Subject: c.Subject, Case: c.ID}}
		if err := rows.Scan(&d.Name, &due, &provisional, &stood); err != nil {
			return nil, err
		}
		d.Due, d.Provisional, d.stood = credit.Date(due), provisional == 1, credit.Date(stood)
		all = append(all, d)
	}
	return all, rows.Err()
}

// Pauses lists the pauses of a case, oldest first.
func (s *Service) Pauses(ctx context.Context, c *Case) ([]Pause, error) {
	return scanPauses(s.db.Query(ctx, pauseQuery, string(c.Subject), c.ID))
}
