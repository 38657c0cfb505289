package report

import (
	"context"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// Checkup is what a subject learns before it has a report issued (出具前体检): what each edition would say, what
// in its matters deserves a look, and from when each edition would be clean by itself. Of the matters it
// names only those that the subject sees elsewhere too: shown by an edition, or public.
type Checkup struct {
	On       credit.Date
	Editions []EditionCheck
	Matters  []MatterCheck
}

// EditionCheck is what one edition would say, and until when it would speak of a record.
type EditionCheck struct {
	ID, Name string
	Detail   law.Detail
	Content  *Content // whole but for number, code and time: nothing is issued
	Found    int      // domains that find a record
	Late     int      // domains that do not answer because their data are late or rows are under check
	NoData   int      // domains that do not answer because they have no data
	Counted  int      // records that count
	// CleanFrom is the first day on which the edition would count no record of those that are known, over the longest
	// period that then ends, if nothing is done and nothing new comes; 0 for none within [checkupMonths]. Of domains that
	// do not answer nothing is known: what comes of them may put it off.
	CleanFrom credit.Date
}

// CleanNow tells that no record counts on the day of the check-up.
func (e *EditionCheck) CleanNow(on credit.Date) bool { return e.CleanFrom == on }

// Asked is how many domains are asked.
func (e *EditionCheck) Asked() int { return asked(e.Content) }

// Answered is how many of them answer.
func (e *EditionCheck) Answered() int { return e.Asked() - len(e.Content.Unanswered) }

// OnlyCounts tells that the edition gives the number of records and nothing of them.
func (e *EditionCheck) OnlyCounts() bool { return e.Detail == law.DetailCount }

// Open are the domains that do not answer.
func (e *EditionCheck) Open() []DomainAnswer { return e.in(Late, NoData) }

// OpenGroup is why some domains do not answer: check, late, from or no_data, as the words of the page are called.
type OpenGroup struct {
	Why   string
	Names []string
}

// OpenBy are the domains that do not answer by why they do not.
func (e *EditionCheck) OpenBy() (all []OpenGroup) {
	for _, d := range e.Open() {
		why := string(d.State)
		switch {
		case d.UnderCheck:
			why = "check"
		case d.DataFrom != 0:
			why = "from"
		}
		i := slices.IndexFunc(all, func(g OpenGroup) bool { return g.Why == why })
		if i < 0 {
			i, all = len(all), append(all, OpenGroup{Why: why})
		}
		all[i].Names = append(all[i].Names, d.Name)
	}
	return all
}

// Clear are the domains that answer with no record.
func (e *EditionCheck) Clear() []DomainAnswer { return e.in(None) }

func (e *EditionCheck) in(states ...State) (all []DomainAnswer) {
	for _, d := range e.Content.Domains {
		if slices.Contains(states, d.State) {
			all = append(all, d)
		}
	}
	return all
}

// checkupMonths is how far ahead a clean day is looked for.
const checkupMonths = 60

// endingDays is from how many days before its end publicity is called near its end.
const endingDays = 90

// Checkup checks a subject before a report is issued. Nothing is issued and nothing is logged: the caller logs.
func (s *Service) Checkup(ctx context.Context, key credit.Key) (*Checkup, error) {
	today := credit.DateOf(s.c.Now())
	in, err := s.gather(ctx, Request{Key: key, Edition: listingEdition}, today)
	if err != nil {
		return nil, err
	}
	statements := in.statements
	l := &look{book: in.book, organs: in.organs, standing: in.standing, region: s.c.Region, on: today}
	rules, err := l.rules(today)
	if err != nil {
		return nil, err
	}
	c := &Checkup{On: today}
	for _, ed := range rules.Editions() {
		in.settings.Edition, in.statements = ed.ID, nil
		if ed.ID == listingEdition {
			in.statements = statements
		}
		e, err := l.edition(in, ed)
		if err != nil {
			return nil, err
		}
		e.Content.Issuer, e.Content.Demo, e.Content.Basis = s.c.Issuer, s.c.Demo, s.basis(in)
		c.Editions = append(c.Editions, e)
	}
	c.Matters, err = l.matters(statements)
	return c, err
}

// edition is what one edition would say today.
func (l *look) edition(in *inputs, ed *law.Edition) (EditionCheck, error) {
	e := EditionCheck{ID: ed.ID, Name: ed.Name, Detail: ed.Detail}
	made, err := compose(in)
	if err != nil {
		return e, err
	}
	e.Content = made.content
	for _, d := range e.Content.Domains {
		e.Counted += d.Records
		switch d.State {
		case Found:
			e.Found++
		case Late:
			e.Late++
		case NoData:
			e.NoData++
		}
	}
	var adverse []*ledger.Matter
	for i := range l.standing.Matters {
		if m := &l.standing.Matters[i]; m.Kind.Adverse() {
			adverse = append(adverse, m)
		}
	}
	e.CleanFrom, err = l.cleanFrom(ed.ID, adverse)
	return e, err
}

// Standings are how the newest documents of a subject stand today, up to limit of them.
func (s *Service) Standings(ctx context.Context, key credit.Key, limit int) (map[string]Status, error) {
	lines, err := s.Documents(ctx, key, "", limit)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Status, len(lines))
	for _, l := range lines {
		if all[l.Number], _, err = s.status(ctx, key, l.Number); err != nil {
			return nil, err
		}
	}
	return all, nil
}
