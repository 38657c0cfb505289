package platform_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/platform"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

// BenchmarkConfirm grants 20 matters a second, each told to five healthy platforms, and reports how long it takes from a grant
// until the page of the last platform has confirmed it.
func BenchmarkConfirm(b *testing.B) {
	o := setup(b, storetest.SQLite(b), platform.Official, platform.Official, platform.Official, platform.Sector, platform.ThirdParty)
	f := &finish{left: map[string]int{}, began: map[string]time.Time{}, done: make(chan struct{}, 1)}
	real, err := platform.New(b.Context(), platform.Config{DB: o.db, Outbox: o.box, Calendar: workday.Default(), Now: time.Now, Key: []byte(secret), Origin: origin, Changed: f.changed})
	if err != nil {
		b.Fatal(err)
	}
	box, err := outbox.New(b.Context(), o.db, time.Now, map[string]outbox.Sender{platform.Scheme: real.Send})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { box.Run(ctx, slog.New(slog.DiscardHandler)) })
	defer running.Wait()
	defer stop()
	tick := time.NewTicker(time.Second / 20)
	defer tick.Stop()
	n := 0
	for b.Loop() {
		<-tick.C
		n++
		e := effect(1, true)
		e.Matter = credit.MatterID{byte(n >> 16), byte(n >> 8), byte(n)}
		f.begin(e.Matter.String())
		if err := o.db.Tx(ctx, func(tx *store.Tx) error { return real.Tell(tx, e) }); err != nil {
			b.Fatal(err)
		}
		box.Wake()
	}
	f.wait(b, n)
	f.report(b)
}

// finish times each matter until its last platform confirmed.
type finish struct {
	mu    sync.Mutex
	left  map[string]int
	began map[string]time.Time
	took  []time.Duration
	done  chan struct{}
}

func (f *finish) begin(m string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left[m], f.began[m] = 5, time.Now()
}

func (f *finish) changed(_ *store.Tx, x platform.Shown) error {
	if x.State != platform.Confirmed {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left[x.Matter]--; f.left[x.Matter] == 0 {
		f.took = append(f.took, time.Since(f.began[x.Matter]))
		select {
		case f.done <- struct{}{}:
		default:
		}
	}
	return nil
}

func (f *finish) wait(b *testing.B, n int) {
	for {
		f.mu.Lock()
		all := len(f.took)
		f.mu.Unlock()
		if all >= n {
			return
		}
		select {
		case <-f.done:
		case <-time.After(time.Minute):
			b.Fatalf("%d of %d confirmed", all, n)
		}
	}
}

func (f *finish) report(b *testing.B) {
	slices.Sort(f.took)
	at := func(q int) float64 { return float64(f.took[(len(f.took)*q-1)/100].Microseconds()) / 1000 }
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(99), "p99-ms")
	b.ReportMetric(at(100), "max-ms")
}
