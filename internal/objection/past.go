package objection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// digest is of what evidence says, spelled in one way: the same words again are no new evidence.
func (e Evidence) digest() string {
	words := strings.ToLower(strings.Join(strings.Fields(credit.NormalText(e.Text+"|"+e.File)), ""))
	sum := sha256.Sum256([]byte(words))
	return hex.EncodeToString(sum[:])
}

func digests(d *data) []string {
	if len(d.Evidence) == 0 {
		return []string{""}
	}
	var all []string
	for _, e := range d.Evidence {
		all = append(all, e.digest())
	}
	return all
}

// earlier is the number of the last decided objection to the same matter on the same ground that showed all that
// this one shows; empty for none, and for one with new evidence.
func (s *Service) earlier(ctx context.Context, subject credit.Key, d *data) (string, error) {
	rows, err := s.c.DB.Query(ctx, "SELECT evidence, id FROM objection_past WHERE subject = $1 AND matter = $2 AND ground = $3 ORDER BY evidence, id",
		string(subject), d.Matter, string(d.Ground))
	if err != nil {
		return "", fmt.Errorf("objection: reading earlier objections: %w", err)
	}
	defer rows.Close()
	shown, last := map[string]bool{"": true}, ""
	for rows.Next() {
		var evidence, id string
		if err := rows.Scan(&evidence, &id); err != nil {
			return "", fmt.Errorf("objection: reading earlier objections: %w", err)
		}
		shown[evidence], last = true, max(last, id)
	}
	for _, x := range digests(d) {
		if !shown[x] {
			return "", rows.Err()
		}
	}
	return last, rows.Err()
}

// remember notes what a decided objection showed.
func remember(tx *store.Tx, c *casework.Case, d *data) error {
	var all [][]any
	for _, x := range digests(d) {
		all = append(all, []any{string(c.Subject), d.Matter, string(d.Ground), x, c.ID})
	}
	return tx.InsertMissing("objection_past", []string{"subject", "matter", "ground", "evidence", "id"}, all)
}
