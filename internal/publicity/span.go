package publicity

import (
	"slices"

	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// never is a day that does not come.
const never credit.Date = 99991231

// span is days on which a matter is public: from the first, before the second.
type span struct{ from, to credit.Date }

// turns are the days from today on which the answer may change by itself beyond what a matter's own
// dates say: rules that take effect, and events recorded for a later day.
func turns(sets []law.Set, facts []ledger.Fact, today credit.Date) []credit.Date {
	days := []credit.Date{today}
	for _, s := range sets {
		if s.EffectiveFrom > today {
			days = append(days, s.EffectiveFrom)
		}
	}
	for i := range facts {
		f := &facts[i]
		for _, day := range []credit.Date{f.Effective, f.Record.Repaired, f.Record.Removed, f.Record.Annulled} {
			if day > today {
				days = append(days, day)
			}
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// opening is the days within [from, to) on which a matter is public by its rules, none when it is not.
// The facts and the rules are those of from and do not change before to.
func opening(book *law.Book, m *law.Matter, from, to credit.Date) (span, bool) {
	first := max(from, m.Decided)
	if first >= to {
		return span{}, false
	}
	a := book.Public(m, first)
	if a.Outcome != decision.Yes {
		return span{}, false
	}
	if a.Until != 0 {
		to = min(to, a.Until.AddDays(1))
	}
	for _, end := range []credit.Date{m.Removed, m.Repaired, m.Annulled} {
		if end > first {
			to = min(to, end)
		}
	}
	return span{first, to}, first < to
}
