package ledger

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/klauspost/compress/s2"

	"xinban/internal/credit"
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
	l := &Ledger{db: db, codec: newCompressor(), keys: keys, layouts: map[int64][]string{}, ids: map[string]int64{}}
	if err := l.knowKeys(ctx); err != nil {
		return nil, err
	}
	return l, l.readDictionaries(ctx)
}

// knowKeys compares the keys with the marks that the store keeps of its own.
func (l *Ledger) knowKeys(ctx context.Context) error {
	var marks [][]any
	for i := range l.keys.keys {
		marks = append(marks, []any{l.keys.keys[i].version, l.keys.keys[i].mark()})
	}
	err := l.db.Tx(ctx, func(tx *store.Tx) error { return tx.InsertMissing("key_check", []string{"version", "mark"}, marks) })
	if err != nil {
		return fmt.Errorf("ledger: checking the identity keys: %w", err)
	}
	for _, m := range marks {
		var kept []byte
		if err := l.db.QueryRow(ctx, "SELECT mark FROM key_check WHERE version = $1", m[0]).Scan(&kept); err != nil {
			return fmt.Errorf("ledger: checking the identity keys: %w", err)
		}
		if !bytes.Equal(kept, m[1].([]byte)) {
			return ErrWrongKeys
		}
	}
	if err := l.keysInUse(l.db.QueryRow(ctx, newestKey)); errors.Is(err, ErrKeysOld) {
		return ErrKeysMissing
	} else if err != nil {
		return err
	}
	return nil
}

const newestKey = "SELECT COALESCE(MAX(version), 0) FROM key_check"

// keysInUse tells whether the store still uses this keyring's newest key.
func (l *Ledger) keysInUse(newest store.Row) error {
	var version int64
	if err := newest.Scan(&version); err != nil {
		return fmt.Errorf("ledger: checking the identity keys: %w", err)
	}
	if version > l.keys.current().version {
		return ErrKeysOld
	}
	return nil
}

func (l *Ledger) readDictionaries(ctx context.Context) error {
	rows, err := l.db.Query(ctx, "SELECT id, bytes FROM dictionary ORDER BY id")
	if err != nil {
		return fmt.Errorf("ledger: reading the dictionaries: %w", err)
	}
	defer rows.Close()
	all := dictionaries{}
	for rows.Next() {
		var id int64
		var b []byte
		if err := rows.Scan(&id, &b); err != nil {
			return err
		}
		d := s2.MakeDict(b, nil)
		if d == nil {
			return fmt.Errorf("ledger: dictionary %d is damaged", id)
		}
		all[uint64(id)] = d
	}
	l.codec.dicts.Store(&all)
	return rows.Err()
}

// trainRows is how many sample bodies make a dictionary worth while.
const trainRows = 500

// Train makes a dictionary for a kind from sample bodies when the store has none for it yet, so that
// bodies packed from now on are small. Samples are what [Packer.Plain] gave.
func (l *Ledger) Train(ctx context.Context, kind credit.Kind, samples [][]byte, now int64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.codec.has(kind) || len(samples) < trainRows {
		return nil
	}
	id, b := dictionaryOf(kind), train(samples)
	if len(b) < s2.MinDictSize {
		return nil
	}
	err := l.db.Tx(ctx, func(tx *store.Tx) error {
		return tx.InsertMissing("dictionary", []string{"id", "trained", "bytes"}, [][]any{{int64(id), now, b}})
	})
	if err != nil {
		return fmt.Errorf("ledger: keeping the dictionary: %w", err)
	}
	return l.readDictionaries(ctx) // another process may have been first
}

// Trained tells whether bodies of a kind have a dictionary.
func (l *Ledger) Trained(kind credit.Kind) bool { return l.codec.has(kind) }

// DB is the store of the ledger, for capabilities that write their rows in the same transaction.
func (l *Ledger) DB() *store.DB { return l.db }
