package livecode

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Reports makes what a code shows: the report of the day in an edition, made or made before.
type Reports interface {
	Snapshot(ctx context.Context, key credit.Key, edition string, who audit.Actor) (Snapshot, error)
}

// Config is what a Service is made of.
type Config struct {
	DB      *store.DB
	Reports Reports
	// Name is a subject's present name, as it may be shown.
	Name func(ctx context.Context, key credit.Key) (string, error)
	Base string // address of the server that a phone opens, without a stroke at its end
	Now  func() time.Time
}

// Service makes codes and answers scans. It is safe for concurrent use.
type Service struct {
	c     Config
	db    *store.DB
	guess *brake
}

// New brings the table up to date.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return &Service{c, c.DB, newBrake(c.Now)}, c.DB.Migrate(ctx, "livecode", files)
}

// Purpose stands in the access log at the making and at each scan.
const Purpose = "亮码"

// Errors whose text is shown.
var (
	ErrOver = errors.New("这个码不存在、已过两分钟或已用完，请对方重新出示")
	ErrUses = fmt.Errorf("可扫次数请填1至%d", Most)
)

// Code is a code as it is given to the subject, once.
type Code struct {
	Text  string
	Until time.Time // UTC
	Shown Snapshot
}

// Address is what the QR code says.
func (s *Service) Address(code string) string { return s.c.Base + "/c/" + code }

// Make makes a code that shows these fields of the day's report for [Life], so many times.
func (s *Service) Make(ctx context.Context, key credit.Key, edition string, f Fields, uses int, who audit.Actor) (*Code, error) {
	if uses < 1 || uses > Most {
		return nil, ErrUses
	}
	whole, err := s.c.Reports.Snapshot(ctx, key, edition, who)
	if err != nil {
		return nil, err
	}
	shown, err := whole.Only(f)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(shown)
	if err != nil {
		return nil, err
	}
	now := s.c.Now()
	c := &Code{newCode(), now.Add(Life).UTC(), shown}
	err = s.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO livecode (id, subject, made, until, uses, used, shown) VALUES ($1, $2, $3, $4, $5, 0, $6)",
			digest(c.Text), string(key), now.UnixMilli(), c.Until.UnixMilli(), int64(uses), string(body))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("livecode: keeping a code: %w", err)
	}
	return c, nil
}

// Scan shows what a code shows, counts the scan and writes it into the subject's access log. A code that is
// unknown, over or used up is ErrOver alike.
func (s *Service) Scan(ctx context.Context, text string, who audit.Actor) (*Snapshot, time.Time, error) {
	now := s.c.Now()
	code, ok := normal(text)
	if !ok {
		return nil, now, ErrOver
	}
	id := digest(code)
	var shown Snapshot
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		var body, key string
		if err := tx.QueryRow("UPDATE livecode SET used = used + 1 WHERE id = $1 AND until > $2 AND used < uses RETURNING subject, shown", id, now.UnixMilli()).
			Scan(&key, &body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &shown); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Subject: credit.Key(key), At: now, Actor: who, Action: audit.View, Purpose: Purpose, Document: shown.Number})
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, now, ErrOver
	}
	if err != nil {
		return nil, now, fmt.Errorf("livecode: a scan: %w", err)
	}
	return &shown, now.UTC(), nil
}

// seen is how many entries of the log are looked through for scans.
const seen = 50

// Seen is a scan of a subject's code, as its page lists it.
type Seen struct {
	Who string
	At  time.Time
}

// Scans lists the scans of a subject's codes since an instant, newest first.
func (s *Service) Scans(ctx context.Context, key credit.Key, since time.Time) ([]Seen, error) {
	entries, _, err := audit.BySubject(ctx, s.db, key, audit.Cursor{}, seen)
	if err != nil {
		return nil, err
	}
	var all []Seen
	for _, e := range entries {
		if e.At.Before(since) {
			break
		}
		if e.Action == audit.View && strings.HasPrefix(e.Purpose, Purpose) {
			all = append(all, Seen{e.Actor.Name, e.At})
		}
	}
	return all, nil
}

// kept is how long a code that is over stays, so that nothing is deleted that somebody is looking at.
const kept = time.Hour

// purged is how many codes one step of a purge deletes.
const purged = 500

// Purge deletes codes that are long over; more says that there may be more of them.
func (s *Service) Purge(ctx context.Context) (more bool, err error) {
	rows, err := s.db.Query(ctx, "SELECT id FROM livecode WHERE until <= $1 ORDER BY until, id LIMIT $2", s.c.Now().Add(-kept).UnixMilli(), int64(purged))
	if err != nil {
		return false, fmt.Errorf("livecode: looking for codes that are over: %w", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return false, err
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(ids) == 0 {
		return false, err
	}
	err = s.db.Bulk(ctx, func(tx *store.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec("DELETE FROM livecode WHERE id = $1", id); err != nil {
				return err
			}
		}
		return nil
	})
	return len(ids) == purged, err
}
