package web

import (
	"sync"
	"time"
)

// Rate bounds the requests of one network address: PerSecond on average, Burst at once. The zero value
// is 50 and 200; a hall behind one address needs that many. Negative is no limit.
type Rate struct {
	PerSecond float64
	Burst     float64
}

// limiter is a token bucket for each address, in memory.
type limiter struct {
	rate    Rate
	now     func() time.Time
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// maxBuckets bounds the memory that many addresses can take; beyond it, full buckets are forgotten.
const maxBuckets = 50_000

func newLimiter(rate Rate, now func() time.Time) *limiter {
	if rate.PerSecond == 0 {
		rate.PerSecond = 50
	}
	if rate.Burst == 0 {
		rate.Burst = 4 * rate.PerSecond
	}
	return &limiter{rate: rate, now: now, buckets: map[string]*bucket{}}
}

func (l *limiter) allow(who string) bool {
	if l.rate.PerSecond < 0 {
		return true
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[who]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			l.forget(now)
		}
		b = &bucket{l.rate.Burst, now}
		l.buckets[who] = b
	}
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.left = min(l.rate.Burst, b.left+passed*l.rate.PerSecond)
	}
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// forget drops the buckets that are full again, or all when none is.
func (l *limiter) forget(now time.Time) {
	full := l.rate.Burst / l.rate.PerSecond
	for who, b := range l.buckets {
		if now.Sub(b.at).Seconds() > full {
			delete(l.buckets, who)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}
