package intake

import (
	"sync"
	"sync/atomic"
	"time"
)

// Progress is how far a load is. Reading runs ahead of writing, so what is left is told by rows.
type Progress struct {
	Load      int64
	Rows      int64 // with a verdict
	Total     int64 // rows in the file, as far as its read part tells; 0 when unknown
	Bytes     int64 // read
	Size      int64 // of the file
	RowsPerS  float64
	Remaining float64 // seconds, 0 when unknown
}

// pace is what the reader and the merger of a load tell of themselves.
type pace struct {
	read, done atomic.Int64
	mu         sync.Mutex // one report at a time
}

// readOn notes that n more rows were read.
func (j *loading) readOn(n int) {
	j.pace.read.Add(int64(n))
	j.report()
}

// tell notes how many rows have a verdict.
func (j *loading) tell() {
	j.pace.done.Store(j.load.Rows)
	j.report()
}

// report tells whoever asked for it how far the load is.
func (j *loading) report() {
	if j.progress == nil {
		return
	}
	j.pace.mu.Lock()
	defer j.pace.mu.Unlock()
	j.progress(estimate(Progress{Load: j.load.ID, Rows: j.pace.done.Load(), Bytes: j.file.Offset(), Size: j.file.Size()},
		j.pace.read.Load(), time.Since(j.started).Seconds()))
}

// estimate adds what follows from the rows read and the seconds passed.
func estimate(p Progress, read int64, seconds float64) Progress {
	if p.Bytes > 0 && p.Size > 0 {
		p.Total = max(read, int64(float64(read)*float64(p.Size)/float64(min(p.Bytes, p.Size))))
	}
	if seconds <= 0 || p.Rows == 0 {
		return p
	}
	p.RowsPerS = float64(p.Rows) / seconds
	p.Remaining = float64(max(0, p.Total-p.Rows)) / p.RowsPerS
	return p
}
