package publicity

import (
	"strings"
	"testing"
	"time"

	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/store/storetest"
)

// Each query of a list runs along an index that leads to what is asked: none walks a tab to find a number
// or a subject in it, or what is past.
func TestListsRunAlongAnIndex(t *testing.T) {
	db := storetest.SQLite(t)
	keys, err := ledger.NewKeyring(1, make([]byte, 64))
	must(t, err)
	l, err := ledger.Open(t.Context(), db, keys)
	must(t, err)
	book, err := law.NewBook(law.AdoptProposals(20200101, "测试"))
	must(t, err)
	s, err := New(t.Context(), Config{Ledger: l, Books: func(string) (*law.Book, error) { return book, nil }, Now: time.Now})
	must(t, err)
	number, subject := []arm{{"doc_no", "1"}}, []arm{{"subject", "A"}, {"subject", "B"}}
	for label, tt := range map[string]struct {
		q     Query
		arms  []arm
		index string
	}{
		"number":            {Query{}, number, "public_matter_doc_no (doc_no=? AND tab=?"},
		"number, domain":    {Query{Domain: "tax"}, number, "public_matter_doc_no (doc_no=? AND tab=?"},
		"subjects":          {Query{}, subject, "public_matter_subject (subject=? AND tab=?"},
		"subjects, domain":  {Query{Domain: "tax"}, subject, "public_matter_subject (subject=? AND tab=?"},
		"newest":            {Query{}, nil, "public_matter_newest (tab=?"},
		"newest, of domain": {Query{Domain: "tax"}, nil, "public_matter_domain (tab=? AND domain=?"},
	} {
		tt.q.Tab, tt.q.Limit, tt.q.After = Penalty, 20, Cursor{20260101, "x"}
		query, args := s.listQuery(&tt.q, tt.arms)
		plan := explain(t, s, query, args...)
		if strings.Count(plan, "USING INDEX "+tt.index) != max(len(tt.arms), 1) || strings.Contains(plan, "SCAN public_matter") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s: %s", label, plan)
		}
	}
	if plan := explain(t, s, sweepQuery, 20260101, 1); !strings.Contains(plan, "public_matter_hidden (hidden_from<?") || strings.Contains(plan, "SCAN public_matter") {
		t.Errorf("sweep: %s", plan)
	}
}

func explain(t *testing.T, s *Service, query string, args ...any) (plan string) {
	t.Helper()
	rows, err := s.db.Query(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int64
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		plan += detail + "\n"
	}
	must(t, rows.Err())
	return plan
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
