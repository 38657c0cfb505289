package report

import (
	"context"
	"fmt"

	"xinban/internal/credit"
)

// Since counts the records that a document of the same settings would show today and this one does not. It
// makes no document; whoever asks must be allowed to know and notes it in the access log.
func (s *Service) Since(ctx context.Context, number string) (int, error) {
	key, _, err := s.directory(ctx, number)
	if err != nil {
		return 0, err
	}
	was, err := s.settingsOf(ctx, key, number)
	if err != nil {
		return 0, err
	}
	c, err := s.content(ctx, key, number)
	if err != nil {
		return 0, err
	}
	in, err := s.gather(ctx, s.renewed(key, was), credit.DateOf(s.c.Now()))
	if err != nil {
		return 0, err
	}
	made, err := compose(in)
	if err != nil {
		return 0, err
	}
	told := map[string]bool{}
	for _, r := range c.Records {
		told[r.Matter] = true
	}
	n := 0
	for _, r := range made.shown {
		if !told[r.Matter] {
			n++
		}
	}
	return n, nil
}

// Ended is the status that is kept of a document: Replaced or Withdrawn, and Valid while neither happened,
// whatever has changed since.
func (s *Service) Ended(ctx context.Context, key credit.Key, number string) (Status, error) {
	var status Status
	var newer string
	if err := s.db.QueryRow(ctx, "SELECT status, newer FROM document WHERE subject = $1 AND number = $2", string(key), number).Scan(&status, &newer); err != nil {
		return Unknown, fmt.Errorf("report: reading document %s: %w", number, err)
	}
	if status != Withdrawn && newer != "" {
		return Replaced, nil
	}
	return status, nil
}

// ShownName is the subject's name as it may be shown: a person's is masked.
func (c *Content) ShownName() string { return shownName(c.Subject, c.Name) }
