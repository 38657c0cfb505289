package ledger

import (
	"cmp"
	"context"
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
	var outs []Outcome
	err := patiently(ctx, func() error {
		return l.db.Bulk(ctx, func(tx *store.Tx) error {
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
	})
	if err != nil {
		return fmt.Errorf("ledger: merging rows: %w", err)
	}
	b.Met.note(part, outs)
	done(part, outs)
	return nil
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

// lastWord is what the files of a source said last, or a person for it where no file spoke yet.
type lastWord struct {
	seq, digest, load, row int64 // seq of the newest word, also of a correction
	version                int   // of the files' words
	typed                  bool  // a person corrected the word
	entered                int64 // digest of the correction
}

// agrees tells whether the files say what a person corrected the word to.
func (w *lastWord) agrees(digest int64) bool { return w.typed && w.entered == digest }

type merging struct {
	b     Batch
	heads map[credit.Key]*head
	facts [][]any
	fresh []newSubject
	outs  []Outcome
}

// headKeys and headMatters are how many subjects and matters one statement asks for; a list is filled
// up with its last value so that one statement serves every part.
const (
	headKeys    = 128
	headMatters = 256
)

var (
	endQuery  = "SELECT subject, MAX(seq) FROM fact WHERE subject IN (" + placeholders(1, headKeys) + ") GROUP BY subject"
	wordQuery = "SELECT subject, seq, op, matter, source, load, row, digest FROM fact WHERE subject IN (" + placeholders(1, headKeys) +
		") AND matter IN (" + placeholders(headKeys+1, headMatters) + ") ORDER BY subject, seq"
)

func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}

// readHeads reads where each subject's sequence ends and what was said of the matters that the part
// speaks of. A subject's other facts are passed over inside the engine.
func (m *merging) readHeads(tx *store.Tx, part []Incoming) error {
	for len(part) > 0 {
		if n := ofOne(part); n > headMatters {
			if err := m.readWhole(tx, part[:n]); err != nil {
				return fmt.Errorf("ledger: reading a subject of many matters: %w", err)
			}
			part = part[n:]
			continue
		}
		n, keys := 0, make([]any, 0, headKeys+headMatters)
		matters := make([]any, 0, headMatters)
		for n < len(part) && len(matters) < headMatters {
			k := string(part[n].Key)
			if len(keys) == 0 || keys[len(keys)-1] != k {
				if len(keys) == headKeys || n > 0 && ofOne(part[n:]) > headMatters {
					break
				}
				keys = append(keys, k)
				if m.heads[part[n].Key] == nil {
					m.heads[part[n].Key] = &head{}
				}
			}
			matters = append(matters, part[n].Matter[:])
			n++
		}
		keys, matters = fillUp(keys, headKeys), fillUp(matters, headMatters)
		if err := m.readEnds(tx, keys); err != nil {
			return fmt.Errorf("ledger: reading the ends of subjects: %w", err)
		}
		if err := m.readWords(tx, append(keys, matters...)); err != nil {
			return fmt.Errorf("ledger: reading the last words on matters: %w", err)
		}
		part = part[n:]
	}
	return nil
}

// ofOne is how many rows from the first on are one subject's.
func ofOne(part []Incoming) int {
	n := 1
	for n < len(part) && part[n].Key == part[0].Key {
		n++
	}
	return n
}

const wholeQuery = "SELECT seq, op, matter, source, load, row, digest FROM fact WHERE subject = $1 ORDER BY seq"

// readWhole reads one subject of which the part has many matters, all at once: its sequence would be
// gone through again for each list of matters.
func (m *merging) readWhole(tx *store.Tx, part []Incoming) error {
	wanted := make(map[credit.MatterID]bool, len(part))
	for i := range part {
		wanted[part[i].Matter] = true
	}
	h := m.heads[part[0].Key]
	if h == nil {
		h = &head{}
		m.heads[part[0].Key] = h
	}
	rows, err := tx.Query(wholeQuery, string(part[0].Key))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var op, source int64
		var w lastWord
		var matter []byte
		if err := rows.Scan(&w.seq, &op, &matter, &source, &w.load, &w.row, &w.digest); err != nil {
			return err
		}
		h.seq = w.seq
		if id := credit.MatterID(matter); wanted[id] {
			h.note(Op(op), id, source, w)
		}
	}
	return rows.Err()
}

func fillUp(list []any, n int) []any {
	for len(list) < n {
		list = append(list, list[len(list)-1])
	}
	return list
}

func (m *merging) readEnds(tx *store.Tx, keys []any) error {
	rows, err := tx.Query(endQuery, keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var seq int64
		if err := rows.Scan(&key, &seq); err != nil {
			return err
		}
		m.heads[credit.Key(key)].seq = seq
	}
	return rows.Err()
}

func (m *merging) readWords(tx *store.Tx, args []any) error {
	rows, err := tx.Query(wordQuery, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var seq, op, source, load, row, digest int64
		var matter []byte
		if err := rows.Scan(&key, &seq, &op, &matter, &source, &load, &row, &digest); err != nil {
			return err
		}
		m.heads[credit.Key(key)].note(Op(op), credit.MatterID(matter), source, lastWord{seq: seq, digest: digest, load: load, row: row})
	}
	return rows.Err()
}

// note takes up one fact. The same fact may come twice, when a large subject is asked about several times.
func (h *head) note(op Op, matter credit.MatterID, source int64, w lastWord) {
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
	prev, ok := h.last[k]
	switch {
	case ok && prev.seq >= w.seq:
		return
	case w.load == 0 && prev.load != 0: // the next file is compared with the last file
		prev.seq, prev.typed, prev.entered = w.seq, true, w.digest
		w = prev
	default:
		w.version, w.typed, w.entered = prev.version+1, prev.typed, prev.entered
	}
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
		out.Contradicts = prev.version > 1 && h.decided[in.Matter] && !prev.agrees(in.Digest)
	case seen && prev.digest == in.Digest:
		out.Verdict = Unchanged
		if out.Other = m.b.Met.row(in); prev.load == m.b.Load {
			out.Other = prev.row
		} else {
			prev.load, prev.row = m.b.Load, cmp.Or(out.Other, in.Row)
			h.last[k] = prev
		}
	case seen && prev.load == m.b.Load:
		out.Verdict, out.Other = Conflict, prev.row
	case seen && m.b.Met.row(in) != 0:
		out.Verdict, out.Other = Conflict, m.b.Met.row(in)
	default:
		out.Verdict = firstOrAmended(prev.version + 1)
		out.Contradicts = prev.version > 0 && h.decided[in.Matter] && !prev.agrees(in.Digest)
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
		m.fresh = append(m.fresh, newSubject{Subject{in.Key, in.Class, in.Name}, m.b.Recorded, in.Aliases, in.Kind == credit.Registration})
	}
	f := Fact{Subject: in.Key, Seq: h.seq + 1, Op: OpAssertion, Kind: in.Kind, Matter: in.Matter, Source: m.b.Source,
		Load: m.b.Load, Row: in.Row, Effective: in.Effective, Recorded: m.b.Recorded, Digest: in.Digest, body: in.Body}
	m.facts = append(m.facts, f.values())
	h.seq = f.Seq
	h.note(OpAssertion, in.Matter, m.b.Source, lastWord{seq: f.Seq, digest: in.Digest, load: m.b.Load, row: in.Row})
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
