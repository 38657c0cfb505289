package outbox

import (
	"errors"
	"testing"
	"time"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// What must wait is sent at its time, and waiting is no failed try.
func TestWhatMustWaitIsNoFailedTry(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		until := time.UnixMilli(b.clock.Load()).Add(9 * time.Hour)
		b.target.fail = Later{until}
		b.put("a", 1)
		b.send()
		if m := b.state("a"); m.State != Waiting || m.Tries != 0 || m.Due != until.UnixMilli() {
			t.Errorf("%+v", m)
		}
		b.target.fail = nil
		if n := b.send(); n != 0 {
			t.Errorf("%d sent before its time", n)
		}
		b.clock.Store(until.UnixMilli())
		if b.send(); b.state("a").State != Sent {
			t.Error("not sent at its time")
		}
	})
}

// What a target no longer wants is not sent and is not shown as stuck; what was sent stays sent.
func TestCancelledMessagesAreNotSent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		b.put("a", 1)
		b.send()
		b.target.fail = errors.New("不通")
		b.put("b", 1)
		b.send()
		b.target.fail = nil
		if err := b.db.Tx(t.Context(), func(tx *store.Tx) error { return b.Cancel(tx, "S", "test:1") }); err != nil {
			t.Fatal(err)
		}
		b.clock.Add(int64(2 * time.Hour / time.Millisecond))
		if n := b.send(); n != 0 || b.state("b").State != Cancelled || b.state("a").State != Sent {
			t.Errorf("%d sent; a is %s, b is %s", n, b.state("a").State, b.state("b").State)
		}
		if stuck, err := b.Stuck(t.Context(), Waiting, "", 10); err != nil || len(stuck) != 0 {
			t.Errorf("%d stuck, %v", len(stuck), err)
		}
	})
}
