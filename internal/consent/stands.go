package consent

import (
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// StandsIn tells, in the caller's transaction, why what was made under a grant may no longer be had; nil while it may. A grant
// whose times are used up still stands for that.
func (s *Service) StandsIn(tx *store.Tx, subject credit.Key, id string) (why, err error) {
	g, err := scan(tx.QueryRow("SELECT "+columns+" FROM consent WHERE subject = $1 AND id = $2", string(subject), id))
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNone, nil
	}
	if err != nil {
		return nil, fmt.Errorf("consent: reading a grant: %w", err)
	}
	if why := g.Over(s.today()); why != nil && !errors.Is(why, ErrUsedUp) {
		return why, nil
	}
	if err := s.verified(tx.Query, &g, Actor{}); err != nil {
		if _, known := Why(err); known {
			return err, nil
		}
		return nil, err
	}
	return nil, nil
}
