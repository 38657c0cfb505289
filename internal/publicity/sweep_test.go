package publicity_test

import (
	"fmt"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/publicity"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// What is no longer public is taken off in bounded steps; what is public today stays, and what a source
// stated for a later day ends by itself on that day.
func TestASweepTakesOffOnlyWhatIsOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		stated := fine("岚交罚〔2026〕0号", "2026-04-01")
		stated.Repaired = day("2026-08-01")
		all := []credit.Record{stated, fine("岚交罚〔2026〕新号", "2026-05-01")}
		for i := range 450 {
			all = append(all, fine(fmt.Sprintf("岚交罚〔2025〕%d号", i), "2025-06-01"))
		}
		b.say(t, firm, all...)
		sweep := func() (steps int) {
			for more := true; more; steps++ {
				var err error
				more, err = b.Sweep(t.Context())
				must(t, err)
			}
			return steps
		}
		rows := func() (n int64) {
			must(t, db.QueryRow(t.Context(), "SELECT COUNT(*) FROM public_matter").Scan(&n))
			return n
		}
		before := rows()
		if sweep(); rows() != before {
			t.Errorf("%d rows of %d are left while all are public", rows(), before)
		}
		b.on("2026-07-31")
		shown := b.list(t, publicity.Query{Tab: publicity.Penalty, Limit: 1000})
		if steps := sweep(); steps != 3 {
			t.Errorf("%d steps for 450 rows", steps)
		}
		if left := b.list(t, publicity.Query{Tab: publicity.Penalty, Limit: 1000}); len(left) != 2 || len(shown) != 2 {
			t.Errorf("%d entries before the sweep, %d after", len(shown), len(left))
		}
		b.on("2026-08-01")
		if left := b.list(t, publicity.Query{Tab: publicity.Penalty}); len(left) != 1 || left[0].DocNo != "岚交罚〔2026〕新号" {
			t.Errorf("after the stated repair: %+v", left)
		}
	})
}
