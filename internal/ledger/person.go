package ledger

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
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
	strange, known := map[string]bool{}, make(map[string]credit.Key, len(numbers)) // by number
	for _, n := range numbers {
		strange[n] = true
	}
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
	for i, n := range numbers {
		keys[i] = known[n]
	}
	return keys, nil
}

// knownPersons moves those who have a key from strange to known.
func (l *Ledger) knownPersons(ctx context.Context, strange map[string]bool, known map[string]credit.Key) error {
	var ask []any
	numbers := make(map[string]string, len(strange)) // by hash
	for n := range strange {
		for _, h := range l.keys.hashes(n) {
			ask = append(ask, h)
			numbers[string(h)] = n
		}
	}
	return l.among(ctx, "SELECT hash, key FROM identity WHERE hash", "", ask, func(rows *sql.Rows) error {
		var hash []byte
		var key credit.Key
		if err := rows.Scan(&hash, &key); err != nil {
			return err
		}
		n := numbers[string(hash)]
		delete(strange, n)
		known[n] = key
		return nil
	})
}

// identityColumns are the columns of the table of identities.
var identityColumns = []string{"hash", "version", "key", "sealed"}

// meet gives random keys to persons by their numbers, in the order of the hashes, so that two who meet
// the same persons wait for each other and not both at once.
func (l *Ledger) meet(tx *store.Tx, strange map[string]bool) error {
	if err := l.keysInUse(tx.QueryRow(newestKey)); err != nil {
		return err
	}
	rows := make([][]any, 0, len(strange))
	for n := range strange {
		var random [15]byte
		if _, err := rand.Read(random[:]); err != nil {
			return err
		}
		key := credit.LegacyKey(credit.SchemePerson, strings.ToLower(base32.StdEncoding.EncodeToString(random[:])))
		rows = append(rows, []any{l.keys.hash(n), l.keys.current().version, string(key), l.keys.sealBytes(n)})
	}
	slices.SortFunc(rows, func(a, b []any) int { return bytes.Compare(a[0].([]byte), b[0].([]byte)) })
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

// FindPerson returns the key of the person with an identity number, given as to [Ledger.PersonKey]; ok
// is false when there is none.
func (l *Ledger) FindPerson(ctx context.Context, number string) (key credit.Key, ok bool, err error) {
	known := map[string]credit.Key{}
	if err := l.knownPersons(ctx, map[string]bool{number: true}, known); err != nil {
		return "", false, err
	}
	if key, ok = known[number]; !ok {
		err = l.keysInUse(l.db.QueryRow(ctx, newestKey)) // else nobody is found who is hashed with newer keys
	}
	return key, ok, err
}

// ForgetPerson erases what ties a key to a person: the facts stay, anonymous.
func (l *Ledger) ForgetPerson(tx *store.Tx, key credit.Key) error {
	if _, err := tx.Exec("DELETE FROM identity WHERE key = $1", string(key)); err != nil {
		return fmt.Errorf("ledger: erasing an identity: %w", err)
	}
	return nil
}
