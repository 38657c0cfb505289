package report

import (
	"context"
	"fmt"
	"strings"

	"xinban/internal/credit"
)

// Place is where a document lies.
type Place struct {
	Subject credit.Key
	Number  string
}

// endedSize is how many documents are looked up with one query.
const endedSize = 100

// EndedOf is [Service.Ended] of many documents, by their numbers. One that does not exist is left out.
func (s *Service) EndedOf(ctx context.Context, all []Place) (map[string]Status, error) {
	found := make(map[string]Status, len(all))
	for len(all) > 0 {
		n := min(len(all), endedSize)
		if err := s.endedOf(ctx, all[:n], found); err != nil {
			return nil, fmt.Errorf("report: reading the status of documents: %w", err)
		}
		all = all[n:]
	}
	return found, nil
}

func (s *Service) endedOf(ctx context.Context, places []Place, found map[string]Status) error {
	args := make([]any, 2*endedSize)
	for i := range endedSize {
		var p Place // an empty one finds nothing
		if i < len(places) {
			p = places[i]
		}
		args[2*i], args[2*i+1] = string(p.Subject), p.Number
	}
	rows, err := s.db.Query(ctx, endedQuery, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var number, newer string
		var status Status
		if err := rows.Scan(&number, &status, &newer); err != nil {
			return err
		}
		if status != Withdrawn && newer != "" {
			status = Replaced
		}
		found[number] = status
	}
	return rows.Err()
}

var endedQuery = func() string {
	pairs := make([]string, endedSize)
	for i := range pairs {
		pairs[i] = fmt.Sprintf("($%d, $%d)", 2*i+1, 2*i+2)
	}
	return "SELECT number, status, newer FROM document WHERE (subject, number) IN (VALUES " + strings.Join(pairs, ", ") + ")"
}()

// StatusOf is how a document stands today, folded anew, and why.
func (s *Service) StatusOf(ctx context.Context, key credit.Key, number string) (Status, []string, error) {
	return s.status(ctx, key, number)
}
