package casework

import (
	"context"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Child is a case of another subject that belongs to a case.
type Child struct {
	No      int64 // place in the order of asking, from 1
	Subject credit.Key
	Case    string
}

// Adopt notes the children of a case in the caller's transaction.
func (s *Service) Adopt(tx *store.Tx, parent *Case, children ...Child) error {
	var rows [][]any
	for _, c := range children {
		rows = append(rows, []any{string(parent.Subject), parent.ID, c.No, string(c.Subject), c.Case})
	}
	if err := tx.InsertMissing("case_child", []string{"subject", "id", "no", "child_subject", "child"}, rows); err != nil {
		return fmt.Errorf("casework: noting the children of a case: %w", err)
	}
	return nil
}

// Children lists the children of a case in their order.
func (s *Service) Children(ctx context.Context, parent *Case) ([]Child, error) {
	rows, err := s.db.Query(ctx, "SELECT no, child_subject, child FROM case_child WHERE subject = $1 AND id = $2 ORDER BY no", string(parent.Subject), parent.ID)
	if err != nil {
		return nil, fmt.Errorf("casework: listing the children of a case: %w", err)
	}
	defer rows.Close()
	var all []Child
	for rows.Next() {
		var c Child
		if err := rows.Scan(&c.No, &c.Subject, &c.Case); err != nil {
			return nil, fmt.Errorf("casework: listing the children of a case: %w", err)
		}
		all = append(all, c)
	}
	return all, rows.Err()
}
