package publicity

import (
	"context"
	"fmt"

	"xinban/internal/store"
)

// sweepRows is how many rows one transaction of a sweep takes off.
const sweepRows = 200

const sweepQuery = "DELETE FROM public_matter WHERE (id, open_from) IN (SELECT id, open_from FROM public_matter WHERE hidden_from <= $1 ORDER BY hidden_from LIMIT $2)"

// Sweep takes off the next rows whose days are over, so that no list walks past them; more tells that
// there may be others. The facts keep what was public and when.
func (s *Service) Sweep(ctx context.Context) (more bool, err error) {
	on := int64(s.today())
	var over int64
	if err := s.db.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT id FROM public_matter WHERE hidden_from <= $1 LIMIT 1) AS past", on).Scan(&over); err != nil || over == 0 {
		return false, err
	}
	var n int64
	err = s.db.Bulk(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.Exec(sweepQuery, on, int64(sweepRows))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("publicity: taking off what is no longer public: %w", err)
	}
	return n == sweepRows, nil
}
