package casework

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// A desk sees the overdue first and what has no clock last, page by page, by kind and state, and its counts agree.
func TestADeskIsListedByItsDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		days := []credit.Date{0, 20260520, 20260515, 20260601, 20260516, 0, 20260520}
		for i, d := range days {
			c := open(t, s.Service, credit.Key(fmt.Sprint("K", i)), "centre")
			if d != 0 {
				s.set(&c, d)
			}
			if i%2 == 0 {
				must(t, move(t, s.Service, &c, "take"))
			}
		}
		for _, q := range []DeskQuery{{}, {Kind: "loan"}, {Kind: "loan", State: "open"}} {
			got := pages(t, s, q)
			want := []credit.Date{20260515, 20260516, 20260520, 20260520, 20260601, 0, 0}
			if q.State != "" {
				want = []credit.Date{20260515, 20260516, 20260520, 0}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v lists %v, want %v", q, got, want)
			}
		}
		if _, err := s.Desk(t.Context(), DeskQuery{Desk: "centre", State: "open"}); err == nil {
			t.Error("a state without its kind is let through")
		}
		counts, err := s.DeskCounts(t.Context(), "centre", 20260518)
		if want := []DeskCount{{"loan", "asked", 3, 0}, {"loan", "open", 4, 2}}; err != nil || !slices.Equal(counts, want) {
			t.Errorf("counts %v, %v", counts, err)
		}
	})
}

// pages reads a list two by two.
func pages(t *testing.T, s *clocked, q DeskQuery) (days []credit.Date) {
	t.Helper()
	q.Desk, q.Limit = "centre", 2
	for {
		page, err := s.Desk(t.Context(), q)
		must(t, err)
		if len(page) == 0 {
			return days
		}
		for _, c := range page {
			days = append(days, c.Due)
		}
		q.After = &page[len(page)-1]
	}
}

func TestUrgingIsBoundToOnceADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "centre")
		urge := func() error {
			return s.do(func(tx *store.Tx) error { return s.Urge(tx, &c, By{"1", "甲"}, "请尽快") })
		}
		must(t, urge())
		if err := urge(); !errors.Is(err, ErrUrged) {
			t.Errorf("twice a day: %v", err)
		}
		c, _ = s.Get(t.Context(), firm, c.ID)
		if err := urge(); !errors.Is(err, ErrUrged) || c.State != "asked" || c.Version != 2 {
			t.Errorf("read anew: %v, %+v", err, c)
		}
		s.on(20260519)
		must(t, urge())
	})
}

// A case goes back the way it came.
func TestHandingOverAndBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "a")
		give := func(desk, reason string) error {
			return s.do(func(tx *store.Tx) error { return s.HandOver(tx, &c, desk, By{"2", "乙"}, reason) })
		}
		back := func() error {
			return s.do(func(tx *store.Tx) error { return s.Return(tx, &c, By{"2", "乙"}, "不属本部门") })
		}
		if err := back(); !errors.Is(err, ErrNoBack) {
			t.Errorf("back to nobody: %v", err)
		}
		if err := give("a", "x"); !errors.Is(err, ErrDesk) {
			t.Errorf("to itself: %v", err)
		}
		if err := give("b", ""); !errors.Is(err, ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		must(t, errors.Join(give("b", "x"), give("c", "y")))
		for _, want := range []string{"b", "a"} {
			must(t, back())
			if got, err := s.Get(t.Context(), firm, c.ID); err != nil || got.Desk != want || c.Desk != want {
				t.Errorf("at %s, want %s; %v", got.Desk, want, err)
			}
		}
		if err := back(); !errors.Is(err, ErrNoBack) {
			t.Errorf("back too often: %v", err)
		}
	})
}

// A case waits for each word that was asked; the asked desk sees it until it answers.
func TestCosigning(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		c := open(t, s.Service, firm, "a")
		ask := func(desk string) error {
			return s.do(func(tx *store.Tx) error { return s.Ask(tx, &c, desk, "是否同意？", By{"1", "甲"}) })
		}
		answer := func(desk string, w Word) error {
			return s.do(func(tx *store.Tx) error { return s.Answer(tx, &c, desk, w, By{"3", "丙"}, "因为") })
		}
		must(t, errors.Join(ask("b"), ask("c")))
		if err := ask("b"); !errors.Is(err, ErrAsked) {
			t.Errorf("asked twice: %v", err)
		}
		if err := move(t, s.Service, &c, "take"); !errors.Is(err, ErrWaiting) {
			t.Errorf("it does not wait: %v", err)
		}
		if list, err := s.Asked(t.Context(), "b", nil, 5); err != nil || len(list) != 1 || list[0].Question != "是否同意？" {
			t.Errorf("the asked desk sees %+v, %v", list, err)
		}
		if err := answer("b", Recalled); !errors.Is(err, ErrWord) {
			t.Errorf("a word that is none: %v", err)
		}
		must(t, answer("b", Disagree))
		if err := answer("b", Agree); !errors.Is(err, ErrNotAsked) {
			t.Errorf("answered twice: %v", err)
		}
		must(t, s.do(func(tx *store.Tx) error { return s.Recall(tx, &c, "c", By{"1", "甲"}, "不再需要") }))
		must(t, move(t, s.Service, &c, "take"))
		all, err := s.Cosigns(t.Context(), &c)
		if err != nil || len(all) != 2 || all[0].Word != Disagree || all[0].By.Name != "丙" || all[1].Word != Recalled {
			t.Errorf("%+v, %v", all, err)
		}
		if list, err := s.Asked(t.Context(), "c", nil, 5); err != nil || len(list) != 0 {
			t.Errorf("still asked: %+v, %v", list, err)
		}
	})
}

// A stand-in signs with the mark during its span and not outside it.
func TestStandingIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		n := StandIn{Person: Person{"1", "甲", "O"}, Other: Person{"2", "乙", "P"}, First: 20260519, Last: 20260522}
		name := func() error { return s.do(func(tx *store.Tx) error { return s.NameStandIn(tx, &n, By{"1", "甲"}) }) }
		if err := name(); !errors.Is(err, ErrOrgan) {
			t.Errorf("of another organ: %v", err)
		}
		n.Other.Organ = "O"
		n.Last = 20260518
		if err := name(); !errors.Is(err, ErrSpan) {
			t.Errorf("ends before it begins: %v", err)
		}
		n.Last = 20260522
		must(t, name())
		for day, want := range map[credit.Date]string{20260518: "", 20260519: "乙（代甲）", 20260522: "乙（代甲）", 20260523: ""} {
			s.on(day)
			must(t, s.do(func(tx *store.Tx) error {
				by, err := s.As(tx, By{"2", "乙"}, "1")
				if by.Name != want || (want == "") != errors.Is(err, ErrNoStandIn) {
					t.Errorf("on %v signs %+v, %v", day, by, err)
				}
				return nil
			}))
		}
		s.on(20260520)
		if list, err := s.StandingInFor(t.Context(), "2"); err != nil || len(list) != 1 || list[0] != n {
			t.Errorf("stands in for %+v, %v", list, err)
		}
		end := func() error {
			return s.do(func(tx *store.Tx) error { return s.EndStandIn(tx, "1", n.ID, By{"1", "甲"}) })
		}
		must(t, end())
		if err := end(); !errors.Is(err, ErrNoStandIn) {
			t.Errorf("ended twice: %v", err)
		}
		if list, err := s.StandInsOf(t.Context(), "1", 5); err != nil || len(list) != 1 || list[0].Ended != 20260520 {
			t.Errorf("kept %+v, %v", list, err)
		}
	})
}

// Days by step leave pauses out, and a case is on time only when no deadline passed.
func TestFigures(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := clock(t, db)
		for i := range 10 {
			s.on(20260518)
			c := open(t, s.Service, credit.Key(fmt.Sprint("K", i)), "centre")
			s.set(&c, 20260525)
			must(t, move(t, s.Service, &c, "take"))
			s.on(20260519)
			must(t, s.do(func(tx *store.Tx) error { return s.Pause(tx, &c, "调查", By{}) }))
			s.on(20260521) // two working days off the clock
			must(t, s.do(func(tx *store.Tx) error { return s.Resume(tx, &c, "", By{}) }))
			s.now = s.now.Add(time.Duration(i/9) * 24 * 7 * time.Hour) // the last takes a week more
			must(t, move(t, s.Service, &c, "grant"))
		}
		got, err := s.Figures(t.Context(), "loan", 20260501, 20260630)
		want := []Figure{{"", 10, 1, 1, 9}, {"asked", 10, 0, 0, 10}, {"open", 10, 1, 1, 9}}
		for i := range want { // late belongs to the case
			want[i].OnTime = 9
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%+v, want %+v; %v", got, want, err)
		}
		if none, err := s.Figures(t.Context(), "loan", 20260601, 20260630); err != nil || len(none) != 0 {
			t.Errorf("outside the span %v, %v", none, err)
		}
	})
}
