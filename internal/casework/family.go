package casework

import (
	"context"
	"fmt"
	"strings"
)

// How many child cases are read with one query: families are small or large, and each statement is prepared once.
const fewChildren, manyChildren = 25, 250

// Family reads the cases of the children of a case, in the order of the children. A large family takes a few queries, never one
// for each child.
func (s *Service) Family(ctx context.Context, parent *Case) ([]Case, error) {
	children, err := s.Children(ctx, parent)
	if err != nil {
		return nil, err
	}
	found := make(map[string]Case, len(children))
	for rest := children; len(rest) > 0; {
		n := min(len(rest), manyChildren)
		if err := s.readChildren(ctx, rest[:n], found); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	all := make([]Case, len(children))
	for i, ch := range children {
		c, ok := found[ch.Case]
		if !ok {
			return nil, fmt.Errorf("casework: reading child %d of %s: %w", ch.No, parent.ID, ErrNoCase)
		}
		all[i] = c
	}
	return all, nil
}

func (s *Service) readChildren(ctx context.Context, children []Child, found map[string]Case) error {
	size := manyChildren
	if len(children) <= fewChildren {
		size = fewChildren
	}
	args := make([]any, 2*size)
	for i := range size {
		var ch Child // an empty place finds nothing
		if i < len(children) {
			ch = children[i]
		}
		args[2*i], args[2*i+1] = string(ch.Subject), ch.Case
	}
	cases, err := scanCases(s.db.Query(ctx, familyQueries[size], args...))
	for _, c := range cases {
		found[c.ID] = c
	}
	return err
}

var familyQueries = map[int]string{fewChildren: familyQuery(fewChildren), manyChildren: familyQuery(manyChildren)}

func familyQuery(size int) string {
	pairs := make([]string, size)
	for i := range pairs {
		pairs[i] = fmt.Sprintf("($%d, $%d)", 2*i+1, 2*i+2)
	}
	return "SELECT " + caseColumns + " FROM case_file WHERE (subject, id) IN (VALUES " + strings.Join(pairs, ", ") + ")"
}
