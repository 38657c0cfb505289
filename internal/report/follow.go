package report

import (
	"context"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// Touched is a subject whose facts have changed; load 0 stands for what a person did.
type Touched = struct {
	Load    int64
	Subject credit.Key
}

// Queue is the subjects whose facts have changed and whose projections have not followed yet.
type Queue interface {
	Touched(ctx context.Context, limit int) ([]Touched, error)
	// Followed takes an entry off the queue, in the transaction that writes the projections.
	Followed(tx *store.Tx, t Touched) error
	// Touch puts subjects on it, in the transaction that changes their facts.
	Touch(tx *store.Tx, keys ...credit.Key) error
}

// Projection is something computed from the facts of one subject at a time.
type Projection interface {
	// Project computes what facts, all facts of the key, mean for the projection, and returns how to write
	// it: steps of at most 30 ms, each of which may be repeated.
	Project(ctx context.Context, key credit.Key, facts []ledger.Fact) (steps []func(*store.Tx) error, err error)
}

// Follower brings projections up to date with the facts. Killed at any moment it loses nothing: an
// entry leaves the queue in the transaction that ends the writing of its subject.
//
//	touched ─► Read ─► Project … ─► one transaction: same seq? write, take off the queue
type Follower struct {
	ledger *ledger.Ledger
	queue  Queue
	all    []Projection
}

// NewFollower returns a follower of all projections.
func NewFollower(l *ledger.Ledger, q Queue, all ...Projection) *Follower {
	return &Follower{l, q, all}
}

// Follow takes up to limit entries of the queue and returns how many it took off. An entry whose
// subject changed meanwhile stays for the next call.
func (f *Follower) Follow(ctx context.Context, limit int) (n int, err error) {
	entries, err := f.queue.Touched(ctx, limit)
	if err != nil {
		return 0, err
	}
	bySubject, order := map[credit.Key][]Touched{}, []credit.Key{}
	for _, t := range entries {
		if bySubject[t.Subject] == nil {
			order = append(order, t.Subject)
		}
		bySubject[t.Subject] = append(bySubject[t.Subject], t)
	}
	var errs []error
	for _, key := range order {
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		done, err := f.subject(ctx, key, bySubject[key])
		if err != nil { // one subject that cannot be followed does not hold up the others
			errs = append(errs, fmt.Errorf("report: following a subject: %w", err))
		}
		if done {
			n += len(bySubject[key])
		}
	}
	return n, errors.Join(errs...)
}

var errMovedOn = errors.New("report: the facts of the subject changed meanwhile")

func (f *Follower) subject(ctx context.Context, key credit.Key, entries []Touched) (done bool, err error) {
	facts, err := f.ledger.Read(ctx, key)
	if err != nil {
		return false, err
	}
	var seq int64
	if len(facts) > 0 {
		seq = facts[len(facts)-1].Seq
	}
	var steps []func(*store.Tx) error
	for _, p := range f.all {
		some, err := p.Project(ctx, key, facts)
		if err != nil {
			return false, err
		}
		steps = append(steps, some...)
	}
	last := len(steps) - 1
	for i := range max(len(steps), 1) {
		err := f.ledger.DB().Bulk(ctx, func(tx *store.Tx) error {
			if i >= last {
				for _, t := range entries {
					if err := f.queue.Followed(tx, t); err != nil {
						return err
					}
				}
			}
			if i <= last {
				if err := steps[i](tx); err != nil {
					return err
				}
			}
			// after the entry is taken off: one who adds it again at this moment is waited for and seen
			return unchanged(tx, key, seq)
		})
		if errors.Is(err, errMovedOn) || errors.Is(err, store.ErrConflict) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
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
