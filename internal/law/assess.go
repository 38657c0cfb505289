package law

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
)

// ClassAnswer is the class of a matter with the rule that gave it.
type ClassAnswer struct {
	Class    Class
	Rule     *Rule // nil when no rule could decide
	RuleSet  string
	Findings Findings
}

// Window is the publicity window of a matter (公示期), counted from the decision, its day not counted.
// The zero value of a date means that the rule gives none.
type Window struct {
	Publishable decision.Outcome // published at all, whatever the day
	From        credit.Date      // day of the decision or the listing
	MinEnd      credit.Date      // last day of the shortest period
	ApplyFrom   credit.Date      // first day on which repair or early removal may be asked for
	MaxEnd      credit.Date      // last day of the longest period
	HiddenFrom  credit.Date      // first day on which publicity has ended by itself
	Open        bool             // no end by time: until removed, corrected or no longer valid
	CourtOnly   bool             // only the court takes the entry off
	Rule        *Rule
}

// Over tells that the longest period has run out by the day on.
func (w *Window) Over(on credit.Date) bool { return w.HiddenFrom != 0 && on >= w.HiddenFrom }

// Classify returns the class of a matter by the rules in force on a day.
func (b *Book) Classify(m *Matter, on credit.Date) ClassAnswer {
	c, _ := b.Assess(m, on)
	return c
}

// Window returns the publicity window of a matter by the rules in force on a day.
func (b *Book) Window(m *Matter, on credit.Date) Window {
	_, w := b.Assess(m, on)
	return w
}

// Assess returns class and window together: the transition policy chooses both from one rule set.
// A decision made before the rule set in force took effect is judged as its transition says.
func (b *Book) Assess(m *Matter, on credit.Date) (ClassAnswer, Window) {
	now := b.publicityOn(on)
	c, w := now.assess(b, m, on)
	if m.Decided == 0 || m.Decided >= now.set.EffectiveFrom || now.transition == Recompute {
		return c, w
	}
	then := b.publicityOn(m.Decided)
	if then == now {
		return c, w
	}
	c2, w2 := then.assess(b, m, on)
	if now.transition == Keep || shorter(&w2, &w) {
		return c2, w2
	}
	return c, w
}

// shorter tells that publicity by a ends before publicity by b; of equal ends the earlier repair counts.
func shorter(a, b *Window) bool {
	if a.Publishable != b.Publishable {
		return a.Publishable == decision.No
	}
	if a.HiddenFrom != b.HiddenFrom {
		return b.HiddenFrom == 0 || a.HiddenFrom != 0 && a.HiddenFrom < b.HiddenFrom
	}
	return a.ApplyFrom < b.ApplyFrom
}

func (p *Publicity) assess(b *Book, m *Matter, on credit.Date) (ClassAnswer, Window) {
	c := p.classify(b, m, on)
	return c, p.window(b.Lists(on), m, &c)
}

func (p *Publicity) classify(b *Book, m *Matter, on credit.Date) ClassAnswer {
	c := ClassAnswer{RuleSet: p.set.ID}
	if int(m.Kind) >= len(p.kinds) {
		return c
	}
	row := &p.kinds[m.Kind]
	c.Rule, c.Class = row.rule, row.class
	switch row.by {
	case byPenalty:
		p.classifyPenalty(b.Thresholds(on), m, &c)
	case byList:
		if _, ok := b.Lists(on).Of(m.Kind, m.List); !ok {
			c.Findings |= ListUnknown
		}
	}
	if m.Decided == 0 {
		c.Findings |= DateMissing
	}
	if m.Domain == "" || m.Domain == DomainUnknown {
		c.Findings |= DomainMissing
	}
	if m.ClaimedClass != ClassUnknown && c.Class != ClassUnknown && m.ClaimedClass != c.Class {
		c.Findings |= ClaimDiffers
	}
	return c
}

func (p *Publicity) classifyPenalty(t *Thresholds, m *Matter, c *ClassAnswer) {
	switch m.Procedure {
	case credit.ProcedureSimple:
		c.Class, c.Rule = p.simple.class, p.simple.rule
		if l := p.simpleLimit[subjectOf(m)]; l.rule != nil && m.Fine.Known && m.Fine.Fen > l.fen {
			c.Findings |= SimpleTooHigh
		}
		return
	case credit.ProcedureUnknown:
		c.Findings |= ProcedureMissing
	}
	if m.Penalties == 0 {
		c.Findings |= KindMissing
		return
	}
	var open *Rule // of a kind whose weight is not known
	for k := credit.Warning; k <= credit.OrderClosure; k++ {
		if !m.Penalties.Has(k) {
			continue
		}
		class, rule := p.classifyKind(t, m, k, c)
		if class == ClassUnknown {
			open = rule
		} else if class > c.Class {
			c.Class, c.Rule = class, rule
		}
	}
	// One kind of unknown weight leaves the whole open, unless another is of the heaviest class already.
	if open != nil && c.Class != Serious {
		c.Class, c.Rule = ClassUnknown, open
	}
}

func (p *Publicity) classifyKind(t *Thresholds, m *Matter, k credit.PenaltyKind, c *ClassAnswer) (Class, *Rule) {
	row := &p.penalties[k]
	if !row.byAmount {
		return row.class, row.rule
	}
	amount := m.Fine
	if k == credit.ConfiscateGains || k == credit.ConfiscateProperty {
		amount = m.Confiscated
	}
	if !amount.Known {
		c.Findings |= AmountMissing
		return ClassUnknown, row.rule
	}
	step := pick(t.find(m, k), amount.Fen)
	if step == nil {
		c.Findings |= AmountMissing
		return ClassUnknown, row.rule
	}
	if step.rule.Sureness == decision.Assumed {
		c.Findings |= AssumedThreshold
	}
	return step.class, step.rule
}
