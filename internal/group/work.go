package group

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
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

// Work issues for some of the members that wait, and ends the requests that are through. Requests take turns, each with an
// equal share, so that a small one does not wait for a large one. more says that there was something to do. Two processes at once
// do each member once.
func (s *Service) Work(ctx context.Context) (more bool, err error) {
	waiting, err := s.Cases.AtDesk(ctx, memberDesk, nil, batch)
	if err != nil {
		return false, err
	}
	open, err := s.turn(ctx)
	if err != nil {
		return false, err
	}
	for i := range open {
		some, err := s.Cases.AtDesk(ctx, desksOf(open[i].ID), nil, max(1, batch/len(open)))
		if err != nil {
			return more, err
		}
		if waiting = append(waiting, some...); len(some) > 0 {
			continue
		}
		ended, err := s.finish(ctx, &open[i])
		if err != nil {
			return more, err
		}
		more = more || ended
	}
	return more || len(waiting) > 0, s.settleAll(ctx, waiting)
}

// turn lists the requests whose turn it is: the next after the last turn, from the oldest again after the newest.
func (s *Service) turn(ctx context.Context) ([]casework.Case, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	open, err := s.Cases.AtDesk(ctx, desk, s.last, batch)
	if err == nil && len(open) == 0 && s.last != nil {
		open, err = s.Cases.AtDesk(ctx, desk, nil, batch)
	}
	s.last = nil
	if len(open) == batch {
		s.last = &open[batch-1]
	}
	return open, err
}

func (s *Service) settleAll(ctx context.Context, waiting []casework.Case) error {
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
	return errors.Join(errs...)
}

// settle brings one member to an end, or returns why it has to be tried again.
func (s *Service) settle(ctx context.Context, c *casework.Case) error {
	err := s.try(ctx, c)
	if err != nil && ctx.Err() == nil && !errors.Is(err, casework.ErrMoved) {
		if noted := s.failed(ctx, c); !errors.Is(noted, casework.ErrMoved) {
			return errors.Join(err, noted)
		}
	}
	if errors.Is(err, casework.ErrMoved) { // another process did it, or it was cancelled
		return nil
	}
	return err
}

// try is member, where a panic is an error: one member that the program stumbles over must not stop it.
func (s *Service) try(ctx context.Context, c *casework.Case) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("group: member %s: a panic: %v\n%s", c.ID, r, debug.Stack())
		}
	}()
	return s.member(ctx, c)
}

// failed counts a failure with the member, so that a program that is started again does not begin to count anew. The
// last one ends it.
func (s *Service) failed(ctx context.Context, c *casework.Case) error {
	var m member
	if err := json.Unmarshal(c.Data, &m); err != nil {
		return fmt.Errorf("group: reading member %s: %w", c.ID, err)
	}
	if m.Tries++; m.Tries >= mostTries {
		return s.end(ctx, c, "fail", "系统暂时无法出具，请稍后再次申请")
	}
	return s.DB.Tx(ctx, func(tx *store.Tx) error {
		next := *c
		next.Data, next.Desk = encode(m), memberDesk
		return s.Cases.Move(tx, &next, "retry", casework.By{Name: "系统"}, fmt.Sprintf("第%d次未成功", m.Tries))
	})
}

// end moves a member to an end without a report.
func (s *Service) end(ctx context.Context, c *casework.Case, move, reason string) error {
	return s.DB.Tx(ctx, func(tx *store.Tx) error {
		return s.move(tx, c, move, casework.By{Name: "系统"}, ending{reason: reason})
	})
}

// ending is what is said of a member that ends.
type ending struct {
	number, reason string
	asks           bool // for want of consent
}

// move ends a member, and notes under its request that it did.
func (s *Service) move(tx *store.Tx, c *casework.Case, move string, by casework.By, e ending) error {
	var m member
	if err := json.Unmarshal(c.Data, &m); err != nil {
		return fmt.Errorf("group: reading member %s: %w", c.ID, err)
	}
	m.Number, m.Reason, m.Asks = e.number, e.reason, e.asks
	next := *c // a transaction that is tried again begins from the same version
	next.Data = encode(m)
	if err := s.Cases.Move(tx, &next, move, by, e.reason); err != nil {
		return err
	}
	return tx.InsertMissing("group_end", []string{"subject", "id", "member", "state"}, [][]any{{string(m.Parent), m.Group, c.ID, string(next.State)}})
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
		err := s.Mandates.MayAct(ctx, me, c.Subject, set.act(""))
		if err != nil && !errors.Is(err, consent.ErrUsedUp) { // the paper of today may be had again: its use tells
			return s.refuse(ctx, c, err)
		}
	}
	_, err := s.Reports.Issue(ctx, c.Subject, set, audit.Actor(me.Actor()).By(audit.Group), func(tx *store.Tx, number string) error {
		if !own {
			if err := s.Mandates.UseAs(tx, me, c.Subject, set.act(number)); err != nil {
				return err
			}
		}
		return s.move(tx, c, "issue", casework.By{Name: "系统"}, ending{number: number})
	})
	if err != nil {
		return s.refuse(ctx, c, err)
	}
	return nil
}

// refuse ends a member for which consent or the rules say no; any other error is returned.
func (s *Service) refuse(ctx context.Context, c *casework.Case, err error) error {
	var no *Refusal
	e := ending{}
	if why, ok := consent.Why(err); ok {
		e.reason, e.asks = why.Error(), true
	} else if errors.As(err, &no) {
		e.reason = no.Text
	} else {
		return err
	}
	return s.DB.Tx(ctx, func(tx *store.Tx) error { return s.move(tx, c, "refuse", casework.By{Name: "系统"}, e) })
}

// finish ends a request of which no member waits at its desk, if all have ended.
func (s *Service) finish(ctx context.Context, g *casework.Case) (ended bool, err error) {
	members, err := s.Cases.Family(ctx, g)
	if err != nil || slices.ContainsFunc(members, func(c casework.Case) bool { return c.Closed == 0 }) {
		return false, err
	}
	err = s.DB.Tx(ctx, func(tx *store.Tx) error { return s.finished(tx, *g) })
	if errors.Is(err, casework.ErrMoved) {
		return false, nil
	}
	return err == nil, err
}

// finished ends a request whose members have all ended.
func (s *Service) finished(tx *store.Tx, g casework.Case) error {
	return s.Cases.Move(tx, &g, "finish", casework.By{Name: "系统"}, "")
}
