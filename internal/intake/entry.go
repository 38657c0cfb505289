package intake

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
)

// Checked is what a load would find in one row.
type Checked struct {
	Record   credit.Record
	Findings []normal.Finding
	Blocked  bool  // the row would go into quarantine
	sealed   []int // columns that hold identity numbers
}

// Check reads one row as a load would and says what is wrong with it; nothing is kept.
func (s *Service) Check(kind credit.Kind, headings, cells []string) (Checked, error) {
	layout, _, err := normal.Map(headings, kind)
	if err != nil {
		return Checked{}, err
	}
	layout.Today = s.today()
	var out normal.Out
	layout.Row(cells, &out)
	return Checked{Record: out.Record, Findings: slices.Clone(out.Findings), Blocked: out.Blocked(), sealed: slices.Clone(out.SealedColumns)}, nil
}

// Entry is rows that a person typed, pasted or mended: never the whole of a list.
type Entry struct {
	Source   string // code
	Kind     credit.Kind
	Name     string // of the load, such as 表单
	By       string
	Headings []string
	Rows     [][]string
}

// Names of loads that no file was sent for.
const (
	FormLoad  = "表单"
	PasteLoad = "粘贴"
)

// Enter takes rows in at once, through the same pipeline as a file: verdicts, desks, audit and repeated
// sending are the same.
func (s *Service) Enter(ctx context.Context, e Entry) (Result, error) {
	sp, err := s.spoolRows(e)
	if err != nil {
		return Result{}, err
	}
	r, err := s.LoadFile(ctx, e.request(sp))
	if err == nil || r.ID == 0 { // each row has its verdict, or none was taken
		s.inbox.done(sp)
	}
	return r, err
}

// AcceptRows is Enter in the background, for many rows.
func (s *Service) AcceptRows(ctx context.Context, e Entry) (Load, error) {
	sp, err := s.spoolRows(e)
	if err != nil {
		return Load{}, err
	}
	l, err := s.Accept(ctx, e.request(sp))
	if err != nil {
		s.Discard(sp)
	}
	return l, err
}

func (e *Entry) request(sp Spooled) Request {
	return Request{Path: sp.Path, SHA256: sp.SHA256, Name: e.Name, Source: e.Source, Kind: e.Kind, By: e.By, Part: true}
}

func (s *Service) spoolRows(e Entry) (Spooled, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(e.Headings); err != nil {
		return Spooled{}, fmt.Errorf("intake: writing typed rows: %w", err)
	}
	if err := w.WriteAll(e.Rows); err != nil {
		return Spooled{}, fmt.Errorf("intake: writing typed rows: %w", err)
	}
	return s.Spool(&b)
}
