package ledger

import (
	"context"
	"runtime"
	"sync/atomic"
)

// halfFrom is the facts from which the older half of a subject is read by another goroutine.
const halfFrom = 48

// half is the reading of the facts up to upTo by a goroutine of its own. It belongs to who takes it first:
// the goroutine once it has a connection, or the reader of the newer facts who gets so far. So nobody waits
// for a connection that a waiting reader holds. The zero value is of a small subject: nothing to take.
type half struct {
	upTo  int64
	taken *atomic.Bool
	stop  context.CancelFunc
	done  chan error
}

func (r *reading) half(ctx context.Context, upTo int64) half {
	if 2*upTo < halfFrom || runtime.GOMAXPROCS(0) == 1 {
		return half{}
	}
	ctx, stop := context.WithCancel(ctx)
	o := half{upTo: upTo, taken: new(atomic.Bool), stop: stop, done: make(chan error, 1)}
	go func() { o.done <- r.readHalf(ctx, &o) }()
	return o
}

func (r *reading) readHalf(ctx context.Context, o *half) error {
	rows, err := r.l.rows(ctx, r.key, o.upTo)
	if err != nil {
		return nil // not taken: the reader goes on by itself and meets what is wrong
	}
	defer rows.Close()
	if !o.taken.CompareAndSwap(false, true) {
		return nil
	}
	var x envelope
	var text room
	for rows.Next() {
		if err := x.scan(rows); err != nil {
			return err
		}
		if err := r.open(&x, &text); err != nil {
			return err
		}
	}
	return rows.Err()
}

// take tells whether the older half is the caller's: nobody has begun it.
func (o *half) take() bool {
	if !o.taken.CompareAndSwap(false, true) {
		return false
	}
	o.upTo = 0
	return true
}

// wait ends the goroutine: at once when the caller has taken its half, else when that is read.
func (o *half) wait() error {
	if o.done == nil {
		return nil
	}
	defer o.stop()
	if o.upTo == 0 {
		o.stop()
	}
	return <-o.done
}
