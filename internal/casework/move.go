package casework

import (
	"errors"
	"fmt"

	"xinban/internal/store"
)

// ErrWaiting says that a case cannot move before another desk has given its word, or the question is recalled.
var ErrWaiting = errors.New("该办件正在等待会签意见：请等会签部门答复，或先撤回会签")

// Move changes the state of c, which holds the new desk, title and data, in the caller's transaction, if
// the case is still at c's version: otherwise [ErrMoved]. A move that the machine does not allow is
// [ErrMove], one while another desk's word is awaited [ErrWaiting]. At an end the case leaves its desk, its
// deadlines are dropped, its pause is over and its durations are noted.
func (s *Service) Move(tx *store.Tx, c *Case, move string, by By, note string) error {
	m := s.machines[c.Kind]
	if m == nil {
		return fmt.Errorf("casework: no machine of kind %q", c.Kind)
	}
	to, ok := m.Next(c.State, move)
	if !ok {
		return ErrMove
	}
	if c.Waiting > 0 {
		return ErrWaiting
	}
	next := *c
	next.State = to
	if m.End(to) {
		next.Desk, next.Closed = "", s.now().UnixMilli()
	}
	err := s.write(tx, c, &next, move, by, note)
	if err == nil && next.Closed != 0 {
		err = s.end(tx, &next)
	}
	if err != nil {
		return changing(c, err)
	}
	*c = next
	return nil
}

// Note writes a step into the history of an open case that leaves its state as it is; c holds the desk, title and data from
// now on. It takes the version as [Service.Move] does; of a case that has ended it is [ErrMove].
func (s *Service) Note(tx *store.Tx, c *Case, move string, by By, note string) error {
	next := *c
	return s.note(tx, c, &next, move, by, note)
}

func (s *Service) note(tx *store.Tx, c, next *Case, move string, by By, note string) error {
	if c.Closed != 0 {
		return ErrMove
	}
	if err := s.write(tx, c, next, move, by, note); err != nil {
		return changing(c, err)
	}
	*c = *next
	return nil
}

// write stores next in place of c and adds the step.
func (s *Service) write(tx *store.Tx, c, next *Case, move string, by By, note string) error {
	next.Version, next.Changed = c.Version+1, s.now().UnixMilli()
	n, err := tx.Exec(`UPDATE case_file SET state = $1, version = $2, desk = $3, title = $4, data = $5, changed = $6, closed = $7,
		paused = $8, waiting = $9, urged = $10 WHERE subject = $11 AND id = $12 AND version = $13`,
		string(next.State), next.Version, next.Desk, next.Title, string(next.Data), next.Changed, next.Closed,
		int64(next.Paused), next.Waiting, int64(next.Urged), string(c.Subject), c.ID, c.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrMoved
	}
	return step(tx, next, move, by, note)
}

// end settles a case that has come to its end.
func (s *Service) end(tx *store.Tx, c *Case) error {
	if err := s.stop(tx, c); err != nil {
		return err
	}
	for name := range s.stages {
		if err := s.passed(tx, c.Subject, c.ID, name, 0); err != nil {
			return err
		}
	}
	if err := s.measure(tx, c); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM case_deadline WHERE subject = $1 AND id = $2", string(c.Subject), c.ID); err != nil {
		return err
	}
	c.Due = 0
	return nearest(tx, c.Subject, c.ID)
}

// changing says what failed; what a person is told is left as it is.
func changing(c *Case, err error) error {
	if errors.Is(err, ErrMoved) {
		return err
	}
	return fmt.Errorf("casework: moving case %s: %w", c.ID, err)
}
