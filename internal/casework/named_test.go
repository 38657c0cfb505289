package casework

import (
	"testing"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// Deadlines of a name have come on their day; those of other names and provisional ones have not.
func TestDeadlinesOfOneName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		c := open(t, s, firm, "organ:1")
		want := Deadline{Subject: firm, Case: c.ID, Name: "remind", Due: 20260520}
		must(t, db.Tx(t.Context(), func(tx *store.Tx) error {
			for _, d := range []Deadline{want, {Subject: firm, Case: c.ID, Name: "other", Due: 20260519}} {
				if err := s.Set(tx, d); err != nil {
					return err
				}
			}
			return nil
		}))
		for day, n := range map[int]int{20260519: 0, 20260520: 1, 20260521: 1} {
			got, err := s.DueBy(t.Context(), "remind", want.Due.AddDays(day-20260520), 10)
			if must(t, err); len(got) != n || n == 1 && got[0] != want {
				t.Errorf("on %d: %v", day, got)
			}
		}
		want.Provisional = true
		must(t, db.Tx(t.Context(), func(tx *store.Tx) error { return s.Set(tx, want) }))
		if got, err := s.DueBy(t.Context(), "remind", 20260601, 10); err != nil || len(got) != 0 {
			t.Errorf("a provisional day has come: %v, %v", got, err)
		}
	})
}
