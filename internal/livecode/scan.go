package livecode

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// Scan shows what a code shows, counts the scan and writes it into the subject's access log. A code that is
// over, used up or stopped is ErrOver; one that never was is ErrUnknown besides, which nobody outside is told apart.
func (s *Service) Scan(ctx context.Context, text string, who audit.Actor) (*Snapshot, time.Time, error) {
	now := s.c.Now()
	code, ok := normal(text)
	if !ok {
		return nil, now, ErrUnknown
	}
	var key, showing string
	var until int64
	err := s.db.QueryRow(ctx, "SELECT subject, showing, until FROM livecode_code WHERE id = $1", digest(code)).Scan(&key, &showing, &until)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, now, ErrUnknown
	case err != nil:
		return nil, now, fmt.Errorf("livecode: looking up a code: %w", err)
	case now.UnixMilli() >= until:
		return nil, now, ErrOver
	}
	shown := &Snapshot{}
	err = s.db.Tx(ctx, func(tx *store.Tx) error { return scanned(tx, shown, credit.Key(key), showing, now, who) })
	if errors.Is(err, sql.ErrNoRows) {
		return nil, now, ErrOver
	}
	if err != nil {
		return nil, now, fmt.Errorf("livecode: a scan: %w", err)
	}
	return shown, now.UTC(), nil
}

// scanned uses one scan of a showing; sql.ErrNoRows when there is none left or it was stopped.
func scanned(tx *store.Tx, shown *Snapshot, key credit.Key, showing string, now time.Time, who audit.Actor) error {
	var body string
	var nth int64
	if err := tx.QueryRow("UPDATE livecode_showing SET used = used + 1 WHERE subject = $1 AND id = $2 AND ended = 0 AND used < uses RETURNING used, shown",
		string(key), showing).Scan(&nth, &body); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(body), shown); err != nil {
		return err
	}
	if _, err := tx.Exec("INSERT INTO livecode_scan (subject, showing, nth, at, who) VALUES ($1, $2, $3, $4, $5)",
		string(key), showing, nth, now.UnixMilli(), who.Name); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Subject: key, At: now, Actor: who, Action: audit.View, Purpose: Purpose, Document: shown.Number})
}

// Seen is a scan of a showing, as its page lists it.
type Seen struct {
	Who string
	At  time.Time
}

// Scans lists the scans of a showing, the newest first. There are at most [Most].
func (s *Service) Scans(ctx context.Context, key credit.Key, showing string) ([]Seen, error) {
	rows, err := s.db.Query(ctx, "SELECT who, at FROM livecode_scan WHERE subject = $1 AND showing = $2 ORDER BY nth DESC", string(key), showing)
	if err != nil {
		return nil, fmt.Errorf("livecode: listing scans: %w", err)
	}
	defer rows.Close()
	var all []Seen
	for rows.Next() {
		var x Seen
		var at int64
		if err := rows.Scan(&x.Who, &at); err != nil {
			return nil, fmt.Errorf("livecode: listing scans: %w", err)
		}
		x.At = time.UnixMilli(at).UTC()
		all = append(all, x)
	}
	return all, rows.Err()
}
