package ledger

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"sync"

	"xinban/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Ledger is the facts of all subjects in one store. It is safe for concurrent use.
type Ledger struct {
	db    *store.DB
	codec *compressor
	keys  *Keyring

	mu      sync.Mutex
	layouts map[int64][]string
	ids     map[string]int64 // layout digest to id
}

// Open brings the tables up to date and returns the ledger in db. keys seals identity numbers.
func Open(ctx context.Context, db *store.DB, keys *Keyring) (*Ledger, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, "ledger", files); err != nil {
		return nil, err
	}
	codec, err := newCompressor()
	if err != nil {
		return nil, err
	}
	l := &Ledger{db: db, codec: codec, keys: keys, layouts: map[int64][]string{}, ids: map[string]int64{}}
	return l, l.readDictionaries(ctx)
}

func (l *Ledger) readDictionaries(ctx context.Context) error {
	rows, err := l.db.Query(ctx, "SELECT id, bytes FROM dictionary ORDER BY id")
	if err != nil {
		return fmt.Errorf("ledger: reading the dictionaries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var b []byte
		if err := rows.Scan(&id, &b); err != nil {
			return err
		}
		if err := l.codec.add(uint32(id), b); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Train makes a dictionary from sample bodies when the store has none yet, so that bodies packed
// from now on are small. Samples are the bodies that [Packer] was given.
func (l *Ledger) Train(ctx context.Context, samples [][]byte, now int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.codec.cur != 0 || len(samples) < 500 {
		return nil
	}
	const id = 1
	b, err := train(id, samples)
	if err != nil {
		return err
	}
	err = l.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO dictionary (id, trained, bytes) VALUES ($1, $2, $3)", int64(id), now, b)
		return err
	})
	if err != nil {
		return fmt.Errorf("ledger: keeping the dictionary: %w", err)
	}
	return l.codec.add(id, b)
}

// DB is the store of the ledger, for capabilities that write their rows in the same transaction.
func (l *Ledger) DB() *store.DB { return l.db }
