package publicity

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// rowsAStep is how many rows one transaction of the projection writes: 2 to 10 ms where rows are of 2.5 kB.
const rowsAStep = 50

var columns = []string{"id", "open_from", "hidden_from", "tab", "kind", "decided", "subject", "name", "doc_no", "authority", "domain", "disputed", "digest", "body"}

type rowKey struct {
	id   string
	from int64
}

// Project computes the public days of every matter of a key and returns how to write what differs from
// what is kept.
func (s *Service) Project(ctx context.Context, key credit.Key, facts []ledger.Fact) ([]func(*store.Tx) error, error) {
	rows, err := s.rows(key, facts)
	if err != nil {
		return nil, err
	}
	old, err := s.kept(ctx, key)
	if err != nil {
		return nil, err
	}
	var changes []change
	for k, digest := range old {
		if row, ok := rows[k]; !ok || row[12] != digest {
			changes = append(changes, change{k, row})
		}
	}
	for k, row := range rows {
		if _, ok := old[k]; !ok {
			changes = append(changes, change{k, row})
		}
	}
	before := map[string]bool{}
	for k := range old {
		before[k.id] = true
	}
	return steps(changes, before, credit.DateOf(s.c.Now())), nil
}

// change is a row that goes, comes, or goes and comes otherwise.
type change struct {
	key rowKey
	row []any // nil when it only goes
}

// steps write a bounded number of rows each; a changed row goes and comes in one. before are the matters
// that the projection holds already.
func steps(changes []change, before map[string]bool, on credit.Date) (all []func(*store.Tx) error) {
	for part := range slices.Chunk(changes, rowsAStep) {
		all = append(all, func(tx *store.Tx) error {
			enter, err := entering(tx, part, before)
			if err != nil {
				return err
			}
			var fresh [][]any
			for _, c := range part {
				if _, err := tx.Exec("DELETE FROM public_matter WHERE id = $1 AND open_from = $2", c.key.id, c.key.from); err != nil {
					return err
				}
				if c.row != nil {
					fresh = append(fresh, c.row)
				}
			}
			if err := tx.Insert("public_matter", columns, fresh); err != nil {
				return err
			}
			return count(tx, fresh, enter, on)
		})
	}
	return all
}

// rows are the rows of a subject as they should be.
func (s *Service) rows(key credit.Key, facts []ledger.Fact) (map[rowKey][]any, error) {
	rows := map[rowKey][]any{}
	if key.Person() || len(facts) == 0 {
		return rows, nil
	}
	book, err := s.c.Books("")
	if err != nil {
		return nil, err
	}
	days := turns(book.Sets(), facts, s.today())
	for i, day := range days {
		to := never
		if i+1 < len(days) {
			to = days[i+1]
		}
		st := ledger.Fold(key, facts, 0, day)
		for j := range st.Matters {
			m := &st.Matters[j]
			if m.Withdrawn || tabOf(m.Kind) == NoTab {
				continue
			}
			lm, domain, organ := s.c.Assess(book, m, day)
			open, ok := opening(book, &lm, day, to)
			if !ok {
				continue
			}
			x := present(m, st.Name, domain, organ, book.Classify(&lm, open.from).Class)
			x.OpenFrom, x.HiddenFrom = open.from, open.to
			row, err := x.row()
			if err != nil {
				return nil, err
			}
			rows[rowKey{x.ID, int64(x.OpenFrom)}] = row
		}
	}
	return rows, nil
}

func (x *Matter) row() ([]any, error) {
	body, err := json.Marshal(x.Detail)
	if err != nil {
		return nil, fmt.Errorf("publicity: writing a matter: %w", err)
	}
	disputed := int64(0)
	if x.Disputed {
		disputed = 1
	}
	row := []any{x.ID, int64(x.OpenFrom), int64(x.HiddenFrom), int64(x.Tab), int64(x.Kind), int64(x.Decided), string(x.Subject), x.Name,
		credit.NormalDocNo(x.DocNo), x.Authority, x.Domain, disputed, int64(0), string(body)}
	h := fnv.New64a()
	fmt.Fprint(h, row...)
	row[12] = int64(h.Sum64())
	return row, nil
}

// kept are the digests of the rows that the projection holds of a subject.
func (s *Service) kept(ctx context.Context, key credit.Key) (map[rowKey]int64, error) {
	rows, err := s.db.Query(ctx, "SELECT id, open_from, digest FROM public_matter WHERE subject = $1", string(key))
	if err != nil {
		return nil, fmt.Errorf("publicity: reading what is kept of a subject: %w", err)
	}
	defer rows.Close()
	old := map[rowKey]int64{}
	for rows.Next() {
		var k rowKey
		var digest int64
		if err := rows.Scan(&k.id, &k.from, &digest); err != nil {
			return nil, err
		}
		old[k] = digest
	}
	return old, rows.Err()
}
