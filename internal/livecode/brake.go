package livecode

import (
	"sync"
	"time"
)

// A network address may be wrong so often at once, and once more after each pause.
const (
	wrongAtOnce = 20
	wrongPause  = 10 * time.Second
)

// mostAddresses bounds the memory; beyond it all are forgotten.
const mostAddresses = 50_000

// brake makes those wait who try many codes, by network address, in memory.
type brake struct {
	now   func() time.Time
	mu    sync.Mutex
	until map[string]time.Time // when an address would have paid off its wrong tries
}

func newBrake(now func() time.Time) *brake { return &brake{now: now, until: map[string]time.Time{}} }

// held tells that an address has to wait.
func (b *brake) held(address string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.until[address].Sub(b.now()) > (wrongAtOnce-1)*wrongPause
}

// wrong notes a wrong try.
func (b *brake) wrong(address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.until) >= mostAddresses {
		clear(b.until)
	}
	now := b.now()
	if b.until[address].Before(now) {
		b.until[address] = now
	}
	b.until[address] = b.until[address].Add(wrongPause)
}
