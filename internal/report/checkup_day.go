package report

import (
	"cmp"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// look is what a check-up is a function of.
type look struct {
	book     *law.Book
	organs   *law.Register
	standing *ledger.Standing
	region   string
	on       credit.Date
	byDay    map[credit.Date]*dayRules
	// rulesFrom are the days on which rules take effect, worked out once
	rulesFrom []credit.Date
	turns     map[*ledger.Matter][]credit.Date // turnings up to the last day, of those that were asked for
}

// dayRules are the rules of the report that a request without a rule set falls under on a day, with the first day
// of the longest period that ends then.
type dayRules struct {
	*law.ReportRules
	from credit.Date
}

func (l *look) rules(on credit.Date) (*dayRules, error) {
	if r := l.byDay[on]; r != nil {
		return r, nil
	}
	region, err := l.book.Region(l.region, on)
	if err != nil {
		return nil, err
	}
	rules, err := l.book.ReportRules(region, on)
	if err != nil {
		return nil, err
	}
	r := &dayRules{ReportRules: rules}
	r.from, _ = rules.Period().WithStart(region.DataStart).Default(on, l.book.Domains(on).IDs())
	if l.byDay == nil {
		l.byDay = map[credit.Date]*dayRules{}
	}
	l.byDay[on] = r
	return r, nil
}

// counts tells whether an edition counts a matter on a day, over the longest period that ends then.
func (l *look) counts(m *ledger.Matter, edition string, on credit.Date) (bool, error) {
	rules, err := l.rules(on)
	if err != nil {
		return false, err
	}
	ed, err := rules.Edition(edition)
	if err != nil {
		return false, nil // the rules of that day have no such edition
	}
	j := Assess(l.book, l.organs, m, on)
	return !m.Withdrawn && law.Covers(&j.Law, &j.Window, rules.from, on) && ed.Judge(&j.Law, &j.Class, &j.Window, on).Counts, nil
}

// turnings are the days of [look.turn] of a matter, worked out once: they are the same for every edition.
func (l *look) turnings(m *ledger.Matter, last credit.Date) ([]credit.Date, error) {
	if days, ok := l.turns[m]; ok {
		return days, nil
	}
	days, err := l.turn(m, last)
	if l.turns == nil {
		l.turns = map[*ledger.Matter][]credit.Date{}
	}
	l.turns[m] = days
	return days, err
}

// bases are the days up to last on which rules take effect, from today, which is the first.
func (l *look) bases(last credit.Date) []credit.Date {
	if l.rulesFrom == nil {
		l.rulesFrom = []credit.Date{l.on}
		for _, s := range l.book.Sets() {
			l.rulesFrom = append(l.rulesFrom, s.EffectiveFrom)
		}
		for _, r := range l.book.Rules() { // a region changes its rule set on a row's own day
			l.rulesFrom = append(l.rulesFrom, r.From)
		}
		l.rulesFrom = slices.DeleteFunc(l.rulesFrom, func(d credit.Date) bool { return d < l.on || d > last })
		slices.Sort(l.rulesFrom)
		l.rulesFrom = slices.Compact(l.rulesFrom)
	}
	return l.rulesFrom
}

// turn are the days up to last on which a judgement of the matter can change by the passing of time, in
// order: its own dates, the day on which it leaves the period, and the days on which rules take effect.
func (l *look) turn(m *ledger.Matter, last credit.Date) ([]credit.Date, error) {
	var days []credit.Date
	for _, on := range l.bases(last) {
		j := Assess(l.book, l.organs, m, on)
		days = append(days, on, j.Window.HiddenFrom, m.Removed, m.Repaired, m.Annulled, m.Record.Decided)
		rules, err := l.rules(on)
		if err != nil {
			return nil, err
		}
		end := cmp.Or(j.Window.HiddenFrom, m.Record.Decided)
		for _, d := range []credit.Date{m.Record.Decided, m.Removed, end} {
			if d == 0 {
				continue
			}
			out := d.AddMonths(rules.Period().MaxMonths)
			for i := -4; i <= 4; i++ { // ends of months of unequal length
				days = append(days, out.AddDays(i))
			}
		}
	}
	days = slices.DeleteFunc(days, func(d credit.Date) bool { return d < l.on || d > last })
	slices.Sort(days)
	return slices.Compact(days), nil
}

// cleanFrom is the first day within five years on which an edition counts none of the matters; 0 for none.
// The day moves on to where the first matter that still counts no longer does, until all agree.
func (l *look) cleanFrom(edition string, matters []*ledger.Matter) (credit.Date, error) {
	day, last := l.on, l.on.AddMonths(checkupMonths)
	for moved := true; moved; {
		moved = false
		for _, m := range matters {
			free, err := l.freeFrom(m, edition, day, last)
			if err != nil || free == 0 {
				return 0, err
			}
			if free > day {
				day, moved = free, true
			}
		}
	}
	return day, nil
}

// freeFrom is the first day from day on which the edition does not count the matter; 0 for none up to last.
func (l *look) freeFrom(m *ledger.Matter, edition string, day, last credit.Date) (credit.Date, error) {
	if yes, err := l.counts(m, edition, day); err != nil || !yes {
		return day, err
	}
	turnings, err := l.turnings(m, last)
	if err != nil {
		return 0, err
	}
	for _, d := range turnings {
		if d <= day {
			continue
		}
		if yes, err := l.counts(m, edition, d); err != nil || !yes {
			return d, err
		}
	}
	return 0, nil
}
