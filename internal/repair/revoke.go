package repair

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Revocation is what followed when a repair turned out to rest on false material or a broken commitment.
type Revocation struct {
	Item  string
	On    credit.Date
	Why   string
	Until credit.Date // last day on which the subject may not ask; not confirmed by a text, see the rule set
	Shown credit.Date // last day on which the breach is shown
}

// Errors of a revocation. Their text is shown.
var (
	ErrNotGranted = errors.New("只有已经准予的修复可以撤销")
	ErrRevoked    = errors.New("这项修复已经撤销")
	ErrWhy        = errors.New("请写明查实的虚假材料或者违反承诺的事实，10至500字")
)

// Revoke takes a repair back that was got by concealment: the record returns for the rest of its period, the breach is
// kept, and the subject may not ask until the rule set's bar is over. Only the body that decides today may, whoever calls
// it has asked for the password again.
func (s *Service) Revoke(ctx context.Context, p account.Principal, c *casework.Case, why string) error {
	d, err := itemOf(c)
	if err != nil {
		return err
	}
	if err := s.may(p, &d); err != nil {
		return err
	}
	switch why = strings.TrimSpace(why); {
	case c.State != Granted:
		return ErrNotGranted
	case len([]rune(why)) < 10:
		return ErrWhy
	}
	r := Revocation{Item: c.ID, On: s.today(), Why: why}
	if s.c.Bar != nil {
		r.Until, r.Shown = s.c.Bar(r.On)
	}
	err = s.c.Ledger.Change(ctx, func(tx *store.Tx) error { return s.revoke(tx, p, c, &d, r) })
	s.c.Outbox.Wake()
	if err != nil {
		return fmt.Errorf("repair: revoking: %w", err)
	}
	return nil
}

func (s *Service) revoke(tx *store.Tx, p account.Principal, c *casework.Case, d *itemData, r Revocation) error {
	var n int64
	if err := tx.QueryRow("SELECT COUNT(*) FROM repair_revoked WHERE subject = $1 AND id = $2", string(c.Subject), c.ID).Scan(&n); err != nil {
		return err
	}
	if n > 0 {
		return ErrRevoked
	}
	_, err := tx.Exec("INSERT INTO repair_revoked (subject, id, revoked, why, until, shown, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		string(c.Subject), c.ID, int64(r.On), r.Why, int64(r.Until), int64(r.Shown), p.ID)
	if err != nil {
		return err
	}
	id, err := credit.ParseMatterID(d.Matter)
	if err != nil {
		return err
	}
	f, err := ledger.NewEvent(d.Lies, d.Kind, id, ledger.Event{Type: ledger.RepairRevoked, Reason: r.Why, By: p.Login, Ref: c.ID, On: r.On}, s.c.Now().UnixMilli())
	if err != nil {
		return err
	}
	seq, err := s.c.Ledger.Append(tx, ledger.Subject{Key: d.Lies}, f)
	if err != nil {
		return err
	}
	if err := s.c.Touch(tx, slices.Compact([]credit.Key{d.Lies, c.Subject})...); err != nil {
		return err
	}
	if s.c.Granted != nil {
		if err := s.c.Granted(tx, s.effectOf(c, d, id, seq, false)); err != nil {
			return err
		}
	}
	if s.c.Teller != nil {
		if err := s.c.Teller.RepairMoved(tx, c.Subject, d.Asker, d.Parent, c.ID+":revoked", "revoke"); err != nil {
			return err
		}
	}
	return s.log(tx, p, c.Subject, audit.Amend)
}

// RevocationOf returns the revocation of an item; nil for none.
func (s *Service) RevocationOf(ctx context.Context, c *casework.Case) (*Revocation, error) {
	r := Revocation{Item: c.ID}
	var on, until, shown int64
	err := s.c.DB.QueryRow(ctx, "SELECT revoked, why, until, shown FROM repair_revoked WHERE subject = $1 AND id = $2", string(c.Subject), c.ID).Scan(&on, &r.Why, &until, &shown)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("repair: reading a revocation: %w", err)
	}
	r.On, r.Until, r.Shown = credit.Date(on), credit.Date(until), credit.Date(shown)
	return &r, nil
}

// BarredUntil is the last day on which a subject may not ask, 0 for none: the rules are given it with every question.
func (s *Service) BarredUntil(ctx context.Context, subject credit.Key) (credit.Date, error) {
	var until int64
	if err := s.c.DB.QueryRow(ctx, "SELECT COALESCE(MAX(until), 0) FROM repair_revoked WHERE subject = $1", string(subject)).Scan(&until); err != nil {
		return 0, fmt.Errorf("repair: looking for a bar: %w", err)
	}
	return credit.Date(until), nil
}
