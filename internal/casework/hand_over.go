package casework

import (
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/store"
)

// Errors of handing a case over.
var (
	ErrDesk   = errors.New("请选择另一个承办部门")
	ErrNoBack = errors.New("该办件不是由其他部门转来的，不能退回")
)

// HandOver gives an open case to another desk (转办). A reason is needed.
func (s *Service) HandOver(tx *store.Tx, c *Case, desk string, by By, reason string) error {
	if desk == "" || desk == c.Desk {
		return ErrDesk
	}
	if reason == "" {
		return ErrReason
	}
	from, next := c.Desk, *c
	next.Desk = desk
	if err := s.note(tx, c, &next, "hand_over", by, reason); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO case_handover (subject, id, version, from_desk, to_desk, returned) VALUES ($1, $2, $3, $4, $5, 0)",
		string(c.Subject), c.ID, c.Version, from, desk)
	if err != nil {
		return fmt.Errorf("casework: handing over case %s: %w", c.ID, err)
	}
	return nil
}

// Return gives a case back to the desk that handed it over last (退回). A reason is needed.
func (s *Service) Return(tx *store.Tx, c *Case, by By, reason string) error {
	if reason == "" {
		return ErrReason
	}
	var version int64
	next := *c
	err := tx.QueryRow(`SELECT version, from_desk FROM case_handover WHERE subject = $1 AND id = $2 AND to_desk = $3 AND returned = 0
		ORDER BY version DESC LIMIT 1`, string(c.Subject), c.ID, c.Desk).Scan(&version, &next.Desk)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoBack
	}
	if err == nil {
		if err := s.note(tx, c, &next, "return", by, reason); err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE case_handover SET returned = $1 WHERE subject = $2 AND id = $3 AND version = $4", c.Version, string(c.Subject), c.ID, version)
	}
	if err != nil {
		return fmt.Errorf("casework: returning case %s: %w", c.ID, err)
	}
	return nil
}
