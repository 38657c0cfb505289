package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// head is what a merge needs to know of a subject's present facts.
type head struct {
	seq     int64
	name    string // in the directory
	decided map[credit.MatterID]bool
	last    map[credit.MatterID]lastWord // of the merge's source
}

// heads are the heads of all subjects of a part.
type heads map[credit.Key]*head

// lastWord is what the files of a source said last, or a person for it where no file spoke yet.
type lastWord struct {
	seq, digest, load, row int64 // seq of the newest word, also of a correction
	version                int   // of the files' words
	typed                  bool  // a person corrected the word
	entered                int64 // digest of the correction
}

// agrees tells whether the files say what a person corrected the word to.
func (w *lastWord) agrees(digest int64) bool { return w.typed && w.entered == digest }

// ask reads rows, inside a transaction or outside.
type ask func(query string, args ...any) (*sql.Rows, error)

// aheadPart is a part of a run with the heads of its subjects; nil where they must be read in the part's own
// transaction, because the part before it speaks of the same subject.
type aheadPart struct {
	rows   []Incoming
	known  heads
	joined bool // with the part before it
	err    error
}

// ahead cuts a run into parts and reads their heads, while the parts before are written.
func (l *Ledger) ahead(ctx context.Context, source int64, rows []Incoming) <-chan aheadPart {
	parts := make(chan aheadPart, 1)
	query := func(query string, args ...any) (*sql.Rows, error) { return l.db.Query(ctx, query, args...) }
	go func() {
		defer close(parts)
		var last credit.Key
		for len(rows) > 0 {
			n := partEnd(rows)
			p := aheadPart{rows: rows[:n], joined: rows[0].Key == last}
			rows, last = rows[n:], rows[n-1].Key
			if !p.joined {
				p.known, p.err = l.readHeads(query, source, p.rows)
			}
			select {
			case parts <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	return parts
}

// headKeys and headMatters are how many subjects and matters one statement asks for; a list is filled
// up with its last value so that one statement serves every part.
const (
	headKeys    = 128
	headMatters = 256
)

// wordOf is the condition on what a source said or what happened since.
const wordOf = "(op = 2 OR source = $1)"

var (
	// SQLite finds the greatest seq of one subject at the end of its range, but goes through all facts of
	// each where it groups them.
	endQueryLite = "SELECT k.column1, (SELECT MAX(seq) FROM fact WHERE subject = k.column1), (SELECT name FROM subject WHERE key = k.column1) FROM (VALUES (" +
		strings.ReplaceAll(placeholders(1, headKeys), ", ", "), (") + ")) AS k"
	endQuery = "SELECT e.subject, e.seq, s.name FROM (SELECT subject, MAX(seq) AS seq FROM fact WHERE subject IN (" + placeholders(1, headKeys) +
		") GROUP BY subject) e LEFT JOIN subject s ON s.key = e.subject"
	wordQuery = "SELECT subject, seq, op, matter, load, row, digest FROM fact WHERE " + wordOf + " AND subject IN (" + placeholders(2, headKeys) +
		") AND matter IN (" + placeholders(headKeys+2, headMatters) + ") ORDER BY subject, seq"
)

const wholeQuery = "SELECT subject, seq, op, matter, load, row, digest FROM fact WHERE " + wordOf + " AND subject = $2 ORDER BY seq"

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

// readHeads reads where each subject's sequence ends, its name, and what was said of the matters that the part
// speaks of. A subject's other facts are passed over inside the engine.
func (l *Ledger) readHeads(query ask, source int64, part []Incoming) (heads, error) {
	h := heads{}
	if err := h.readEnds(query, l.db.Engine(), part); err != nil {
		return nil, fmt.Errorf("ledger: reading the ends of subjects: %w", err)
	}
	if err := h.readWords(query, source, part); err != nil {
		return nil, fmt.Errorf("ledger: reading the last words on matters: %w", err)
	}
	return h, nil
}

func (h heads) readEnds(query ask, engine store.Engine, part []Incoming) error {
	keys := make([]any, 0, headKeys)
	text := endQuery
	if engine == store.SQLite {
		text = endQueryLite
	}
	for i := range part {
		k := part[i].Key
		if h[k] != nil {
			continue
		}
		h[k] = &head{}
		if keys = append(keys, string(k)); len(keys) == headKeys {
			if err := h.readEndsOf(query, text, keys); err != nil {
				return err
			}
			keys = keys[:0]
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return h.readEndsOf(query, text, fillUp(keys, headKeys))
}

func (h heads) readEndsOf(query ask, text string, keys []any) error {
	rows, err := query(text, keys...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var seq sql.NullInt64
		var name sql.NullString
		if err := rows.Scan(&key, &seq, &name); err != nil {
			return err
		}
		h[credit.Key(key)].seq, h[credit.Key(key)].name = seq.Int64, name.String
	}
	return rows.Err()
}

// readWords asks only about subjects that are on record.
func (h heads) readWords(query ask, source int64, part []Incoming) error {
	keys, matters := make([]any, 0, headKeys), make([]any, 0, headMatters)
	flush := func() error {
		if len(keys) == 0 {
			return nil
		}
		args := append(append([]any{source}, fillUp(keys, headKeys)...), fillUp(matters, headMatters)...)
		keys, matters = keys[:0], matters[:0]
		return h.readFacts(query, wordQuery, args, nil)
	}
	for len(part) > 0 {
		n := ofOne(part)
		one := part[:n]
		part = part[n:]
		if h[one[0].Key].seq == 0 {
			continue
		}
		if n > headMatters {
			if err := h.readWhole(query, source, one); err != nil {
				return err
			}
			continue
		}
		if len(keys) == headKeys || len(matters)+n > headMatters {
			if err := flush(); err != nil {
				return err
			}
		}
		keys = append(keys, string(one[0].Key))
		for i := range one {
			matters = append(matters, one[i].Matter[:])
		}
	}
	return flush()
}

// readWhole reads one subject of which the part has many matters, all at once: its sequence would be
// gone through again for each list of matters.
func (h heads) readWhole(query ask, source int64, one []Incoming) error {
	wanted := make(map[credit.MatterID]bool, len(one))
	for i := range one {
		wanted[one[i].Matter] = true
	}
	return h.readFacts(query, wholeQuery, []any{source, string(one[0].Key)}, wanted)
}

// readFacts notes what a statement finds, of the wanted matters (nil: of all).
func (h heads) readFacts(query ask, text string, args []any, wanted map[credit.MatterID]bool) error {
	rows, err := query(text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var op int64
		var w lastWord
		var matter []byte
		if err := rows.Scan(&key, &w.seq, &op, &matter, &w.load, &w.row, &w.digest); err != nil {
			return err
		}
		if id := credit.MatterID(matter); wanted == nil || wanted[id] {
			h[credit.Key(key)].note(Op(op), id, w)
		}
	}
	return rows.Err()
}

// ofOne is how many rows from the first on are one subject's.
func ofOne(part []Incoming) int {
	n := 1
	for n < len(part) && part[n].Key == part[0].Key {
		n++
	}
	return n
}

func fillUp(list []any, n int) []any {
	for len(list) < n {
		list = append(list, list[len(list)-1])
	}
	return list
}

// note takes up one fact. The same fact may come twice, when matters were asked about twice.
func (h *head) note(op Op, matter credit.MatterID, w lastWord) {
	if op == OpEvent {
		if h.decided == nil {
			h.decided = map[credit.MatterID]bool{}
		}
		h.decided[matter] = true
		return
	}
	if h.last == nil {
		h.last = map[credit.MatterID]lastWord{}
	}
	prev, ok := h.last[matter]
	switch {
	case ok && prev.seq >= w.seq:
		return
	case w.load == 0 && prev.load != 0: // the next file is compared with the last file
		prev.seq, prev.typed, prev.entered = w.seq, true, w.digest
		w = prev
	default:
		w.version, w.typed, w.entered = prev.version+1, prev.typed, prev.entered
	}
	h.last[matter] = w
}
