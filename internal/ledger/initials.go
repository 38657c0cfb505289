package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/pinyin"
	"xinban/internal/store"
)

// enterNames puts names into the directory, with the initials by which organisations are found too.
// A row is a name and its key.
func enterNames(tx *store.Tx, names [][]any) error {
	if err := tx.InsertMissing("subject_name", []string{"name", "key"}, names); err != nil {
		return err
	}
	return tx.InsertMissing("subject_initials", []string{"initials", "key"}, initials(names))
}

// initials are the rows of the aid for names; a natural person has none.
func initials(names [][]any) (rows [][]any) {
	for _, n := range names {
		if credit.Key(n[1].(string)).Person() {
			continue
		}
		for _, x := range pinyin.Initials(n[0].(string)) {
			rows = append(rows, []any{x, n[1]})
		}
	}
	slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) }) // neighbours share a page
	return rows
}

// Initialled is a subject found by the initials of one of its names.
type Initialled struct {
	Subject
	Initials string // after which, with the key, a list goes on
}

// InitialsFrom returns the subjects one of whose names has initials that begin with prefix, after the
// given initials and key, for paging by key. A name with characters of several readings may come more
// than once.
func (l *Ledger) InitialsFrom(ctx context.Context, prefix, after, afterKey string, limit int) ([]Initialled, error) {
	rows, err := l.db.Query(ctx, `SELECT s.key, s.class, s.name, i.initials FROM subject_initials i JOIN subject s ON s.key = i.key
		WHERE i.initials >= $1 AND i.initials < $2 AND (i.initials, i.key) > ($3, $4) ORDER BY i.initials, i.key LIMIT $5`,
		prefix, prefix+"~", after, afterKey, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("ledger: listing names by their initials: %w", err)
	}
	defer rows.Close()
	var all []Initialled
	for rows.Next() {
		var s Initialled
		if err := rows.Scan(&s.Key, &s.Class, &s.Name, &s.Initials); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// fillNames is how many names get their initials in one transaction of [Ledger.FillInitials].
const fillNames = 500

// FillInitials gives names that were there before the aid was their initials, a few hundred a call; more
// says that some are left.
func (l *Ledger) FillInitials(ctx context.Context) (more bool, err error) {
	var name, key string
	err = l.db.QueryRow(ctx, "SELECT name, key FROM initials_fill WHERE id = 1").Scan(&name, &key)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("ledger: filling in initials: %w", err)
	}
	names, err := l.namesAfter(ctx, name, key)
	if err != nil {
		return false, fmt.Errorf("ledger: filling in initials: %w", err)
	}
	err = l.db.Tx(ctx, func(tx *store.Tx) error {
		if len(names) == 0 {
			_, err := tx.Exec("DELETE FROM initials_fill WHERE id = 1")
			return err
		}
		if err := tx.InsertMissing("subject_initials", []string{"initials", "key"}, initials(names)); err != nil {
			return err
		}
		last := names[len(names)-1]
		_, err := tx.Exec("UPDATE initials_fill SET name = $1, key = $2 WHERE id = 1", last...)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("ledger: filling in initials: %w", err)
	}
	return len(names) > 0, nil
}

func (l *Ledger) namesAfter(ctx context.Context, name, key string) (all [][]any, err error) {
	rows, err := l.db.Query(ctx, "SELECT name, key FROM subject_name WHERE (name, key) > ($1, $2) ORDER BY name, key LIMIT $3", name, key, int64(fillNames))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&name, &key); err != nil {
			return nil, err
		}
		all = append(all, []any{name, key})
	}
	return all, rows.Err()
}
