package publicity

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/tally"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Assess gives a folded matter what the rules need to know of it, its domain, and the name of its organ.
type Assess func(book *law.Book, m *ledger.Matter, on credit.Date) (lm law.Matter, domain, organ string)

// Config is what a Service is made of.
type Config struct {
	Ledger *ledger.Ledger
	// Books returns the adopted rules with a digest; the empty digest asks for those in force.
	Books  func(digest string) (*law.Book, error)
	Assess Assess
	// Touch puts subjects on the queue of those whose projections must follow.
	Touch func(tx *store.Tx, keys ...credit.Key) error
	Now   func() time.Time
}

// Service keeps and shows the public projection. It is safe for concurrent use.
type Service struct {
	c  Config
	db *store.DB
}

// New brings the tables up to date and returns the service.
func New(ctx context.Context, c Config) (*Service, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	s := &Service{c, c.Ledger.DB()}
	if _, err := tally.New(ctx, s.db); err != nil {
		return nil, err
	}
	if err := s.db.Migrate(ctx, "publicity", files); err != nil {
		return nil, err
	}
	return s, s.begin(ctx)
}

func (s *Service) today() credit.Date { return credit.DateOf(s.c.Now()) }

// projectionVersion changes when the projection shows something else of the same facts.
const projectionVersion = "1:"

func (s *Service) want() (string, error) {
	book, err := s.c.Books("")
	if err != nil {
		return "", err
	}
	return projectionVersion + book.Digest(), nil
}

// begin notes in a fresh store that there is nothing to renew.
func (s *Service) begin(ctx context.Context) error {
	want, err := s.want()
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *store.Tx) error {
		var key string
		err := tx.QueryRow("SELECT key FROM subject ORDER BY key LIMIT 1").Scan(&key)
		if !errors.Is(err, sql.ErrNoRows) {
			want = "" // there are subjects already, perhaps never projected
		}
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("publicity: looking for subjects: %w", err)
		}
		return tx.InsertMissing("public_state", []string{"id", "digest", "cursor", "followed"}, [][]any{{int64(1), want, "", s.c.Now().UnixMilli()}})
	})
}

// renewKeys is how many subjects one transaction of a renewal puts on the queue.
const renewKeys = 500

// Refresh puts the next subjects on the queue when the rules are no longer those by which the projection
// was made; more is false when none is left. Killed at any moment it goes on where it was.
func (s *Service) Refresh(ctx context.Context) (more bool, err error) {
	want, err := s.want()
	if err != nil {
		return false, err
	}
	var digest, cursor string
	if err := s.db.QueryRow(ctx, "SELECT digest, cursor FROM public_state WHERE id = 1").Scan(&digest, &cursor); err != nil {
		return false, fmt.Errorf("publicity: reading the state of the projection: %w", err)
	}
	if digest == want {
		return false, nil
	}
	keys, err := s.keysAfter(ctx, cursor)
	if err != nil {
		return false, err
	}
	cursor, digest = "", want
	if len(keys) == renewKeys {
		cursor, digest = string(keys[len(keys)-1]), ""
	}
	err = s.db.Bulk(ctx, func(tx *store.Tx) error {
		if err := s.c.Touch(tx, keys...); err != nil {
			return err
		}
		_, err := tx.Exec("UPDATE public_state SET digest = $1, cursor = $2 WHERE id = 1", digest, cursor)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("publicity: renewing the projection: %w", err)
	}
	return digest == "", nil
}

func (s *Service) keysAfter(ctx context.Context, cursor string) ([]credit.Key, error) {
	rows, err := s.db.Query(ctx, "SELECT key FROM subject WHERE key > $1 ORDER BY key LIMIT $2", cursor, int64(renewKeys))
	if err != nil {
		return nil, fmt.Errorf("publicity: listing subjects: %w", err)
	}
	defer rows.Close()
	var keys []credit.Key
	for rows.Next() {
		var k credit.Key
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, rows.Err()
}

// markEvery is how often an idle projection notes that it is up to date.
const markEvery = time.Minute

// UpToDate notes that the queue was found empty: what the pages show is as of now.
func (s *Service) UpToDate(ctx context.Context) error {
	now := s.c.Now()
	at, err := s.AsOf(ctx)
	if err != nil || now.Sub(at) < markEvery {
		return err
	}
	return s.db.Bulk(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE public_state SET followed = $1 WHERE id = 1", now.UnixMilli())
		return err
	})
}

// AsOf is until when the projection has followed the facts.
func (s *Service) AsOf(ctx context.Context) (time.Time, error) {
	var at int64
	if err := s.db.QueryRow(ctx, "SELECT followed FROM public_state WHERE id = 1").Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("publicity: reading how fresh the projection is: %w", err)
	}
	return time.UnixMilli(at).UTC(), nil
}
