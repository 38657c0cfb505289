package repair

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
)

// Item is a matter of an application as it stands.
type Item struct {
	casework.Case
	No   int64 // place in the application, from 1; 0 in other lists
	Data itemData
	Due  casework.Deadline // the day it now has; zero when it has ended
	Late bool
}

func (s *Service) item(ctx context.Context, c casework.Case) (Item, error) {
	x := Item{Case: c}
	var err error
	if x.Data, err = itemOf(&c); err != nil {
		return x, err
	}
	days, err := s.c.Cases.Deadlines(ctx, &c)
	for _, d := range days {
		if d.Name != beforeName && d.Name != lateName {
			x.Due, x.Late = d, !d.Provisional && d.Due < s.today()
		}
	}
	return x, err
}

// Items lists the matters of an application in the order in which they were asked for.
func (s *Service) Items(ctx context.Context, parent *casework.Case) (all []Item, err error) {
	children, err := s.c.Cases.Children(ctx, parent)
	if err != nil {
		return nil, err
	}
	for _, k := range children {
		c, err := s.c.Cases.Get(ctx, k.Subject, k.Case)
		if err != nil {
			return nil, err
		}
		x, err := s.item(ctx, c)
		if err != nil {
			return nil, err
		}
		x.No = k.No
		all = append(all, x)
	}
	return all, nil
}

// ByCode finds an application by its query code, without an account.
func (s *Service) ByCode(ctx context.Context, code string) (casework.Case, error) {
	var subject credit.Key
	var id string
	err := s.c.DB.QueryRow(ctx, "SELECT subject, id FROM repair_code WHERE code = $1", strings.ToUpper(strings.TrimSpace(code))).Scan(&subject, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return casework.Case{}, ErrNoCase
	}
	if err != nil {
		return casework.Case{}, fmt.Errorf("repair: looking up a query code: %w", err)
	}
	return s.c.Cases.Get(ctx, subject, id)
}

// codes are those of the organs whose desk a clerk's organ minds: its own, and those whose duties came to it.
func (s *Service) codes(organ string) []string {
	var all []string
	for _, o := range s.c.Organs.All() {
		if o.Code == "" {
			continue
		}
		if o.Code == organ || slices.ContainsFunc(o.Domains, func(d string) bool {
			now, ok := s.c.Organs.Responsible(o.ID, d, s.today())
			return ok && now.Code == organ
		}) {
			all = append(all, o.Code)
		}
	}
	return all
}

// Desk lists up to limit open items that a clerk's organ decides, the oldest first, after the given one; next is nil at
// the end.
func (s *Service) Desk(ctx context.Context, p account.Principal, after *casework.Case, limit int) (all []Item, next *casework.Case, err error) {
	var cases []casework.Case
	for _, code := range s.codes(p.Organ) {
		some, err := s.c.Cases.OfKindAtDesk(ctx, "organ:"+code, ItemKind, after, limit+1)
		if err != nil {
			return nil, nil, err
		}
		cases = append(cases, some...)
	}
	slices.SortFunc(cases, func(a, b casework.Case) int {
		return cmp.Or(cmp.Compare(a.Opened, b.Opened), strings.Compare(string(a.Subject), string(b.Subject)), strings.Compare(a.ID, b.ID))
	})
	if len(cases) > limit {
		cases = cases[:limit]
		last := cases[limit-1]
		next = &casework.Case{Opened: last.Opened, Subject: last.Subject, ID: last.ID}
	}
	for _, c := range cases {
		x, err := s.item(ctx, c)
		if err != nil {
			return nil, nil, err
		}
		if s.may(p, &x.Data) == nil {
			all = append(all, x)
		}
	}
	return all, next, nil
}

// Late lists up to limit open items whose day has passed, the longest late first, of organs within a principal's region.
func (s *Service) Late(ctx context.Context, p account.Principal, limit int) (all []Item, err error) {
	for _, name := range []string{acceptName, decideName} {
		days, err := s.c.Cases.DueBy(ctx, name, s.today().AddDays(-1), 10*limit) // those of other regions are passed over
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			c, err := s.c.Cases.Get(ctx, d.Subject, d.Case)
			if err != nil {
				return nil, err
			}
			x, err := s.item(ctx, c)
			if err != nil {
				return nil, err
			}
			o, ok := s.c.Organs.Responsible(x.Data.Organ, x.Data.Domain, s.today())
			if x.Late && (!ok || p.Reaches(o.Region)) {
				all = append(all, x)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Item) int { return cmp.Compare(a.Due.Due, b.Due.Due) })
	return all[:min(len(all), limit)], nil
}
