package bench

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Latency is how long calls took, in milliseconds, and how many were done a second.
type Latency struct {
	Calls int     `json:"calls"`
	P50   float64 `json:"p50_ms"`
	P90   float64 `json:"p90_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
	Rate  float64 `json:"per_s"`
}

// String is the figures in one line.
func (l Latency) String() string {
	return fmt.Sprintf("p50 %.3f ms, p99 %.3f ms, max %.1f ms, %.0f/s (%d calls)", l.P50, l.P99, l.Max, l.Rate, l.Calls)
}

// measure calls fn once for each key from so many callers at once.
func measure[K any](callers int, keys []K, fn func(K) error) (Latency, error) {
	took := make([]time.Duration, len(keys))
	errs := make([]error, callers)
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for c := range callers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(keys) {
					return
				}
				t := time.Now()
				if errs[c] = fn(keys[i]); errs[c] != nil {
					return
				}
				took[i] = time.Since(t)
			}
		}()
	}
	wg.Wait()
	all := time.Since(start)
	for _, err := range errs {
		if err != nil {
			return Latency{}, err
		}
	}
	slices.Sort(took)
	ms := func(p float64) float64 { return float64(took[int(p*float64(len(took)-1))].Microseconds()) / 1000 }
	return Latency{len(keys), ms(.5), ms(.9), ms(.99), ms(1), float64(len(keys)) / all.Seconds()}, nil
}
