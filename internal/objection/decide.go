package objection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/store"
)

// move changes a case, its data, the mark on the matter and what belongs to it, in one transaction.
func (s *Service) move(ctx context.Context, p account.Principal, c *casework.Case, name, note string, d *data, also func(*store.Tx, *casework.Case) error) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	var next casework.Case
	err = s.c.Change(ctx, func(tx *store.Tx) error {
		next = *c // the transaction may run again
		next.Data = raw
		if err := s.c.Cases.Move(tx, &next, name, by(p), note); err != nil {
			return err
		}
		if err := s.mark(tx, p, c, &next, d, note); err != nil {
			return err
		}
		if also != nil {
			if err := also(tx, &next); err != nil {
				return err
			}
		}
		if err := s.tell(tx, p, &next, d); err != nil {
			return err
		}
		return s.log(tx, p, c.Subject, audit.Amend)
	})
	if err != nil {
		return fmt.Errorf("objection: %s: %w", name, err)
	}
	s.c.Outbox.Wake()
	*c = next
	return nil
}

// tell lets whoever objected know of what another did.
func (s *Service) tell(tx *store.Tx, p account.Principal, c *casework.Case, d *data) error {
	if s.c.Tell == nil || d.Asker == "" || d.Asker == p.ID {
		return nil
	}
	return s.c.Tell(tx, c.Subject, d.Asker, c.ID, fmt.Sprintf("%s:%d", c.ID, c.Version))
}

// mark lets the ledger know when a dispute begins or ends, and frees the matter at the end.
func (s *Service) mark(tx *store.Tx, p account.Principal, from, to *casework.Case, d *data, note string) error {
	m := Mark{Key: d.Key, Kind: d.Kind, Matter: d.Matter, Reason: note, Login: p.Login, Case: to.ID, On: s.today()}
	if accepted(to.State) && !accepted(from.State) {
		return s.c.Matters.Mark(tx, m)
	}
	if to.Closed == 0 {
		return nil
	}
	if _, err := tx.Exec("DELETE FROM objection_open WHERE subject = $1 AND matter = $2 AND id = $3", string(to.Subject), d.Matter, to.ID); err != nil {
		return err
	}
	if !accepted(from.State) {
		return nil
	}
	m.Closed = true
	return s.c.Matters.Mark(tx, m)
}

// decided reads the data of a case for a clerk whose body answers for it.
func (s *Service) decided(p account.Principal, c *casework.Case) (data, error) {
	if err := s.may(p, c); err != nil {
		return data{}, err
	}
	return dataOf(c)
}

// Accept takes an objection up: the matter is disputed from now on.
func (s *Service) Accept(ctx context.Context, p account.Principal, c *casework.Case) error {
	d, err := s.decided(p, c)
	if err != nil {
		return err
	}
	x, err := s.c.Matters.Matter(ctx, c.Subject, d.Matter)
	if errors.Is(err, ErrNoMatter) || err == nil && x.Gone { // what is gone may not be shown any more
		return ErrGone
	}
	if err != nil {
		return err
	}
	return s.move(ctx, p, c, "accept", "", &d, nil)
}

// Refuse does not take an objection up, with a reason of the list and what else there is to say.
func (s *Service) Refuse(ctx context.Context, p account.Principal, c *casework.Case, why Refusal, finding string) error {
	d, err := s.decided(p, c)
	if err != nil {
		return err
	}
	if why.Chinese() == "" {
		return ErrRefusal
	}
	if why == Repeated {
		if d.Earlier, err = s.earlier(ctx, c.Subject, &d); err != nil {
			return err
		}
		if d.Earlier == "" {
			return ErrNotRepeated
		}
	}
	d.Refusal, d.Finding = why, finding
	return s.move(ctx, p, c, "refuse", why.Chinese(), &d, nil)
}

// Ask asks the objector for more. The clock runs on.
func (s *Service) Ask(ctx context.Context, p account.Principal, c *casework.Case, what string) error {
	d, err := s.decided(p, c)
	if err == nil && what == "" {
		err = ErrReasons
	}
	if err != nil {
		return err
	}
	return s.move(ctx, p, c, "ask", what, &d, nil)
}

// Supply adds what was asked for.
func (s *Service) Supply(ctx context.Context, p account.Principal, c *casework.Case, e Evidence) error {
	if !p.MayActFor(c.Subject) {
		return account.ErrForbidden()
	}
	d, err := dataOf(c)
	if err == nil && e.Text == "" && e.File == "" {
		err = ErrReasons
	}
	if err != nil {
		return err
	}
	e.On = s.today()
	d.Evidence = append(d.Evidence, e)
	return s.move(ctx, p, c, "supply", e.Text, &d, nil)
}

// Consult gives the longer time because others must verify, as far as the region has one.
func (s *Service) Consult(ctx context.Context, p account.Principal, c *casework.Case, why string) error {
	return s.longer(ctx, p, c, "consult", clockConsult, why)
}

// Extend gives the most time of the region, once, with a reason.
func (s *Service) Extend(ctx context.Context, p account.Principal, c *casework.Case, why string) error {
	return s.longer(ctx, p, c, "extend", clockMost, why)
}

func (s *Service) longer(ctx context.Context, p account.Principal, c *casework.Case, name, clock, why string) error {
	d, err := s.decided(p, c)
	if err != nil {
		return err
	}
	region, err := s.region()
	if err != nil {
		return err
	}
	l, ok := limitOf(region, clock)
	switch {
	case !ok || l.Days <= d.Clock.Days && !d.Extended:
		return ErrNoClock
	case d.Extended:
		return ErrExtended
	case why == "":
		return ErrReasons
	}
	d.Clock, d.Extended = l, true
	return s.move(ctx, p, c, name, why, &d, func(tx *store.Tx, c *casework.Case) error { return s.set(tx, c, &d) })
}

// Corrections lists what was recorded to change the matter of a case since it was filed.
func (s *Service) Corrections(ctx context.Context, c *casework.Case) ([]Correction, error) {
	d, err := dataOf(c)
	if err != nil {
		return nil, err
	}
	return s.c.Matters.Corrections(ctx, d.Key, d.Matter, c.Opened)
}

// Correct ends an objection that is right. ref is the correction that was recorded of the matter.
func (s *Service) Correct(ctx context.Context, p account.Principal, c *casework.Case, ref, finding string) error {
	d, err := s.decided(p, c)
	if err != nil {
		return err
	}
	all, err := s.Corrections(ctx, c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x Correction) bool { return x.Ref == ref })
	switch {
	case i < 0:
		return ErrNoCorrection
	case finding == "":
		return ErrReasons
	}
	d.Correction, d.Finding = &all[i], finding
	return s.move(ctx, p, c, "correct", finding, &d, func(tx *store.Tx, c *casework.Case) error { return remember(tx, c, &d) })
}

// Uphold ends an objection that is not right: the record stands.
func (s *Service) Uphold(ctx context.Context, p account.Principal, c *casework.Case, finding string) error {
	d, err := s.decided(p, c)
	if err == nil && finding == "" {
		err = ErrReasons
	}
	if err != nil {
		return err
	}
	d.Finding = finding
	return s.move(ctx, p, c, "uphold", finding, &d, func(tx *store.Tx, c *casework.Case) error { return remember(tx, c, &d) })
}

// Withdraw ends an objection by its objector.
func (s *Service) Withdraw(ctx context.Context, p account.Principal, c *casework.Case) error {
	if !p.MayActFor(c.Subject) {
		return account.ErrForbidden()
	}
	d, err := dataOf(c)
	if err != nil {
		return err
	}
	return s.move(ctx, p, c, "withdraw", "", &d, nil)
}
