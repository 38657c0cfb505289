package report

import (
	"context"
	"errors"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Touched is a subject whose facts have changed; load 0 stands for what a person did, and mark for the last time
// that it did.
type Touched = struct {
	Load    int64
	Subject credit.Key
	Mark    int64
}

// Queue is the subjects whose facts have changed and whose projections have not followed yet.
type Queue interface {
	Touched(ctx context.Context, limit int) ([]Touched, error)
	// TouchedOf are all entries of a subject, none when another process has followed it.
	TouchedOf(ctx context.Context, key credit.Key) ([]Touched, error)
	// Followed takes an entry off the queue, in the transaction that writes the projections; store.ErrConflict when
	// it was taken off, or put there again, after it was read.
	Followed(tx *store.Tx, t Touched) error
	// Touch puts subjects on it, in the transaction that changes their facts.
	Touch(tx *store.Tx, keys ...credit.Key) error
}

// Projection is something computed from the facts of one subject at a time.
type Projection interface {
	// Project computes what facts, all facts of the key, mean for the projection, and returns how to write
	// it: steps of at most 30 ms, each of which may be repeated. What other subjects have waiting may be written
	// between the two.
	Project(ctx context.Context, key credit.Key, facts []ledger.Fact) (steps []func(*store.Tx) error, err error)
}

// Follower brings projections up to date with the facts. Killed at any moment it loses nothing: the
// entries of a subject leave the queue in the transaction that ends the writing of it.
//
//	touched ─► Read ─► Project … ─► one transaction for several subjects, each: write, take off the queue, same seq?
//
// The next subjects are read while those before them are written.
type Follower struct {
	ledger *ledger.Ledger
	queue  Queue
	all    []Projection
}

// NewFollower returns a follower of all projections.
func NewFollower(l *ledger.Ledger, q Queue, all ...Projection) *Follower {
	return &Follower{l, q, all}
}

// Follow takes the subjects of up to limit entries of the queue and returns how many entries it took off, with those
// of the same subjects behind them. A subject that changed meanwhile stays for the next call.
func (f *Follower) Follow(ctx context.Context, limit int) (n int, err error) {
	entries, err := f.queue.Touched(ctx, limit)
	if err != nil {
		return 0, err
	}
	reading, stop := context.WithCancel(ctx)
	read := f.read(reading, subjects(entries))
	defer func() {
		stop()
		for range read { // until the reader has ended
		}
	}()
	var errs []error
	for ctx.Err() == nil {
		some := next(read)
		if len(some) == 0 {
			break
		}
		for i := range some {
			if some[i].err != nil { // one subject that cannot be followed does not hold up the others
				errs = append(errs, some[i].err)
			}
		}
		took, err := f.write(ctx, some)
		n += took
		errs = append(errs, err)
	}
	return n, errors.Join(append(errs, ctx.Err())...)
}

// subjects lists the subjects of entries once, in the order of the queue.
func subjects(entries []Touched) (keys []credit.Key) {
	met := map[credit.Key]bool{}
	for _, t := range entries {
		if !met[t.Subject] {
			met[t.Subject] = true
			keys = append(keys, t.Subject)
		}
	}
	return keys
}
