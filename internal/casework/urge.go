package casework

import (
	"errors"

	"xinban/internal/store"
)

// ErrUrged says that a case was urged today.
var ErrUrged = errors.New("该办件今天已经催办过：每天可以催办一次，请明天再试")

// Urge notes that the applicant asks for progress (催办), once a day.
func (s *Service) Urge(tx *store.Tx, c *Case, by By, note string) error {
	if c.Urged == s.today() {
		return ErrUrged
	}
	next := *c
	next.Urged = s.today()
	return s.note(tx, c, &next, "urge", by, note)
}
