package consent

import (
	"slices"

	"xinban/internal/credit"
)

// Level is the most that a grant lets be seen of the subject. The zero value is Records.
type Level string

// The levels, each with what the ones before it let be seen.
const (
	Conclusion Level = "conclusion" // 只看结论: whether there is something new, no report
	Counts     Level = "counts"     // 看条数: how many records each domain has
	Records    Level = "records"    // 看记录: what each record says
)

// Levels lists them from the least to the most.
func Levels() []Level { return []Level{Conclusion, Counts, Records} }

func (l Level) rank() int {
	if i := slices.Index(Levels(), l); i >= 0 {
		return i
	}
	return len(Levels()) - 1 // the zero value
}

// Domain is a field of the report that a grant is limited to, with the name under which it was signed.
type Domain struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Kind is what a use gave to who used the grant.
type Kind string

// The kinds.
const (
	Report Kind = "report" // a report was issued; Document is its number
	Newer  Kind = "newer"  // was told whether there is anything newer than a paper
)

// Actor is who used or withdrew a grant. The zero value is nobody that is known.
type Actor struct{ ID, Name string }

// Act is what is to be done under a grant. No domains are all of them.
type Act struct {
	Scope    Scope
	Purpose  string
	Edition  string
	Domains  []string
	From, To credit.Date // of the period that is shown; 0 for one without limit
	Level    Level       // the most that is shown; empty for what a report of the edition shows
	Narrowed bool        // what is made is limited to the domains and the period of the grant, whichever they are
	Who      Actor
	Kind     Kind   // empty for Report
	Document string // number of what is made under it
}

// Allows returns nil when the grant allows an act on a day, otherwise why not. An act without a purpose is allowed by none.
func (g *Grant) Allows(a Act, on credit.Date) error {
	if g.Scope != a.Scope || a.Purpose == "" || a.Purpose != g.Purpose || !g.covers(a) {
		return ErrOutside
	}
	return g.Over(on)
}

// covers tells whether what an act shows lies within what the grant is limited to.
func (g *Grant) covers(a Act) bool {
	return (len(g.Editions) == 0 || slices.Contains(g.Editions, a.Edition)) && a.Level.rank() <= g.Level.rank() &&
		(a.Narrowed || g.coversDomains(a.Domains) && g.coversPeriod(a.From, a.To))
}

func (g *Grant) coversPeriod(from, to credit.Date) bool {
	return (g.From == 0 || from >= g.From) && (g.To == 0 || to != 0 && to <= g.To)
}

func (g *Grant) coversDomains(asked []string) bool {
	if len(g.Domains) == 0 {
		return true
	}
	for _, id := range asked {
		if !slices.ContainsFunc(g.Domains, func(d Domain) bool { return d.ID == id }) {
			return false
		}
	}
	return len(asked) > 0
}

// Over returns nil while a grant stands on a day and has a use left, otherwise why not.
func (g *Grant) Over(on credit.Date) error {
	switch {
	case g.Withdrawn != 0:
		return ErrWithdrawn
	case g.Until < on:
		return ErrExpired
	case g.Uses > 0 && g.Used >= g.Uses:
		return ErrUsedUp
	}
	return nil
}
