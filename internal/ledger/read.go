package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// The small columns come as one number, and matter and body as one: each column costs the engine's driver two
// locks. The digest stays where it is: [Fact.Says] makes it anew where it is asked for. The newest fact comes first,
// because its number says how many to make room for. No file has 2^32 rows.
const (
	readFacts = `SELECT seq, (source << 44) | (effective << 16) | (kind << 8) | op, (load << 32) | row, recorded, CAST(matter || body AS BLOB)
	FROM fact WHERE subject = $1 AND seq <= $2 ORDER BY seq DESC`
	readFactsPostgres = `SELECT seq, (source << 44) | (effective << 16) | (kind << 8) | op, (load << 32) | row, recorded, matter || body
	FROM fact WHERE subject = $1 AND seq <= $2 ORDER BY seq DESC`
)

// rows begins to read the facts of a subject up to a seq, the newest first.
func (l *Ledger) rows(ctx context.Context, key credit.Key, upTo int64) (*sql.Rows, error) {
	query := readFacts
	if l.db.Engine() == store.PostgreSQL {
		query = readFactsPostgres
	}
	return l.db.Query(ctx, query, string(key), upTo)
}

// Read returns all facts of one key in the order of their sequence, decoded. A key without facts
// has an empty history and no error. The older half of a large subject is read on another connection.
func (l *Ledger) Read(ctx context.Context, key credit.Key) ([]Fact, error) {
	facts, err := l.read(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("ledger: reading a subject: %w", err)
	}
	return facts, nil
}

func (l *Ledger) read(ctx context.Context, key credit.Key) ([]Fact, error) {
	rows, err := l.rows(ctx, key, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	r := reading{l: l, key: key}
	var older half
	var x envelope
	var text room
	for rows.Next() {
		if err := x.scan(rows); err != nil {
			return nil, errors.Join(err, older.wait())
		}
		if r.facts == nil {
			r.facts = make([]Fact, x.seq)
			older = r.half(ctx, x.seq/2)
		}
		if x.seq <= older.upTo && !older.take() {
			break
		}
		if err := r.open(&x, &text); err != nil {
			return nil, errors.Join(err, older.wait())
		}
	}
	err = errors.Join(rows.Err(), older.wait())
	return slices.DeleteFunc(r.facts, func(f Fact) bool { return f.Seq == 0 }), err
}

// reading is what is read of a subject: facts[i] is its fact i+1.
type reading struct {
	l     *Ledger
	key   credit.Key
	facts []Fact
}

func (r *reading) open(x *envelope, room *room) error {
	f := &r.facts[x.seq-1]
	err := x.fill(f, r.key)
	if err == nil {
		err = r.l.open(f, nil, room)
	}
	f.body = nil
	return err
}

// envelope is one row of a history. Both is valid until the next row.
type envelope struct {
	seq, small, place, recorded int64
	both                        sql.RawBytes // matter and body
}

func (x *envelope) scan(rows *sql.Rows) error {
	return rows.Scan(&x.seq, &x.small, &x.place, &x.recorded, &x.both)
}

// fill takes the columns apart.
func (x *envelope) fill(f *Fact, key credit.Key) error {
	if len(x.both) < len(f.Matter) {
		return errBody
	}
	f.Subject, f.Seq, f.Recorded = key, x.seq, x.recorded
	f.Op, f.Kind, f.Effective, f.Source = Op(x.small&0xFF), credit.Kind(x.small>>8&0xFF), credit.Date(x.small>>16&0xFFFFFFF), x.small>>44
	f.Load, f.Row = x.place>>32, x.place&0xFFFFFFFF
	f.body = x.both[copy(f.Matter[:], x.both):]
	return nil
}

// ReadRaw returns the row as received of one assertion, with its headings.
func (l *Ledger) ReadRaw(ctx context.Context, key credit.Key, seq int64) (headings []string, cells []string, err error) {
	f := Fact{Subject: key, Seq: seq}
	err = l.db.QueryRow(ctx, "SELECT op, kind, body FROM fact WHERE subject = $1 AND seq = $2", string(key), seq).Scan(&f.Op, &f.Kind, &f.body)
	if err != nil {
		return nil, nil, fmt.Errorf("ledger: reading a row as received: %w", err)
	}
	if f.Op != OpAssertion {
		return nil, nil, fmt.Errorf("ledger: fact %d is an event, no row was received", seq)
	}
	var raw Raw
	if err := l.open(&f, &raw, &room{}); err != nil {
		return nil, nil, err
	}
	for i, c := range raw.Cells {
		if raw.Cells[i], err = l.keys.unsealCell(c); err != nil {
			return nil, nil, err
		}
	}
	headings, err = l.headings(ctx, raw.Layout)
	return headings, raw.Cells, err
}

// Subject is the entry of a subject in the directory.
type Subject struct {
	Key   credit.Key
	Class credit.SubjectClass
	Name  string
}

// Subject looks a key up; ok is false when no such subject is on record.
func (l *Ledger) Subject(ctx context.Context, key credit.Key) (s Subject, ok bool, err error) {
	s.Key = key
	err = l.db.QueryRow(ctx, "SELECT class, name FROM subject WHERE key = $1", string(key)).Scan(&s.Class, &s.Name)
	if err == sql.ErrNoRows {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("ledger: looking up a subject: %w", err)
	}
	return s, true, nil
}

// namesAtOnce is how many names one query reads.
const namesAtOnce = 32

var namesOfQuery = func() string {
	marks := make([]string, namesAtOnce)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return "SELECT key, class, name FROM subject WHERE key IN (" + strings.Join(marks, ", ") + ")"
}()

// NamesOf returns the names of subjects as the directory has them; one that is not on record has none.
func (l *Ledger) NamesOf(ctx context.Context, keys []credit.Key) (map[credit.Key]string, error) {
	names := map[credit.Key]string{}
	for len(keys) > 0 {
		some := keys[:min(namesAtOnce, len(keys))]
		keys = keys[len(some):]
		args := make([]any, namesAtOnce)
		for i := range args { // the last is repeated: a query has one number of arguments
			args[i] = string(some[min(i, len(some)-1)])
		}
		rows, err := l.db.Query(ctx, namesOfQuery, args...)
		if err != nil {
			return nil, fmt.Errorf("ledger: reading names: %w", err)
		}
		found, err := scanSubjects(rows)
		if err != nil {
			return nil, fmt.Errorf("ledger: reading names: %w", err)
		}
		for _, s := range found {
			names[s.Key] = s.Name
		}
	}
	return names, nil
}

// Find resolves what a person types: a code, a legacy number with or without its scheme, or an exact
// name. Several subjects may share a name; at most limit are returned, by key.
func (l *Ledger) Find(ctx context.Context, text string, limit int) ([]Subject, error) {
	code, name := credit.NormalCode(text), credit.NormalName(text)
	text = strings.TrimSpace(text)
	rows, err := l.db.Query(ctx, `SELECT key, class, name FROM subject WHERE key IN ($1, $3, $4, $5, $6, $7, $8)
		OR key IN (SELECT key FROM subject_name WHERE name = $2)
		OR key IN (SELECT key FROM subject_alias WHERE alias IN ($3, $4, $5, $6, $7, $8)) ORDER BY key LIMIT $9`,
		code, name, text, "org:"+code, "reg:"+code, "tax:"+code, "ins:"+code, "soc:"+code, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("ledger: finding a subject: %w", err)
	}
	return scanSubjects(rows)
}

// NamesFrom returns the subjects whose name begins with prefix, after the given name and key, for
// paging by key.
func (l *Ledger) NamesFrom(ctx context.Context, prefix, afterName, afterKey string, limit int) ([]Subject, error) {
	rows, err := l.db.Query(ctx, `SELECT s.key, s.class, n.name FROM subject_name n JOIN subject s ON s.key = n.key
		WHERE n.name >= $1 AND n.name < $2 AND (n.name, n.key) > ($3, $4) ORDER BY n.name, n.key LIMIT $5`,
		prefix, prefix+"\U0010ffff", afterName, afterKey, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("ledger: listing names: %w", err)
	}
	return scanSubjects(rows)
}

func scanSubjects(rows *sql.Rows) ([]Subject, error) {
	defer rows.Close()
	var all []Subject
	for rows.Next() {
		var s Subject
		if err := rows.Scan(&s.Key, &s.Class, &s.Name); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
