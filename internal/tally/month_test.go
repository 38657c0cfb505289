package tally

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// A period is its months and the days at its ends: no day twice, none left out.
func TestAPeriodIsItsMonthsAndTheRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		from := credit.Date(20250101).AddDays(rapid.IntRange(0, 500).Draw(r, "from"))
		to := from.AddDays(rapid.IntRange(-3, 500).Draw(r, "days"))
		p := split(from, to)
		for d := credit.Date(20241201); d < 20271231; d = d.AddDays(1) {
			n := 0
			if m := int64(d) / 100; p.firstMonth <= m && m <= p.lastMonth {
				n++
			}
			for _, part := range [][2]credit.Date{p.head, p.tail} {
				if part[0] <= d && d <= part[1] {
					n++
				}
			}
			if want := from <= d && d <= to; n > 1 || (n == 1) != want {
				r.Fatalf("%s to %s: %s is counted %d times in %+v", from, to, d, n, p)
			}
		}
	})
}

// The sums of a period are the same whether they are read by month or by day.
func TestSumsOverMonthsEqualThoseOverDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		for i := range 200 {
			add1(t, db, Delta{Subject: "S", ID: fmt.Sprint(i), Kind: "k", Day: credit.Date(20260101).AddDays(i), N: int64(i), Facets: map[string]string{"f": fmt.Sprint(i % 3)}})
		}
		rollAll(t, s)
		for _, p := range [][2]credit.Date{{20200101, 20270101}, {20260115, 20260615}, {20260201, 20260228}, {20260210, 20260212}, {20260501, 20260430}} {
			days, err := s.Days(t.Context(), "k", "f", p[0], p[1])
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]int64{}
			for _, d := range days {
				want[d.Value] += d.N
			}
			got, err := s.By(t.Context(), "k", "f", p[0], p[1])
			if err != nil || len(got) != len(want) {
				t.Fatalf("%v: %v, %v", p, got, err)
			}
			for _, x := range got {
				if x.N != want[x.Value] {
					t.Errorf("%v: %s has %d, want %d", p, x.Value, x.N, want[x.Value])
				}
			}
		}
	})
}
