package casework

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// loan is a machine with a loop, a fork and two ends.
func loan() *Machine {
	return &Machine{Kind: "loan", Start: "asked", Moves: []Move{
		{"take", []State{"asked", "gap"}, "open"},
		{"ask", []State{"open"}, "gap"},
		{"grant", []State{"open"}, "granted"},
		{"refuse", []State{"open", "gap"}, "refused"},
	}}
}

var at = time.Date(2026, 5, 18, 4, 0, 0, 0, time.UTC)

const firm credit.Key = "91000000MA0000001R"

func setup(t *testing.T, db *store.DB) *Service {
	t.Helper()
	s, err := New(t.Context(), db, func() time.Time { return at }, loan())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t *testing.T, s *Service, subject credit.Key, desk string) Case {
	t.Helper()
	c := Case{Subject: subject, Kind: "loan", Desk: desk, Title: "一件"}
	if err := s.db.Tx(t.Context(), func(tx *store.Tx) error { return s.Open(tx, &c, By{"1", "甲"}, "") }); err != nil {
		t.Fatal(err)
	}
	return c
}

func move(t *testing.T, s *Service, c *Case, name string) error {
	t.Helper()
	return s.db.Tx(t.Context(), func(tx *store.Tx) error { return s.Move(tx, c, name, By{"2", "乙"}, "因为") })
}

func TestMachinesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*Machine{
		"a state without an end": {Kind: "x", Start: "a", Moves: []Move{{"go", []State{"a"}, "b"}, {"back", []State{"b"}, "a"}}},
		"a state out of reach":   {Kind: "x", Start: "a", Moves: []Move{{"go", []State{"a"}, "b"}, {"go", []State{"c"}, "b"}}},
		"two ways of one move":   {Kind: "x", Start: "a", Moves: []Move{{"go", []State{"a"}, "b"}, {"go", []State{"a"}, "c"}}},
	} {
		if m.Check() == nil {
			t.Errorf("%s is let through", name)
		}
	}
	if err := loan().Check(); err != nil {
		t.Error(err)
	}
}

func TestTheSecondOfTwoIsToldThatTheCaseMoved(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		c := open(t, s, firm, "centre")
		first, second := c, c
		if err := move(t, s, &first, "take"); err != nil {
			t.Fatal(err)
		}
		if err := move(t, s, &second, "take"); !errors.Is(err, ErrMoved) {
			t.Errorf("the second is told %v", err)
		}
		if err := move(t, s, &first, "take"); !errors.Is(err, ErrMove) {
			t.Errorf("a move that is not allowed: %v", err)
		}
		if steps, err := s.Steps(t.Context(), &c); err != nil || len(steps) != 2 || steps[1].By.Name != "乙" || steps[1].Note != "因为" {
			t.Errorf("history %+v, %v", steps, err)
		}
	})
}

func TestAnEndLeavesTheDeskAndDropsTheDeadlines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		c := open(t, s, firm, "organ:1")
		due := Deadline{Subject: firm, Case: c.ID, Name: "answer", Due: 20260520}
		must(t, db.Tx(t.Context(), func(tx *store.Tx) error { return s.Set(tx, due) }))
		if got, err := s.DueBy(t.Context(), "answer", 20260520, 10); err != nil || len(got) != 1 || got[0] != due {
			t.Errorf("on its day: %v, %v", got, err)
		}
		must(t, move(t, s, &c, "take"))
		must(t, move(t, s, &c, "refuse"))
		if c.Closed == 0 || c.Desk != "" {
			t.Errorf("an ended case %+v", c)
		}
		if got, err := s.Deadlines(t.Context(), &c); err != nil || len(got) != 0 {
			t.Errorf("after its end: %v, %v", got, err)
		}
		if got, err := s.AtDesk(t.Context(), "organ:1", nil, 10); err != nil || len(got) != 0 {
			t.Errorf("the desk still holds %v, %v", got, err)
		}
	})
}

func TestDesksAndSubjectsArePagedByKey(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		want := map[string]bool{}
		for i := range 7 {
			want[open(t, s, credit.Key(fmt.Sprintf("K%d", i%3)), "centre").ID] = true
		}
		var last *Case
		for {
			page, err := s.AtDesk(t.Context(), "centre", last, 2)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, c := range page {
				delete(want, c.ID)
			}
			last = &page[len(page)-1]
		}
		if len(want) != 0 {
			t.Errorf("%d cases were on no page", len(want))
		}
		first, err := s.OfSubject(t.Context(), "K0", "loan", "", 2)
		must(t, err)
		rest, err := s.OfSubject(t.Context(), "K0", "loan", first[len(first)-1].ID, 5)
		must(t, err)
		if len(first)+len(rest) != 3 {
			t.Errorf("%d and %d cases of a subject, want 3", len(first), len(rest))
		}
	})
}

// Cases of one day are listed in the order in which they were opened.
func TestTheNewestCaseIsFirst(t *testing.T) {
	t.Parallel()
	now := at
	s, err := New(t.Context(), storetest.SQLite(t), func() time.Time { now = now.Add(time.Millisecond); return now }, loan())
	must(t, err)
	var want []string
	for range 12 {
		want = append([]string{open(t, s, firm, "centre").ID}, want...)
	}
	got, err := s.OfSubject(t.Context(), firm, "loan", "", 20)
	must(t, err)
	for i := range want {
		if got[i].ID != want[i] {
			t.Fatalf("place %d holds %s, want %s", i, got[i].ID, want[i])
		}
	}
}

func TestChildrenKeepTheirOrder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := setup(t, db)
		parent := open(t, s, firm, "")
		children := []Child{{2, "B", "b"}, {1, "A", "a"}}
		for range 2 { // asked for twice
			must(t, db.Tx(t.Context(), func(tx *store.Tx) error { return s.Adopt(tx, &parent, children...) }))
		}
		got, err := s.Children(t.Context(), &parent)
		if err != nil || len(got) != 2 || got[0].Case != "a" || got[1].Subject != "B" {
			t.Errorf("%v, %v", got, err)
		}
		found, err := s.Find(t.Context(), parent.ID)
		if err != nil || found.Subject != firm {
			t.Errorf("%v, %v", found, err)
		}
		if _, err := s.Find(t.Context(), "nothing"); !errors.Is(err, ErrNoCase) {
			t.Error(err)
		}
	})
}

// However a case is moved, its row agrees with its history, it has one end at most, and a move is made
// exactly when the machine allows it.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	s := setup(t, storetest.SQLite(t))
	rapid.Check(t, func(r *rapid.T) {
		m := loan()
		c := open(t, s, firm, "centre")
		n := int64(1)
		for range rapid.IntRange(0, 12).Draw(r, "steps") {
			name := rapid.SampledFrom([]string{"take", "ask", "grant", "refuse", "nothing"}).Draw(r, "move")
			to, ok := m.Next(c.State, name)
			c.Data = json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))
			switch err := move(t, s, &c, name); {
			case ok && (err != nil || c.State != to):
				r.Fatalf("%s to %s: %v, now %s", name, to, err, c.State)
			case !ok && !errors.Is(err, ErrMove):
				r.Fatalf("%s from %s is let through: %v", name, c.State, err)
			case ok:
				n++
			}
		}
		got, err := s.Get(t.Context(), firm, c.ID)
		if err != nil || got.State != c.State || got.Version != n || (got.Closed != 0) != m.End(got.State) {
			r.Fatalf("stored %+v, want state %s at version %d; %v", got, c.State, n, err)
		}
		steps, err := s.Steps(t.Context(), &c)
		if err != nil || int64(len(steps)) != n || steps[n-1].State != c.State {
			r.Fatalf("%d steps, want %d; %v", len(steps), n, err)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
