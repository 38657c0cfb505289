package ledger

import (
	"cmp"
	"hash/maphash"
	"sync"

	"xinban/internal/credit"
)

// Met remembers which matters a load met in rows that were unchanged: such rows leave no fact, and a
// later row of the same file with another content must still be found to contradict them, however the
// file is cut into parts and however often the load runs. A row takes about 25 bytes. The zero value is
// ready, and safe for concurrent use. Beyond its limit it takes up no more: what contradicts a later
// unchanged row is then taken for an amendment.
type Met struct {
	Limit int // rows, 0 for metRows
	mu    sync.RWMutex
	seed  maphash.Seed
	rows  map[uint64]int64
	full  bool
}

// metRows bounds the memory of a load to about 400 MB.
const metRows = 16_000_000

// Full tells that rows were passed over.
func (m *Met) Full() bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.full
}

type keyMatter struct {
	key    credit.Key
	matter credit.MatterID
}

func (m *Met) at(in *Incoming) uint64 {
	return maphash.Comparable(m.seed, keyMatter{in.Key, in.Matter})
}

// row is the earlier row that was unchanged, 0 for none.
func (m *Met) row(in *Incoming) int64 {
	if m == nil {
		return 0
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.rows == nil {
		return 0
	}
	return m.rows[m.at(in)]
}

// note is told of a part when it is committed.
func (m *Met) note(part []Incoming, outs []Outcome) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range outs {
		if outs[i].Verdict != Unchanged || outs[i].Other != 0 {
			continue
		}
		if m.rows == nil {
			m.seed, m.rows = maphash.MakeSeed(), map[uint64]int64{}
		}
		if len(m.rows) >= cmp.Or(m.Limit, metRows) {
			m.full = true
			return
		}
		m.rows[m.at(&part[i])] = outs[i].Row
	}
}
