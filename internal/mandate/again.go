package mandate

import (
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// had tells whether the person was given the document before, under a grant that still stands: to be given it again is no
// further use.
func (s *Service) had(tx *store.Tx, me account.Principal, number string) (bool, error) {
	for _, who := range grantees(me) {
		var subject credit.Key
		var id string
		err := tx.QueryRow("SELECT subject, grant_id FROM mandate_document WHERE grantee = $1 AND number = $2", string(who), number).Scan(&subject, &id)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("mandate: looking up a document: %w", err)
		}
		if why, err := s.consent.StandsIn(tx, subject, id); err != nil || why == nil {
			return err == nil, err
		}
	}
	return false, nil
}
