package casework

import (
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Lock reads a case in the caller's transaction and keeps it from others until that ends: what is decided of a case
// and its children together is decided once.
func (s *Service) Lock(tx *store.Tx, subject credit.Key, id string) (Case, error) {
	if _, err := tx.Exec("UPDATE case_file SET changed = changed WHERE subject = $1 AND id = $2", string(subject), id); err != nil {
		return Case{}, fmt.Errorf("casework: locking case %s: %w", id, err)
	}
	c, err := scanCase(tx.QueryRow("SELECT "+caseColumns+" FROM case_file WHERE subject = $1 AND id = $2", string(subject), id))
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNoCase
	}
	if err != nil {
		return c, fmt.Errorf("casework: reading case %s: %w", id, err)
	}
	return c, nil
}

// OpenChildren counts the children of a locked case that have not ended.
func (s *Service) OpenChildren(tx *store.Tx, parent *Case) (n int64, err error) {
	err = tx.QueryRow(`SELECT COUNT(*) FROM case_child k JOIN case_file f ON f.subject = k.child_subject AND f.id = k.child
		WHERE k.subject = $1 AND k.id = $2 AND f.closed = 0`, string(parent.Subject), parent.ID).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("casework: counting the open children of a case: %w", err)
	}
	return n, nil
}
