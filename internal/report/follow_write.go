package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// writeFor is after how much time a transaction begins with no other subject.
const writeFor = 15 * time.Millisecond

var errMovedOn = errors.New("report: the facts of the subject changed meanwhile")

// write writes subjects, as many as fit into one transaction, and returns how many entries left the queue. Where one
// of them cannot be written they are written one by one, so that only that one stays.
func (f *Follower) write(ctx context.Context, some []projected) (n int, err error) {
	var short []projected
	var errs []error
	for i := range some {
		switch p := &some[i]; {
		case p.err != nil || len(p.entries) == 0:
		case len(p.steps) > 1:
			took, err := f.alone(ctx, p)
			n, errs = n+took, append(errs, err)
		default:
			short = append(short, *p)
		}
	}
	for len(short) > 0 && ctx.Err() == nil {
		ended, took, err := f.several(ctx, short)
		if err != nil {
			took, err = f.eachAlone(ctx, short)
			n, errs = n+took, append(errs, err)
			break
		}
		n, short = n+took, short[ended:]
	}
	return n, errors.Join(errs...)
}

// several writes the first subjects, of one step each, in one transaction: how many they were, and their entries.
func (f *Follower) several(ctx context.Context, some []projected) (ended, took int, err error) {
	err = f.ledger.DB().Bulk(ctx, func(tx *store.Tx) error {
		ended, took = 0, 0
		for start := time.Now(); ended < len(some) && (ended == 0 || time.Since(start) < writeFor); ended++ {
			if err := f.end(tx, &some[ended]); err != nil {
				return err
			}
			took += len(some[ended].entries)
		}
		return nil
	})
	return ended, took, err
}

func (f *Follower) eachAlone(ctx context.Context, some []projected) (n int, err error) {
	var errs []error
	for i := range some {
		if ctx.Err() != nil {
			break
		}
		took, err := f.alone(ctx, &some[i])
		n, errs = n+took, append(errs, err)
	}
	return n, errors.Join(errs...)
}

// alone writes one subject, each step in a transaction of its own. One whose facts
// moved on, or that another process has followed, is left to the next call.
func (f *Follower) alone(ctx context.Context, p *projected) (n int, err error) {
	for len(p.steps) > 1 && err == nil {
		err = f.ledger.DB().Bulk(ctx, func(tx *store.Tx) error {
			if err := p.steps[0](tx); err != nil {
				return err
			}
			return unchanged(tx, p.key, p.seq)
		})
		p.steps = p.steps[1:]
	}
	if err == nil {
		err = f.ledger.DB().Bulk(ctx, func(tx *store.Tx) error { return f.end(tx, p) })
	}
	switch {
	case errors.Is(err, errMovedOn) || errors.Is(err, store.ErrConflict):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("report: following a subject: %w", err)
	}
	return len(p.entries), nil
}

// end does the last step of a subject and takes it off the queue.
func (f *Follower) end(tx *store.Tx, p *projected) error {
	for _, t := range p.entries {
		if err := f.queue.Followed(tx, t); err != nil {
			return err
		}
	}
	for _, step := range p.steps {
		if err := step(tx); err != nil {
			return err
		}
	}
	// after the entries are taken off: one who adds them again at this moment is waited for and seen
	return unchanged(tx, p.key, p.seq)
}

// unchanged makes sure that the facts are still those that were folded.
func unchanged(tx *store.Tx, key credit.Key, seq int64) error {
	var now int64
	if err := tx.QueryRow("SELECT COALESCE(MAX(seq), 0) FROM fact WHERE subject = $1", string(key)).Scan(&now); err != nil {
		return fmt.Errorf("report: finding the end of a subject's sequence: %w", err)
	}
	if now != seq {
		return errMovedOn
	}
	return nil
}
