package app

import (
	"context"
	"path/filepath"

	"xinban/internal/ledger"
)

// NewIdentityKey makes a new key for identity numbers, hashes the identities on record with it, and
// returns how many. Servers of the store must be started again: with the old key they give nobody a record.
func (a *App) NewIdentityKey(ctx context.Context) (int, error) {
	dir := filepath.Join(a.Config.Data, "keys")
	keys, err := ledger.OpenKeyring(dir, false)
	if err != nil {
		return 0, err
	}
	if keys, err = keys.NewIdentityKey(dir); err != nil {
		return 0, err
	}
	if a.Ledger, err = ledger.Open(ctx, a.DB, keys); err != nil {
		return 0, err
	}
	return a.Ledger.Rehash(ctx)
}
