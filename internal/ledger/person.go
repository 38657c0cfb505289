package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// PersonKey returns the key of the natural person with an identity number, giving a random one at
// first sight. number is as [credit.PersonNumber] gives it.
func (l *Ledger) PersonKey(ctx context.Context, number string) (credit.Key, error) {
	keys, err := l.PersonKeys(ctx, []string{number})
	if err != nil {
		return "", err
	}
	return keys[0], nil
}

// PersonKeys is [Ledger.PersonKey] of many, in one statement and, for those not met before, one more
// transaction: their keys are durable before any fact that names them is.
func (l *Ledger) PersonKeys(ctx context.Context, numbers []string) ([]credit.Key, error) {
	hashes := make([][]byte, len(numbers))
	strange := map[string]string{} // number by hash
	for i, n := range numbers {
		hashes[i] = l.keys.hash(n)
		strange[string(hashes[i])] = n
	}
	known := make(map[string]credit.Key, len(strange))
	if err := l.knownPersons(ctx, strange, known); err != nil {
		return nil, err
	}
	if len(strange) > 0 {
		err := l.db.Bulk(ctx, func(tx *store.Tx) error { return l.meet(tx, strange) })
		if err == nil {
			err = l.knownPersons(ctx, strange, known) // the key is another's who met the person at the same moment
		}
		if err == nil && len(strange) > 0 {
			err = errors.New("an identity was erased meanwhile")
		}
		if err != nil {
			return nil, fmt.Errorf("ledger: giving persons keys: %w", err)
		}
	}
	keys := make([]credit.Key, len(numbers))
	for i, h := range hashes {
		keys[i] = known[string(h)]
	}
	return keys, nil
}

// knownPersons moves those who have a key from strange to known.
func (l *Ledger) knownPersons(ctx context.Context, strange map[string]string, known map[string]credit.Key) error {
	ask := make([]any, 0, len(strange))
	for hash := range strange {
		ask = append(ask, []byte(hash))
	}
	return l.among(ctx, "SELECT hash, key FROM identity WHERE hash", "", ask, func(rows *sql.Rows) error {
		var hash []byte
		var key credit.Key
		if err := rows.Scan(&hash, &key); err != nil {
			return err
		}
		delete(strange, string(hash))
		known[string(hash)] = key
		return nil
	})
}

// identityColumns are the columns of the table of identities.
var identityColumns = []string{"hash", "version", "key", "sealed"}

// meet gives random keys to persons by the hashes of their numbers, in the order of these, so that two
// who meet the same persons wait for each other and not both at once.
func (l *Ledger) meet(tx *store.Tx, strange map[string]string) error {
	rows := make([][]any, 0, len(strange))
	for _, hash := range slices.Sorted(maps.Keys(strange)) {
		var random [15]byte
		if _, err := rand.Read(random[:]); err != nil {
			return err
		}
		key := credit.LegacyKey(credit.SchemePerson, strings.ToLower(base32.StdEncoding.EncodeToString(random[:])))
		rows = append(rows, []any{[]byte(hash), l.keys.version, string(key), l.keys.sealBytes(strange[hash])})
	}
	return tx.InsertMissing("identity", identityColumns, rows)
}

// maxAsk is how many values one statement asks for.
const maxAsk = 256

// among reads the rows in which the column at the end of query is one of values. The statement is
// padded to a few lengths, so that few are prepared.
func (l *Ledger) among(ctx context.Context, query, end string, values []any, scan func(*sql.Rows) error) error {
	for len(values) > 0 {
		n, size := min(maxAsk, len(values)), 1
		for size < n {
			size *= 4
		}
		args := make([]any, size)
		for i := range args {
			args[i] = values[min(i, n-1)]
		}
		values = values[n:]
		rows, err := l.db.Query(ctx, query+" IN ("+placeholders(1, size)+")"+end, args...)
		if err != nil {
			return fmt.Errorf("ledger: looking many up: %w", err)
		}
		for rows.Next() && err == nil {
			err = scan(rows)
		}
		if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
			return fmt.Errorf("ledger: looking many up: %w", err)
		}
	}
	return nil
}

// FindPerson returns the key of the person with an identity number, given as to [Ledger.PersonKey]; ok is false when there is none.
func (l *Ledger) FindPerson(ctx context.Context, number string) (key credit.Key, ok bool, err error) {
	err = l.db.QueryRow(ctx, "SELECT key FROM identity WHERE hash = $1", l.keys.hash(number)).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return key, err == nil, err
}

// ForgetPerson erases what ties a key to a person: the facts stay, anonymous.
func (l *Ledger) ForgetPerson(tx *store.Tx, key credit.Key) error {
	if _, err := tx.Exec("DELETE FROM identity WHERE key = $1", string(key)); err != nil {
		return fmt.Errorf("ledger: erasing an identity: %w", err)
	}
	return nil
}
