package ledger

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Change runs fn in one durable transaction and tries again when another writer took the same place
// in a subject's sequence.
func (l *Ledger) Change(ctx context.Context, fn func(*store.Tx) error) error {
	return patiently(ctx, func() error { return l.db.Tx(ctx, fn) })
}

// changeTries is how often a change is tried; the last waits add up to about a second.
const changeTries = 14

// patiently runs do again while another writer was first, after a random wait that grows, so that
// writers on one busy subject do not keep step with each other.
func patiently(ctx context.Context, do func() error) error {
	for try := 0; ; try++ {
		err := do()
		if !errors.Is(err, store.ErrConflict) || try == changeTries-1 {
			return err
		}
		select {
		case <-time.After(rand.N(time.Millisecond << min(try, 8))):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Append adds facts to the end of a subject's sequence within tx and returns the last seq. The
// subject enters the directory when it is new.
func (l *Ledger) Append(tx *store.Tx, s Subject, facts ...Fact) (int64, error) {
	var seq int64
	if err := tx.QueryRow("SELECT COALESCE(MAX(seq), 0) FROM fact WHERE subject = $1", string(s.Key)).Scan(&seq); err != nil {
		return 0, fmt.Errorf("ledger: finding the end of a subject's sequence: %w", err)
	}
	for i := range facts {
		seq++
		facts[i].Subject, facts[i].Seq = s.Key, seq
		if _, err := tx.Exec("INSERT INTO fact ("+factColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", facts[i].values()...); err != nil {
			return 0, fmt.Errorf("ledger: appending a fact: %w", err)
		}
	}
	if s.Name == "" {
		return seq, nil
	}
	return seq, enter(tx, []newSubject{{s, facts[0].Recorded, nil, facts[0].Kind == credit.Registration}}, nil)
}

type newSubject struct {
	Subject
	since   int64
	aliases []credit.Key
	renamed bool // the name is that of a registration, which has the last word
}

// nameOf is a name that sources use of a subject.
type nameOf struct {
	name string
	key  credit.Key
}

// addName adds a name unless it is there; subjects come one after the other.
func addName(all []nameOf, n nameOf) []nameOf {
	for i := len(all) - 1; i >= 0 && all[i].key == n.key; i-- {
		if all[i] == n {
			return all
		}
	}
	return append(all, n)
}

// enter puts subjects, their names and legacy numbers into the directories, and further names of subjects
// that are there.
func enter(tx *store.Tx, all []newSubject, further []nameOf) error {
	rows, names := make([][]any, 0, len(all)), make([][]any, 0, len(all)+len(further))
	var numbers [][]any
	for _, s := range all {
		rows = append(rows, []any{string(s.Key), int64(s.Class), s.Name, s.since})
		if s.Name != "" {
			names = append(names, []any{s.Name, string(s.Key)})
		}
		for _, a := range s.aliases {
			numbers = append(numbers, []any{string(a), string(s.Key)})
		}
		if a, ok := OrgAlias(s.Key); ok {
			numbers = append(numbers, []any{string(a), string(s.Key)})
		}
	}
	for _, n := range further {
		names = append(names, []any{n.name, string(n.key)})
	}
	if err := tx.InsertMissing("subject", []string{"key", "class", "name", "since"}, rows); err != nil {
		return err
	}
	if err := tx.InsertMissing("subject_alias", []string{"alias", "key"}, numbers); err != nil {
		return err
	}
	if err := enterNames(tx, names); err != nil {
		return err
	}
	for _, s := range all {
		if !s.renamed || s.Name == "" {
			continue
		}
		if _, err := tx.Exec("UPDATE subject SET name = $1 WHERE key = $2 AND name <> $1", s.Name, string(s.Key)); err != nil {
			return fmt.Errorf("ledger: giving a subject its present name: %w", err)
		}
	}
	return nil
}

// Rename gives a subject its present name; the old one still leads to it.
func (l *Ledger) Rename(tx *store.Tx, key credit.Key, name string) error {
	if _, err := tx.Exec("UPDATE subject SET name = $1 WHERE key = $2", name, string(key)); err != nil {
		return fmt.Errorf("ledger: renaming a subject: %w", err)
	}
	return enterNames(tx, [][]any{{name, string(key)}})
}
