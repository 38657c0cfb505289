package ledger

import (
	"math/rand/v2"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

func rngOf(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }

// each runs test on an empty ledger of every engine at hand.
func each(t *testing.T, test func(t *testing.T, l *Ledger)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, open(t, db)) })
}

func open(t testing.TB, db *store.DB) *Ledger {
	t.Helper()
	keys, err := NewKeyring(1, make([]byte, 64))
	if err != nil {
		t.Fatal(err)
	}
	l, err := Open(t.Context(), db, keys)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// reopen is the ledger as another process would see it.
func reopen(t testing.TB, l *Ledger) *Ledger { return open(t, l.db) }

func appendFacts(t testing.TB, l *Ledger, s Subject, facts ...Fact) {
	t.Helper()
	err := l.Change(t.Context(), func(tx *store.Tx) error {
		_, err := l.Append(tx, s, facts...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, l *Ledger, key credit.Key) []Fact {
	t.Helper()
	facts, err := l.Read(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func event(t testing.TB, key credit.Key, m credit.MatterID, e Event) Fact {
	t.Helper()
	f, err := NewEvent(key, credit.Penalty, m, e, 1)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
