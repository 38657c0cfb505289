package intake

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"xinban/internal/intake/normal"
)

// returnPage is how many rows of quarantine are read at once.
const returnPage = 500

// WriteReturnFile writes the open rows of a load as CSV with the columns as received, why each row was
// held, how to mend it, and where it stands in quarantine. Identity numbers are masked; a masked cell
// that comes back unchanged keeps its number. No cell runs as a formula.
func (s *Service) WriteReturnFile(ctx context.Context, w io.Writer, load int64) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	var header []string
	for after := int64(0); ; {
		rows, err := s.HeldRows(ctx, load, after, returnPage)
		if err != nil {
			return err
		}
		for i := range rows {
			h := &rows[i]
			after = h.Row
			if header == nil {
				header = h.Headings
				if err := out.Write(returnLine(h, header, func(k int) string { return header[k] }, normal.ReasonHeading, normal.FixHeading, normal.RefHeading)); err != nil {
					return err
				}
			}
			reason, fix := told(h.Findings)
			if err := out.Write(returnLine(h, header, h.Shown, reason, fix, h.Ref())); err != nil {
				return fmt.Errorf("intake: writing a quarantine file: %w", err)
			}
		}
		if len(rows) < returnPage {
			out.Flush()
			return out.Error()
		}
	}
}

// returnLine is one line without the columns that an earlier quarantine file had added.
func returnLine(h *Held, header []string, cell func(int) string, more ...string) []string {
	var line []string
	for i := range header {
		if !ours(header[i]) && i < len(h.Cells) {
			line = append(line, normal.SafeCell(cell(i)))
		}
	}
	for _, m := range more {
		line = append(line, normal.SafeCell(m))
	}
	return line
}

// ours tells that a column is one that a quarantine file adds.
func ours(heading string) bool {
	return slices.Contains([]string{normal.ReasonHeading, normal.FixHeading, normal.RefHeading}, strings.TrimSpace(heading))
}

// told joins what is wrong with a row and how to mend it, each in one cell.
func told(findings []FileFinding) (reason, fix string) {
	var reasons, fixes []string
	for _, f := range findings {
		text := f.Message
		if f.Field != "" {
			text = f.Field + "：" + text
		}
		reasons = append(reasons, text)
		if f.Fix != "" && !slices.Contains(fixes, f.Fix) {
			fixes = append(fixes, f.Fix)
		}
	}
	return strings.Join(reasons, "；"), strings.Join(fixes, "；")
}
