package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
}

// Batch says where the rows of a merge come from.
type Batch struct {
	Source   int64
	Load     int64
	Recorded int64 // UTC ms
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
	for len(rows) > 0 {
		n := partEnd(rows)
		part := rows[:n]
		if err := l.mergePart(ctx, b, part, within, done); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// partEnd is how many rows the next part takes: whole subjects where they are small.
func partEnd(rows []Incoming) int {
	n := min(mergeRows, len(rows))
	for n < len(rows) && n < 2*mergeRows && rows[n].Key == rows[n-1].Key {
		n++
	}
	return n
}

func (l *Ledger) mergePart(ctx context.Context, b Batch, part []Incoming, within PartWriter, done func([]Incoming, []Outcome)) error {
	var err error
	var outs []Outcome
	for range changeRetries {
		err = l.db.Bulk(ctx, func(tx *store.Tx) error {
			m := merging{b: b, heads: map[credit.Key]*head{}, facts: make([][]any, 0, len(part)), outs: make([]Outcome, 0, len(part))}
			if err := m.readHeads(tx, part); err != nil {
				return err
			}
			for i := range part {
				m.row(&part[i])
			}
			if err := tx.Insert("fact", factColumnList, m.facts); err != nil {
				return err
			}
			if err := enter(tx, m.fresh); err != nil {
				return err
			}
			outs = m.outs
			return within(ctx, tx, part, m.outs)
		})
		if err == nil {
			done(part, outs)
			return nil
		}
		if !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("ledger: merging rows: %w", err)
}

// head is what a merge needs to know of a subject's present facts.
type head struct {
	seq     int64
	decided map[credit.MatterID]bool
	last    map[sourceMatter]lastWord
}

type sourceMatter struct {
	source int64
	matter credit.MatterID
}

type lastWord struct {
	digest, load, row int64
	version           int
}

type merging struct {
	b     Batch
	heads map[credit.Key]*head
	facts [][]any
	fresh []newSubject
	outs  []Outcome
}

// headKeys is how many subjects one statement asks for; the list is filled up with its last key so
// that one statement serves every part.
const headKeys = 128

var headQuery = "SELECT subject, seq, op, matter, source, load, row, digest FROM fact WHERE subject IN ($1" + func() string {
	var b strings.Builder
	for i := 2; i <= headKeys; i++ {
		fmt.Fprintf(&b, ", $%d", i)
	}
	return b.String()
}() + ") ORDER BY subject, seq"

func (m *merging) readHeads(tx *store.Tx, part []Incoming) error {
	keys := make([]any, 0, headKeys)
	for i := 0; i < len(part); {
		keys = keys[:0]
		for ; i < len(part) && len(keys) < headKeys; i++ {
			if k := string(part[i].Key); len(keys) == 0 || keys[len(keys)-1] != k {
				keys = append(keys, k)
				m.heads[part[i].Key] = &head{}
			}
		}
		for len(keys) < headKeys {
			keys = append(keys, keys[len(keys)-1])
		}
		if err := m.readSome(tx, keys); err != nil {
			return fmt.Errorf("ledger: reading the last words of subjects: %w", err)
		}
	}
	return nil
}

func (m *merging) readSome(tx *store.Tx, keys []any) error {
	rows, err := tx.Query(headQuery, keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var key string
	var h *head
	var at credit.Key
	for rows.Next() {
		var seq, op, source, load, row, digest int64
		var matter []byte
		if err := rows.Scan(&key, &seq, &op, &matter, &source, &load, &row, &digest); err != nil {
			return err
		}
		if h == nil || at != credit.Key(key) {
			at = credit.Key(key)
			h = m.heads[at]
		}
		h.note(seq, Op(op), credit.MatterID(matter), source, lastWord{digest: digest, load: load, row: row})
	}
	return rows.Err()
}

func (h *head) note(seq int64, op Op, matter credit.MatterID, source int64, w lastWord) {
	h.seq = seq
	if op == OpEvent {
		if h.decided == nil {
			h.decided = map[credit.MatterID]bool{}
		}
		h.decided[matter] = true
		return
	}
	if h.last == nil {
		h.last = map[sourceMatter]lastWord{}
	}
	k := sourceMatter{source, matter}
	w.version = h.last[k].version + 1
	h.last[k] = w
}

func (m *merging) row(in *Incoming) {
	h := m.heads[in.Key]
	k := sourceMatter{m.b.Source, in.Matter}
	prev, seen := h.last[k]
	out := Outcome{Row: in.Row}
	switch {
	case seen && prev.load == m.b.Load && prev.row == in.Row: // committed before a crash
		out.Verdict = firstOrAmended(prev.version)
		out.Contradicts = prev.version > 1 && h.decided[in.Matter]
	case seen && prev.digest == in.Digest:
		out.Verdict = Unchanged
		if prev.load == m.b.Load {
			out.Other = prev.row
		}
		h.last[k] = lastWord{digest: in.Digest, load: m.b.Load, row: in.Row, version: prev.version}
	case seen && prev.load == m.b.Load:
		out.Verdict, out.Other = Conflict, prev.row
	default:
		out.Verdict = firstOrAmended(prev.version + 1)
		out.Contradicts = prev.version > 0 && h.decided[in.Matter]
		out.Fresh = h.seq == 0
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
	if h.seq == 0 || in.Kind == credit.Registration {
		m.fresh = append(m.fresh, newSubject{Subject{in.Key, in.Class, in.Name}, m.b.Recorded, in.Aliases})
	}
	f := Fact{Subject: in.Key, Seq: h.seq + 1, Op: OpAssertion, Kind: in.Kind, Matter: in.Matter, Source: m.b.Source,
		Load: m.b.Load, Row: in.Row, Effective: in.Effective, Recorded: m.b.Recorded, Digest: in.Digest, body: in.Body}
	m.facts = append(m.facts, f.values())
	h.note(f.Seq, OpAssertion, in.Matter, m.b.Source, lastWord{digest: in.Digest, load: m.b.Load, row: in.Row})
}

// PartRows is about how many rows one transaction of a merge takes.
const PartRows = mergeRows

// InsertRaw writes rows without asking what is there: the measure that a merge is compared with. seqs
// holds the last seq of each subject.
func (l *Ledger) InsertRaw(tx *store.Tx, b Batch, rows []Incoming, seqs map[credit.Key]int64) error {
	m := merging{b: b, facts: make([][]any, 0, len(rows))}
	for i := range rows {
		h := &head{seq: seqs[rows[i].Key]}
		m.append(h, &rows[i])
		seqs[rows[i].Key] = h.seq
	}
	if err := tx.Insert("fact", factColumnList, m.facts); err != nil {
		return err
	}
	return enter(tx, m.fresh)
}
