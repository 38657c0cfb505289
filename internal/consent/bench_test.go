package consent

import (
	"testing"
	"time"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// One use of a grant among many of its subject, in a transaction of its own.
func BenchmarkUse(b *testing.B) {
	now := time.Date(2026, 5, 18, 4, 0, 0, 0, time.UTC)
	s, err := New(b.Context(), storetest.SQLite(b), func() time.Time { return now })
	if err != nil {
		b.Fatal(err)
	}
	s.SealWith(printable{})
	for range 20 {
		g := grant()
		if err := s.db.Tx(b.Context(), func(tx *store.Tx) error { return s.Give(tx, &g) }); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		err := s.db.Tx(b.Context(), func(tx *store.Tx) error {
			_, err := s.Use(tx, firm, []Grantee{bank}, Read, "贷款", "")
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
