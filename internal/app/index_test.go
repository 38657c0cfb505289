package app_test

import (
	"context"
	"errors"
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
	"ruleset":           "a few dozen texts, read when the program starts and when rules are looked at",
	"ruleset_step":      "what persons proposed and decided, read when rules are looked at",
	"dictionary":        "one row a kind, read once",
	"platform_target":   "a few dozen platforms, read whole when they are told",
	"pragma_page_count": "no table",
}

// Every statement that the program has used has an index: no table that grows is read from end to end.
func TestEveryStatementHasAnIndex(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	exercise(t, w)
	visitDesks(t, w)
	askAndFollow(t, w)
	exerciseGroups(t, w)
	useReceivers(t, w)
	n := 0
	for _, q := range w.DB.Statements() {
		if !strings.HasPrefix(strings.TrimSpace(strings.ToUpper(q)), "SELECT") && !strings.HasPrefix(q, "UPDATE") && !strings.HasPrefix(q, "DELETE") {
			continue
		}
		n++
		lines := plan(t, w, q)
		for _, line := range lines {
			if table, ok := scan(line, q, lines); ok && scanned[table] == "" {
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
		"auditor": {"/audit", "/audit?login=centre", "/audit?subject=91000000MA0000001R", "/rulesets", "/hall/log", "/hall/log/sample/paper"},
		"window":  {"/hall/today"}, "kiosk": {"/kiosk"},
		centreLogin: {"/intake", "/intake/loads", "/intake/load/1", "/intake/load/1/quarantine", "/feeds", "/quality", "/questions", "/questions?type=removal"}} {
		p := as(t, w, login)
		for _, path := range paths {
			if a := p.get(path); a.Code != http.StatusOK && a.Code != http.StatusNotFound && a.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s answers %d", path, a.Code)
			}
		}
	}
	if err := errors.Join(w.Intake.Resume(t.Context()), w.Hall.ForgetAll(t.Context())); err != nil {
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

// scan tells whether a line of a plan reads a whole table, or a whole index. Reading an index in the order that is
// asked for, as for a page of a list, is no scan: the LIMIT ends it.
func scan(line, query string, plan []string) (table string, ok bool) {
	rest, ok := strings.CutPrefix(line, "SCAN ")
	if !ok || strings.HasPrefix(rest, "CONSTANT") || strings.HasPrefix(rest, "(") {
		return "", false
	}
	paged := strings.Contains(query, "LIMIT") && strings.Contains(query, "ORDER BY") && !strings.Contains(strings.Join(plan, ""), "TEMP B-TREE")
	if paged || strings.Contains(rest, "VALUES CLAUSE") {
		return "", false // a table without row numbers lies in the order of its key and names no index
	}
	return strings.Fields(rest)[0], true
}

// A full reading is found whatever the statement calls it; a page in the order of a key is none.
func TestAFullReadingIsFound(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	for query, full := range map[string]bool{
		"SELECT COUNT(*) FROM fact":                                                         true,
		"SELECT seq FROM fact WHERE seq = -1 LIMIT 1":                                       true,
		"SELECT subject FROM access_log WHERE purpose = 'x' ORDER BY purpose, id LIMIT 1":   true,
		"SELECT number FROM document_number WHERE number > 'x' ORDER BY number LIMIT 5":     false,
		"SELECT number FROM document_number ORDER BY number LIMIT 5":                        false,
		"SELECT purpose FROM access_log WHERE subject = 'x' AND at > 1 ORDER BY at LIMIT 9": false,
	} {
		lines := plan(t, w, query)
		got := false
		for _, l := range lines {
			_, found := scan(l, query, lines)
			got = got || found
		}
		if got != full {
			t.Errorf("%s: full reading %v, want %v: %q", query, got, full, lines)
		}
	}
}
