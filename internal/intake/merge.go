package intake

import (
	"context"
	"encoding/json"
	"fmt"

	"xinban/internal/ledger"
	"xinban/internal/store"
)

// merge writes one run into the ledger, its quarantined rows into quarantine, its questions onto the
// desks, and its verdicts into the verdict file.
func (j *loading) merge(ctx context.Context, r *run) error {
	r.sort()
	batch := ledger.Batch{Source: j.load.Source, Load: j.load.ID, Recorded: j.load.Started, Met: &j.met}
	rows := r.rows
	err := j.s.ledger.Merge(ctx, batch, rows, func(ctx context.Context, tx *store.Tx, part []ledger.Incoming, outs []ledger.Outcome) error {
		if err := j.touch(tx, part, outs); err != nil {
			return err
		}
		return j.desks(tx, r, part, outs)
	}, func(part []ledger.Incoming, outs []ledger.Outcome) {
		for i := range outs {
			r.verdicts[outs[i].Row-r.first] = outs[i].Verdict
			j.meet(r, &part[i], &outs[i])
		}
		j.load.Rows += int64(len(outs))
		j.tell()
	})
	if err != nil {
		return err
	}
	if err := j.hold(ctx, r); err != nil {
		return err
	}
	j.load.Rows += int64(len(r.held))
	return j.count(r)
}

// touch notes the subjects whose facts changed, for the projections.
func (j *loading) touch(tx *store.Tx, part []ledger.Incoming, outs []ledger.Outcome) error {
	var rows [][]any
	for i := range part {
		if v := outs[i].Verdict; v != ledger.Accepted && v != ledger.Amended {
			continue
		}
		if k := string(part[i].Key); len(rows) == 0 || rows[len(rows)-1][1] != k {
			rows = append(rows, []any{j.load.ID, k})
		}
	}
	return tx.InsertMissing("touched", []string{"load", "subject"}, rows)
}

// meet quarantines a row that says something else than an earlier row of the same file, and tells of
// a row that repeats one.
func (j *loading) meet(r *run, in *ledger.Incoming, o *ledger.Outcome) {
	switch {
	case o.Verdict == ledger.Conflict:
		f := FileFinding{Row: o.Row, Code: "conflict_in_file", Block: true,
			Message: fmt.Sprintf("与本文件第%d行是同一决定，内容却不同", o.Other),
			Fix:     "核对原决定书，只保留正确的一行后重新报送"}
		r.findings = append(r.findings, f)
		r.conflicts = append(r.conflicts, conflict{*in, f})
	case o.Verdict == ledger.Unchanged && o.Other != 0 && o.Other != o.Row:
		r.findings = append(r.findings, FileFinding{Row: o.Row, Code: "repeated_in_file",
			Message: fmt.Sprintf("与本文件第%d行相同，未重复记入", o.Other), Fix: "无需处理"})
	}
}

// heldRows is how many rows one transaction puts into quarantine.
const heldRows = 500

// hold puts the run's bad rows into quarantine.
func (j *loading) hold(ctx context.Context, r *run) error {
	byRow := map[int64][]FileFinding{}
	for _, f := range r.findings {
		byRow[f.Row] = append(byRow[f.Row], f)
	}
	var rows [][]any
	for i := range r.held {
		p := &r.held[i]
		cells := j.s.ledger.PackCells(j.load.Kind, p.cells)
		rows = append(rows, j.quarantined(p.in.Row, cells, byRow[p.in.Row]))
	}
	for _, c := range r.conflicts {
		cells, err := j.s.ledger.RepackCells(c.in.Kind, c.in.Body)
		if err != nil {
			return err
		}
		rows = append(rows, j.quarantined(c.in.Row, cells, byRow[c.in.Row]))
	}
	for len(rows) > 0 {
		n := min(heldRows, len(rows))
		err := j.s.db.Bulk(ctx, func(tx *store.Tx) error { return tx.InsertMissing("quarantine", quarantineColumns, rows[:n]) })
		if err != nil {
			return fmt.Errorf("intake: putting rows into quarantine: %w", err)
		}
		rows = rows[n:]
	}
	return nil
}

var quarantineColumns = []string{"load", "row", "source", "kind", "layout", "cells", "findings", "state"}

func (j *loading) quarantined(row int64, cells []byte, findings []FileFinding) []any {
	text, err := json.Marshal(findings)
	if err != nil { // strings and numbers always encode
		panic(err)
	}
	return []any{j.load.ID, row, j.load.Source, int64(j.load.Kind), j.layoutID, cells, string(text), "open"}
}

// count adds the run's verdicts to the load and writes them out.
func (j *loading) count(r *run) error {
	for _, v := range r.verdicts {
		switch v {
		case ledger.Accepted:
			j.load.Accepted++
		case ledger.Unchanged:
			j.load.Unchanged++
		case ledger.Amended:
			j.load.Amended++
		default:
			j.load.Quarantined++
		}
	}
	j.load.Warned += r.warned
	j.late[0] += r.late[0]
	j.late[1] += r.late[1]
	for _, f := range r.findings {
		j.note(f)
	}
	return j.verdicts.write(r)
}
