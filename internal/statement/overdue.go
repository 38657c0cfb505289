package statement

import (
	"context"
	"errors"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
)

// Late is a request that an organ has not answered in time, as the credit centre sees it: it urges the organ, so
// it is not told whose penalty it is.
type Late struct {
	ID        string
	DocNo     string
	Organ     string // that answers today
	Due       credit.Date
	Days      int  // working days since
	Escalated bool // the centre was told
}

// lateMost is how many overdue requests the centre is shown: the longest overdue.
const lateMost = 100

// Overdue lists the requests that organs within a principal's region have not answered in time, the longest overdue
// first. A provisional day is never overdue.
func (s *Service) Overdue(ctx context.Context, p account.Principal, limit int) (all []Late, err error) {
	list, err := s.c.Cases.DueBy(ctx, dueName, s.today().AddDays(-1), 10*limit)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		l, ok, err := s.late(ctx, p, d)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, l)
		}
		if len(all) == limit {
			break
		}
	}
	return all, nil
}

func (s *Service) late(ctx context.Context, p account.Principal, d casework.Deadline) (l Late, ok bool, err error) {
	c, err := s.c.Cases.Get(ctx, d.Subject, d.Case)
	if errors.Is(err, casework.ErrNoCase) || err == nil && c.Kind != Kind {
		return l, false, nil
	}
	if err != nil {
		return l, false, err
	}
	x, err := dataOf(&c)
	if err != nil {
		return l, false, err
	}
	l = Late{ID: c.ID, DocNo: x.DocNo, Organ: x.Authority, Due: d.Due, Days: s.c.Calendar.Between(d.Due, s.today()).Days}
	o, err := s.responsible(x.Organ, x.Domain)
	if err == nil {
		l.Organ = o.Name
	}
	l.Escalated = l.Days >= escalateDays
	return l, p.Reaches(o.Region), nil
}

// figureMost is how many requests the home page counts.
const figureMost = 99

// figure is what waits on the home page: for a clerk requests to answer, for the centre those overdue; empty for none.
func (p *pages) figure(ctx context.Context, me account.Principal) (string, error) {
	n := 0
	switch {
	case me.Has(account.Clerk):
		cases, _, err := p.Desk(ctx, me, nil, figureMost+1)
		if err != nil {
			return "", err
		}
		n = len(cases)
	case me.Has(account.Centre):
		list, err := p.Overdue(ctx, me, figureMost+1)
		if err != nil {
			return "", err
		}
		n = len(list)
	}
	switch {
	case n == 0:
		return "", nil
	case n > figureMost:
		return strconv.Itoa(figureMost) + "+", nil
	}
	return strconv.Itoa(n), nil
}
