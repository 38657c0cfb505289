package receive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"xinban/internal/audit"
	"xinban/internal/store"
)

// Look bounds.
const (
	lookAtOnce = 20             // papers in one step
	lookFailed = time.Hour      // until one is tried again that could not be looked at
	lookEvery  = 24 * time.Hour // a paper may change by the passing of time alone, as when publicity of a record ends
)

// Look asks again how the papers stand whose time has come, at once where something was noted and otherwise once a day,
// and tells what it finds. That something newer is known is told only with the subject's grant at that moment, and is in
// the subject's access log; the grant's times are not used, since no record is read. more says that others wait.
func (s *Service) Look(ctx context.Context) (more bool, err error) {
	now := s.c.Now()
	due, err := scanHolders(s.db.Query(ctx, "SELECT "+holderColumns+" FROM receive_holder WHERE status = 'valid' AND look <= $1 ORDER BY look, number, receiver LIMIT $2",
		now.UnixMilli(), int64(lookAtOnce)))
	if err != nil {
		return false, fmt.Errorf("receive: looking for papers that may have changed: %w", err)
	}
	var faults []error
	for i := range due {
		if err := s.lookAt(ctx, &due[i], now); err != nil { // one that cannot be looked at holds up no other
			faults = append(faults, fmt.Errorf("receive: looking at paper %s again: %w", due[i].number, err), s.lookLater(ctx, &due[i], now.Add(lookFailed)))
		}
	}
	return len(due) == lookAtOnce, errors.Join(faults...)
}

func (s *Service) lookLater(ctx context.Context, h *holder, at time.Time) error {
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE receive_holder SET look = $1 WHERE number = $2 AND receiver = $3", at.UnixMilli(), h.number, h.receiver)
		return err
	})
}

func (s *Service) lookAt(ctx context.Context, h *holder, now time.Time) error {
	status, err := s.c.Reports.Status(ctx, h.subject, h.number)
	if err != nil {
		return err
	}
	if status == Changed {
		if err := s.mayKnow(ctx, h); refusal(err) {
			status = Valid // nothing is said
		} else if err != nil {
			return err
		}
	}
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE receive_holder SET look = $1 WHERE number = $2 AND receiver = $3", now.Add(lookEvery).UnixMilli(), h.number, h.receiver)
		if err != nil || weight(status) == 0 {
			return err
		}
		if status == Changed {
			e := audit.Entry{Subject: h.subject, At: now, Actor: h.actor, Action: audit.View, Purpose: "按授权得知所持报告出具后有变化", Document: h.number}
			if err := audit.Record(tx, e); err != nil {
				return err
			}
		}
		return s.inform(tx, h, status)
	})
}
