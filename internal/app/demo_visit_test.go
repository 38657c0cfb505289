package app_test

import (
	"strings"
	"testing"

	"xinban/internal/demo"
)

// A visitor of the demo finds a week of the hall: the auditor by day, the clerk those of today with the one that runs.
func TestTheDemosHallHasAWeekOfServices(t *testing.T) {
	t.Parallel()
	w := setup(t, 60)
	for range 2 { // the second time adds nothing
		if err := w.SeedVisits(t.Context(), demo.Default(), w.Accounts); err != nil {
			t.Fatal(err)
		}
	}
	auditor := visit(t, w, "auditor")
	for day, want := range map[string]int{"2026-05-11": 2, "2026-05-12": 1, "2026-05-13": 1, "2026-05-14": 1, "2026-05-15": 1, "2026-05-16": 0, "2026-05-18": 4} {
		body := auditor.get("/hall/log?day=" + day).Body.String()
		if n := strings.Count(body, `<tr><th scope="row"`); n != want {
			t.Errorf("%s has %d services, want %d", day, n, want)
		}
	}
	today := visit(t, w, "window").get("/hall/today").Body.String()
	if strings.Count(today, `href="/hall/visit/`) != 1 || !strings.Contains(today, "已登记办事人") || strings.Count(today, `<tr><th scope="row"`) != 3 {
		t.Errorf("the clerk's day: %s", today[strings.Index(today, "<main"):])
	}
}
