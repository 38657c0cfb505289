package casework

import (
	"database/sql"
	"fmt"

	"xinban/internal/credit"
)

const pauseQuery = "SELECT version, since, until, reason, actor, name FROM case_pause WHERE subject = $1 AND id = $2 ORDER BY version"

func scanPauses(rows *sql.Rows, err error) ([]Pause, error) {
	if err != nil {
		return nil, fmt.Errorf("casework: listing pauses: %w", err)
	}
	defer rows.Close()
	var all []Pause
	for rows.Next() {
		var p Pause
		var since, until int64
		if err := rows.Scan(&p.Version, &since, &until, &p.Reason, &p.By.ID, &p.By.Name); err != nil {
			return nil, fmt.Errorf("casework: listing pauses: %w", err)
		}
		p.Since, p.Until = credit.Date(since), credit.Date(until)
		all = append(all, p)
	}
	return all, rows.Err()
}
