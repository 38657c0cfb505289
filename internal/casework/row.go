package casework

import (
	"encoding/json"

	"xinban/internal/credit"
)

const caseColumns = "subject, id, kind, state, version, desk, title, data, opened, changed, closed, due, paused, waiting, urged"

func scanCase(rows interface{ Scan(...any) error }) (Case, error) {
	var c Case
	var data string
	var due, paused, urged int64
	err := rows.Scan(&c.Subject, &c.ID, &c.Kind, &c.State, &c.Version, &c.Desk, &c.Title, &data, &c.Opened, &c.Changed, &c.Closed,
		&due, &paused, &c.Waiting, &urged)
	c.Data, c.Paused, c.Urged = json.RawMessage(data), credit.Date(paused), credit.Date(urged)
	if credit.Date(due) != never {
		c.Due = credit.Date(due)
	}
	return c, err
}
