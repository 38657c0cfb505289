package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/store"
)

func incoming(l *Ledger, key credit.Key, docNo string, row int64, fine credit.Fen) Incoming {
	f := penalty(l, key, 1, docNo, fine)
	return Incoming{Key: key, Class: credit.Organisation, Name: f.Record.Name, Kind: f.Kind, Matter: f.Matter, Row: row, Effective: f.Effective, Digest: f.Digest, Body: f.body}
}

func nothing(context.Context, *store.Tx, []Incoming, []Outcome) error { return nil }

// merge returns the verdicts by row.
func merge(t testing.TB, l *Ledger, b Batch, rows []Incoming) map[int64]Outcome {
	t.Helper()
	outs := map[int64]Outcome{}
	err := l.Merge(t.Context(), b, rows, nothing, func(_ []Incoming, all []Outcome) {
		for _, o := range all {
			outs[o.Row] = o
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return outs
}

// A row is compared with the last word of its own source: new, the same, changed, or at odds with an
// earlier row of its file.
func TestVerdictsOfAMerge(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		first := merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{incoming(l, "A", "1号", 1, 100), incoming(l, "A", "1号", 2, 100), incoming(l, "A", "1号", 3, 300)})
		second := merge(t, l, Batch{Source: 1, Load: 2}, []Incoming{incoming(l, "A", "1号", 1, 100), incoming(l, "A", "1号", 2, 200), incoming(l, "B", "1号", 3, 100)})
		third := merge(t, l, Batch{Source: 1, Load: 3}, []Incoming{incoming(l, "A", "1号", 1, 500)})
		other := merge(t, l, Batch{Source: 2, Load: 4}, []Incoming{incoming(l, "A", "1号", 1, 500)})
		for name, c := range map[string]struct {
			got   Outcome
			want  Verdict
			meets int64
		}{
			"seen for the first time":                   {first[1], Accepted, 0},
			"repeated in the file":                      {first[2], Unchanged, 1},
			"another content in the file":               {first[3], Conflict, 1},
			"sent again":                                {second[1], Unchanged, 0},
			"another content after an unchanged row":    {second[2], Conflict, 1},
			"the same number of another subject":        {second[3], Accepted, 0},
			"changed in a later file":                   {third[1], Amended, 0},
			"said by another source for the first time": {other[1], Accepted, 0},
		} {
			if c.got.Verdict != c.want || c.got.Other != c.meets {
				t.Errorf("%s: verdict %d meeting row %d, want %d and %d", name, c.got.Verdict, c.got.Other, c.want, c.meets)
			}
		}
		if n := len(read(t, l, "A")); n != 3 {
			t.Errorf("%d facts, want three", n)
		}
	})
}

// A run that was cut off anywhere and runs again gives the verdicts that it would have given.
func TestMergeRunsAgain(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		rows := func() []Incoming {
			var all []Incoming
			for i := range 40 {
				all = append(all, incoming(l, credit.Key(fmt.Sprintf("K%02d", i)), "1号", int64(i+1), 100))
			}
			return append(all, incoming(l, "K99", "1号", 41, 100), incoming(l, "K99", "1号", 42, 100), incoming(l, "K99", "1号", 43, 300))
		}
		want := merge(t, l, Batch{Source: 1, Load: 1}, rows())
		got := merge(t, l, Batch{Source: 1, Load: 1}, rows())
		for row, o := range want {
			if g := got[row]; g.Verdict != o.Verdict || g.Other != o.Other {
				t.Errorf("row %d: %+v, then %+v", row, o, g)
			}
		}
		if n := len(read(t, l, "K00")); n != 1 {
			t.Errorf("running again added facts: %d", n)
		}
	})
}

// What belongs to a part is written with it or not at all.
func TestPartIsOneTransaction(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		boom := errors.New("boom")
		err := l.Merge(t.Context(), Batch{Source: 1, Load: 1}, []Incoming{incoming(l, "A", "1号", 1, 100)},
			func(context.Context, *store.Tx, []Incoming, []Outcome) error { return boom }, func([]Incoming, []Outcome) { t.Error("told of what was undone") })
		if !errors.Is(err, boom) {
			t.Fatalf("got %v", err)
		}
		if n := len(read(t, l, "A")); n != 0 {
			t.Errorf("%d facts of a part that failed", n)
		}
		if _, ok, _ := l.Subject(t.Context(), "A"); ok {
			t.Error("the directory names a subject of a part that failed")
		}
	})
}

// An amendment of a matter on which an event was recorded is kept and marked; the event keeps its effect.
func TestAmendmentAgainstADecidedEvent(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		row := incoming(l, "A", "1号", 1, 100)
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{row})
		appendFacts(t, l, Subject{Key: "A"}, event(t, "A", row.Matter, Event{Type: Repaired, On: 20250401}))
		if o := merge(t, l, Batch{Source: 1, Load: 2}, []Incoming{row})[1]; o.Verdict != Unchanged || o.Contradicts {
			t.Errorf("the same row sent again after a repair: %+v", o)
		}
		changed := Batch{Source: 1, Load: 3}
		for run := range 2 { // and the same when the load runs again
			if o := merge(t, l, changed, []Incoming{incoming(l, "A", "1号", 1, 200)})[1]; o.Verdict != Amended || !o.Contradicts {
				t.Errorf("run %d: %+v", run, o)
			}
		}
		if s, _ := standing(t, l, "A", nil); s.Matters[0].Repaired != 20250401 {
			t.Error("an amendment undid a repair by itself")
		}
	})
}

// A row sent again is compared with what the source's files said last, not with what a person corrected.
func TestARowSentAgainIsComparedWithTheLastFile(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		first := incoming(l, "A", "1号", 1, 20)
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{first})
		fixed := penalty(l, "A", 1, "1号", 2)
		fixed.Load, fixed.Row = 0, 0
		appendFacts(t, l, Subject{Key: "A"}, fixed, event(t, "A", first.Matter, Event{Type: Corrected, Source: 1, On: 20250401}))
		fine := func() credit.Fen { s, _ := standing(t, l, "A", nil); return s.Matters[0].Record.Fine.Fen }
		for i, c := range []struct {
			fine        credit.Fen
			want        Verdict
			contradicts bool
		}{{20, Unchanged, false}, {30, Amended, true}, {30, Unchanged, false}, {20, Amended, true}, {2, Amended, false}, {2, Unchanged, false}} {
			b := Batch{Source: 1, Load: int64(i + 2)}
			for run := range 2 { // and the same when the load runs again
				if o := merge(t, l, b, []Incoming{incoming(l, "A", "1号", 1, c.fine)})[1]; o.Verdict != c.want || o.Contradicts != c.contradicts {
					t.Errorf("file %d, run %d: %+v", i, run, o)
				}
			}
			if fine() != 2 {
				t.Errorf("file %d: a file undid the correction: %d", i, fine())
			}
		}
	})
}

// A subject of very many matters between small ones is compared like any other, matter by matter.
func TestASubjectOfManyMattersIsComparedLikeOthers(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		send := func(load int64, fine credit.Fen) map[int64]Outcome {
			var rows []Incoming
			for _, k := range []credit.Key{"A", "B", "C"} {
				n := 3
				if k == "B" {
					n = 3 * headMatters
				}
				for i := range n {
					rows = append(rows, incoming(l, k, fmt.Sprint(i), int64(len(rows)+1), fine))
				}
			}
			return merge(t, l, Batch{Source: 1, Load: load}, rows)
		}
		all := func(outs map[int64]Outcome, want Verdict, contradicts ...int64) {
			t.Helper()
			for row, o := range outs {
				if o.Verdict != want || o.Contradicts != slices.Contains(contradicts, row) {
					t.Fatalf("row %d: %+v, want %d", row, o, want)
				}
			}
		}
		all(send(1, 100), Accepted)
		all(send(2, 100), Unchanged)
		appendFacts(t, l, Subject{Key: "B"}, event(t, "B", read(t, l, "B")[500].Matter, Event{Type: Repaired, On: 20250401}))
		all(send(3, 200), Amended, 3+501)
		all(send(3, 200), Amended, 3+501) // and when the load runs again
		for key, n := range map[credit.Key]int{"A": 6, "B": 6*headMatters + 1, "C": 6} {
			if got := len(read(t, l, key)); got != n {
				t.Errorf("%s: %d facts, want %d", key, got, n)
			}
		}
	})
}

// What a load remembers of unchanged rows is bounded, and it tells when it passed rows over.
func TestMetIsBounded(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		var rows []Incoming
		for i := range 5 {
			rows = append(rows, incoming(l, "A", fmt.Sprint(i), int64(i+1), 100))
		}
		merge(t, l, Batch{Source: 1, Load: 1}, rows)
		for limit, full := range map[int]bool{4: true, 5: false, 0: false} {
			met := &Met{Limit: limit}
			merge(t, l, Batch{Source: 1, Load: 2, Met: met}, rows)
			if met.Full() != full || len(met.rows) > 5 || limit == 4 && len(met.rows) != 4 {
				t.Errorf("limit %d: full %v, %d rows", limit, met.Full(), len(met.rows))
			}
		}
	})
}

// More rows of one subject than one transaction takes: the verdicts do not depend on where it is cut.
func TestVerdictsDoNotDependOnParts(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{incoming(l, "A", "旧", 1, 100)})
		rows := []Incoming{incoming(l, "A", "旧", 1, 100)}
		for i := range 2*mergeRows + 10 {
			rows = append(rows, incoming(l, "A", fmt.Sprint(i), int64(i+2), 100))
		}
		last := int64(len(rows) + 1)
		rows = append(rows, incoming(l, "A", "旧", last, 999))
		b := Batch{Source: 1, Load: 2, Met: &Met{}}
		for run := range 2 {
			outs := merge(t, l, b, rows)
			if o := outs[1]; o.Verdict != Unchanged {
				t.Errorf("run %d: the first row is %+v", run, o)
			}
			if o := outs[last]; o.Verdict != Conflict || o.Other != 1 {
				t.Errorf("run %d: another content of row 1 is %+v", run, o)
			}
			b.Met = &Met{} // a new process
		}
	})
}
