package repair

import (
	"context"
	"errors"

	"xinban/internal/casework"
	"xinban/internal/store"
)

// sweepRows is how many days that have come are worked off at once.
const sweepRows = 50

// system is who moves a case when nobody does.
var system = casework.By{Name: "系统"}

// Sweep reminds desks of items that are due on the next working day, tells the centre of those that are late, and ends
// those whose gaps were not filled in time; more tells that there are others. Each day is worked off in the transaction
// that takes it away: once, whenever the server is stopped. One that fails stays for the next sweep.
func (s *Service) Sweep(ctx context.Context) (more bool, err error) {
	var errs []error
	for _, name := range []string{beforeName, lateName} {
		n, err := s.each(ctx, name, func(tx *store.Tx, c *casework.Case) error { return s.warn(tx, c, name) })
		more, errs = more || n == sweepRows && err == nil, append(errs, err)
	}
	n, err := s.each(ctx, supplementName, s.lapse)
	s.c.Outbox.Wake()
	return more || n == sweepRows && err == nil, errors.Join(append(errs, err)...)
}

func (s *Service) each(ctx context.Context, name string, do func(tx *store.Tx, c *casework.Case) error) (n int, err error) {
	day := s.today()
	if name == supplementName {
		day = day.AddDays(-1) // its own day is still in time
	}
	list, err := s.c.Cases.DueBy(ctx, name, day, sweepRows)
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, d := range list {
		if d.Provisional {
			continue
		}
		errs = append(errs, s.c.DB.Tx(ctx, func(tx *store.Tx) error {
			c, err := s.c.Cases.Lock(tx, d.Subject, d.Case)
			if err != nil {
				return err
			}
			if err := s.c.Cases.Drop(tx, d.Subject, d.Case, name); err != nil {
				return err
			}
			return do(tx, &c)
		}))
	}
	return len(list), errors.Join(errs...)
}

// warn tells the desk before the day, and the centre after it.
func (s *Service) warn(tx *store.Tx, c *casework.Case, name string) error {
	if c.Closed != 0 || c.State == Supplement && name == lateName {
		return nil
	}
	desk := c.Desk
	if name == lateName {
		desk = centreDesk
	}
	return s.remind(tx, c, desk, name)
}

// lapse ends an item whose gaps were not filled in time. It may be asked for again at once.
func (s *Service) lapse(tx *store.Tx, c *casework.Case) error {
	if c.State != Supplement {
		return nil
	}
	d, err := itemOf(c)
	if err != nil {
		return err
	}
	d.Reason, d.Next = "逾期未补正", "备齐后可以重新申请，原来填写的内容会带入"
	if err := put(c, d); err != nil {
		return err
	}
	if err := s.c.Cases.Move(tx, c, "lapse", system, d.Gaps); err != nil {
		return err
	}
	return s.settle(tx, c, &d, "lapse", system)
}
