package report

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/ledger"
)

// Status is whether a document is still in force.
type Status string

// The statuses.
const (
	Valid     Status = "valid"     // 有效
	Changed   Status = "changed"   // 有效，此后有变化
	Replaced  Status = "replaced"  // 已被新报告替代
	Withdrawn Status = "withdrawn" // 已作废：所依据的事实被更正或撤销
	Unknown   Status = "unknown"   // 无法核实
)

// status is how a document stands and why, with how the statements stand that it names. A statement that was
// taken back or replaced is a later change: the report was true on its day.
func (s *Service) status(ctx context.Context, key credit.Key, number string) (Status, []string, error) {
	st, why, err := s.ownStatus(ctx, key, number)
	if err != nil {
		return st, why, err
	}
	var text string
	if err := s.db.QueryRow(ctx, "SELECT inputs FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(&text); err != nil {
		return Unknown, nil, fmt.Errorf("report: reading document %s: %w", number, err)
	}
	var kept stored
	if err := json.Unmarshal([]byte(text), &kept); err != nil || len(kept.Statements) == 0 {
		return st, why, err
	}
	c, err := s.content(ctx, key, number)
	if err != nil {
		return Unknown, nil, err
	}
	says, ended, err := s.statementsStand(ctx, c)
	if ended && st == Valid {
		st = Changed
	}
	return st, append(why, says...), err
}

// ownStatus folds the subject as it is known now and compares it with what the document rests on.
func (s *Service) ownStatus(ctx context.Context, key credit.Key, number string) (Status, []string, error) {
	var text, newer, kept, reason string
	err := s.db.QueryRow(ctx, "SELECT inputs, newer, status, reason FROM document WHERE subject = $1 AND number = $2", string(key), number).
		Scan(&text, &newer, &kept, &reason)
	if err != nil {
		return Unknown, nil, fmt.Errorf("report: reading document %s: %w", number, err)
	}
	if Status(kept) == Withdrawn { // its holder was told so: it does not come back
		return Withdrawn, []string{reason}, nil
	}
	var st stored
	if err := json.Unmarshal([]byte(text), &st); err != nil {
		return Unknown, nil, err
	}
	reading := s.ledger.Reading()
	today := credit.DateOf(s.c.Now())
	now, versions, err := reading.Standing(ctx, key, max(today, st.On), nil)
	if err != nil {
		return Unknown, nil, err
	}
	if !st.Bare {
		c, err := s.content(ctx, key, number)
		if err != nil {
			return Unknown, nil, err
		}
		then, _, err := reading.Standing(ctx, key, st.On, st.Facts)
		if err != nil {
			return Unknown, nil, err
		}
		if reasons := undone(c, byMatter(then), byMatter(now)); len(reasons) > 0 {
			return Withdrawn, reasons, nil
		}
	}
	if newer != "" {
		return Replaced, []string{"已有新的报告 " + newer}, nil
	}
	if !slices.Equal(st.Facts, versions) {
		return Changed, []string{"出具之后该主体有新的记录或处理结果，本报告在出具之日属实"}, nil
	}
	if st.turned(today) {
		return Changed, []string{"自" + st.Turns.Chinese() + "起，有信息因公示期满等原因不再照此列示，本报告在出具之日属实"}, nil
	}
	return Valid, nil, nil
}

// matters are those of a standing.
type matters map[credit.MatterID]*ledger.Matter

func byMatter(st *ledger.Standing) matters {
	if st == nil {
		return nil
	}
	all := make(matters, len(st.Matters))
	for i := range st.Matters {
		all[st.Matters[i].ID] = &st.Matters[i]
	}
	return all
}

// undone names the facts of a document that were corrected or annulled since.
func undone(c *Content, then, now matters) []string {
	var reasons []string
	for _, r := range c.Records {
		id, _ := credit.ParseMatterID(r.Matter)
		was, is := then[id], now[id]
		if was == nil {
			continue
		}
		what := "报告所列" + cmp.Or(was.Record.DocNo, was.Record.Title, was.Record.List, was.Kind.Chinese())
		switch {
		case is == nil || was.Annulled == 0 && is.Annulled != 0 && reassigned(is):
			reasons = append(reasons, what+"的归属已更正，不属于该主体")
		case is.Withdrawn:
			reasons = append(reasons, what+"已由来源单位撤回")
		case was.Annulled == 0 && is.Annulled != 0:
			reasons = append(reasons, what+"已撤销")
		case corrected(was, is):
			reasons = append(reasons, what+"的内容已更正")
		}
	}
	return reasons
}

// reassigned tells that a matter was found to be another subject's.
func reassigned(m *ledger.Matter) bool {
	return slices.ContainsFunc(m.Events, func(f ledger.Fact) bool { return f.Event.Type == ledger.Reassigned })
}

// corrected tells whether the source changed its word on the decision itself. A repair, a removal or the
// end of publicity is a later change and no correction, and so is what the source says of the subject, such
// as a new name (更名 is lineage), or of itself.
func corrected(was, is *ledger.Matter) bool {
	if is.Seq == was.Seq && is.Subject == was.Subject {
		return false
	}
	return string(ledger.AppendRecord(nil, ofDecision(was.Record))) != string(ledger.AppendRecord(nil, ofDecision(is.Record)))
}

// ofDecision is what a record says of the decision itself, which is what a document rests on.
func ofDecision(r *credit.Record) *credit.Record {
	return &credit.Record{Kind: r.Kind, DocNo: r.DocNo, Part: r.Part, Title: r.Title, Behaviour: r.Behaviour, Facts: r.Facts, Basis: r.Basis, Content: r.Content,
		Seized: r.Seized, Penalties: r.Penalties, Procedure: r.Procedure, Fine: r.Fine, Confiscated: r.Confiscated, Decided: r.Decided,
		Authority: r.Authority, List: r.List}
}

func find(st *ledger.Standing, matter string) *ledger.Matter {
	for i := range st.Matters {
		if st.Matters[i].ID.String() == matter {
			return &st.Matters[i]
		}
	}
	return nil
}
