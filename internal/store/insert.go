package store

import (
	"fmt"
	"strings"
)

// insertRows is how many rows one SQLite statement inserts; more gained nothing when measured.
const insertRows = 16

// Insert adds many rows to one table: COPY on PostgreSQL, prepared statements of several rows on
// SQLite. Each row holds a value for every column, in order.
func (tx *Tx) Insert(table string, columns []string, rows [][]any) error {
	if tx.engine == PostgreSQL && len(rows) > 0 {
		return copyIn(tx.ctx, tx.conn, table, columns, rows)
	}
	return tx.insert(table, columns, rows, "")
}

// InsertMissing is Insert that leaves rows alone whose key is there already. Values are strings, int64
// and bytes.
func (tx *Tx) InsertMissing(table string, columns []string, rows [][]any) error {
	if tx.engine == PostgreSQL && len(rows) > 1 {
		return tx.unnest(table, columns, rows)
	}
	return tx.insert(table, columns, rows, " ON CONFLICT DO NOTHING")
}

// Upsert is Insert that sets one column of rows whose key is there already. No key may come twice.
func (tx *Tx) Upsert(table string, columns, key []string, set string, rows [][]any) error {
	return tx.insert(table, columns, rows, " ON CONFLICT ("+strings.Join(key, ", ")+") DO UPDATE SET "+set+" = excluded."+set)
}

// unnest inserts all rows with one statement, which takes an array a column.
func (tx *Tx) unnest(table string, columns []string, rows [][]any) error {
	arrays, args := make([]string, len(columns)), make([]any, len(columns))
	for c := range columns {
		kind, ok := "", false
		switch rows[0][c].(type) {
		case string:
			kind = "text"
			args[c], ok = column[string](rows, c)
		case int64:
			kind = "bigint"
			args[c], ok = column[int64](rows, c)
		case []byte:
			kind = "bytea"
			args[c], ok = column[[]byte](rows, c)
		}
		if !ok {
			return fmt.Errorf("store: inserting into %s: column %s holds more than strings, int64 or bytes", table, columns[c])
		}
		arrays[c] = fmt.Sprintf("$%d::%s[]", c+1, kind)
	}
	list := strings.Join(columns, ", ")
	_, err := tx.Exec(fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS rows (%s) ON CONFLICT DO NOTHING", table, list, list,
		strings.Join(arrays, ", "), list), args...)
	if err != nil {
		return fmt.Errorf("store: inserting into %s: %w", table, err)
	}
	return nil
}

// column takes one column out of rows; ok is false when a row holds another type there.
func column[T any](rows [][]any, c int) (all []T, ok bool) {
	all = make([]T, len(rows))
	for i, r := range rows {
		if all[i], ok = r[c].(T); !ok {
			return nil, false
		}
	}
	return all, true
}

func (tx *Tx) insert(table string, columns []string, rows [][]any, conflict string) error {
	args := make([]any, 0, insertRows*len(columns))
	many, single := insertText(table, columns, insertRows)+conflict, insertText(table, columns, 1)+conflict
	for len(rows) > 0 {
		n, text := 1, single
		if len(rows) >= insertRows {
			n, text = insertRows, many
		}
		args = args[:0]
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if _, err := tx.Exec(text, args...); err != nil {
			return fmt.Errorf("store: inserting into %s: %w", table, err)
		}
		rows = rows[n:]
	}
	return nil
}

func insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ", "))
	arg := 1
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for c := range columns {
			if c > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "$%d", arg)
			arg++
		}
		b.WriteByte(')')
	}
	return b.String()
}
