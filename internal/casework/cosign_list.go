package casework

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/store"
)

const cosignColumns = "subject, id, version, desk, word, asked, question, answered, reason, actor, name"

// openQuestion is the version at which a desk was asked that has not answered.
func openQuestion(tx *store.Tx, c *Case, desk string) (version int64, ok bool, err error) {
	err = tx.QueryRow("SELECT version FROM case_cosign WHERE subject = $1 AND id = $2 AND desk = $3 AND word = 'open'",
		string(c.Subject), c.ID, desk).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("casework: looking for a question on case %s: %w", c.ID, err)
	}
	return version, true, nil
}

// Cosigns lists what other desks were asked about a case, oldest first.
func (s *Service) Cosigns(ctx context.Context, c *Case) ([]Cosign, error) {
	return scanCosigns(s.db.Query(ctx, "SELECT "+cosignColumns+" FROM case_cosign WHERE subject = $1 AND id = $2 ORDER BY version",
		string(c.Subject), c.ID))
}

// Asked lists the questions that wait for a desk, oldest first, after the given one (nil: from the oldest).
func (s *Service) Asked(ctx context.Context, desk string, after *Cosign, limit int) ([]Cosign, error) {
	a := Cosign{}
	if after != nil {
		a = *after
	}
	return scanCosigns(s.db.Query(ctx, "SELECT "+cosignColumns+` FROM case_cosign WHERE desk = $1 AND word = 'open'
		AND (asked, subject, id, version) > ($2, $3, $4, $5) ORDER BY asked, subject, id, version LIMIT $6`,
		desk, a.Asked, string(a.Subject), a.Case, a.Version, int64(limit)))
}

func scanCosigns(rows *sql.Rows, err error) ([]Cosign, error) {
	if err != nil {
		return nil, fmt.Errorf("casework: listing questions: %w", err)
	}
	defer rows.Close()
	var all []Cosign
	for rows.Next() {
		var q Cosign
		if err := rows.Scan(&q.Subject, &q.Case, &q.Version, &q.Desk, &q.Word, &q.Asked, &q.Question, &q.Answered, &q.Reason, &q.By.ID, &q.By.Name); err != nil {
			return nil, fmt.Errorf("casework: listing questions: %w", err)
		}
		all = append(all, q)
	}
	return all, rows.Err()
}
