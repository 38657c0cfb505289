package ledger

import (
	"context"
	"fmt"
	"slices"

	"xinban/internal/credit"
)

// KeySeq is how far the facts of one key were folded.
type KeySeq struct {
	Key credit.Key `json:"key"`
	Seq int64      `json:"seq"`
}

// maxKeys is how many keys one subject may have, itself and all that its links lead to.
const maxKeys = 64

// ErrTooManyKeys says that a subject's links lead to more keys than a standing folds.
var ErrTooManyKeys = fmt.Errorf("ledger: the links of a subject lead to more than %d keys", maxKeys)

// Standing reads and folds a subject on a day, with the facts of every key that belongs to it: the
// same subject under another key, and predecessors whose records its report includes. known gives
// the seq of each key for a fold as it was known then; nil folds everything. versions is what was
// folded, the subject's own key first.
func (l *Ledger) Standing(ctx context.Context, key credit.Key, on credit.Date, known []KeySeq) (s *Standing, versions []KeySeq, err error) {
	return l.Reading().Standing(ctx, key, on, known)
}

// Reading reads the facts of each key once, for several standings of the same moment. It is for one
// goroutine and soon forgotten.
type Reading struct {
	ledger *Ledger
	facts  map[credit.Key][]Fact
}

// Reading begins one; nothing is read yet.
func (l *Ledger) Reading() *Reading { return &Reading{l, map[credit.Key][]Fact{}} }

// Has gives it the facts of a key that were read already.
func (r *Reading) Has(key credit.Key, facts []Fact) { r.facts[key] = facts }

func (r *Reading) read(ctx context.Context, key credit.Key) (facts []Fact, err error) {
	facts, ok := r.facts[key]
	if !ok {
		if facts, err = r.ledger.Read(ctx, key); err == nil {
			r.facts[key] = facts
		}
	}
	return facts, err
}

// Standing is [Ledger.Standing] on what the reading has read.
func (r *Reading) Standing(ctx context.Context, key credit.Key, on credit.Date, known []KeySeq) (s *Standing, versions []KeySeq, err error) {
	queue := []credit.Key{key}
	var linked *joining
	for at := 0; at < len(queue); at++ {
		k := queue[at]
		limit, ok := int64(0), true
		if known != nil {
			if limit, ok = seqIn(known, k); !ok {
				continue
			}
		}
		facts, err := r.read(ctx, k)
		if err != nil {
			return nil, nil, err
		}
		if known != nil && limit == 0 { // nothing was known then; to Fold 0 means everything
			facts = nil
		}
		part := Fold(k, facts, limit, on)
		versions = append(versions, KeySeq{k, part.Seq})
		if s == nil {
			s, linked = part, join(part)
		} else {
			linked.include(part)
		}
		for _, e := range part.Links {
			if !e.Link.Includes() || slices.Contains(queue, e.To) || !included(known, e.To) {
				continue
			}
			if queue = append(queue, e.To); len(queue) > maxKeys {
				return nil, nil, ErrTooManyKeys
			}
		}
	}
	if linked != nil { // nil when nothing was known of the subject then
		linked.settle(on)
	}
	return s, versions, nil
}

func seqIn(known []KeySeq, key credit.Key) (int64, bool) {
	i := slices.IndexFunc(known, func(v KeySeq) bool { return v.Key == key })
	if i < 0 {
		return 0, false
	}
	return known[i].Seq, true
}

// included tells whether a linked key belongs to the fold: as known then only those known then do.
func included(known []KeySeq, key credit.Key) bool {
	_, ok := seqIn(known, key)
	return known == nil || ok
}
