package account

import (
	"sync"
	"time"
)

// throttle counts failures by network address: at most n within a window. It is kept in memory; a
// restart forgives. When full it forgets the oldest window, so that many addresses cannot fill memory.
type throttle struct {
	n      int
	window time.Duration
	mu     sync.Mutex
	seen   map[string]int
	since  time.Time
}

const throttleLimit = 100_000

func newThrottle(n int, window time.Duration) *throttle {
	return &throttle{n: n, window: window, seen: map[string]int{}}
}

func (t *throttle) blocked(who string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.roll(now)
	return t.seen[who] >= t.n
}

func (t *throttle) failed(who string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.roll(now)
	t.seen[who]++
}

func (t *throttle) roll(now time.Time) {
	if now.Sub(t.since) >= t.window || now.Before(t.since) || len(t.seen) >= throttleLimit {
		clear(t.seen)
		t.since = now
	}
}
