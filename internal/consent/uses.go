package consent

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Used is one use of a grant.
type Used struct {
	ID       string
	At       int64 // UTC ms
	Who      Actor
	Purpose  string
	Edition  string
	Kind     Kind
	Document string // number of the report; empty when no report was given
}

// note writes down a use in the transaction of what it allows.
func (s *Service) note(tx *store.Tx, g *Grant, a Act) error {
	now := s.now()
	who := Actor{a.Who.ID, cmp.Or(a.Who.Name, g.Name)} // at a window only the grantee is known
	_, err := tx.Exec(`INSERT INTO consent_use (subject, grant_id, id, at, actor, name, purpose, edition, kind, document)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, string(g.Subject), g.ID, newID(now), ms(now), who.ID, who.Name, a.Purpose, a.Edition,
		string(cmp.Or(a.Kind, Report)), a.Document)
	if err != nil {
		return fmt.Errorf("consent: noting a use: %w", err)
	}
	return nil
}

// Uses lists up to limit uses of a grant, newest first, before the given one (empty: from the newest).
func (s *Service) Uses(ctx context.Context, subject credit.Key, id, before string, limit int) ([]Used, error) {
	rows, err := s.db.Query(ctx, `SELECT id, at, actor, name, purpose, edition, kind, document FROM consent_use
		WHERE subject = $1 AND grant_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`, string(subject), id, cmp.Or(before, last), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("consent: listing uses: %w", err)
	}
	defer rows.Close()
	var all []Used
	for rows.Next() {
		var u Used
		if err := rows.Scan(&u.ID, &u.At, &u.Who.ID, &u.Who.Name, &u.Purpose, &u.Edition, &u.Kind, &u.Document); err != nil {
			return nil, fmt.Errorf("consent: listing uses: %w", err)
		}
		all = append(all, u)
	}
	return all, rows.Err()
}

// last sorts after every number.
const last = "~"

// newestFirst is the order of lists, by when a grant was given.
func newestFirst(all []Grant) {
	slices.SortStableFunc(all, func(a, b Grant) int { return cmp.Compare(b.Given, a.Given) })
}
