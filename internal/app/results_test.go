package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/report"
	"xinban/internal/results"
)

func roll(t *testing.T, w *app.Web) {
	t.Helper()
	for {
		n, err := w.Tally.Roll(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// Rows gathered and matters published are counted by loads and by publicity as they happen, and equal what
// the loads and the public pages hold; a report counts once, also when it is asked for again.
func TestResultsOfTheDemo(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	ctx := context.Background()
	key, _ := showcase()
	for range 2 {
		if _, err := w.Report.Issue(ctx, report.Request{Key: key, Edition: "general", Purpose: "招投标"}, audit.Actor{ID: "t", Name: "测试", Channel: "page"}); err != nil {
			t.Fatal(err)
		}
	}
	roll(t, w)
	f, err := w.Results.Figures(ctx, 20200101, 20261231, true)
	if err != nil {
		t.Fatal(err)
	}
	loads, err := w.Intake.Loads(ctx, 0, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	rows := int64(0)
	for _, l := range loads {
		rows += l.Accepted + l.Amended
	}
	var public, docs int64
	if err := w.DB.QueryRow(ctx, "SELECT COUNT(DISTINCT id) FROM public_matter").Scan(&public); err != nil {
		t.Fatal(err)
	}
	if err := w.DB.QueryRow(ctx, "SELECT COUNT(*) FROM document").Scan(&docs); err != nil {
		t.Fatal(err)
	}
	if f.Rows != rows || rows == 0 || f.Published != public || public == 0 || f.Reports != docs || docs == 0 {
		t.Errorf("gathered %d of %d, published %d of %d, reports %d of %d", f.Rows, rows, f.Published, public, f.Reports, docs)
	}
	if n := f.Certificates; f.Minutes != n*180 || n == 0 {
		t.Errorf("%d certificates save %d minutes", n, f.Minutes)
	}
}

// Only the centre sets the hours of a certificate, with a date and a source, and the page says them.
func TestTheCentreSetsTheHoursOfACertificate(t *testing.T) {
	t.Parallel()
	w := setup(t, 100)
	centre := visit(t, w, "centre")
	for _, c := range []struct {
		hours, effective, source string
		want                     int
	}{{"2.5", "2026-05-01", "办事时间抽样调查", http.StatusSeeOther}, {"0", "2026-05-01", "办事时间抽样调查", 422}, {"many", "2026-05-01", "办事时间抽样调查", 422},
		{"3", "", "办事时间抽样调查", 422}, {"3", "2019-12-31", "办事时间抽样调查", 422}, {"3", "2026-05-01", "无", 422}} {
		rec := centre.post("/results/hours", url.Values{"hours": {c.hours}, "effective": {c.effective}, "source": {c.source}})
		if rec.Code != c.want {
			t.Errorf("%+v: %d", c, rec.Code)
		}
	}
	body := centre.get("/results").Body.String()
	for _, want := range []string{"现为2.5小时", "办事时间抽样调查", `action="/results/hours"`, "系统设定"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	public := httptest.NewRecorder()
	w.Server.Handler().ServeHTTP(public, httptest.NewRequest(http.MethodGet, "/results", nil))
	if text := public.Body.String(); public.Code != 200 || strings.Contains(text, `action="/results/hours"`) || !strings.Contains(text, "现为2.5小时") {
		t.Errorf("the public page answers %d", public.Code)
	}
}

// The CSV and the API say what the page says; a period that ends before it begins is refused.
func TestResultsAsFileAndByAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, 100)
	roll(t, w)
	ask := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		w.Server.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		return rec
	}
	var f results.Figures
	rec := ask("/api/v1/results")
	if err := json.Unmarshal(rec.Body.Bytes(), &f); err != nil || rec.Code != 200 || f.Rows == 0 || len(f.PerCertificate) == 0 {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if rec = ask("/results.csv"); rec.Code != 200 || !strings.HasPrefix(rec.Body.String(), "\ufeff指标,") || !strings.Contains(rec.Body.String(), "归集量") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	for path, want := range map[string]int{"/results?from=2026-05-02&to=2026-05-01": 422, "/results?from=x": 422, "/results.csv?from=x": 400,
		"/api/v1/results?from=2026-05-02&to=2026-05-01": 422} {
		if rec := ask(path); rec.Code != want {
			t.Errorf("%s: %d, want %d", path, rec.Code, want)
		}
	}
}
