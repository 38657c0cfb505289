package intake

import (
	"cmp"
	"slices"

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
		r.rows = append(r.rows, p.in)
	}
}

// sort orders the rows by subject, keeping the file's order within one.
func (r *run) sort() {
	slices.SortFunc(r.rows, func(a, b ledger.Incoming) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Row, b.Row))
	})
}
