package ledger

import (
	"errors"
	"fmt"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

func openWith(t *testing.T, db *store.DB, k *Keyring) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), db, k)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A new key changes under what a person is found, never who the person is: not before, not in the middle
// of hashing anew, not after; and what was sealed under the old key opens.
func TestANewIdentityKeyChangesNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		dir := t.TempDir()
		first, err := OpenKeyring(dir, true)
		if err != nil {
			t.Fatal(err)
		}
		old := openWith(t, db, first)
		want := map[string]credit.Key{}
		for i := range 3*rehashRows/2 + 7 {
			n := fmt.Sprintf("护照:E%08d", i)
			want[n] = personKey(t, old, n)
		}
		cell := first.SealCell(idNumber)
		second, err := first.NewIdentityKey(dir)
		if err != nil {
			t.Fatal(err)
		}
		l := openWith(t, db, second)
		check := func(when string) {
			t.Helper()
			for n, k := range want {
				if got, ok, err := l.FindPerson(t.Context(), n); err != nil || !ok || got != k {
					t.Fatalf("%s: %s is %q, %v, %v; want %s", when, n, got, ok, err, k)
				}
			}
		}
		check("before")
		if n, _, err := l.rehashSome(t.Context(), []byte{}); err != nil || n != rehashRows {
			t.Fatalf("%d hashed anew, %v", n, err)
		}
		check("in the middle")
		if _, err := l.Rehash(t.Context()); err != nil {
			t.Fatal(err)
		}
		check("after")
		if n, err := l.Rehash(t.Context()); err != nil || n != 0 {
			t.Errorf("again: %d hashed anew, %v", n, err)
		}
		var left int64
		if err := db.QueryRow(t.Context(), "SELECT COUNT(*) FROM identity WHERE version = 1").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d identities are under the old key, %v", left, err)
		}
		if s, err := second.unsealCell(cell); err != nil || s != idNumber {
			t.Errorf("an older cell opens as %q, %v", s, err)
		}
		if _, err := old.PersonKey(t.Context(), "护照:E99999999"); !errors.Is(err, ErrKeysOld) {
			t.Errorf("a process with the old keys gives a key: %v", err)
		}
		if _, _, err := old.FindPerson(t.Context(), "护照:E00000001"); !errors.Is(err, ErrKeysOld) {
			t.Errorf("a process with the old keys looks for somebody: %v", err)
		}
		if _, err := Open(t.Context(), db, first); !errors.Is(err, ErrKeysMissing) {
			t.Errorf("a store without its newest key opens: %v", err)
		}
	})
}
