package read

import (
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
)

// beginXLSX opens the first sheet that holds anything and is not hidden.
func (f *File) beginXLSX(r, head io.Reader, limits Limits) error {
	f.format = XLSX
	f.encoding = func() string { return UTF8 }
	h, ok := r.(*os.File)
	if !ok || f.size == 0 { // a pipe has no size and cannot be read from its end
		var err error
		if h, f.size, err = spool(head, limits.Spool); err != nil {
			return err
		}
		f.closers = append(f.closers, func() error { return errors.Join(h.Close(), os.Remove(h.Name())) })
	}
	a, err := openArchive(h, f.size, limits)
	if err != nil {
		return err
	}
	w, err := openWorkbook(a)
	if err != nil {
		return err
	}
	return f.firstSheet(w, limits)
}

func (f *File) firstSheet(w *workbook, limits Limits) error {
	for _, s := range w.sheets {
		if s.hidden || s.part == "" {
			continue
		}
		src, err := openSheet(w, s, limits)
		if err != nil {
			return err
		}
		f.src, f.blank, f.findings = src, 0, nil
		f.closers = append(f.closers, src.part.Close)
		f.scale = func() int64 { return scale(f.size, src.part.given.Load(), src.part.declared) }
		var empty *Fault
		err = f.findHeader(limits)
		if errors.As(err, &empty) && empty.Code == "empty_file" {
			continue
		}
		if others := otherSheets(w, s.name); others != "" && err == nil {
			f.findings = append(f.findings, fault("other_sheets", 0, s.name, others))
		}
		return err
	}
	return fault("sheet_without_rows", 0)
}

func scale(size, given, declared int64) int64 {
	if declared == 0 {
		return size
	}
	return int64(float64(size) * float64(given) / float64(declared))
}

func otherSheets(w *workbook, read string) string {
	var names []string
	for _, s := range w.sheets {
		if s.name == read {
			continue
		}
		if len(names) == 20 {
			names = append(names, "…")
			break
		}
		names = append(names, s.name)
	}
	return strings.Join(names, "、")
}

// sheetSource gives the rows of a sheet in their order.
type sheetSource struct {
	book   *workbook
	part   *part
	x      *xmlScanner
	limits Limits
	line   int
}

func openSheet(w *workbook, s sheet, limits Limits) (*sheetSource, error) {
	p, err := w.zip.open(s.part)
	if err != nil {
		return nil, err
	}
	return &sheetSource{book: w, part: p, x: newXML(p, limits.Cell), limits: limits}, nil
}

func (s *sheetSource) record(row *Row) error {
	row.Cells, row.Err = row.Cells[:0], nil
	for {
		if err := s.x.next(); err != nil {
			if err == io.EOF {
				return io.EOF
			}
			return workbookFault(err)
		}
		if s.x.kind == '<' && s.x.name == "row" {
			break
		}
	}
	s.line++
	if n, err := strconv.Atoi(s.x.attr("r")); err == nil && n >= s.line {
		s.line = n
	}
	row.Line = s.line
	if err := s.cells(row); err != nil {
		return workbookFault(err)
	}
	row.setFault(cellFault(row.Cells, row.Line, UTF8))
	return nil
}

// cells reads the cells of the current row.
func (s *sheetSource) cells(row *Row) error {
	next, size := 0, 0
	for {
		if err := s.x.next(); err != nil {
			return eofInside(err)
		}
		if s.x.kind == '>' && s.x.name == "row" {
			return nil
		}
		if s.x.kind != '<' || s.x.name != "c" {
			continue
		}
		col := columnOf(s.x.attr("r"), next)
		next = col + 1
		text, err := s.cell()
		if err != nil {
			return err
		}
		if text == "" {
			continue
		}
		size += len(text)
		if col >= s.limits.Columns {
			row.setFault(fault("too_many_columns", row.Line, col+1, s.limits.Columns))
			continue
		}
		if size > s.limits.Row {
			row.setFault(fault("row_too_long", row.Line, s.limits.Row))
			continue
		}
		for len(row.Cells) <= col {
			row.Cells = append(row.Cells, "")
		}
		row.Cells[col] = text
	}
}

// cell reads the current cell to its end. Of several values the last counts.
func (s *sheetSource) cell() (string, error) {
	kind, style := s.x.attr("t"), s.x.attr("s")
	var value, formula string
	hasFormula := false
	for {
		err := s.x.next()
		if err != nil {
			return "", eofInside(err)
		}
		switch {
		case s.x.kind == '>' && s.x.name == "c":
			if hasFormula {
				return marked(MarkFormula, "="+formula), nil
			}
			return s.value(kind, style, value)
		case s.x.kind == '<' && s.x.name == "is":
			value, err = richText(s.x, "is")
		case s.x.kind == '<' && s.x.name == "v":
			value, err = s.inner("v")
		case s.x.kind == '<' && s.x.name == "f":
			hasFormula = true
			formula, err = s.inner("f")
		}
		if err != nil {
			return "", err
		}
	}
}

func (s *sheetSource) inner(name string) (string, error) {
	s.x.held = s.x.held[:0]
	for {
		if err := s.x.next(); err != nil {
			return "", eofInside(err)
		}
		switch {
		case s.x.kind == 't':
			if err := s.x.hold(); err != nil {
				return "", err
			}
		case s.x.kind == '>' && s.x.name == name:
			return string(s.x.held), nil
		}
	}
}

func (s *sheetSource) value(kind, style, value string) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(s.book.strings) {
			return "", fault("damaged_workbook", s.line, "共享文字缺失")
		}
		return s.book.strings[n], nil
	case "inlineStr", "d":
		return value, nil
	case "str":
		return sheetEscapes(value), nil
	case "b":
		if strings.TrimSpace(value) == "1" {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "e":
		return marked(MarkError, value), nil
	}
	if value == "" {
		return "", nil
	}
	n, err := strconv.Atoi(style)
	date := err == nil && n >= 0 && n < len(s.book.dates) && s.book.dates[n]
	return numberText(strings.TrimSpace(value), date, s.book.from1904), nil
}

// columnOf is the 0-based column of a reference such as AB12, or next when there is none.
func columnOf(ref string, next int) int {
	n := 0
	for i := 0; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 4; i++ {
		n = n*26 + int(ref[i]-'A') + 1
	}
	if n == 0 {
		return next
	}
	return n - 1
}
