package report_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
)

// queue is a queue of changed subjects in memory.
type queue struct {
	mu  sync.Mutex
	all []report.Touched
}

func (q *queue) Touched(_ context.Context, limit int) ([]report.Touched, error) {
	return slices.Clone(q.all[:min(limit, len(q.all))]), nil
}

func (q *queue) TouchedOf(_ context.Context, key credit.Key) (own []report.Touched, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range q.all {
		if t.Subject == key {
			own = append(own, t)
		}
	}
	return own, nil
}

func (q *queue) Followed(_ *store.Tx, t report.Touched) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all = slices.DeleteFunc(q.all, func(x report.Touched) bool { return x == t })
	return nil
}

func (q *queue) Touch(_ *store.Tx, keys ...credit.Key) error {
	for _, k := range keys {
		q.all = append(q.all, report.Touched{Subject: k})
	}
	return nil
}

var errDamaged = errors.New("damaged")

// choosy projects every subject but one.
type choosy struct{ not credit.Key }

func (c choosy) Project(_ context.Context, key credit.Key, _ []ledger.Fact) ([]func(*store.Tx) error, error) {
	if key == c.not {
		return nil, errDamaged
	}
	return nil, nil
}

// A subject that cannot be followed is told of and stays on the queue; all others are followed.
func TestOneSubjectHoldsUpNoOther(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		q := &queue{}
		must(t, q.Touch(nil, "A", "B", "C", "A"))
		n, err := report.NewFollower(o.ledger, q, choosy{"A"}).Follow(t.Context(), 10)
		if n != 2 || !errors.Is(err, errDamaged) || !slices.Equal(q.all, []report.Touched{{Subject: "A"}, {Subject: "A"}}) {
			t.Errorf("%d followed, left %v, %v", n, q.all, err)
		}
		if n, err := report.NewFollower(o.ledger, q, choosy{}).Follow(t.Context(), 10); n != 2 || err != nil || len(q.all) != 0 {
			t.Errorf("repaired: %d followed, left %v, %v", n, q.all, err)
		}
	})
}
