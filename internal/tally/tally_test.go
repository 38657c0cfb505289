package tally

import (
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

func setup(t *testing.T, db *store.DB) *Tally {
	t.Helper()
	s, err := New(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func add1(t *testing.T, db *store.DB, d Delta) {
	t.Helper()
	if err := db.Tx(t.Context(), func(tx *store.Tx) error { return Add(tx, d) }); err != nil {
		t.Fatal(err)
	}
}

func rollAll(t *testing.T, s *Tally) {
	t.Helper()
	for {
		n, err := s.Roll(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// Sums are what a recount of everything that happened gives, by every facet, also when several roll at once.
func TestSumsEqualARecount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		round := 0
		rapid.Check(t, func(r *rapid.T) {
			round++
			kind := fmt.Sprint("k", round)
			want := map[place]int64{}
			for i := range rapid.IntRange(1, 30).Draw(r, "deltas") {
				d := Delta{Subject: "S", ID: fmt.Sprint(i), Kind: kind, Day: credit.Date(20260518 + rapid.IntRange(0, 2).Draw(r, "day")),
					N: rapid.Int64Range(0, 52).Draw(r, "n"), Facets: map[string]string{"edition": rapid.SampledFrom([]string{"general", "listing"}).Draw(r, "edition")},
					Each: map[string][]string{"domain": rapid.SampledFrom([][]string{nil, {"tax"}, {"tax", "fire"}}).Draw(r, "domains")}}
				d.addTo(want)
				add1(t, db, d)
				add1(t, db, d) // sent twice
			}
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() { rollAll(t, s) })
			}
			all.Wait()
			for p, n := range want {
				got, err := s.Days(t.Context(), kind, p.facet, credit.Date(p.day), credit.Date(p.day))
				if err != nil {
					r.Fatal(err)
				}
				found := int64(0)
				for _, x := range got {
					if x.Value == p.value {
						found += x.N
					}
				}
				if found != n {
					r.Fatalf("%+v: %d, want %d", p, found, n)
				}
			}
		})
	})
}

func TestTheSumsOfAPeriod(t *testing.T) {
	t.Parallel()
	db := storetest.SQLite(t)
	s := setup(t, db)
	for i, day := range []credit.Date{20260101, 20260102, 20260103} {
		add1(t, db, Delta{Subject: "S", ID: fmt.Sprint(i), Kind: "certificate", Day: day, N: 50, Each: map[string][]string{"domain": {"tax", "fire"}}})
	}
	rollAll(t, s)
	if n, err := s.Total(t.Context(), "certificate", 20260102, 20260103); err != nil || n != 100 {
		t.Errorf("%d, %v; want 100", n, err)
	}
	if by, err := s.By(t.Context(), "certificate", "domain", 20260101, 20260103); err != nil || len(by) != 2 || by[0].N != 3 {
		t.Errorf("%v, %v", by, err)
	}
	if n, err := s.Total(t.Context(), "nothing", 20260102, 20260103); err != nil || n != 0 {
		t.Errorf("%d, %v; want 0", n, err)
	}
}

// Noted twice before it is added up something counts once; noted again after that it counts again, so whoever notes it
// sees to it in its transaction that it happens once.
func TestWhatIsNotedAgainAfterARoll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		d := Delta{Subject: "S", ID: "1", Kind: "report", Day: 20260518, N: 1}
		for i, want := range []int64{1, 2} {
			add1(t, db, d)
			add1(t, db, d)
			rollAll(t, s)
			if n, err := s.Total(t.Context(), "report", 20260518, 20260518); err != nil || n != want {
				t.Errorf("round %d: %d, %v; want %d", i, n, err, want)
			}
		}
	})
}
