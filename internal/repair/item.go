package repair

import (
	"context"
	"fmt"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// step is one move of an item: change works on its data, and after writes what follows from it.
type step struct {
	move   string
	note   string
	change func(d *itemData) error
	after  func(tx *store.Tx, c *casework.Case, d *itemData) error
}

// body makes a move of the body that decides.
func (s *Service) body(ctx context.Context, p account.Principal, c *casework.Case, st step) error {
	d, err := itemOf(c)
	if err != nil {
		return err
	}
	if err := s.may(p, &d); err != nil {
		return err
	}
	return s.run(ctx, p, c, &d, st)
}

// own makes a move of the subject.
func (s *Service) own(ctx context.Context, p account.Principal, c *casework.Case, st step) error {
	if !p.MayActFor(c.Subject) {
		return account.ErrForbidden()
	}
	d, err := itemOf(c)
	if err != nil {
		return err
	}
	return s.run(ctx, p, c, &d, st)
}

func (s *Service) run(ctx context.Context, p account.Principal, c *casework.Case, d *itemData, st step) error {
	if st.change != nil {
		if err := st.change(d); err != nil {
			return err
		}
	}
	err := s.c.Ledger.Change(ctx, func(tx *store.Tx) error {
		next := *c
		if err := put(&next, d); err != nil {
			return err
		}
		if err := s.c.Cases.Move(tx, &next, st.move, by(p), st.note); err != nil {
			return err
		}
		if st.after != nil {
			if err := st.after(tx, &next, d); err != nil {
				return err
			}
		}
		if err := s.settle(tx, &next, d, st.move, by(p)); err != nil {
			return err
		}
		return s.log(tx, p, c.Subject, audit.Amend)
	})
	s.c.Outbox.Wake()
	if err != nil {
		return fmt.Errorf("repair: %s: %w", st.move, err)
	}
	return nil
}

// settle is what follows from every move: an item that has ended is closed, and its asker is told.
func (s *Service) settle(tx *store.Tx, c *casework.Case, d *itemData, move string, who casework.By) error {
	if c.Closed != 0 {
		if err := s.close(tx, c, d, who); err != nil {
			return err
		}
	}
	if s.c.Teller == nil {
		return nil
	}
	return s.c.Teller.RepairMoved(tx, c.Subject, d.Asker, d.Parent, fmt.Sprintf("%s:%d", c.ID, c.Version), move)
}

// close frees the matter of an item that has ended, and ends the application with its last item.
func (s *Service) close(tx *store.Tx, c *casework.Case, d *itemData, who casework.By) error {
	if _, err := tx.Exec("DELETE FROM repair_open WHERE subject = $1 AND matter = $2 AND id = $3", string(c.Subject), d.Matter, c.ID); err != nil {
		return err
	}
	parent, err := s.c.Cases.Lock(tx, c.Subject, d.Parent)
	if err != nil {
		return err
	}
	if open, err := s.c.Cases.OpenChildren(tx, &parent); err != nil || open > 0 {
		return err
	}
	return s.c.Cases.Move(tx, &parent, "end", who, "")
}

// Accept takes an item up (受理): the body's clock of deciding begins.
func (s *Service) Accept(ctx context.Context, p account.Principal, c *casework.Case) error {
	return s.body(ctx, p, c, step{move: "accept", change: func(d *itemData) error { d.Accepted = s.today(); return nil }, after: s.setDecide})
}

// Ask names all gaps in one notice (一次性告知): the body's clock stands still until they are filled.
func (s *Service) Ask(ctx context.Context, p account.Principal, c *casework.Case, gaps string) error {
	return s.body(ctx, p, c, step{move: "ask", note: gaps, change: func(d *itemData) error { d.Gaps = gaps; return nil },
		after: func(tx *store.Tx, c *casework.Case, _ *itemData) error {
			return s.set(tx, c, supplementName, s.today(), s.c.Clocks.Supplement.Days)
		}})
}

// Supply answers to the gaps: the clock of acceptance runs anew from today.
func (s *Service) Supply(ctx context.Context, p account.Principal, c *casework.Case, text string) error {
	return s.own(ctx, p, c, step{move: "supply", note: text, change: func(d *itemData) error { d.Supplied, d.Running = text, s.today(); return nil },
		after: func(tx *store.Tx, c *casework.Case, _ *itemData) error {
			if err := s.set(tx, c, acceptName, s.today(), s.c.Clocks.Accept.Days); err != nil {
				return err
			}
			return s.remind(tx, c, c.Desk, "repair.supplied")
		}})
}

// Look begins a consultation (会商) or a visit (实地核查): the item leaves the fast track.
func (s *Service) Look(ctx context.Context, p account.Principal, c *casework.Case, visit bool, why string) error {
	move := "consult"
	if visit {
		move = "visit"
	}
	return s.body(ctx, p, c, step{move: move, note: why, change: func(d *itemData) error { d.Slow = true; return nil }, after: s.setDecide})
}

// Resume ends a consultation or visit with what came of it.
func (s *Service) Resume(ctx context.Context, p account.Principal, c *casework.Case, found string) error {
	return s.body(ctx, p, c, step{move: "resume", note: found})
}

// Extend puts the day of the decision off, once, with a reason that the subject sees.
func (s *Service) Extend(ctx context.Context, p account.Principal, c *casework.Case, why string) error {
	return s.body(ctx, p, c, step{move: "extend", note: why, change: func(d *itemData) error {
		if d.Extended != "" {
			return ErrExtended
		}
		d.Extended = why
		return nil
	}, after: s.setDecide})
}

// Withdraw ends an open item by its subject.
func (s *Service) Withdraw(ctx context.Context, p account.Principal, c *casework.Case) error {
	return s.own(ctx, p, c, step{move: "withdraw"})
}

// Refuse ends an item without repair: refused on review, declined before acceptance. The reason is one of [Refusals] with a
// note in the body's own words.
func (s *Service) Refuse(ctx context.Context, p account.Principal, c *casework.Case, code, note string) error {
	r, ok := refusalOf(code)
	if !ok {
		return ErrRefusal
	}
	move := "refuse"
	if c.State == Forwarded {
		move = "decline"
	}
	return s.body(ctx, p, c, step{move: move, note: r.Text + "：" + note, change: func(d *itemData) error {
		d.Code, d.Reason, d.Next = r.Code, r.Text, r.Next
		return nil
	}})
}

// matter finds the item's matter again among the subject's, as the rules see it today.
func (s *Service) matter(ctx context.Context, subject credit.Key, id string) (*Matter, error) {
	all, _, err := s.c.Matters.Repairable(ctx, subject)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == id {
			return &all[i], nil
		}
	}
	return nil, ErrGone
}
