package ledger

import (
	"cmp"
	"context"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Verdict is what became of one row.
type Verdict uint8

// The verdicts of a merge. Quarantine happens before it, but for Conflict.
const (
	NoVerdict Verdict = iota
	Accepted          // 新增
	Unchanged         // 未变
	Amended           // 变更
	Conflict          // one file says two things of one matter; the row goes to quarantine
)

// Incoming is one row on its way into the ledger.
type Incoming struct {
	Key       credit.Key
	Class     credit.SubjectClass
	Name      string
	Kind      credit.Kind
	Matter    credit.MatterID
	Row       int64
	Effective credit.Date
	Digest    int64
	Body      []byte       // packed by [Packer]
	Aliases   []credit.Key // of a registration: legacy numbers that lead to the subject
}

// Outcome is the verdict on one incoming row.
type Outcome struct {
	Row     int64
	Verdict Verdict
	Other   int64 // Conflict, or Unchanged within one file: the row it meets
	// Contradicts tells that an amendment speaks of a matter that was decided upon meanwhile (repaired,
	// annulled, disputed): it is kept, does not win by itself, and opens a reconciliation item.
	Contradicts bool
	Fresh       bool // the subject was not on record before this row
	Named       bool // the row names the subject otherwise than the directory does, or is its first
}

// Batch says where the rows of a merge come from.
type Batch struct {
	Source   int64
	Load     int64
	Recorded int64 // UTC ms
	Met      *Met  // shared by all merges of the load; nil when there is only one part
}

// PartWriter writes what belongs to a part of a merge, in the same transaction.
type PartWriter func(ctx context.Context, tx *store.Tx, part []Incoming, outs []Outcome) error

// mergeRows is how many rows one transaction of a merge takes, so that service never waits long.
const mergeRows = 1500

// Merge appends a run of rows, sorted by key and then row, comparing each with the last word of its
// source. It is idempotent: after a crash the same run gives the same verdicts and adds only what is
// missing. within is called in the transaction of each part, and again when it is retried; done after
// it is committed. The store is durable only after a later service transaction.
func (l *Ledger) Merge(ctx context.Context, b Batch, rows []Incoming, within PartWriter, done func([]Incoming, []Outcome)) error {
	part, rest := cut(rows)
	known := l.ahead(ctx, b.Source, part)
	defer func() { _, _ = known() }() // nothing reads on after the merge
	for len(part) > 0 {
		h, err := known()
		if err != nil {
			return fmt.Errorf("ledger: merging rows: %w", err)
		}
		next, after := cut(rest)
		known = l.ahead(ctx, b.Source, next)
		if err := l.mergePart(ctx, b, part, h, within, done); err != nil {
			return err
		}
		if len(next) > 0 && next[0].Key == part[len(part)-1].Key {
			known = nothingKnown // what was just written of the subject belongs to it
		}
		part, rest = next, after
	}
	return nil
}

// cut takes the next part off the rows.
func cut(rows []Incoming) (part, rest []Incoming) {
	if len(rows) == 0 {
		return nil, nil
	}
	n := partEnd(rows)
	return rows[:n], rows[n:]
}

// partEnd is how many rows the next part takes: whole subjects where they are small.
func partEnd(rows []Incoming) int {
	n := min(mergeRows, len(rows))
	for n < len(rows) && n < 2*mergeRows && rows[n].Key == rows[n-1].Key {
		n++
	}
	return n
}

// mergePart decides on the rows of a part by known, which was read ahead, and writes them. Who wrote to
// one of its subjects since took the place in the sequence where the part's next fact belongs: the part
// is then decided anew by what the transaction reads.
func (l *Ledger) mergePart(ctx context.Context, b Batch, part []Incoming, known heads, within PartWriter, done func([]Incoming, []Outcome)) error {
	var outs []Outcome
	err := patiently(ctx, func() error {
		return l.db.Bulk(ctx, func(tx *store.Tx) (err error) {
			m := merging{b: b, heads: known, facts: make([][]any, 0, len(part)), outs: make([]Outcome, 0, len(part))}
			if known = nil; m.heads == nil {
				if m.heads, err = l.readHeads(tx.Query, b.Source, part); err != nil {
					return err
				}
			}
			for i := range part {
				m.row(&part[i])
			}
			if err := tx.Insert("fact", factColumnList, m.facts); err != nil {
				return err
			}
			if err := enter(tx, m.fresh, m.names); err != nil {
				return err
			}
			outs = m.outs
			return within(ctx, tx, part, m.outs)
		})
	})
	if err != nil {
		return fmt.Errorf("ledger: merging rows: %w", err)
	}
	b.Met.note(part, outs)
	done(part, outs)
	return nil
}

type merging struct {
	b     Batch
	heads heads
	facts [][]any
	fresh []newSubject
	names []nameOf // other names of subjects on record
	outs  []Outcome
}

func (m *merging) row(in *Incoming) {
	h := m.heads[in.Key]
	prev, seen := h.last[in.Matter]
	out := Outcome{Row: in.Row}
	switch {
	case seen && prev.load == m.b.Load && prev.row == in.Row: // committed before a crash
		out.Verdict = firstOrAmended(prev.version)
		out.Contradicts = prev.version > 1 && h.decided[in.Matter] && !prev.agrees(in.Digest)
	case seen && prev.digest == in.Digest:
		out.Verdict = Unchanged
		if out.Other = m.b.Met.row(in); prev.load == m.b.Load {
			out.Other = prev.row
		} else {
			prev.load, prev.row = m.b.Load, cmp.Or(out.Other, in.Row)
			h.last[in.Matter] = prev
		}
	case seen && prev.load == m.b.Load:
		out.Verdict, out.Other = Conflict, prev.row
	case seen && m.b.Met.row(in) != 0:
		out.Verdict, out.Other = Conflict, m.b.Met.row(in)
	default:
		out.Verdict = firstOrAmended(prev.version + 1)
		out.Contradicts = prev.version > 0 && h.decided[in.Matter] && !prev.agrees(in.Digest)
		out.Fresh, out.Named = h.seq == 0, in.Name != h.name
		m.append(h, in)
	}
	m.outs = append(m.outs, out)
}

func firstOrAmended(version int) Verdict {
	if version == 1 {
		return Accepted
	}
	return Amended
}

func (m *merging) append(h *head, in *Incoming) {
	switch {
	case h.seq == 0 || in.Kind == credit.Registration:
		renamed := h.seq > 0 && in.Name != "" && in.Name != h.name
		m.fresh = append(m.fresh, newSubject{Subject{in.Key, in.Class, in.Name}, m.b.Recorded, in.Aliases, renamed})
		if h.seq == 0 || renamed {
			h.name = in.Name
		}
	case in.Name != "" && in.Name != h.name:
		m.names = addName(m.names, nameOf{in.Name, in.Key})
	}
	f := Fact{Subject: in.Key, Seq: h.seq + 1, Op: OpAssertion, Kind: in.Kind, Matter: in.Matter, Source: m.b.Source,
		Load: m.b.Load, Row: in.Row, Effective: in.Effective, Recorded: m.b.Recorded, Digest: in.Digest, body: in.Body}
	m.facts = append(m.facts, f.values())
	h.seq = f.Seq
	h.note(OpAssertion, in.Matter, lastWord{seq: f.Seq, digest: in.Digest, load: m.b.Load, row: in.Row})
}

// PartRows is about how many rows one transaction of a merge takes.
const PartRows = mergeRows

// InsertRaw writes rows without asking what is there: the measure that a merge is compared with. seqs
// holds the last seq of each subject.
func (l *Ledger) InsertRaw(tx *store.Tx, b Batch, rows []Incoming, seqs map[credit.Key]int64) error {
	m := merging{b: b, facts: make([][]any, 0, len(rows))}
	for i := range rows {
		h := &head{seq: seqs[rows[i].Key], name: rows[i].Name}
		m.append(h, &rows[i])
		seqs[rows[i].Key] = h.seq
	}
	if err := tx.Insert("fact", factColumnList, m.facts); err != nil {
		return err
	}
	return enter(tx, m.fresh, m.names)
}
