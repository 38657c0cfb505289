package tally

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"xinban/internal/credit"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Tally keeps the sums. It is safe for concurrent use.
type Tally struct{ db *store.DB }

// New brings the tables up to date.
func New(ctx context.Context, db *store.DB) (*Tally, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Tally{db}, db.Migrate(ctx, "tally", files)
}

// Delta is something that happened N times at once to a subject.
type Delta struct {
	Subject credit.Key
	// ID is of what happened, such as a document's number. Noted again before it is added up it counts once; after that
	// it counts again, since the row is gone then. So whoever notes it makes sure in its transaction that it happens
	// once, and gives what may happen again, as a matter that comes back, another ID each time.
	ID   string
	Kind string // what is counted, such as "report"
	Day  credit.Date
	N    int64
	// Facets says by what the N are told apart: each counts N under its value.
	Facets map[string]string
	// Each lists values of a facet that count one each, such as the domains of a report.
	Each map[string][]string
}

type facets struct {
	One  map[string]string   `json:"one,omitempty"`
	Each map[string][]string `json:"each,omitempty"`
}

// Add notes what happened, in the transaction that makes it happen.
func Add(tx *store.Tx, d Delta) error {
	text, err := json.Marshal(facets{d.Facets, d.Each})
	if err != nil {
		return err
	}
	err = tx.InsertMissing("tally_delta", []string{"subject", "id", "kind", "day", "n", "facets"},
		[][]any{{string(d.Subject), d.ID, d.Kind, int64(d.Day), d.N, string(text)}})
	if err != nil {
		return fmt.Errorf("tally: noting %s: %w", d.Kind, err)
	}
	return nil
}

// rollRows is how many deltas one transaction adds up.
const rollRows = 500

type delta struct {
	subject, id string
	Delta
}

type place struct {
	kind, facet, value string
	day                int64
}

// Roll adds up to a few hundred deltas to the sums and returns how many. Call it until it returns none.
func (t *Tally) Roll(ctx context.Context) (n int, err error) {
	err = t.db.Tx(ctx, func(tx *store.Tx) error {
		list, err := read(tx)
		if n = len(list); err != nil || n == 0 {
			return err
		}
		sums := map[place]int64{}
		for _, d := range list {
			gone, err := tx.Exec("DELETE FROM tally_delta WHERE subject = $1 AND id = $2 AND kind = $3", d.subject, d.id, d.Kind)
			if err != nil {
				return err
			}
			if gone == 1 { // else another process was first
				d.addTo(sums)
			}
		}
		return add(tx, sums)
	})
	if err != nil {
		return 0, fmt.Errorf("tally: adding up: %w", err)
	}
	return n, nil
}

func read(tx *store.Tx) ([]delta, error) {
	rows, err := tx.Query("SELECT subject, id, kind, day, n, facets FROM tally_delta ORDER BY subject, id, kind LIMIT $1", int64(rollRows))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []delta
	for rows.Next() {
		var d delta
		var day int64
		var text string
		if err := rows.Scan(&d.subject, &d.id, &d.Kind, &day, &d.N, &text); err != nil {
			return nil, err
		}
		var f facets
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			return nil, err
		}
		d.Day, d.Facets, d.Each = credit.Date(day), f.One, f.Each
		all = append(all, d)
	}
	return all, errors.Join(rows.Err(), rows.Close())
}

func (d *Delta) addTo(sums map[place]int64) {
	day := int64(d.Day)
	sums[place{d.Kind, "", "", day}] += d.N
	for facet, value := range d.Facets {
		sums[place{d.Kind, facet, value, day}] += d.N
	}
	for facet, values := range d.Each {
		for _, v := range values {
			sums[place{d.Kind, facet, v, day}]++
		}
	}
}

// add adds sums to those of their days and of their months.
func add(tx *store.Tx, sums map[place]int64) error {
	months := map[place]int64{} // by the month in place of the day
	for p, n := range sums {
		_, err := tx.Exec(`INSERT INTO tally_sum (kind, facet, day, value, n) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (kind, facet, day, value) DO UPDATE SET n = tally_sum.n + excluded.n`, p.kind, p.facet, p.day, p.value, n)
		if err != nil {
			return err
		}
		p.day /= 100
		months[p] += n
	}
	for p, n := range months {
		_, err := tx.Exec(`INSERT INTO tally_month (kind, facet, month, value, n) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (kind, facet, month, value) DO UPDATE SET n = tally_month.n + excluded.n`, p.kind, p.facet, p.day, p.value, n)
		if err != nil {
			return err
		}
	}
	return nil
}

// Sum is one count.
type Sum struct {
	Day   credit.Date
	Value string // of the facet
	N     int64
}

// Days returns the sums of a kind by day and value of a facet (empty: the whole), from one day to
// another, both included.
func (t *Tally) Days(ctx context.Context, kind, facet string, from, to credit.Date) ([]Sum, error) {
	return t.sums(ctx, `SELECT day, value, n FROM tally_sum WHERE kind = $1 AND facet = $2 AND day >= $3 AND day <= $4
		ORDER BY day, value`, kind, facet, int64(from), int64(to))
}

// Total is the sum of a kind over all days from one to another.
func (t *Tally) Total(ctx context.Context, kind string, from, to credit.Date) (int64, error) {
	all, err := t.By(ctx, kind, "", from, to)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	return all[0].N, nil
}

func (t *Tally) sums(ctx context.Context, query string, args ...any) ([]Sum, error) {
	rows, err := t.db.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("tally: reading sums: %w", err)
	}
	defer rows.Close()
	var all []Sum
	for rows.Next() {
		var s Sum
		var day int64
		if err := rows.Scan(&day, &s.Value, &s.N); err != nil {
			return nil, fmt.Errorf("tally: reading sums: %w", err)
		}
		s.Day = credit.Date(day)
		all = append(all, s)
	}
	return all, rows.Err()
}
