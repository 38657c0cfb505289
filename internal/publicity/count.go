package publicity

import (
	"crypto/rand"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/tally"
)

// CountMatters is what is counted of publicity: matters that entered the public pages (公示量). A matter that
// is shown otherwise than before, or for another span, is none; one that was taken down and comes back is.
const CountMatters = "public.matter"

// entering are the matters of rows that are not in the projection before a transaction writes them: neither when the
// changes were computed, nor now, where another process or an earlier part of the changes may have written them.
func entering(tx *store.Tx, changes []change, before map[string]bool) (map[string]bool, error) {
	fresh, subject := map[string]bool{}, ""
	for _, c := range changes {
		if c.row != nil && !before[c.key.id] {
			fresh[c.key.id], subject = true, c.row[6].(string)
		}
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	rows, err := tx.Query("SELECT id FROM public_matter WHERE subject = $1", subject)
	if err != nil {
		return nil, fmt.Errorf("publicity: looking which matters are public: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		delete(fresh, id)
	}
	return fresh, rows.Err()
}

// count notes the matters that enter the projection with rows, in the transaction that writes them.
func count(tx *store.Tx, rows [][]any, entering map[string]bool, on credit.Date) error {
	byTab, counted := map[Tab]int64{}, map[string]bool{}
	for _, r := range rows {
		if id := r[0].(string); entering[id] && !counted[id] { // of several spans the first counts
			counted[id] = true
			byTab[Tab(r[3].(int64))]++
		}
	}
	for tab, n := range byTab {
		d := tally.Delta{Subject: credit.Key(rows[0][6].(string)), ID: "public:" + rand.Text(), Kind: CountMatters, Day: on, N: n,
			Facets: map[string]string{"tab": tab.String()}}
		if err := tally.Add(tx, d); err != nil {
			return err
		}
	}
	return nil
}
