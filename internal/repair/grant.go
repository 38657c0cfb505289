package repair

import (
	"context"
	"errors"
	"slices"
	"strings"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Grant ends an item with the repair of its matter (准予修复). The rules are asked again: what has become a plain no since
// the application refuses the grant with its reasons. verified says how the body found that the conduct was put right
// and every duty performed. Whoever calls it has asked for the password again.
func (s *Service) Grant(ctx context.Context, p account.Principal, c *casework.Case, verified string) error {
	d, err := itemOf(c)
	if err != nil {
		return err
	}
	if err := s.may(p, &d); err != nil {
		return err
	}
	if verified = strings.TrimSpace(verified); verified == "" {
		return ErrUnverified
	}
	for range grantTries {
		if err = s.grant(ctx, p, c, d, verified); !errors.Is(err, errMovedOn) {
			break
		}
	}
	return err
}

// grantTries is how often a grant is looked at anew when facts of the subject come in at that moment.
const grantTries = 8

func (s *Service) grant(ctx context.Context, p account.Principal, c *casework.Case, d itemData, verified string) error {
	m, err := s.matter(ctx, c.Subject, d.Matter)
	if err != nil {
		return err
	}
	if m.Disputed {
		return ErrDisputed
	}
	if no := m.Blocked(); len(no) > 0 {
		return &NotNow{m.DocNo, no}
	}
	return s.run(ctx, p, c, &d, step{move: "grant", note: verified, change: func(d *itemData) error { d.Verified = verified; return nil },
		after: func(tx *store.Tx, c *casework.Case, d *itemData) error { return s.effect(tx, p, c, d, m) }})
}

// effect writes the repair into the ledger and tells whoever has to know, all in the transaction of the decision: what
// reports, gates and pages say changes with it. An entry of a list is removed, any other matter repaired.
func (s *Service) effect(tx *store.Tx, p account.Principal, c *casework.Case, d *itemData, m *Matter) error {
	id, err := credit.ParseMatterID(d.Matter)
	if err != nil {
		return err
	}
	what := ledger.Repaired
	if m.Kind.Listing() {
		what = ledger.Removed
	}
	f, err := ledger.NewEvent(m.Lies, m.Kind, id, ledger.Event{Type: what, Reason: "信用修复：" + d.Verified, By: p.Login, Ref: c.ID, On: s.today()}, s.c.Now().UnixMilli())
	if err != nil {
		return err
	}
	seq, err := s.c.Ledger.Append(tx, ledger.Subject{Key: m.Lies}, f)
	if err == nil && seq != m.Seen+1 {
		err = errMovedOn
	}
	if err != nil {
		return err
	}
	if err := s.c.Touch(tx, slices.Compact([]credit.Key{m.Lies, c.Subject})...); err != nil {
		return err
	}
	if s.c.Granted == nil {
		return nil
	}
	return s.c.Granted(tx, s.effectOf(c, d, id, seq, true))
}

func (s *Service) effectOf(c *casework.Case, d *itemData, id credit.MatterID, seq int64, ends bool) Effect {
	reason := d.Verified
	if !ends {
		reason = "修复撤销"
	}
	return Effect{Seq: seq, Domain: d.Domain, Reason: reason, Subject: d.Lies, Matter: id, Ends: ends, DocNo: d.DocNo, Name: d.Name, Authority: d.Authority, Decided: d.Decided, Item: c.ID, On: s.today()}
}
