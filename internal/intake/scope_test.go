package intake

import (
	"fmt"
	"slices"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/ledger"
)

// A clerk sees of a subject what its own organ sent and what happened to it; the credit centre sees all.
func TestAClerkSeesOnlyTheWordsOfItsOrgan(t *testing.T) {
	said := func(source int64, m byte) ledger.Fact {
		return ledger.Fact{Op: ledger.OpAssertion, Source: source, Matter: credit.MatterID{m}}
	}
	then := func(m byte, e ledger.Event) ledger.Fact {
		return ledger.Fact{Op: ledger.OpEvent, Matter: credit.MatterID{m}, Event: &e}
	}
	facts := []ledger.Fact{said(1, 1), said(2, 1), said(2, 2), then(1, ledger.Event{Type: ledger.Repaired}), then(2, ledger.Event{Type: ledger.Repaired}),
		then(1, ledger.Event{Type: ledger.Withdrawn, Source: 2}), then(1, ledger.Event{Type: ledger.Corrected, Source: 1}), then(0, ledger.Event{Type: ledger.Linked})}
	for i := range facts {
		facts[i].Seq = int64(i + 1)
	}
	for name, c := range map[string]struct {
		sc   scope
		want []int64
	}{
		"the centre":         {scope{centre: true}, []int64{1, 2, 3, 4, 5, 6, 7, 8}},
		"a clerk":            {scope{sources: []Source{{ID: 1}}}, []int64{1, 4, 7}},
		"of two sources":     {scope{sources: []Source{{ID: 1}, {ID: 2}}}, []int64{1, 2, 3, 4, 5, 6, 7}},
		"of nobody's source": {scope{}, nil},
	} {
		var got []int64
		for _, f := range c.sc.own(slices.Clone(facts)) {
			got = append(got, f.Seq)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s sees %v, want %v", name, got, c.want)
		}
	}
}
