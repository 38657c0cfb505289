package app

import (
	"context"
	"fmt"
	"slices"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/report"
)

// organs answers intake from the register and the rules.
type organs struct{ a *App }

func (o organs) Organ(name, code string, on credit.Date) (string, bool) {
	x, ok := o.a.Organs.Resolve(name, code, on)
	return x.ID, ok
}

func (o organs) Area(code string) string { return o.a.areaOfOrgan(code) }

// areaOfOrgan is the area of the organ with a code, empty when the register does not tell it.
func (a *App) areaOfOrgan(code string) string {
	o, _ := a.Organs.Resolve("", code, 0)
	return o.Region
}

// HoldsOrgan returns what is wrong when the region of an account does not hold its clerk's organ.
func (a *App) HoldsOrgan(acc account.Account) error {
	if slices.Contains(acc.Roles, account.Clerk) && !(account.Principal{Region: acc.Region}).Reaches(a.areaOfOrgan(acc.Organ)) {
		return fmt.Errorf("经办人的部门%s不在管辖区域%s内：请核对部门代码和区域，或先在机关目录中登记该部门的区划", acc.Organ, acc.Region)
	}
	return nil
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

func (o organs) Domains(r *credit.Record) []string {
	book, err := o.a.Books.Book("")
	if err != nil {
		return []string{law.DomainUnknown}
	}
	organ, _ := o.a.Organs.Resolve(r.Authority, r.AuthorityCode, r.Decided)
	d := book.AssignDomain(law.Assignment{Kind: r.Kind, Organ: organ, Authority: r.Authority, DocNo: r.DocNo, List: r.List, Claimed: r.Domain},
		credit.DateOf(o.a.Now()))
	return append([]string{d.ID}, d.Others...)
}

func (o organs) FindDomain(name string) (string, bool) {
	book, err := o.a.Books.Book("")
	if err != nil {
		return "", false
	}
	d, ok := book.Domains(credit.DateOf(o.a.Now())).Find(name)
	return d.ID, ok
}

// clocks reads the time limits of intake from the region's profile.
type clocks struct{ a *App }

// The time limits of a region that intake measures.
const (
	publishClock = "publish"
	arriveClock  = "arrive"
)

func (c clocks) Limits(on credit.Date) (intake.Limits, error) {
	book, err := c.a.Books.Book("")
	if err != nil {
		return nil, err
	}
	region, err := book.Region(c.a.region, on)
	if err != nil {
		return nil, err
	}
	last := func(id string, decided credit.Date) credit.Date {
		clock, ok := region.Clock(id)
		switch {
		case !ok:
			return 0
		case !clock.WorkingDays:
			return decided.AddDays(clock.Value)
		}
		if d := c.a.Calendar.Add(decided, clock.Value); !d.Provisional {
			return d.Date
		}
		return 0
	}
	return func(decided credit.Date) (publish, arrive credit.Date) {
		return last(publishClock, decided), last(arriveClock, decided)
	}, nil
}

// feeds tells the report how fresh the domains are.
type feeds struct{ s *intake.Service }

func (f feeds) DomainFeeds(ctx context.Context, needs []report.Need) ([]report.DomainFeed, error) {
	asked := make([]intake.Need, len(needs))
	for i, n := range needs {
		asked[i] = intake.Need(n)
	}
	states, err := f.s.DomainStates(ctx, asked)
	if err != nil {
		return nil, err
	}
	all := make([]report.DomainFeed, len(states))
	for i, s := range states {
		all[i] = report.DomainFeed{Domain: s.Domain, AsOf: s.AsOf, Late: s.Late, Since: s.Since,
			Timeliness: report.Timeliness{Rows: s.Rows, LatePublish: s.LatePublish, LateArrive: s.LateArrive, HeldBack: s.Bad}}
	}
	return all, nil
}

// assess gives the public pages what the report knows of a matter.
func (a *App) assess(book *law.Book, m *ledger.Matter, on credit.Date) (lm law.Matter, domain, organ string) {
	j := report.Assess(book, a.Organs, m, on)
	return j.Law, j.Domain, j.Organ
}
