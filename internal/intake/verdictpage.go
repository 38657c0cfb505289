package intake

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// VerdictLine is one line of a verdict file.
type VerdictLine struct {
	Row     int64  `json:"row"`
	Verdict string `json:"verdict"`
	Field   string `json:"field,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	Fix     string `json:"fix,omitempty"`
}

// scanLines is how many lines of a verdict file one page looks through.
const scanLines = 200_000

// Verdicts reads lines of a load's verdict file from a place in it (0: the start), up to limit; found
// keeps those that say something. next is the place to go on from, 0 at the end.
func (s *Service) Verdicts(load, from int64, limit int, found bool) (lines []VerdictLine, next int64, err error) {
	f, err := os.Open(s.VerdictFile(load))
	if err != nil {
		return nil, 0, fmt.Errorf("intake: opening the verdicts of load %d: %w", load, err)
	}
	defer f.Close()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return nil, 0, fmt.Errorf("intake: reading the verdicts of load %d: %w", load, err)
	}
	r := csv.NewReader(bufio.NewReaderSize(f, 1<<16))
	r.ReuseRecord, r.FieldsPerRecord, r.LazyQuotes = true, -1, true
	for range scanLines {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, 0, nil
		}
		if err != nil || len(cells) < 6 {
			return nil, 0, fmt.Errorf("intake: reading the verdicts of load %d at %d: %w", load, from, errors.Join(err, io.ErrUnexpectedEOF))
		}
		row, err := strconv.ParseInt(cells[0], 10, 64)
		if err != nil || found && cells[3] == "" { // the heading, or a row with nothing to tell
			continue
		}
		lines = append(lines, VerdictLine{row, cells[1], cells[2], cells[3], cells[4], cells[5]})
		if len(lines) == limit {
			break
		}
	}
	return lines, from + r.InputOffset(), nil
}
