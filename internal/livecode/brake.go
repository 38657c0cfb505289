package livecode

import (
	"sync"
	"time"
)

// A network address may send so many codes that never were at once, and one more after each pause.
const (
	wrongAtOnce = 20
	wrongPause  = 10 * time.Second
)

// mostAddresses bounds the memory; beyond it all are forgotten.
const mostAddresses = 50_000

// brake makes those wait who send codes that never were, by network address, in memory. It is not what keeps a code
// from being guessed, which its length does, and never stands before a code that is good.
type brake struct {
	now   func() time.Time
	mu    sync.Mutex
	until map[string]time.Time // when an address would have paid off its wrong tries
}

func newBrake(now func() time.Time) *brake { return &brake{now: now, until: map[string]time.Time{}} }

// wrong notes a wrong try, and tells that the address has to wait before it may be wrong again.
func (b *brake) wrong(address string) (held bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, until := b.now(), b.until[address]
	if until.Sub(now) > (wrongAtOnce-1)*wrongPause {
		return true
	}
	if len(b.until) >= mostAddresses {
		clear(b.until)
	}
	if until.Before(now) {
		until = now
	}
	b.until[address] = until.Add(wrongPause)
	return false
}
