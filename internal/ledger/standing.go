package ledger

import (
	"context"
	"slices"

	"xinban/internal/credit"
)

// KeySeq is how far the facts of one key were folded.
type KeySeq struct {
	Key credit.Key `json:"key"`
	Seq int64      `json:"seq"`
}

// linkDepth bounds how far links are followed: a key, what it succeeds, what that succeeded …
const linkDepth = 5

// Standing reads and folds a subject on a day, with the facts of every key that belongs to it: the
// same subject under another key, and predecessors whose records its report includes. known gives
// the seq of each key for a fold as it was known then; nil folds everything. versions is what was
// folded, the subject's own key first.
func (l *Ledger) Standing(ctx context.Context, key credit.Key, on credit.Date, known []KeySeq) (s *Standing, versions []KeySeq, err error) {
	queue := []credit.Key{key}
	for at := 0; at < len(queue) && at < 1<<linkDepth; at++ {
		k := queue[at]
		facts, err := l.Read(ctx, k)
		if err != nil {
			return nil, nil, err
		}
		limit := int64(0)
		if known != nil {
			i := slices.IndexFunc(known, func(v KeySeq) bool { return v.Key == k })
			if i < 0 {
				continue
			}
			if limit = known[i].Seq; limit == 0 { // nothing was known then; to Fold 0 means everything
				facts = nil
			}
		}
		part := Fold(k, facts, limit, on)
		versions = append(versions, KeySeq{k, part.Seq})
		if s == nil {
			s = part
		} else {
			s.include(part)
		}
		for _, e := range part.Links {
			if e.Link.Includes() && !slices.Contains(queue, e.To) {
				queue = append(queue, e.To)
			}
		}
	}
	return s, versions, nil
}

// include joins the matters of another key; the same matter under both keys stays once.
func (s *Standing) include(p *Standing) {
	for _, m := range p.Matters {
		if m.Kind == credit.Registration || slices.ContainsFunc(s.Matters, func(x Matter) bool { return x.ID == m.ID }) {
			continue
		}
		s.Matters = append(s.Matters, m)
	}
	for _, n := range append(p.Names, p.Name) {
		if n != "" && n != s.Name {
			s.other(n)
		}
	}
}
