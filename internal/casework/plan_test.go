package casework

import (
	"fmt"
	"strings"
	"testing"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// The lists, the sweep and the figures read along an index, and the lists need no sorting.
func TestListsLieInAnIndex(t *testing.T) {
	t.Parallel()
	s := clock(t, storetest.SQLite(t))
	c := open(t, s.Service, firm, "centre")
	s.set(&c, 20260518)
	s.sweep()
	for _, q := range []DeskQuery{{Desk: "centre"}, {Desk: "centre", Kind: "loan"}, {Desk: "centre", Kind: "loan", State: "asked"}} {
		_, err := s.Desk(t.Context(), q)
		must(t, err)
	}
	_, err := s.DeskCounts(t.Context(), "centre", 20260518)
	must(t, err)
	_, err = s.Asked(t.Context(), "centre", nil, 5)
	must(t, err)
	_, err = s.Figures(t.Context(), "loan", 20260518, 20260518)
	must(t, err)
	_, err = s.StandingInFor(t.Context(), "1")
	must(t, err)
	must(t, s.do(func(tx *store.Tx) error { return s.Pause(tx, &c, "调查", By{}) }))
	for _, q := range s.db.Statements() {
		for _, line := range plan(t, s.db, q) {
			sorted := strings.Contains(line, "TEMP B-TREE") && strings.Contains(q, "LIMIT")
			if strings.HasPrefix(line, "SCAN ") && !strings.Contains(line, "CONSTANT") || sorted {
				t.Errorf("%s: %s", line, q)
			}
		}
	}
}

func plan(t *testing.T, db *store.DB, query string) (lines []string) {
	t.Helper()
	rows, err := db.Query(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, parameters(query))...)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int64
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		lines = append(lines, detail)
	}
	return lines
}

// parameters is how many parameters a query has.
func parameters(query string) (n int) {
	for strings.Contains(query, fmt.Sprintf("$%d", n+1)) {
		n++
	}
	return n
}
