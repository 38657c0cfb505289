package intake

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"xinban/internal/intake/normal"
	"xinban/internal/ledger"
)

// verdictWriter writes the verdict file: a line for each row that was sent, in the order sent, and a
// further line for each further finding on it.
type verdictWriter struct {
	path string
	part string // while it is written
	f    *os.File
	w    *bufio.Writer
	csv  *csv.Writer
	line []byte
}

var verdictNames = map[ledger.Verdict]string{
	ledger.NoVerdict: "quarantined",
	ledger.Accepted:  "accepted",
	ledger.Unchanged: "unchanged",
	ledger.Amended:   "amended",
	ledger.Conflict:  "quarantined",
}

// newVerdictWriter begins a verdict file; what an earlier owner of the load left half written goes.
func newVerdictWriter(path, owner string) (*verdictWriter, error) {
	left, err := filepath.Glob(path + "*.part")
	if err != nil {
		return nil, fmt.Errorf("intake: looking for parts of the verdict file: %w", err)
	}
	for _, p := range left {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("intake: deleting a part of the verdict file: %w", err)
		}
	}
	part := path + "." + owner + ".part"
	f, err := os.Create(part)
	if err != nil {
		return nil, fmt.Errorf("intake: making the verdict file: %w", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	v := &verdictWriter{path: path, part: part, f: f, w: w, csv: csv.NewWriter(w)}
	_, err = w.WriteString("\ufeff行号,结论,字段,代码,说明,处理办法\r\n")
	return v, err
}

// write appends the verdicts of a run.
func (v *verdictWriter) write(r *run) error {
	slices.SortStableFunc(r.findings, func(a, b FileFinding) int { return cmp.Compare(a.Row, b.Row) })
	next := r.findings
	for i, verdict := range r.verdicts {
		row := r.first + int64(i)
		name := verdictNames[verdict]
		if len(next) == 0 || next[0].Row != row {
			v.line = strconv.AppendInt(v.line[:0], row, 10)
			v.line = append(v.line, ',')
			v.line = append(v.line, name...)
			v.line = append(v.line, ",,,,\r\n"...)
			if _, err := v.w.Write(v.line); err != nil {
				return fmt.Errorf("intake: writing the verdict file: %w", err)
			}
			continue
		}
		for len(next) > 0 && next[0].Row == row {
			f := next[0]
			next = next[1:]
			if err := v.csv.Write([]string{strconv.FormatInt(row, 10), name, normal.SafeCell(f.Field), f.Code, normal.SafeCell(f.Message), f.Fix}); err != nil {
				return fmt.Errorf("intake: writing the verdict file: %w", err)
			}
		}
	}
	return v.csv.Error()
}

// close makes the verdict file durable under its name.
func (v *verdictWriter) close() error {
	err := v.w.Flush()
	if err == nil {
		err = v.f.Sync()
	}
	if cerr := v.f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("intake: writing the verdict file: %w", err)
	}
	return os.Rename(v.part, v.path)
}

// discard gives the file up.
func (v *verdictWriter) discard() error {
	if v == nil {
		return nil
	}
	err := v.f.Close()
	if gone := os.Remove(v.part); !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}
