package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// statements keeps the prepared statements of a reading pool, one per text.
type statements struct {
	mu sync.RWMutex
	m  map[string]*sql.Stmt
}

func (s *statements) get(ctx context.Context, db *sql.DB, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	st := s.m[query]
	s.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.m[query]; st != nil {
		return st, nil
	}
	st, err := db.PrepareContext(ctx, inOrder(query))
	if err != nil {
		return nil, fmt.Errorf("store: preparing %q: %w", query, err)
	}
	if s.m == nil {
		s.m = map[string]*sql.Stmt{}
	}
	s.m[query] = st
	return st, nil
}

// inOrder spells the parameters of a query as ? where they are $1, $2 … in order and once each: SQLite's
// driver looks the name of every other parameter up at each call, one by one.
func inOrder(query string) string {
	var b strings.Builder
	next := 1
	for rest := query; ; next++ {
		before, after, more := strings.Cut(rest, "$")
		b.WriteString(before)
		if !more {
			return b.String()
		}
		after, ok := strings.CutPrefix(after, strconv.Itoa(next))
		if !ok || after != "" && '0' <= after[0] && after[0] <= '9' {
			return query
		}
		b.WriteByte('?')
		rest = after
	}
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.m {
		st.Close()
	}
	s.m = nil
}

// Statements lists the text of every statement that was used on an embedded store so far, for the
// test that each of them has an index.
func (db *DB) Statements() []string {
	all := map[string]bool{}
	db.stmts.mu.RLock()
	for q := range db.stmts.m {
		all[q] = true
	}
	db.stmts.mu.RUnlock()
	if db.writer != nil { // the writer's own map is read by the writer
		_ = db.writer.do(context.Background(), func(tx *Tx) error {
			for q := range tx.stmts {
				all[q] = true
			}
			return nil
		}, false)
	}
	return slices.Sorted(maps.Keys(all))
}
