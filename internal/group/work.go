package group

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// batch is how many waiting members are taken up together, and mostTries how often one may fail.
const batch, mostTries = 32, 5

// Work issues for some of the members that wait, the longest waiting first, or ends the requests that are through. more says that
// there was something to do. Two processes at once do each member once.
func (s *Service) Work(ctx context.Context) (more bool, err error) {
	waiting, err := s.Cases.AtDesk(ctx, memberDesk, nil, batch)
	if err != nil {
		return false, err
	}
	if len(waiting) == 0 {
		return s.finish(ctx)
	}
	var all sync.WaitGroup
	free := make(chan struct{}, max(1, s.AtOnce))
	errs := make([]error, len(waiting))
	for i := range waiting {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			errs[i] = s.settle(ctx, &waiting[i])
		})
	}
	all.Wait()
	return true, errors.Join(errs...)
}

// settle brings one member to an end, or returns why it has to be tried again.
func (s *Service) settle(ctx context.Context, c *casework.Case) error {
	err := s.member(ctx, c)
	switch {
	case err == nil || errors.Is(err, casework.ErrMoved): // another process did it
		s.forget(c.ID)
		return nil
	case ctx.Err() != nil || s.failed(c.ID) < mostTries:
		return err
	}
	s.forget(c.ID)
	return errors.Join(err, s.end(ctx, c, "fail", "系统暂时无法出具，请稍后再次申请"))
}

func (s *Service) failed(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries[id]++
	return s.tries[id]
}

func (s *Service) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tries, id)
}

// end moves a member to an end without a report.
func (s *Service) end(ctx context.Context, c *casework.Case, move, reason string) error {
	return s.DB.Tx(ctx, func(tx *store.Tx) error { return s.move(tx, c, move, "", reason) })
}

func (s *Service) move(tx *store.Tx, c *casework.Case, move, number, reason string) error {
	var m member
	if err := json.Unmarshal(c.Data, &m); err != nil {
		return fmt.Errorf("group: reading member %s: %w", c.ID, err)
	}
	m.Number, m.Reason = number, reason
	next := *c // a transaction that is tried again begins from the same version
	next.Data = encode(m)
	return s.Cases.Move(tx, &next, move, casework.By{Name: "系统"}, reason)
}

// member issues the report of one member if the asker may still have it.
func (s *Service) member(ctx context.Context, c *casework.Case) error {
	var m member
	if err := json.Unmarshal(c.Data, &m); err != nil {
		return fmt.Errorf("group: reading member %s: %w", c.ID, err)
	}
	g, err := s.Cases.Get(ctx, m.Parent, m.Group)
	if err != nil {
		return err
	}
	if g.State == Cancelled {
		return s.end(ctx, c, "cancel", "申请人已取消")
	}
	var q request
	if err := json.Unmarshal(g.Data, &q); err != nil {
		return fmt.Errorf("group: reading request %s: %w", g.ID, err)
	}
	me, why, err := s.principal(ctx, &q.Asker, m.Parent)
	if err != nil {
		return err
	}
	if why != "" {
		return s.end(ctx, c, "refuse", why)
	}
	return s.issue(ctx, c, me, q.Settings)
}

// principal is the asker as it is now; why says that it can no longer ask.
func (s *Service) principal(ctx context.Context, by *asker, parent credit.Key) (me account.Principal, why string, err error) {
	a, err := s.Accounts.ByID(ctx, by.ID)
	if err != nil && !errors.Is(err, account.ErrNoAccount) {
		return me, "", err
	}
	if err != nil || a.Closed {
		return me, "申请人的账号已停用", nil
	}
	me = account.Principal{ID: a.ID, Login: a.Login, Name: a.Name, Roles: a.Roles, Organ: a.Organ, OrganOf: a.OrganOf, Subjects: a.Subjects, Channel: by.Channel}
	if !me.MayActFor(parent) {
		return me, "申请人已不再代表提出申请的主体", nil
	}
	return me, "", nil
}

// issue issues and ends the member in one transaction, in which the consent of a subject that is not the asker's
// own is used.
func (s *Service) issue(ctx context.Context, c *casework.Case, me account.Principal, set Settings) error {
	own := me.MayActFor(c.Subject)
	if !own {
		if err := s.Mandates.Check(ctx, me, c.Subject, set.Purpose, set.Edition); err != nil {
			return s.refuse(ctx, c, err)
		}
	}
	_, err := s.Reports.Issue(ctx, c.Subject, set, audit.Actor(me.Actor()).By(audit.Group), func(tx *store.Tx, number string) error {
		if !own {
			if err := s.Mandates.Use(tx, me, c.Subject, set.Purpose, set.Edition, number); err != nil {
				return err
			}
		}
		return s.move(tx, c, "issue", number, "")
	})
	if err != nil {
		return s.refuse(ctx, c, err)
	}
	return nil
}

// refuse ends a member for which consent or the rules say no; any other error is returned.
func (s *Service) refuse(ctx context.Context, c *casework.Case, err error) error {
	var no *Refusal
	if why, ok := consent.Why(err); ok {
		return s.end(ctx, c, "refuse", why.Error())
	}
	if errors.As(err, &no) {
		return s.end(ctx, c, "refuse", no.Text)
	}
	return err
}

// atOnce is how many requests are looked at when no member waits.
const atOnce = 50

// finish ends the requests all of whose members have ended.
func (s *Service) finish(ctx context.Context) (more bool, err error) {
	open, err := s.Cases.AtDesk(ctx, desk, nil, atOnce)
	if err != nil {
		return false, err
	}
	for i := range open {
		members, err := s.members(ctx, &open[i])
		if err != nil {
			return more, err
		}
		if slices.ContainsFunc(members, func(c casework.Case) bool { return c.Closed == 0 }) {
			continue // asked for a moment ago
		}
		err = s.DB.Tx(ctx, func(tx *store.Tx) error {
			next := open[i]
			return s.Cases.Move(tx, &next, "finish", casework.By{Name: "系统"}, "")
		})
		if err != nil && !errors.Is(err, casework.ErrMoved) {
			return more, err
		}
		more = true
	}
	return more, nil
}

// members reads the cases of a request's members, in the order of the list.
func (s *Service) members(ctx context.Context, g *casework.Case) ([]casework.Case, error) {
	children, err := s.Cases.Children(ctx, g)
	if err != nil {
		return nil, err
	}
	all := make([]casework.Case, len(children))
	for i, ch := range children {
		if all[i], err = s.Cases.Get(ctx, ch.Subject, ch.Case); err != nil {
			return nil, err
		}
	}
	return all, nil
}
