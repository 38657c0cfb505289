package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"xinban/internal/ledger"
	"xinban/internal/store"
)

// merge writes one run into the ledger, its quarantined rows into quarantine, its questions onto the
// desks, and its verdicts into the verdict file.
func (j *loading) merge(ctx context.Context, r *run) error {
	if err := r.lead(ctx, j.s.ledger); err != nil {
		return err
	}
	r.sort()
	batch := ledger.Batch{Source: j.load.Source, Load: j.load.ID, Recorded: j.load.Started, Met: &j.met}
	rows := r.rows
	err := j.s.ledger.Merge(ctx, batch, rows, func(ctx context.Context, tx *store.Tx, part []ledger.Incoming, outs []ledger.Outcome) error {
		if err := j.touch(tx, part, outs); err != nil {
			return err
		}
		return j.desks(ctx, tx, r, part, outs)
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
	var leads []lead
	add := func(row int64, cells []string) error {
		l, err := j.s.leadOf(ctx, j.layout, j.load.ID, row, cells)
		rows = append(rows, j.quarantined(row, j.s.ledger.PackCells(j.load.Kind, cells), byRow[row]))
		leads = append(leads, l)
		return err
	}
	for i := range r.held {
		if err := add(r.held[i].in.Row, r.held[i].cells); err != nil {
			return err
		}
	}
	for _, c := range r.conflicts {
		cells, err := j.s.ledger.UnpackCells(c.in.Kind, c.in.Body)
		if err == nil {
			err = add(c.in.Row, cells)
		}
		if err != nil {
			return err
		}
	}
	for len(rows) > 0 {
		n := min(heldRows, len(rows))
		err := j.s.db.Bulk(ctx, func(tx *store.Tx) error { return j.quarantine(tx, rows[:n], leads[:n]) })
		if err != nil {
			return fmt.Errorf("intake: putting rows into quarantine: %w", err)
		}
		rows, leads = rows[n:], leads[n:]
	}
	return nil
}

// quarantine writes held rows and to whom they may belong. A load that runs again finds some settled.
func (j *loading) quarantine(tx *store.Tx, rows [][]any, leads []lead) error {
	if err := tx.InsertMissing("quarantine", quarantineColumns, rows); err != nil {
		return err
	}
	first, last := leads[0].row, leads[0].row
	for _, l := range leads {
		first, last = min(first, l.row), max(last, l.row)
	}
	settled, err := settledRows(tx, j.load.ID, first, last)
	if err != nil {
		return err
	}
	return j.s.keepLeads(tx, slices.DeleteFunc(slices.Clone(leads), func(l lead) bool { return settled[l.row] }))
}

// settledRows are the rows of a load in a range that are in quarantine no more.
func settledRows(tx *store.Tx, load, first, last int64) (map[int64]bool, error) {
	rows, err := tx.Query("SELECT row FROM quarantine WHERE load = $1 AND row >= $2 AND row <= $3 AND state <> 'open'", load, first, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	settled := map[int64]bool{}
	for rows.Next() {
		var row int64
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		settled[row] = true
	}
	return settled, rows.Err()
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
