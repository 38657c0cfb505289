package report

import (
	"context"
	"fmt"

	"xinban/internal/law"
	"xinban/internal/store"
)

// keepRegister keeps the organ register from which documents are made from now on.
func (s *Service) keepRegister(ctx context.Context) error {
	set := s.c.Organs.Set
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		return tx.InsertMissing("organ_register", []string{"digest", "body"}, [][]any{{set.Digest, string(set.Body)}})
	})
	if err != nil {
		return fmt.Errorf("report: keeping the organ register: %w", err)
	}
	return nil
}

// register returns the organ register with a digest.
func (s *Service) register(ctx context.Context, digest string) (*law.Register, error) {
	if digest == s.c.Organs.Set.Digest {
		return s.c.Organs, nil
	}
	var body string
	if err := s.db.QueryRow(ctx, "SELECT body FROM organ_register WHERE digest = $1", digest).Scan(&body); err != nil {
		return nil, fmt.Errorf("report: reading organ register %s: %w", digest, err)
	}
	return law.ReadRegister([]byte(body))
}
