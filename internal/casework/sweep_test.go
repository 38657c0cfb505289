package casework

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// Each stage fires on its day, once, however often the day is swept; another day starts the stages anew.
func TestStagesFireOnTheirDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "centre")
		s.set(&c, 20260522) // a Friday
		want := map[credit.Date]string{20260520: "soon", 20260522: "today", 20260525: "overdue", 20260527: "higher"}
		for d := credit.Date(20260518); d <= 20260531; d = d.AddDays(1) {
			s.on(d)
			for range 2 {
				if fired := fmt.Sprint(s.sweep()); fired != fmt.Sprint(slices.DeleteFunc([]string{want[d]}, func(w string) bool { return w == "" })) {
					t.Errorf("on %v fired %v, want %q", d, fired, want[d])
				}
				delete(want, d)
				s.set(&c, 20260522) // the same day again is no new day
			}
		}
		s.set(&c, 20260601)
		s.on(20260601)
		if fired := s.sweep(); !slices.Equal(fired, []string{"soon", "today"}) {
			t.Errorf("with a new day fired %v", fired)
		}
	})
}

// A sweep that was down for long fires all that came, in order; what fails is tried again and holds up nobody else.
func TestAFailureHoldsUpNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		bad, good := open(t, s.Service, "A", "centre"), open(t, s.Service, "B", "centre")
		s.set(&bad, 20260520)
		s.set(&good, 20260520)
		s.on(20260612)
		fault, fired := errors.New("no"), map[credit.Key][]string{}
		err := s.Sweep(t.Context(), s.today(), func(tx *store.Tx, d Due) error {
			if err := s.Set(tx, Deadline{Subject: d.Subject, Case: d.Case, Name: "mark " + d.Stage.Name, Due: 20270101}); err != nil {
				return err
			}
			if d.Subject == "A" && d.Stage.Days >= 0 {
				return fault
			}
			fired[d.Subject] = append(fired[d.Subject], d.Stage.Name)
			return nil
		})
		if !errors.Is(err, fault) || len(fired["A"]) != 1 || !slices.Equal(fired["B"], []string{"soon", "today", "overdue", "higher"}) {
			t.Errorf("fired %v, %v", fired, err)
		}
		if got, err := s.Deadlines(t.Context(), &bad); err != nil || len(got) != 2 {
			t.Errorf("what failed left its traces: %v, %v", got, err)
		}
		if again := s.sweep(); !slices.Equal(again, []string{"today", "overdue", "higher"}) {
			t.Errorf("the next sweep fires %v", again)
		}
	})
}

// Many sweeps at once fire each stage once, over several pages.
func TestSweepsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		const cases = sweepRows + 20
		for i := range cases {
			c := open(t, s.Service, credit.Key(fmt.Sprint("K", i)), "centre")
			must(t, s.do(func(tx *store.Tx) error {
				return s.Set(tx, Deadline{Subject: c.Subject, Case: c.ID, Name: "answer", Due: 20260520})
			}))
		}
		s.on(20260520)
		var mu sync.Mutex
		noted := map[string]int{}
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				err := s.Sweep(t.Context(), s.today(), func(tx *store.Tx, d Due) error {
					c, err := scanCase(tx.QueryRow("SELECT "+caseColumns+" FROM case_file WHERE subject = $1 AND id = $2", string(d.Subject), d.Case))
					if err != nil {
						return err
					}
					mu.Lock()
					noted[c.ID]++
					mu.Unlock()
					return s.Note(tx, &c, "told", By{}, d.Stage.Name)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		list, err := s.Desk(t.Context(), DeskQuery{Desk: "centre", Limit: 2 * cases})
		must(t, err)
		for _, c := range list {
			if c.Version != 3 {
				t.Fatalf("case %s was told %d times, want 2", c.ID, c.Version-1)
			}
		}
	})
}

// On a provisional day only the reminder fires; once the day is certain, the rest does.
func TestNothingFollowsFromAProvisionalDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "centre")
		d := Deadline{Subject: firm, Case: c.ID, Name: "answer", Due: 20260520, Provisional: true}
		must(t, s.do(func(tx *store.Tx) error { return s.Set(tx, d) }))
		s.on(20260521)
		if fired := s.sweep(); !slices.Equal(fired, []string{"soon"}) {
			t.Errorf("provisional: %v", fired)
		}
		d.Provisional = false
		must(t, s.do(func(tx *store.Tx) error { return s.Set(tx, d) }))
		if fired := s.sweep(); !slices.Equal(fired, []string{"today", "overdue"}) {
			t.Errorf("certain: %v", fired)
		}
	})
}

// A deadline that was stored before it had a plan is taken up by the sweep; two stages of one day are refused.
func TestPlans(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "centre")
		s.set(&c, 20260520)
		must(t, s.do(func(tx *store.Tx) error { _, err := tx.Exec("UPDATE case_deadline SET next = 0"); return err }))
		s.on(20260518)
		if fired := s.sweep(); !slices.Equal(fired, []string{"soon"}) {
			t.Errorf("fired %v", fired)
		}
		if s.Plan("x", Stage{"a", 1, ""}, Stage{"b", 1, ""}) == nil {
			t.Error("two stages of one day are let through")
		}
	})
}
