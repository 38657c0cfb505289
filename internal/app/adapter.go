package app

import (
	"context"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/workday"
)

// organs answers intake from the register and the rules.
type organs struct{ a *App }

func (o organs) Organ(name, code string, on credit.Date) (string, bool) {
	x, ok := o.a.Organs.Resolve(name, code, on)
	return x.ID, ok
}

func (o organs) List(kind credit.Kind, name string) (string, bool) {
	book, err := o.a.Books.Book("")
	if err != nil {
		return "", false
	}
	l, ok := book.Lists(credit.DateOf(o.a.Now())).Of(kind, name)
	if !ok {
		return "", false
	}
	return l.ID, true
}

func (o organs) Domain(r *credit.Record) string {
	book, err := o.a.Books.Book("")
	if err != nil {
		return law.DomainUnknown
	}
	organ, _ := o.a.Organs.Resolve(r.Authority, r.AuthorityCode, r.Decided)
	return book.AssignDomain(law.Assignment{Kind: r.Kind, Organ: organ, Authority: r.Authority, DocNo: r.DocNo, List: r.List, Claimed: r.Domain},
		credit.DateOf(o.a.Now())).ID
}

type calendar struct{ c *workday.Calendar }

func (c calendar) WorkdayAfter(start credit.Date, n int) credit.Date { return c.c.Add(start, n).Date }

// feeds tells the report how fresh the domains are.
type feeds struct{ s *intake.Service }

func (f feeds) DomainFeeds(ctx context.Context) ([]report.DomainFeed, error) {
	states, err := f.s.DomainStates(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]report.DomainFeed, len(states))
	for i, s := range states {
		all[i] = report.DomainFeed{Domain: s.Domain, AsOf: s.AsOf, Late: s.Late}
	}
	return all, nil
}

// assess gives the public pages what the report knows of a matter.
func (a *App) assess(book *law.Book, m *ledger.Matter, on credit.Date) (lm law.Matter, domain, organ string) {
	j := report.Assess(book, a.Organs, m, on)
	return j.Law, j.Domain, j.Organ
}
