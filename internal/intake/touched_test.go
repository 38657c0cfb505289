package intake_test

import (
	"errors"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/store"
)

// A subject that a person puts on the queue again stays there, whatever was computed before; one that another process
// has followed is not written a second time.
func TestAnEntryIsTakenOffAsItWasRead(t *testing.T) {
	h := open(t)
	key := credit.Key(firm)
	touch := func() []intake.Touched {
		t.Helper()
		if err := h.db.Tx(t.Context(), func(tx *store.Tx) error { return h.Touch(tx, key) }); err != nil {
			t.Fatal(err)
		}
		all, err := h.TouchedOf(t.Context(), key)
		if err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
		return all
	}
	follow := func(e intake.Touched) error {
		return h.db.Bulk(t.Context(), func(tx *store.Tx) error { return h.Followed(tx, e) })
	}
	before := touch()[0]
	now := touch()[0]
	if err := follow(before); !errors.Is(err, store.ErrConflict) {
		t.Errorf("an entry of before: %v", err)
	}
	if err := follow(now); err != nil {
		t.Errorf("the entry: %v", err)
	}
	if err := follow(now); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the entry once more: %v", err)
	}
	if all, err := h.Touched(t.Context(), 10); len(all) != 0 || err != nil {
		t.Errorf("left %v, %v", all, err)
	}
}
