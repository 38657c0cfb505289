package casework

import (
	"xinban/internal/credit"
	"xinban/internal/store"
)

// stay is the time from one step to the next, in the state in which the first left the case.
type stay struct {
	state    State
	from, to credit.Date
}

// measure notes for a case at its end how many working days it lay in each state, and as a whole, pauses taken off.
func (s *Service) measure(tx *store.Tx, c *Case) error {
	stays, err := readStays(tx, c)
	if err != nil {
		return err
	}
	pauses, err := scanPauses(tx.Query(pauseQuery, string(c.Subject), c.ID))
	if err != nil {
		return err
	}
	var late int64
	if err := tx.QueryRow("SELECT late FROM case_file WHERE subject = $1 AND id = $2", string(c.Subject), c.ID).Scan(&late); err != nil {
		return err
	}
	days := map[string]int64{}
	for _, v := range stays {
		n := s.running(v, pauses)
		days[string(v.state)] += n
		days[""] += n
	}
	var rows [][]any
	for state, n := range days {
		rows = append(rows, []any{string(c.Subject), c.ID, state, c.Kind, int64(s.today()), n, late})
	}
	return tx.InsertMissing("case_duration", []string{"subject", "id", "step", "kind", "closed", "days", "late"}, rows)
}

// running is the working days of a stay during which the clock ran.
func (s *Service) running(v stay, pauses []Pause) int64 {
	n := s.calendar.Between(v.from, v.to).Days
	for _, p := range pauses {
		if from, to := max(v.from, p.Since), min(v.to, p.Until); from < to {
			n -= s.calendar.Between(from, to).Days
		}
	}
	return int64(n)
}

func readStays(tx *store.Tx, c *Case) ([]stay, error) {
	rows, err := tx.Query("SELECT at, state FROM case_step WHERE subject = $1 AND id = $2 ORDER BY version", string(c.Subject), c.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []stay
	for rows.Next() {
		var at int64
		var state State
		if err := rows.Scan(&at, &state); err != nil {
			return nil, err
		}
		day := dateOfMilli(at)
		if n := len(all); n > 0 {
			all[n-1].to = day
		}
		all = append(all, stay{state, day, day})
	}
	if len(all) > 0 { // the end is no stay
		all = all[:len(all)-1]
	}
	return all, rows.Err()
}
