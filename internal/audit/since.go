package audit

import (
	"context"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// At is a cursor that stands before all entries of an instant.
func At(t time.Time) Cursor { return Cursor{at: t.UnixMilli()} }

// After is the cursor that stands behind an entry.
func After(e *Entry) Cursor { return Cursor{e.At.UnixMilli(), e.ID} }

// Time is the instant at which the cursor stands.
func (c Cursor) Time() time.Time { return time.UnixMilli(c.at) }

// Next returns up to limit entries of all subjects after the cursor, the oldest first. An entry becomes visible when
// its transaction ends, which may be a while after its instant.
func Next(ctx context.Context, db *store.DB, after Cursor, limit int) ([]Entry, error) {
	list, _, err := entries(limit)(db.Query(ctx, `SELECT `+entryColumns+` FROM access_log
		WHERE at >= $1 AND (at, id) > ($1, $2) ORDER BY at, id LIMIT $3`, after.at, after.id, limit))
	return list, err
}

// NextOf is Next for one subject.
func NextOf(ctx context.Context, db *store.DB, subject credit.Key, after Cursor, limit int) ([]Entry, error) {
	list, _, err := entries(limit)(db.Query(ctx, `SELECT `+entryColumns+` FROM access_log
		WHERE subject = $1 AND (at, id) > ($2, $3) ORDER BY at, id LIMIT $4`, string(subject), after.at, after.id, limit))
	return list, err
}

// Place is the cursor as it is kept in a table; see [Kept].
func (c Cursor) Place() (at int64, id string) { return c.at, c.id }

// Kept is a cursor read from a table.
func Kept(at int64, id string) Cursor { return Cursor{at, id} }
