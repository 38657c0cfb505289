package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// PersonKey returns the key of the natural person with an identity number, giving a random one at
// first sight.
func (l *Ledger) PersonKey(ctx context.Context, number string) (credit.Key, error) {
	hash := l.keys.hash(number)
	key, err := l.personKey(ctx, hash)
	if !errors.Is(err, sql.ErrNoRows) {
		return key, err
	}
	err = l.db.Bulk(ctx, func(tx *store.Tx) error { // durable before any fact that names the key is
		err := tx.QueryRow("SELECT key FROM identity WHERE hash = $1", hash).Scan(&key)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var random [15]byte
		if _, err := rand.Read(random[:]); err != nil {
			return err
		}
		key = credit.LegacyKey(credit.SchemePerson, strings.ToLower(base32.StdEncoding.EncodeToString(random[:])))
		_, err = tx.Exec("INSERT INTO identity (hash, version, key, sealed) VALUES ($1, $2, $3, $4)",
			hash, l.keys.version, string(key), l.keys.sealBytes(number))
		return err
	})
	if errors.Is(err, store.ErrConflict) { // another load met the person at the same moment
		return l.personKey(ctx, hash)
	}
	if err != nil {
		return "", fmt.Errorf("ledger: giving a person a key: %w", err)
	}
	return key, nil
}

// FindPerson returns the key of the person with an identity number; ok is false when there is none.
func (l *Ledger) FindPerson(ctx context.Context, number string) (key credit.Key, ok bool, err error) {
	key, err = l.personKey(ctx, l.keys.hash(number))
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return key, err == nil, err
}

func (l *Ledger) personKey(ctx context.Context, hash []byte) (key credit.Key, err error) {
	err = l.db.QueryRow(ctx, "SELECT key FROM identity WHERE hash = $1", hash).Scan(&key)
	return key, err
}

// ForgetPerson erases what ties a key to a person: the facts stay, anonymous.
func (l *Ledger) ForgetPerson(tx *store.Tx, key credit.Key) error {
	if _, err := tx.Exec("DELETE FROM identity WHERE key = $1", string(key)); err != nil {
		return fmt.Errorf("ledger: erasing an identity: %w", err)
	}
	return nil
}
