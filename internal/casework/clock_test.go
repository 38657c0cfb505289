package casework

import (
	"errors"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// clocked is a service whose clock the test sets; it begins on Monday 2026-05-18.
type clocked struct {
	*Service
	now time.Time
	t   *testing.T
}

func clock(t *testing.T, db *store.DB) *clocked {
	t.Helper()
	c := &clocked{now: at, t: t}
	s, err := New(t.Context(), db, func() time.Time { return c.now }, loan())
	must(t, err)
	c.Service = s
	must(t, s.Plan("answer", Stage{"overdue", 1, ""}, Stage{"soon", -2, ""}, Stage{"today", 0, ""}, Stage{"higher", 3, "centre"}))
	return c
}

// on sets the day, keeping the hour.
func (c *clocked) on(d credit.Date) { c.now = d.Time().Add(4 * time.Hour) }

func (c *clocked) do(fn func(tx *store.Tx) error) error { return c.db.Tx(c.t.Context(), fn) }

func (c *clocked) set(k *Case, due credit.Date) {
	c.t.Helper()
	must(c.t, c.do(func(tx *store.Tx) error {
		return c.Set(tx, Deadline{Subject: k.Subject, Case: k.ID, Name: "answer", Due: due})
	}))
}

// sweep sweeps today and returns the names of the stages that fired.
func (c *clocked) sweep() (fired []string) {
	c.t.Helper()
	must(c.t, c.Sweep(c.t.Context(), c.today(), func(_ *store.Tx, d Due) error { fired = append(fired, d.Stage.Name); return nil }))
	return fired
}

func (c *clocked) due(k *Case) Deadline {
	c.t.Helper()
	all, err := c.Deadlines(c.t.Context(), k)
	if err != nil || len(all) != 1 {
		c.t.Fatalf("deadlines %v, %v", all, err)
	}
	return all[0]
}

// A deadline moves on by the working days for which its case was paused, over a weekend too.
func TestAPauseStopsTheClock(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "centre")
		s.set(&c, 20260521)
		s.on(20260520) // Wednesday
		if err := s.do(func(tx *store.Tx) error { return s.Pause(tx, &c, "", By{}) }); !errors.Is(err, ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		must(t, s.do(func(tx *store.Tx) error { return s.Pause(tx, &c, "补正材料", By{"2", "乙"}) }))
		if err := s.do(func(tx *store.Tx) error { return s.Pause(tx, &c, "再次", By{}) }); !errors.Is(err, ErrPaused) {
			t.Errorf("paused twice: %v", err)
		}
		s.on(20260525) // Monday, three working days later
		if fired := s.sweep(); len(fired) != 0 {
			t.Errorf("a paused case fires %v", fired)
		}
		if late, err := s.DueBy(t.Context(), "answer", 20260601, 10); err != nil || len(late) != 0 {
			t.Errorf("a paused case is due: %v, %v", late, err)
		}
		must(t, s.do(func(tx *store.Tx) error { return s.Resume(tx, &c, "已补正", By{"2", "乙"}) }))
		if got := s.due(&c); got.Due != 20260526 || got.Provisional {
			t.Errorf("after the pause %+v", got)
		}
		if err := s.do(func(tx *store.Tx) error { return s.Resume(tx, &c, "", By{}) }); !errors.Is(err, ErrRunning) {
			t.Errorf("resumed twice: %v", err)
		}
		all, err := s.Pauses(t.Context(), &c)
		if err != nil || len(all) != 1 || all[0].Since != 20260520 || all[0].Until != 20260525 || all[0].Reason != "补正材料" || all[0].By.Name != "乙" {
			t.Errorf("pauses %+v, %v", all, err)
		}
		got, err := s.Get(t.Context(), firm, c.ID)
		if err != nil || got.Due != 20260526 || got.Paused != 0 || got.Version != c.Version {
			t.Errorf("the case %+v, %v", got, err)
		}
	})
}

// What is set during a pause stands still from then on, what had passed before it stays passed, and a pause into a year without
// a published calendar gives a provisional day.
func TestDaysAroundAPause(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		during, passed := open(t, s.Service, "A", "centre"), open(t, s.Service, "B", "centre")
		s.set(&passed, 20260515)
		must(t, s.do(func(tx *store.Tx) error {
			return errors.Join(s.Pause(tx, &during, "调查", By{}), s.Pause(tx, &passed, "调查", By{}))
		}))
		s.on(20260520)
		s.set(&during, 20260522)
		s.on(20260521)
		must(t, s.do(func(tx *store.Tx) error {
			return errors.Join(s.Resume(tx, &during, "", By{}), s.Resume(tx, &passed, "", By{}))
		}))
		if a, b := s.due(&during).Due, s.due(&passed).Due; a != 20260525 || b != 20260515 {
			t.Errorf("set during the pause %v, passed before it %v", a, b)
		}
		must(t, s.do(func(tx *store.Tx) error { return s.Pause(tx, &during, "调查", By{}) }))
		s.on(20280110)
		must(t, s.do(func(tx *store.Tx) error { return s.Resume(tx, &during, "", By{}) }))
		if got := s.due(&during); !got.Provisional || got.Due <= 20280110 {
			t.Errorf("past the published years %+v", got)
		}
	})
}

// A case that ends while it is paused leaves no pause behind.
func TestAnEndEndsThePause(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "centre")
		must(t, move(t, s.Service, &c, "take"))
		must(t, s.do(func(tx *store.Tx) error { return s.Pause(tx, &c, "调查", By{}) }))
		s.on(20260520)
		must(t, move(t, s.Service, &c, "refuse"))
		all, err := s.Pauses(t.Context(), &c)
		got, err2 := s.Get(t.Context(), firm, c.ID)
		if err != nil || err2 != nil || all[0].Until != 20260520 || c.Paused != 0 || got.Paused != 0 {
			t.Errorf("%+v, %+v, %v, %v", all, got, err, err2)
		}
		if err := s.do(func(tx *store.Tx) error { return s.Pause(tx, &c, "调查", By{}) }); !errors.Is(err, ErrMove) {
			t.Errorf("an ended case is paused: %v", err)
		}
	})
}
