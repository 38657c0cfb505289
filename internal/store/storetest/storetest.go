// Package storetest opens stores for tests: SQLite always, PostgreSQL where XINBAN_TEST_POSTGRES holds
// the URL of a server on which schemas may be made, Citus where XINBAN_TEST_CITUS does.
package storetest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"xinban/internal/store"
)

// Each runs test on every engine that is at hand, each on an empty store of its own.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	for name, env := range map[string]string{"postgres": "XINBAN_TEST_POSTGRES", "citus": "XINBAN_TEST_CITUS"} {
		t.Run(name, func(t *testing.T) {
			base := os.Getenv(env)
			if base == "" {
				t.Skipf("%s is not set", env)
			}
			test(t, open(t, Schema(t, base)))
		})
	}
}

// SQLite opens an empty embedded store.
func SQLite(tb testing.TB) *store.DB {
	tb.Helper()
	return open(tb, filepath.Join(tb.TempDir(), "xinban.db"))
}

// Schema makes an empty schema on the server at base, dropped when the test ends, and returns the URL
// of a store in it.
func Schema(tb testing.TB, base string) string {
	tb.Helper()
	var b [6]byte
	if _, err := rand.Read(b[:]); err != nil {
		tb.Fatal(err)
	}
	name := "test_" + hex.EncodeToString(b[:])
	admin := func(query string) {
		db, err := store.Open(context.Background(), base)
		if err != nil {
			tb.Fatal(err)
		}
		defer db.Close()
		if err := db.Tx(context.Background(), func(tx *store.Tx) error { _, err := tx.Exec(query); return err }); err != nil {
			tb.Fatal(err)
		}
	}
	admin("CREATE SCHEMA " + name)
	tb.Cleanup(func() { admin("DROP SCHEMA " + name + " CASCADE") })
	u, err := url.Parse(base)
	if err != nil {
		tb.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(tb testing.TB, url string) *store.DB {
	tb.Helper()
	db, err := store.Open(context.Background(), url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}
