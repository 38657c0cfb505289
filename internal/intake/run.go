package intake

import (
	"cmp"
	"context"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/ledger"
)

// run is a stretch of the file that is sorted and merged as one.
type run struct {
	first     int64             // number of its first row
	verdicts  []ledger.Verdict  // by row; quarantined rows have NoVerdict
	rows      []ledger.Incoming // the rows for the ledger
	marks     map[int64]mark    // rows that need more than a merge
	held      []prepared        // rows for quarantine
	findings  []FileFinding     // in file order
	conflicts []conflict
	warned    int64
	late      [2]int64
	refs      map[int64]string // by row: which row in quarantine it mends
	numbered  []numbered
}

// numbered is a row that is known by legacy numbers alone.
type numbered struct {
	at      int // in rows
	numbers []credit.Key
}

// conflict is a row that contradicts an earlier row of its file.
type conflict struct {
	in      ledger.Incoming
	finding FileFinding
}

// mark is what the desks need to know of a row.
type mark struct{ weak, doubtful bool }

func newRun(first int64) *run {
	return &run{first: first, marks: map[int64]mark{}, refs: map[int64]string{}}
}

func (r *run) size() int   { return len(r.verdicts) }
func (r *run) next() int64 { return r.first + int64(len(r.verdicts)) }

func (r *run) add(rows []prepared) {
	for i := range rows {
		p := &rows[i]
		r.verdicts = append(r.verdicts, ledger.NoVerdict)
		r.findings = append(r.findings, p.findings...)
		if p.ref != "" {
			r.refs[p.in.Row] = p.ref
		}
		if p.blocked() {
			r.held = append(r.held, *p)
			continue
		}
		if len(p.findings) > 0 {
			r.warned++
		}
		for k, late := range p.late {
			if late {
				r.late[k]++
			}
		}
		if p.weak || p.doubtful {
			r.marks[p.in.Row] = mark{p.weak, p.doubtful}
		}
		if p.numbers != nil {
			r.numbered = append(r.numbered, numbered{len(r.rows), p.numbers})
		}
		r.rows = append(r.rows, p.in)
	}
}

// leadRows is how many rows are looked up at once.
const leadRows = 256

// lead gives the rows that are known by legacy numbers the key of their subject. All rows before the run are in by then,
// and those of the run that stand before a row count too: a file leads to the same subjects wherever its runs are cut.
func (r *run) lead(ctx context.Context, l *ledger.Ledger) error {
	if len(r.numbered) == 0 {
		return nil
	}
	taught := r.taught()
	for part := range slices.Chunk(r.numbered, leadRows) {
		asked := make([][]credit.Key, len(part))
		for i := range part {
			asked[i] = part[i].numbers
		}
		keys, err := l.LegacyKeysBeside(ctx, asked, func(i int, n credit.Key) (keys []credit.Key) {
			for _, at := range taught[n] {
				if at < part[i].at {
					keys = append(keys, r.rows[at].Key)
				}
			}
			return keys
		})
		if err != nil {
			return err
		}
		for i := range part {
			r.rows[part[i].at].Key = keys[i]
		}
	}
	return nil
}

// taught is where in the run the numbers that are asked for stand, or a code that holds one: the places of the first rows
// of each subject. It is called before any row is led, while the rows are in the file's order.
func (r *run) taught() map[credit.Key][]int {
	all := map[credit.Key][]int{}
	for _, n := range r.numbered {
		for _, number := range n.numbers {
			all[number] = nil
		}
	}
	for at := range r.rows {
		in := &r.rows[at]
		numbers := in.Aliases
		if alias, ok := ledger.OrgAlias(in.Key); ok {
			numbers = append(slices.Clip(numbers), alias)
		}
		for _, n := range numbers {
			places, asked := all[n]
			if asked && !slices.ContainsFunc(places, func(p int) bool { return r.rows[p].Key == in.Key }) {
				all[n] = append(places, at)
			}
		}
	}
	return all
}

// sort orders the rows by subject, keeping the file's order within one.
func (r *run) sort() {
	slices.SortFunc(r.rows, func(a, b ledger.Incoming) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Row, b.Row))
	})
}
