package casework

import (
	"context"

	"xinban/internal/credit"
)

// DueBy lists up to limit deadlines of one name that have come by a day, the oldest first, for a capability that
// gives its deadlines names of its own. Provisional ones are left out: nothing follows from them;
// those of paused cases too.
func (s *Service) DueBy(ctx context.Context, name string, on credit.Date, limit int) ([]Deadline, error) {
	return s.deadlines(ctx, `SELECT subject, id, name, due, provisional FROM case_deadline
		WHERE due <= $1 AND name = $2 AND provisional = 0 AND stood = 0 ORDER BY due, subject, id LIMIT $3`, int64(on), name, int64(limit))
}
