package app

import (
	"context"
	"fmt"
	"strconv"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/objection"
	"xinban/internal/report"
	"xinban/internal/store"
)

// objections opens the objections to matters.
func (a *App) objections(ctx context.Context) (err error) {
	a.Objection, err = objection.New(ctx, objection.Config{DB: a.DB, Cases: a.Casework, Outbox: a.Outbox, Matters: disputes{a}, Change: a.Ledger.Change,
		Organs: a.Organs, Books: a.Books.Book, Region: a.region, Calendar: a.Calendar, Now: a.Now, Tell: a.Following.ObjectionMoved})
	return err
}

// disputes tells the objections which matters a subject may see of itself, and the ledger what becomes of them.
type disputes struct{ a *App }

func (d disputes) Matters(ctx context.Context, subject credit.Key) ([]objection.Matter, error) {
	own, name, err := d.a.Report.OwnMatters(ctx, subject)
	if err != nil {
		return nil, err
	}
	var all []objection.Matter
	for i := range own {
		if own[i].Kind != credit.Registration {
			all = append(all, d.matter(&own[i], name))
		}
	}
	return all, nil
}

func (d disputes) matter(m *report.MatterCheck, name string) objection.Matter {
	gone := m.Withdrawn || m.Annulled != 0 && m.Annulled <= credit.DateOf(d.a.Now())
	return objection.Matter{ID: m.ID.String(), Key: m.Subject, Kind: m.Kind, Subject: name, DocNo: m.Record.DocNo, Title: m.Record.Title, Authority: m.Organ,
		Organ: m.Law.Organ, Domain: m.Domain, Decided: m.Record.Decided, Gone: gone}
}

func (d disputes) Matter(ctx context.Context, subject credit.Key, matter string) (objection.Matter, error) {
	all, err := d.Matters(ctx, subject)
	if err != nil {
		return objection.Matter{}, err
	}
	for _, m := range all {
		if m.ID == matter {
			return m, nil
		}
	}
	return objection.Matter{}, objection.ErrNoMatter
}

// changes are the events that change what a matter says or that it stands.
var changes = map[ledger.EventType]string{ledger.Corrected: "更正", ledger.Withdrawn: "撤回", ledger.Annulled: "撤销", ledger.Reassigned: "归属更正",
	ledger.Repaired: "信用修复", ledger.RepairRevoked: "修复撤销", ledger.Removed: "移出", ledger.Adopted: "采纳新报送的内容"}

func (d disputes) Corrections(ctx context.Context, key credit.Key, matter string, since int64) (all []objection.Correction, err error) {
	facts, err := d.a.Ledger.Read(ctx, key)
	if err != nil {
		return nil, err
	}
	for i := range facts {
		f := &facts[i]
		if f.Op != ledger.OpEvent || f.Recorded < since || f.Matter.String() != matter {
			continue
		}
		if what := changes[f.Event.Type]; what != "" {
			all = append(all, objection.Correction{Ref: strconv.FormatInt(f.Seq, 10), What: what, Reason: f.Event.Reason, On: f.Effective})
		}
	}
	return all, nil
}

func (d disputes) Mark(tx *store.Tx, m objection.Mark) error {
	id, err := credit.ParseMatterID(m.Matter)
	if err != nil {
		return err
	}
	e := ledger.Event{Type: ledger.Disputed, Reason: m.Reason, By: m.Login, Ref: m.Case, On: m.On}
	if m.Closed {
		e.Type = ledger.DisputeClosed
	}
	f, err := ledger.NewEvent(m.Key, m.Kind, id, e, d.a.Now().UnixMilli())
	if err != nil {
		return err
	}
	if _, err := d.a.Ledger.Append(tx, ledger.Subject{Key: m.Key}, f); err != nil {
		return fmt.Errorf("app: marking a dispute: %w", err)
	}
	return d.a.Intake.Touch(tx, m.Key)
}
