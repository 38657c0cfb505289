package report

import (
	"encoding/json"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// StatementEnded tells those who are told of changes that the reports of a subject which name a statement have
// changed, in the transaction in which its organ replaced or withdrew it. One that has a newer report is left out, as
// its holder was told that.
func (s *Service) StatementEnded(tx *store.Tx, key credit.Key, number string) error {
	numbers, err := naming(tx, key, number)
	if err != nil {
		return fmt.Errorf("report: finding the reports that name a statement: %w", err)
	}
	for _, n := range numbers {
		if err := s.changed(tx, key, n, Changed); err != nil {
			return err
		}
	}
	return nil
}

// naming lists the standing documents of a subject that name a statement.
func naming(tx *store.Tx, key credit.Key, statement string) (numbers []string, err error) {
	rows, err := tx.Query("SELECT number, inputs FROM document WHERE subject = $1 AND status = 'valid' AND newer = '' ORDER BY number", string(key))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var number, text string
		var kept stored
		if err := rows.Scan(&number, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &kept); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(kept.Statements, func(a Attached) bool { return a.Number == statement }) {
			numbers = append(numbers, number)
		}
	}
	return numbers, rows.Err()
}
