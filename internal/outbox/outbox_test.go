package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// target takes messages and fails as it is told.
type target struct {
	mu   sync.Mutex
	got  []Message
	fail error
}

func (g *target) take(_ context.Context, m Message) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fail != nil {
		return g.fail
	}
	g.got = append(g.got, m)
	return nil
}

type bundle struct {
	*Outbox
	t      *testing.T
	target *target
	clock  atomic.Int64
}

func setup(t *testing.T, db *store.DB) *bundle {
	t.Helper()
	b := &bundle{t: t, target: &target{}}
	b.clock.Store(time.Date(2026, 5, 18, 4, 0, 0, 0, time.UTC).UnixMilli())
	o, err := New(t.Context(), db, func() time.Time { return time.UnixMilli(b.clock.Load()) }, map[string]Sender{"test": b.target.take})
	if err != nil {
		t.Fatal(err)
	}
	b.Outbox = o
	return b
}

func (b *bundle) put(topic string, version int64) {
	b.t.Helper()
	m := Message{Subject: "S", Target: "test:1", Topic: topic, Version: version, Body: fmt.Sprint(version)}
	if err := b.db.Tx(b.t.Context(), func(tx *store.Tx) error { return b.Put(tx, m) }); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) send() int {
	b.t.Helper()
	n, err := b.Send(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *bundle) state(topic string) Message {
	b.t.Helper()
	m, ok, err := b.Of(b.t.Context(), "S", "test:1", topic)
	if err != nil || !ok {
		b.t.Fatalf("%s: %v, %v", topic, ok, err)
	}
	return m
}

func TestANewerMessageTakesThePlaceOfAnOlder(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		b.put("a", 2)
		b.put("a", 3)
		b.put("a", 1) // late
		b.put("b", 1)
		if n := b.send(); n != 2 {
			t.Errorf("%d sent, want 2", n)
		}
		for _, m := range b.target.got {
			if m.Topic == "a" && m.Version != 3 {
				t.Errorf("version %d of a was sent", m.Version)
			}
		}
		b.put("a", 3) // told already
		if n := b.send(); n != 0 {
			t.Errorf("%d sent again", n)
		}
	})
}

func TestWhatFailsIsTriedLaterEachTimeAndShown(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		b.target.fail = errors.New("不通")
		b.put("a", 1)
		for range Alarm {
			if n := b.send(); n != 1 {
				t.Fatalf("%d tried, want 1", n)
			}
			if n := b.send(); n != 0 {
				t.Fatal("tried again without waiting")
			}
			b.clock.Store(b.state("a").Due)
		}
		stuck, err := b.Stuck(t.Context(), Waiting, "", 10)
		if err != nil || len(stuck) != 1 || stuck[0].Error != "不通" {
			t.Errorf("shown to the centre: %v, %v", stuck, err)
		}
		b.target.fail = nil
		if b.send(); b.state("a").State != Sent || len(b.target.got) != 1 {
			t.Errorf("not sent at last: %+v", b.state("a"))
		}
	})
}

func TestARefusedMessageWaitsForAPerson(t *testing.T) {
	t.Parallel()
	b := setup(t, storetest.SQLite(t))
	b.target.fail = fmt.Errorf("%w：没有这个接收方", ErrRefused)
	b.put("a", 1)
	b.send()
	b.clock.Add(int64(48 * time.Hour / time.Millisecond))
	if n := b.send(); n != 0 {
		t.Error("a refused message was tried again by itself")
	}
	b.target.fail = nil
	m := b.state("a")
	if err := b.Again(t.Context(), &m); err != nil {
		t.Fatal(err)
	}
	if b.send(); b.state("a").State != Sent {
		t.Errorf("%+v", b.state("a"))
	}
}

// A sender that nobody registered and one that panics are refused and tried again; neither stops the others.
func TestABadSenderHoldsUpNobody(t *testing.T) {
	t.Parallel()
	b := setup(t, storetest.SQLite(t))
	b.senders["bad"] = func(context.Context, Message) error { panic("!") }
	err := b.db.Tx(t.Context(), func(tx *store.Tx) error {
		return errors.Join(b.Put(tx, Message{Subject: "S", Target: "bad:1", Topic: "a", Version: 1}), b.Put(tx, Message{Subject: "S", Target: "none:1", Topic: "a", Version: 1}))
	})
	if err != nil {
		t.Fatal(err)
	}
	b.put("a", 1)
	if n := b.send(); n != 3 || len(b.target.got) != 1 {
		t.Errorf("%d tried, %d arrived", n, len(b.target.got))
	}
}

// Whatever is put and whatever fails, the target ends with the newest version of each topic and never
// sees a version after a higher one that it took, but for the same one again.
func TestTheTargetEndsWithTheNewest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		b := setup(t, storetest.SQLite(t))
		newest := map[string]int64{}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			topic := rapid.SampledFrom([]string{"a", "b"}).Draw(r, "topic")
			version := rapid.Int64Range(1, 6).Draw(r, "version")
			b.put(topic, version)
			newest[topic] = max(newest[topic], version)
			if b.target.fail = nil; rapid.Bool().Draw(r, "fails") {
				b.target.fail = errors.New("不通")
			}
			b.send()
		}
		b.target.fail = nil
		b.clock.Add(int64(2 * time.Hour / time.Millisecond))
		b.send()
		last := map[string]int64{}
		for _, m := range b.target.got {
			if m.Version < last[m.Topic] {
				r.Fatalf("%s: version %d after %d", m.Topic, m.Version, last[m.Topic])
			}
			last[m.Topic] = m.Version
		}
		for topic, v := range newest {
			if last[topic] != v {
				r.Fatalf("%s ends with version %d, want %d", topic, last[topic], v)
			}
		}
	})
}
