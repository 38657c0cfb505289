package repair

import (
	"context"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// taken is an item that is open for a matter.
type taken struct {
	subject    credit.Key
	matter, id string
}

// Project ends open items whose matter has nothing left to repair, because it was repaired elsewhere, annulled, taken off
// its list, or belongs to another: a repair that was granted on another platform arrives as a fact and is honoured here.
func (s *Service) Project(ctx context.Context, key credit.Key, facts []ledger.Fact) ([]func(*store.Tx) error, error) {
	open, err := s.takenUnder(ctx, key)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	st := ledger.Fold(key, facts, 0, s.today())
	var steps []func(*store.Tx) error
	for _, t := range open {
		if why := over(st, t.matter, s.today()); why != "" {
			steps = append(steps, func(tx *store.Tx) error { return s.moot(tx, t, why) })
		}
	}
	return steps, nil
}

func (s *Service) takenUnder(ctx context.Context, key credit.Key) (all []taken, err error) {
	rows, err := s.c.DB.Query(ctx, "SELECT subject, matter, id FROM repair_open WHERE lies = $1", string(key))
	if err != nil {
		return nil, fmt.Errorf("repair: looking for open items: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var t taken
		if err := rows.Scan(&t.subject, &t.matter, &t.id); err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, rows.Err()
}

// over is why nothing is left of a matter on a day; empty when it stands.
func over(st *ledger.Standing, matter string, on credit.Date) string {
	come := func(d credit.Date) bool { return d != 0 && d <= on }
	for i := range st.Matters {
		m := &st.Matters[i]
		switch {
		case m.ID.String() != matter:
		case come(m.Repaired):
			return "该信息已于" + m.Repaired.Chinese() + "在其他渠道修复，效果相同"
		case come(m.Removed):
			return "已于" + m.Removed.Chinese() + "移出名单"
		case come(m.Annulled):
			return "决定已于" + m.Annulled.Chinese() + "撤销或者更正归属"
		case m.Withdrawn:
			return "来源单位已撤回该信息"
		default:
			return ""
		}
	}
	return ""
}

func (s *Service) moot(tx *store.Tx, t taken, why string) error {
	c, err := s.c.Cases.Lock(tx, t.subject, t.id)
	if err != nil || c.Closed != 0 {
		return err
	}
	d, err := itemOf(&c)
	if err != nil {
		return err
	}
	d.Reason = why
	if err := put(&c, d); err != nil {
		return err
	}
	if err := s.c.Cases.Move(tx, &c, "moot", system, why); err != nil {
		return err
	}
	return s.settle(tx, &c, &d, "moot", system)
}
