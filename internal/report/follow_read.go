package report

import (
	"context"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// together is how many subjects are given to the writer at once, and how many are read ahead of it.
const together = 64

// projected is a subject with what its facts mean.
type projected struct {
	key     credit.Key
	entries []Touched
	seq     int64 // of the last fact read
	steps   []func(*store.Tx) error
	err     error // it could not be projected
}

// read projects subjects, in order, ahead of the writer; the channel is closed after the last.
func (f *Follower) read(ctx context.Context, keys []credit.Key) <-chan projected {
	out := make(chan projected, together)
	go func() {
		defer close(out)
		for _, key := range keys {
			p := projected{key: key}
			if err := f.project(ctx, &p); err != nil {
				p.err = fmt.Errorf("report: following a subject: %w", err)
			}
			select {
			case out <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// project reads the entries before the facts: what comes later is seen at the writing, or stays on the queue.
func (f *Follower) project(ctx context.Context, p *projected) (err error) {
	if p.entries, err = f.queue.TouchedOf(ctx, p.key); err != nil || len(p.entries) == 0 {
		return err
	}
	facts, err := f.ledger.Read(ctx, p.key)
	if err != nil {
		return err
	}
	if len(facts) > 0 {
		p.seq = facts[len(facts)-1].Seq
	}
	for _, x := range f.all {
		steps, err := x.Project(ctx, p.key, facts)
		if err != nil {
			return err
		}
		p.steps = append(p.steps, steps...)
	}
	return nil
}

// next waits for the subjects that are written together; none when all were read.
func next(read <-chan projected) (some []projected) {
	for p := range read {
		if some = append(some, p); len(some) == together {
			break
		}
	}
	return some
}
