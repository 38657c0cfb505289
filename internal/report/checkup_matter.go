package report

import (
	"context"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// MatterCheck is a matter with what deserves a look.
type MatterCheck struct {
	Judged
	DomainName string
	In         []string // names of the editions that show it
	Says       []Say    // what each edition makes of it
	Points     []Point
	Statement  *Statement // that the listing edition names beside it
}

// Say is what one edition makes of a matter: how it stands there, or why it does not.
type Say struct {
	ID, Name  string // of the edition
	Shown     bool
	Counts    bool
	Detail    law.Detail
	Mark      string    // such as 已修复
	Why       string    // why it is not shown
	rule      *law.Rule // that hides it, nil where the period does
	judgement law.Judgement
}

// Basis is the text of the rule that hides the matter with its source; empty where none does.
func (s *Say) Basis() string { return Point{Rule: s.rule}.Basis() }

// matters checks those matters that the subject may see, the newest first, with the statements beside them.
func (l *look) matters(statements []Attached) (all []MatterCheck, err error) {
	for i := range l.standing.Matters {
		c, ok, err := l.see(&l.standing.Matters[i])
		if err != nil {
			return nil, err
		}
		if ok {
			c.Points, c.Statement = l.points(&c), statementOf(statements, c.ID.String())
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b MatterCheck) int { return newer(a.Matter, b.Matter) })
	return all, nil
}

// see tells whether the subject may see a matter: an edition shows it over the longest period, or it is public.
func (l *look) see(m *ledger.Matter) (c MatterCheck, ok bool, err error) {
	if m.Withdrawn || !m.Kind.Adverse() {
		return c, false, nil
	}
	rules, err := l.rules(l.on)
	if err != nil {
		return c, false, err
	}
	c = MatterCheck{Judged: Assess(l.book, l.organs, m, l.on)}
	c.InPeriod = law.Covers(&c.Law, &c.Window, rules.from, l.on)
	for _, ed := range rules.Editions() {
		say := c.say(ed, l.on)
		c.Says = append(c.Says, say)
		if say.Shown {
			c.In = append(c.In, ed.Name)
			c.Judgement = say.judgement
		}
	}
	if d, ok := l.book.Domains(l.on).Find(c.Domain); ok {
		c.DomainName = d.Name
	}
	return c, len(c.In) > 0 || law.Public(&c.Law, &c.Window, l.on).Outcome == decision.Yes, nil
}

// say is what an edition makes of a matter that its subject may see.
func (c *MatterCheck) say(ed *law.Edition, on credit.Date) Say {
	j := c.Judged
	j.Judgement = ed.Judge(&c.Law, &c.Class, &c.Window, on)
	s := Say{ID: ed.ID, Name: ed.Name, Shown: c.InPeriod && j.Judgement.Shown, Counts: c.InPeriod && j.Judgement.Counts, Detail: ed.Detail, judgement: j.Judgement}
	switch {
	case s.Shown && ed.Detail == law.DetailCount: // bare: nothing of it stands there
	case s.Shown:
		s.Mark = j.Judgement.Mark()
	case !c.InPeriod:
		s.Why = hide(&j, true).Reason
	default:
		s.Why, s.rule = hide(&j, true).Reason, j.Judgement.Rule
	}
	return s
}

// Stands are the particulars as they stand in the fullest of the editions that show it, nil where those give counts only.
// They are worked out when asked for: a page shows fifty of thousands.
func (c *MatterCheck) Stands() [][2]string {
	full := c.Judged
	full.Judgement = law.Judgement{}
	for _, s := range c.Says {
		if s.Shown && (!full.Judgement.Shown || s.Detail > full.Judgement.Detail) {
			full.Judgement = s.judgement
		}
	}
	if !full.Judgement.Shown || full.Judgement.Detail == law.DetailCount {
		return nil
	}
	r := record(&full)
	return r.particulars()
}

// OwnMatters are the matters that a subject may see of itself today, the newest first, with its present name.
func (s *Service) OwnMatters(ctx context.Context, key credit.Key) (all []MatterCheck, name string, err error) {
	today := credit.DateOf(s.c.Now())
	st, _, err := s.ledger.Standing(ctx, key, today, nil)
	if err != nil {
		return nil, "", err
	}
	statements, err := s.attached(ctx, listingEdition, key)
	if err != nil {
		return nil, "", err
	}
	l := &look{book: s.book(), organs: s.c.Organs, standing: st, region: s.c.Region, on: today}
	all, err = l.matters(statements)
	return all, st.Name, err
}

// PublicUntil is the first day on which publicity of the matter will have ended by itself; 0 for no such day or
// for one that is not public.
func (c *MatterCheck) PublicUntil() credit.Date {
	if c.Window.Publishable != decision.Yes {
		return 0
	}
	return c.Window.HiddenFrom
}

// RepairFrom is the first day on which repair or early removal of the matter may be asked for; 0 for none.
func (c *MatterCheck) RepairFrom() credit.Date {
	for _, p := range c.Points {
		if p.Kind == PointRepairable || p.Kind == PointLater {
			return p.From
		}
	}
	return 0
}
