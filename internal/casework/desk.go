package casework

import (
	"context"
	"fmt"

	"xinban/internal/credit"
)

// DeskQuery asks for a page of the open cases of a desk.
type DeskQuery struct {
	Desk  string
	Kind  string // empty for all
	State State  // empty for all; needs the kind, to which it belongs
	After *Case  // the last of the page before; nil for the first
	Limit int
}

const (
	deskAll   = "SELECT " + caseColumns + " FROM case_file WHERE desk = $1 AND closed = 0 AND (due, subject, id) > ($2, $3, $4) ORDER BY due, subject, id LIMIT $5"
	deskKind  = "SELECT " + caseColumns + " FROM case_file WHERE desk = $1 AND closed = 0 AND kind = $2 AND (due, subject, id) > ($3, $4, $5) ORDER BY due, subject, id LIMIT $6"
	deskState = "SELECT " + caseColumns + ` FROM case_file WHERE desk = $1 AND closed = 0 AND kind = $2 AND state = $3 AND (due, subject, id) > ($4, $5, $6)
		ORDER BY due, subject, id LIMIT $7`
)

// Desk lists open cases of a desk by their nearest deadline: the overdue first, those whose clock stands or that have no
// deadline last.
func (s *Service) Desk(ctx context.Context, q DeskQuery) ([]Case, error) {
	query, args := deskAll, []any{q.Desk}
	switch {
	case q.State != "" && q.Kind == "":
		return nil, fmt.Errorf("casework: listing the desk %s: state %s without its kind", q.Desk, q.State)
	case q.State != "":
		query, args = deskState, append(args, q.Kind, string(q.State))
	case q.Kind != "":
		query, args = deskKind, append(args, q.Kind)
	}
	return scanCases(s.db.Query(ctx, query, append(args, append(q.After.place(), int64(q.Limit))...)...))
}

// place is the key of a case in the list of its desk.
func (c *Case) place() []any {
	if c == nil {
		return []any{int64(0), "", ""}
	}
	due := c.Due
	if due == 0 {
		due = never
	}
	return []any{int64(due), string(c.Subject), c.ID}
}

// DeskCount is how many open cases of a kind and state lie at a desk.
type DeskCount struct {
	Kind    string
	State   State
	Open    int64 // all of them
	Overdue int64 // those of which a deadline has passed
}

// DeskCounts counts the open cases of a desk by kind and state.
func (s *Service) DeskCounts(ctx context.Context, desk string, today credit.Date) ([]DeskCount, error) {
	rows, err := s.db.Query(ctx, `SELECT kind, state, COUNT(*), CAST(SUM(CASE WHEN due < $1 THEN 1 ELSE 0 END) AS BIGINT)
		FROM case_file WHERE desk = $2 AND closed = 0 GROUP BY kind, state ORDER BY kind, state`, int64(today), desk)
	if err != nil {
		return nil, fmt.Errorf("casework: counting the cases of a desk: %w", err)
	}
	defer rows.Close()
	var all []DeskCount
	for rows.Next() {
		var n DeskCount
		if err := rows.Scan(&n.Kind, &n.State, &n.Open, &n.Overdue); err != nil {
			return nil, fmt.Errorf("casework: counting the cases of a desk: %w", err)
		}
		all = append(all, n)
	}
	return all, rows.Err()
}
