package app_test

import (
	"net/http"
	"testing"

	"xinban/internal/demo"
)

// A demo that was in use shows reports of many days and channels, requests that are overdue, waiting
// and answered, and a follower's messages; its date is what it was.
func TestADemoThatWasInUse(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	p := demo.Default()
	p.Subjects, p.Records = 200, 2000
	for range 2 { // the second time nothing happens
		if err := w.SeedUse(t.Context(), &p); err != nil {
			t.Fatal(err)
		}
	}
	roll(t, w)
	f, err := w.Results.Figures(t.Context(), 20200101, demo.Today, true)
	if err != nil {
		t.Fatal(err)
	}
	if f.Reports < 80 || f.Reports > 250 || len(f.Days) < 20 || len(f.Channels) < 6 || len(f.Purposes) < 5 || len(f.Editions) != 3 {
		t.Errorf("%d reports on %d days, %d channels, %d purposes", f.Reports, len(f.Days), len(f.Channels), len(f.Purposes))
	}
	var first string
	if err := w.DB.QueryRow(t.Context(), "SELECT MIN(number) FROM document").Scan(&first); err != nil {
		t.Fatal(err)
	}
	d, err := w.Report.Document(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := w.Report.LookUp(t.Context(), first, d.Content.Code); err != nil || !v.IssuerTrusted || !v.Unaltered {
		t.Errorf("the first report verifies as %+v, %v", v, err)
	}
	if _, err := w.Statement.Remind(t.Context()); err != nil {
		t.Fatal(err)
	}
	send(t, w)
	has(t, visit(t, w, "clerk-port").get("/statements"), http.StatusOK, "待答复")
	has(t, visit(t, w, "clerk-port").get("/statements?tab=done"), http.StatusOK, "已答复")
	has(t, visit(t, w, "centre").get("/statements"), http.StatusOK, "岚港市应急管理局", "需要督办")
	has(t, visit(t, w, "enterprise").get("/messages"), http.StatusOK, "情节说明有新的答复", "已提请信用中心督办")
	has(t, visit(t, w, "enterprise").get("/statements"), http.StatusOK, "已逾期", "已答复")
	has(t, visit(t, w, "centre").get("/"), http.StatusOK, demo.Today.String())
}
