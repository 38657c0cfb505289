package ledger

import (
	"context"
	"database/sql"
	"fmt"

	"xinban/internal/store"
)

// rehashRows is how many identities one transaction gives new hashes.
const rehashRows = 200

// Rehash hashes and seals with the newest key every identity that an older one hashed, and returns how
// many. It may be killed and called again: meanwhile a person is found by either. Rows as received keep
// the seal under which they were written, so older keys stay in the keyring.
func (l *Ledger) Rehash(ctx context.Context) (n int, err error) {
	after := []byte{}
	for {
		done, last, err := l.rehashSome(ctx, after)
		n += done
		if err != nil {
			return n, fmt.Errorf("ledger: giving identities new hashes: %w", err)
		}
		if last == nil {
			return n, nil
		}
		after = last
	}
}

type identity struct {
	hash, sealed []byte
	version      int64
	key          string
}

// rehashSome goes over the identities after a hash and returns the last one it saw, nil at the end.
func (l *Ledger) rehashSome(ctx context.Context, after []byte) (n int, last []byte, err error) {
	rows, err := l.db.Query(ctx, "SELECT hash, version, key, sealed FROM identity WHERE hash > $1 ORDER BY hash LIMIT $2", after, int64(rehashRows))
	if err != nil {
		return 0, nil, err
	}
	old, last, err := l.hashedBefore(rows)
	if err != nil || len(old) == 0 {
		return 0, last, err
	}
	return len(old), last, l.db.Tx(ctx, func(tx *store.Tx) error {
		for _, x := range old {
			number, err := l.keys.unseal(x.sealed)
			if err != nil {
				return err
			}
			gone, err := tx.Exec("DELETE FROM identity WHERE hash = $1 AND version = $2", x.hash, x.version)
			if err != nil {
				return err
			}
			if gone == 0 { // erased, or hashed anew by another
				continue
			}
			err = tx.InsertMissing("identity", identityColumns, [][]any{{l.keys.hash(number), l.keys.current().version, x.key, l.keys.sealBytes(number)}})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// hashedBefore takes from rows what an older key than the newest hashed.
func (l *Ledger) hashedBefore(rows *sql.Rows) (old []identity, last []byte, err error) {
	defer rows.Close()
	for rows.Next() {
		var x identity
		if err := rows.Scan(&x.hash, &x.version, &x.key, &x.sealed); err != nil {
			return nil, nil, err
		}
		if last = x.hash; x.version < l.keys.current().version {
			old = append(old, x)
		}
	}
	return old, last, rows.Err()
}
