package intake_test

import (
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/store"
)

// supply is one feed of a domain test: days is how long ago its last file came.
type supply struct {
	source  string
	kind    credit.Kind
	domains []string
	days    int
	since   credit.Date
}

const never = -1

func (h *house) supply(all ...supply) {
	h.t.Helper()
	for _, x := range all {
		src, err := h.AddSource(h.t.Context(), intake.Source{Code: x.source, Name: x.source})
		must(h.t, err)
		must(h.t, h.AddFeed(h.t.Context(), intake.Feed{Source: src.ID, Kind: x.kind, Basis: "目录", Rhythm: 7, Domains: x.domains, Since: x.since}))
		if x.days != never {
			day := today.AddDays(-x.days)
			must(h.t, h.ReportZero(h.t.Context(), intake.ZeroReport{Source: src.ID, Kind: x.kind, From: day, To: day, By: "test"}))
		}
	}
}

func (h *house) state(domain string, kinds ...credit.Kind) (intake.DomainState, bool) {
	h.t.Helper()
	states, err := h.DomainStates(h.t.Context(), []intake.Need{{Domain: domain, Kinds: kinds}})
	must(h.t, err)
	if len(states) == 0 {
		return intake.DomainState{}, false
	}
	return states[0], true
}

// bare is an intake without feeds.
func bare(t *testing.T) *house {
	t.Helper()
	h := open(t)
	must(t, h.db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM feed")
		return err
	}))
	return h
}

// A domain answers when every kind that counts has a feed for it, as old as the oldest of them.
func TestADomainNeedsAFeedOfEveryKindThatCounts(t *testing.T) {
	t.Parallel()
	eco, other := []string{"ecology"}, []string{"market"}
	penalties := supply{"env", credit.Penalty, eco, 1, 0}
	platform := supply{"city", credit.Penalty, nil, 2, 0}
	courts := supply{"courts", credit.CriminalJudgment, nil, 3, 0}
	both := []credit.Kind{credit.Penalty, credit.CriminalJudgment}
	for name, c := range map[string]struct {
		feeds []supply
		kinds []credit.Kind
		ok    bool
		days  int
		late  bool
		since credit.Date
	}{
		"no feed":                           {nil, both, false, 0, false, 0},
		"a kind without a feed":             {[]supply{penalties}, both, false, 0, false, 0},
		"a kind that is not asked for":      {[]supply{penalties}, both[:1], true, 1, false, 0},
		"a feed of another domain":          {[]supply{penalties, {"courts", credit.CriminalJudgment, other, 3, 0}}, both, false, 0, false, 0},
		"a feed for every domain":           {[]supply{penalties, courts}, both, true, 3, false, 0},
		"a late feed for every domain":      {[]supply{penalties, platform, {"courts", credit.CriminalJudgment, nil, 90, 0}}, both, true, 90, true, 0},
		"one of two feeds is late":          {[]supply{penalties, {"city", credit.Penalty, nil, 8, 0}}, both[:1], true, 8, true, 0},
		"on the last day of the rhythm":     {[]supply{{"city", credit.Penalty, nil, 7, 0}}, both[:1], true, 7, false, 0},
		"a feed that never sent":            {[]supply{penalties, {"courts", credit.CriminalJudgment, nil, never, 0}}, both, false, 0, false, 0},
		"one of two feeds never sent":       {[]supply{penalties, {"city", credit.Penalty, nil, never, 0}}, both[:1], false, 0, false, 0},
		"a silent feed that is not counted": {[]supply{penalties, {"city", credit.Licence, nil, never, 0}}, both[:1], true, 1, false, 0},
		"the latest first day counts": {[]supply{{"env", credit.Penalty, eco, 1, 20200601}, {"courts", credit.CriminalJudgment, nil, 3, 20240101}}, both,
			true, 3, false, 20240101},
		"nothing counts": {[]supply{penalties}, nil, false, 0, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := bare(t)
			h.supply(c.feeds...)
			s, ok := h.state("ecology", c.kinds...)
			if ok != c.ok || ok && (s.AsOf != today.AddDays(-c.days) || s.Late != c.late || s.Since != c.since) {
				t.Errorf("answers %v: %+v", ok, s)
			}
		})
	}
}

// A trial answers for the domains of which it has sent rows, once every kind that counts has come.
func TestWhatATrialAnswersFor(t *testing.T) {
	t.Parallel()
	h := bare(t)
	h.load(intake.Local, file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
	if s, ok := h.state("ecology", credit.Penalty); !ok || s.AsOf != today || s.Rows != 1 {
		t.Errorf("penalties: %v %+v", ok, s)
	}
	if _, ok := h.state("market", credit.Penalty); ok {
		t.Error("it answers for a domain of which it sent nothing")
	}
	if _, ok := h.state("ecology", credit.Penalty, credit.AbnormalList); ok {
		t.Error("it answers without the list")
	}
	h.load(intake.Local, list(t, 3))
	if _, ok := h.state("ecology", credit.Penalty, credit.AbnormalList); !ok {
		t.Error("it does not answer with both")
	}
}

// A zero report makes the feed up to date to the end of its period.
func TestAZeroReportOfThePastIsNoNewsOfToday(t *testing.T) {
	t.Parallel()
	h := bare(t)
	h.supply(supply{"env", credit.Penalty, []string{"ecology"}, never, 0})
	src, err := h.SourceByCode(t.Context(), "env")
	must(t, err)
	for _, c := range []struct{ from, to, asOf credit.Date }{
		{20260102, 20260108, 20260108}, {20260511, 20260518, 20260518}, {20260301, 20260307, 20260518}} {
		must(t, h.ReportZero(t.Context(), intake.ZeroReport{Source: src.ID, Kind: credit.Penalty, From: c.from, To: c.to, By: "test"}))
		s, _ := h.state("ecology", credit.Penalty)
		if s.AsOf != c.asOf || s.Late != (c.asOf != today) {
			t.Errorf("after %s to %s: %+v", c.from, c.to, s)
		}
	}
	feeds, err := h.Feeds(t.Context())
	must(t, err)
	if at := time.UnixMilli(feeds[0].LastArrival); at.After(today.Time().Add(12 * time.Hour)) {
		t.Errorf("it arrived in the future, at %s", at)
	}
}

// What a clerk types, mends or sends back says nothing of what else there is.
func TestTypedAndMendedRowsAreNoArrival(t *testing.T) {
	t.Parallel()
	headings := []string{}
	for name, send := range map[string]struct {
		do      func(h *house)
		arrived bool
	}{
		"a file": {func(h *house) { h.load("eco", file(h.t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil))) }, true},
		"typed": {func(h *house) {
			r := penalty("岚环罚〔2026〕1号", nil)
			for k := range r {
				headings = append(headings, k)
			}
			got, err := h.Enter(h.t.Context(), intake.Entry{Source: "eco", Kind: credit.Penalty, Name: intake.FormLoad, By: "test", Headings: headings, Rows: [][]string{r.cells(headings)}})
			must(h.t, err)
			if got.Accepted != 1 {
				h.t.Fatalf("%+v", got.Load)
			}
		}, false},
		"mended in place": {func(h *house) {
			r := h.load("eco", file(h.t, credit.Penalty, penalty("岚环罚〔2026〕1号", bad)))
			held := h.held(r.ID)[0]
			m, err := h.Mend(h.t.Context(), r.ID, held.Row, map[int]string{column(h.t, held.Headings, "处罚决定日期"): "2026-05-12"}, "test")
			must(h.t, err)
			if !m.Taken {
				h.t.Fatalf("%+v", m)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			send.do(h)
			feeds, err := h.Feeds(t.Context())
			must(t, err)
			for _, f := range feeds {
				if f.Source == h.eco.ID && f.Kind == credit.Penalty && (f.LastArrival != 0) != send.arrived {
					t.Errorf("last arrival %d", f.LastArrival)
				}
			}
		})
	}
}

// Without a rhythm a feed would never be late.
func TestAFeedHasARhythm(t *testing.T) {
	t.Parallel()
	h := open(t)
	for rhythm, want := range map[int]error{-1: intake.ErrRhythm, 0: intake.ErrRhythm, 1: nil, 366: nil, 367: intake.ErrRhythm} {
		wants(t, h.AddFeed(t.Context(), intake.Feed{Source: h.eco.ID, Kind: credit.Penalty, Basis: "目录第3类", Rhythm: rhythm}), want)
	}
}

// Lateness is counted against the limits in force, never before a feed's first file is in, and not
// where the last day is not final.
func TestLatenessIsCountedByTheLimits(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2025〕1号", row{"处罚决定日期": "2025-01-02"})))
	h.load("eco", file(t, credit.Penalty,
		penalty("岚环罚〔2026〕1号", row{"处罚决定日期": "2026-05-01"}), // both limits overrun
		penalty("岚环罚〔2026〕2号", row{"处罚决定日期": "2026-05-08"}), // only that of publishing
		penalty("岚环罚〔2026〕3号", row{"处罚决定日期": "2026-05-09"}),
		penalty("岚环罚〔2026〕4号", row{"处罚决定日期": notFinal.String()})))
	feeds, err := h.Feeds(t.Context())
	must(t, err)
	for _, f := range feeds {
		if f.Source == h.eco.ID && f.Kind == credit.Penalty && f.Timeliness != (intake.Timeliness{Rows: 5, LatePublish: 2, LateArrive: 1}) {
			t.Errorf("%+v", f.Timeliness)
		}
	}
}
