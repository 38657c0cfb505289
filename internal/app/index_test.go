package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/demo"
	"xinban/internal/report"
)

// scanned are the tables that a statement may read from end to end, with the reason.
var scanned = map[string]string{
	"source":            "a hundred rows, asked for by the desks",
	"feed":              "a few hundred rows, cached",
	"ruleset":           "read once when the program starts",
	"dictionary":        "one row a kind, read once",
	"pragma_page_count": "no table",
}

// Every statement that the program has used has an index: no table that grows is read from end to end.
func TestEveryStatementHasAnIndex(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	exercise(t, w)
	visitDesks(t, w)
	n := 0
	for _, q := range w.DB.Statements() {
		if !strings.HasPrefix(strings.TrimSpace(strings.ToUpper(q)), "SELECT") && !strings.HasPrefix(q, "UPDATE") && !strings.HasPrefix(q, "DELETE") {
			continue
		}
		n++
		lines := plan(t, w, q)
		if strings.Contains(q, "LIMIT") && !strings.Contains(strings.Join(lines, ""), "TEMP B-TREE") {
			continue // a page in the order of a key: the limit ends the reading
		}
		for _, line := range lines {
			if table, ok := scan(line); ok && scanned[table] == "" {
				t.Errorf("%s\n  in %s", line, q)
			}
		}
	}
	if n < 40 {
		t.Fatalf("only %d statements were seen", n)
	}
}

// exercise issues, verifies and visits, so that statements are used.
func exercise(t *testing.T, w *app.Web) {
	t.Helper()
	ctx := context.Background()
	p := demo.Default()
	p.Subjects, p.Records = 200, 2000
	key := p.ShowcaseSubject().Key
	d, err := w.Report.Issue(ctx, report.Request{Key: key, Edition: "listing", Paper: true}, audit.Actor{ID: "test", Channel: "command"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Report.VerifyFile(ctx, d.Paper, nil); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/public", "/public?tab=licence", "/public?tab=list", "/public?q=岚港", "/verify?n=" + d.Content.Number + "&c=" + d.Content.Code} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		rec := httptest.NewRecorder()
		w.Server.Handler().ServeHTTP(rec, r)
		if rec.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, rec.Code)
		}
	}
}

// visitDesks opens the pages of intake that read most, so that their statements are used.
func visitDesks(t *testing.T, w *app.Web) {
	t.Helper()
	for login, paths := range map[string][]string{ecologyClerk: {"/intake", "/intake/loads", "/intake/load/1", "/intake/zero"},
		centreLogin: {"/intake", "/intake/loads", "/intake/load/1", "/intake/load/1/quarantine", "/feeds", "/quality", "/questions", "/questions?type=removal"}} {
		p := as(t, w, login)
		for _, path := range paths {
			if a := p.get(path); a.Code != http.StatusOK && a.Code != http.StatusNotFound {
				t.Errorf("%s answers %d", path, a.Code)
			}
		}
	}
	if err := w.Intake.Resume(t.Context()); err != nil {
		t.Error(err)
	}
}

func plan(t *testing.T, w *app.Web, query string) []string {
	t.Helper()
	args := make([]any, strings.Count(query, "$")+strings.Count(query, "?"))
	seen := map[string]bool{}
	n := 0
	for i := 1; i <= len(args); i++ {
		if p := fmt.Sprintf("$%d", i); strings.Contains(query, p) && !seen[p] {
			seen[p] = true
			n++
		}
	}
	n = max(n, strings.Count(query, "?"))
	rows, err := w.DB.Query(t.Context(), "EXPLAIN QUERY PLAN "+query, args[:n]...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var id, parent, unused int64
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, detail)
	}
	return lines
}

// scan tells whether a line of a plan reads a whole table. Reading an index in its order, as for a
// page of a list, is no scan: the LIMIT ends it.
func scan(line string) (table string, ok bool) {
	rest, ok := strings.CutPrefix(line, "SCAN ")
	if !ok || strings.Contains(rest, "USING") || strings.HasPrefix(rest, "CONSTANT") || strings.HasSuffix(rest, "-ROW VALUES CLAUSE") || strings.HasPrefix(rest, "(") {
		return "", false
	}
	return strings.Fields(rest)[0], true
}
