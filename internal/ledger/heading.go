package ledger

import "context"

// Headings returns the heading row that [Ledger.Layout] keeps under id, so that a row as received can
// be shown and mended.
func (l *Ledger) Headings(ctx context.Context, id int64) ([]string, error) {
	return l.headings(ctx, id)
}
