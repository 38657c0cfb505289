package law

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
)

func (p *Publicity) window(lists *Lists, m *Matter, c *ClassAnswer) Window {
	w := Window{From: m.Decided, Rule: c.Rule}
	if int(m.Kind) >= len(p.kinds) {
		return w
	}
	switch row := &p.kinds[m.Kind]; row.by {
	case byNever:
		w.Publishable, w.Open, w.Rule = decision.No, true, row.rule
	case byValidity:
		w.Publishable, w.Open = decision.Yes, m.Until == 0
		w.ends(m.Until)
	case byList:
		p.listWindow(lists, m, &w)
	case byPenalty:
		p.penaltyWindow(m, c, &w)
	}
	if w.Publishable != decision.No && m.person() {
		w.Publishable, w.Rule = decision.No, neverPerson
	}
	return w
}

// neverPerson is not configurable: records of natural persons are never published.
var neverPerson = &Rule{ID: "never.person", Text: "自然人的信息不公开", Source: "平台设定", Sureness: decision.Assumed}

// ends sets the end of the longest period; 0 sets none.
func (w *Window) ends(last credit.Date) {
	if w.MaxEnd = last; last != 0 {
		w.HiddenFrom = last.AddDays(1)
	}
}

func (p *Publicity) penaltyWindow(m *Matter, c *ClassAnswer, w *Window) {
	if c.Class == ClassUnknown {
		return
	}
	row := &p.classes[c.Class]
	lo, hi := row.min, row.max
	w.Rule = row.rule
	for i := range p.periods {
		if x := &p.periods[i]; x.class == c.Class && x.holds(m) {
			lo, hi, w.Rule = x.min, x.max, x.rule
			break
		}
	}
	w.Publishable = decision.Of(row.publish == publishAlways || row.publish == publishIfNecessary && m.PublicationNecessary)
	if m.Decided == 0 {
		if w.Publishable == decision.Yes {
			w.Publishable = decision.Unknown
		}
		return
	}
	w.ApplyFrom = m.Decided
	if lo > 0 {
		w.MinEnd = m.Decided.AddMonths(lo)
		w.ApplyFrom = w.MinEnd.AddDays(1)
	}
	w.ends(m.Decided.AddMonths(hi))
	p.restrict(m, w)
	p.uncorrectedAtMax(m, w)
}

// restrict lengthens the window to the actual length of a restriction of business or employment.
func (p *Publicity) restrict(m *Matter, w *Window) {
	for i := range p.restricts {
		r := &p.restricts[i]
		if m.Penalties&r.kinds != 0 && r.holds(m) && m.RestrictionUntil > m.Decided.AddMonths(r.over) && m.RestrictionUntil > w.MaxEnd {
			w.Rule = r.rule
			w.ends(m.RestrictionUntil)
			return
		}
	}
}

// uncorrectedAtMax keeps a record open past the longest period where the authority's rule says so and
// the duties are known not to be done. Unknown never lengthens a burden.
func (p *Publicity) uncorrectedAtMax(m *Matter, w *Window) {
	if m.DutiesDone != decision.No {
		return
	}
	for i := range p.uncorrected {
		if r := &p.uncorrected[i]; r.holds(m) {
			if r.stay {
				w.Open, w.MaxEnd, w.HiddenFrom, w.Rule = true, 0, 0, r.rule
			}
			return
		}
	}
}

func (p *Publicity) listWindow(lists *Lists, m *Matter, w *Window) {
	w.Publishable = decision.Yes
	l, ok := lists.Of(m.Kind, m.List)
	if !ok {
		w.Open, w.Rule = true, lists.rule
		return
	}
	w.Rule, w.CourtOnly = l.Rule, l.CourtOnly
	if l.off == offRemoval {
		w.Open = true
	} else if m.Decided != 0 {
		w.ends(m.Decided.AddMonths(l.AutoMonths))
	}
	if l.off == offUntil && m.Until != 0 {
		w.ends(m.Until)
	}
	from := m.Decided
	if l.FromFixed {
		from = m.Corrected
	}
	if l.HasEarly && from != 0 {
		w.MinEnd = from.AddMonths(l.EarlyAfter)
		w.ApplyFrom = w.MinEnd.AddDays(1)
	}
	if !w.Open {
		p.uncorrectedAtMax(m, w)
	}
}
