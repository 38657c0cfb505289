package law

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
)

// Judgement is what an edition says of one matter on a day. Every hidden matter names the rule that hid it.
type Judgement struct {
	Counts   bool             // counted as a violation record (违法违规记录)
	Shown    bool             // stands on the sheet
	Disputed bool             // 异议处理中
	Adverse  decision.Outcome // what an automatic decision may take from it; unknown while disputed
	Detail   Detail
	Rule     *Rule // the row that counted, showed or hid it
	mark     string
	removed  credit.Date
}

// Mark is the words that stand beside a shown record, such as 已修复 or 已移出 2025年3月1日; empty for none.
func (j *Judgement) Mark() string {
	m := j.mark
	if j.removed != 0 {
		m += " " + j.removed.Chinese()
	}
	if j.Shown && j.Disputed {
		if m != "" {
			m += "；"
		}
		m += "异议处理中"
	}
	return m
}

// Judge says what the edition makes of a matter on a day, given its class and window of that day. An
// annulled matter is never counted.
func (e *Edition) Judge(m *Matter, c *ClassAnswer, w *Window, on credit.Date) Judgement {
	rule := e.rules.record(m)
	if rule == e.rules.outside {
		return Judgement{Rule: rule, Adverse: decision.No, Detail: e.Detail}
	}
	row := &e.rows[e.state(m, w, on)]
	j := Judgement{Counts: row.counts, Shown: row.shown, Disputed: m.Disputed, Detail: e.Detail, Rule: row.rule, mark: row.mark}
	if row.markUnpublished != "" && w.Publishable == decision.No {
		j.mark = row.markUnpublished
	}
	if row.markRemoved {
		j.removed = m.Removed
	}
	if j.Adverse = decision.Of(row.counts); row.counts && m.Disputed {
		j.Adverse = decision.Unknown
	}
	return j
}

// record returns the row by which a matter is a violation record, or the rule that leaves it outside.
func (r *ReportRules) record(m *Matter) *Rule {
	if int(m.Kind) < len(r.records) {
		row := &r.records[m.Kind]
		if row.rule != nil && (row.procedures == 0 || row.procedures&(1<<m.Procedure) != 0) {
			return row.rule
		}
	}
	for i := range r.extra {
		if x := &r.extra[i]; x.kind == m.Kind && x.domain == m.Domain {
			return x.rule
		}
	}
	return r.outside
}

func (e *Edition) state(m *Matter, w *Window, on credit.Date) state {
	switch {
	case happened(m.Annulled, on):
		return stateAnnulled
	case happened(m.Removed, on):
		return stateRemoved
	case happened(m.Repaired, on):
		return stateRepaired
	case w.Over(on):
		return stateExpired
	case m.Penalties != 0 && m.Penalties&^e.rules.light == 0:
		return stateLight
	}
	return stateCurrent
}
