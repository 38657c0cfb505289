package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

func (b *bundle) putAll(target string, n int) {
	b.t.Helper()
	err := b.db.Tx(b.t.Context(), func(tx *store.Tx) error {
		for i := range n {
			if err := b.Put(tx, Message{Subject: "S", Target: target, Topic: fmt.Sprintf("%04d", i), Version: 1, Body: "x"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// A target that hangs holds few places, however much waits for it, and the others are served meanwhile.
func TestATargetThatHangsHoldsUpNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		var hung, most atomic.Int64
		arrived := make(chan struct{}, 50)
		b.senders["hang"] = func(ctx context.Context, _ Message) error {
			most.Store(max(most.Load(), hung.Add(1)))
			defer hung.Add(-1)
			<-ctx.Done()
			return ctx.Err()
		}
		b.senders["fast"] = func(context.Context, Message) error { arrived <- struct{}{}; return nil }
		b.putAll("hang:1", 3*workers)
		b.clock.Add(1) // what others wait for was written later
		b.putAll("fast:1", 50)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); b.Run(ctx, slog.New(slog.DiscardHandler)) }()
		for range 50 {
			select {
			case <-arrived:
			case <-time.After(sendTime / 2):
				t.Fatal("the others wait for the one that hangs")
			}
		}
		if n := most.Load(); n == 0 || n > perTarget {
			t.Errorf("%d at once to one target", n)
		}
		stop()
		<-done
	})
}

// Two processes on one store send each message once, and between them all.
func TestTwoSendersShareTheWork(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		var mu sync.Mutex
		got := map[string]int{}
		take := func(_ context.Context, m Message) error {
			mu.Lock()
			defer mu.Unlock()
			got[m.Target+m.Topic]++
			return nil
		}
		b.senders["test"] = take
		another, err := New(t.Context(), db, b.now, map[string]Sender{"test": take})
		if err != nil {
			t.Fatal(err)
		}
		const targets, each = 20, 10
		for i := range targets {
			b.putAll(fmt.Sprintf("test:%d", i), each)
		}
		var all sync.WaitGroup
		for _, o := range []*Outbox{b.Outbox, another} {
			all.Go(func() {
				for n := 1; n > 0; {
					var err error
					if n, err = o.Send(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		if len(got) != targets*each {
			t.Errorf("%d of %d were sent", len(got), targets*each)
		}
		for name, n := range got {
			if n != 1 {
				t.Errorf("%s was sent %d times", name, n)
			}
		}
	})
}

// What a process claimed and then did not send, because it was killed, is due again when the claim is over.
func TestAClaimEnds(t *testing.T) {
	t.Parallel()
	b := setup(t, storetest.SQLite(t))
	b.put("a", 1)
	if list, err := b.claim(t.Context(), workers); err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	if n := b.send(); n != 0 {
		t.Fatal("sent though another has claimed it")
	}
	b.clock.Add(lease.Milliseconds())
	if n := b.send(); n != 1 || b.state("a").State != Sent {
		t.Errorf("%d sent after the claim: %+v", n, b.state("a"))
	}
}

// A target that does not answer rests with all its messages, longer each time, and is shown to the centre; others do not
// rest. Sent again by hand it is tried at once.
func TestASilentTargetRests(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		tried := 0
		b.senders["dead"] = func(context.Context, Message) error { tried++; return errors.New("不通") }
		b.putAll("dead:1", 1)
		for range Alarm {
			b.send()
			b.putAll("dead:1", 100) // all but the first are new
			b.put(fmt.Sprint("a", tried), 1)
			if n := b.send(); n != 1 {
				t.Fatalf("%d tried while the target rests, want the other's alone", n)
			}
			if err := b.db.Tx(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec("DELETE FROM outbox_message WHERE topic > $1 AND target = 'dead:1'", "0000")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			m, _, err := b.Of(t.Context(), "S", "dead:1", "0000")
			if err != nil {
				t.Fatal(err)
			}
			b.clock.Store(m.Due)
		}
		silent, err := b.Silent(t.Context(), 10)
		if err != nil || len(silent) != 1 || silent[0].Fails != Alarm || silent[0].Error != "不通" || tried != Alarm {
			t.Errorf("%+v %v after %d tries", silent, err, tried)
		}
		b.senders["dead"] = b.target.take
		m, _, err := b.Of(t.Context(), "S", "dead:1", "0000")
		if err = errors.Join(err, b.Again(t.Context(), &m)); err != nil {
			t.Fatal(err)
		}
		if n := b.send(); n != 1 {
			t.Errorf("%d tried by hand", n)
		}
		if silent, err := b.Silent(t.Context(), 10); err != nil || len(silent) != 0 {
			t.Errorf("it answered: %+v %v", silent, err)
		}
	})
}

// The words of a message go when they are over, and it is still not sent again; one that waits keeps them.
func TestBodiesAreDropped(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		b.put("a", 3)
		b.send()
		b.target.fail = fmt.Errorf("%w：没有这个接收方", ErrRefused)
		b.put("b", 1)
		b.send()
		b.clock.Add((BodyKept*24*time.Hour - time.Minute).Milliseconds())
		if _, err := b.Forget(t.Context()); err != nil || b.state("a").Body != "3" {
			t.Errorf("before its time: %+v %v", b.state("a"), err)
		}
		b.clock.Add(time.Hour.Milliseconds())
		if _, err := b.Forget(t.Context()); err != nil || b.state("a").Body != "" || b.state("b").Body != "1" {
			t.Errorf("%+v %+v %v", b.state("a"), b.state("b"), err)
		}
		b.put("a", 3)
		if n := b.send(); n != 0 {
			t.Errorf("%d sent again", n)
		}
	})
}

// What a target refused or no longer wanted is tried again when it says that it wants it now.
func TestATargetIsRevived(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		for i, fail := range []error{fmt.Errorf("%w：x", ErrRefused), fmt.Errorf("%w：x", ErrUnwanted), errors.New("不通")} {
			b.target.fail = fail
			b.put(fmt.Sprint(i), 1)
			b.send()
		}
		if s := strings.Join([]string{string(b.state("0").State), string(b.state("1").State), string(b.state("2").State)}, " "); s != "refused cancelled waiting" {
			t.Fatal(s)
		}
		b.target.fail = nil
		if err := b.db.Tx(t.Context(), func(tx *store.Tx) error { return b.Revive(tx, "test:1") }); err != nil {
			t.Fatal(err)
		}
		if n := b.send(); n != 3 || len(b.target.got) != 3 {
			t.Errorf("%d tried, %d arrived", n, len(b.target.got))
		}
	})
}
