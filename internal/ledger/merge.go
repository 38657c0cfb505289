package ledger

import (
	"cmp"
	"context"
	"errors"
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
	ctx, cancel := context.WithCancel(ctx)
	m := merger{l: l, b: b, within: within, done: done}
	err := m.all(ctx, l.ahead(ctx, b.Source, rows))
	cancel()
	if err != nil {
		return fmt.Errorf("ledger: merging rows: %w", err)
	}
	return nil
}

// merger writes the parts of a run: the next one is handed to the store while one is written.
type merger struct {
	l      *Ledger
	b      Batch
	within PartWriter
	done   func([]Incoming, []Outcome)
}

// started is a part on its way into the store.
type started struct {
	rows []Incoming
	outs []Outcome
	wait func() error
}

func (m *merger) all(ctx context.Context, parts <-chan aheadPart) error {
	defer func() {
		for range parts { // nothing reads on after the merge
		}
	}()
	var before *started
	for p := range parts {
		if p.err != nil {
			return errors.Join(p.err, m.end(ctx, before))
		}
		if p.joined {
			if err := m.end(ctx, before); err != nil {
				return err
			}
			before = nil
		}
		now := m.start(ctx, p)
		if err := m.end(ctx, before); err != nil {
			_ = now.wait() // it is in or not; the load goes on from what is there
			return err
		}
		before = now
	}
	return errors.Join(m.end(ctx, before), ctx.Err())
}

func (m *merger) start(ctx context.Context, p aheadPart) *started {
	s := &started{rows: p.rows}
	s.wait = m.l.db.StartBulk(ctx, func(tx *store.Tx) error { return m.write(ctx, tx, s, p.known) })
	return s
}

// end waits for a part. Who wrote to one of its subjects since it was read ahead took the place in the sequence
// where its next fact belongs: the part is then decided anew by what the transaction reads.
func (m *merger) end(ctx context.Context, s *started) error {
	if s == nil {
		return nil
	}
	err := s.wait()
	if errors.Is(err, store.ErrConflict) {
		err = patiently(ctx, func() error {
			return m.l.db.Bulk(ctx, func(tx *store.Tx) error { return m.write(ctx, tx, s, nil) })
		})
	}
	if err != nil {
		return err
	}
	m.b.Met.note(s.rows, s.outs)
	m.done(s.rows, s.outs)
	return nil
}

// write decides on the rows of a part by what is known of its subjects.
func (m *merger) write(ctx context.Context, tx *store.Tx, s *started, known heads) (err error) {
	w := merging{b: m.b, heads: known, facts: make([][]any, 0, len(s.rows)), outs: make([]Outcome, 0, len(s.rows))}
	if known == nil {
		if w.heads, err = m.l.readHeads(tx.Query, m.b.Source, s.rows); err != nil {
			return err
		}
	}
	for i := range s.rows {
		w.row(&s.rows[i])
	}
	if err := tx.Insert("fact", factColumnList, w.facts); err != nil {
		return err
	}
	if err := enter(tx, w.fresh, w.names); err != nil {
		return err
	}
	s.outs = w.outs
	return m.within(ctx, tx, s.rows, w.outs)
}

// partEnd is how many rows the next part takes: whole subjects where they are small.
func partEnd(rows []Incoming) int {
	n := min(mergeRows, len(rows))
	for n < len(rows) && n < 2*mergeRows && rows[n].Key == rows[n-1].Key {
		n++
	}
	return n
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
