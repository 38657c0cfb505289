package read

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
)

// Row is one physical data row.
type Row struct {
	Number int      // 1-based, counted over data rows that are not blank
	Line   int      // physical line of a text file where the row begins, or row number of a sheet
	Cells  []string // as many as the heading has, unless Err says otherwise; the strings may be kept
	Err    error    // a *Fault when the row cannot be used
}

func (r *Row) setFault(f *Fault) {
	if f != nil && r.Err == nil {
		r.Err = f
	}
}

// Format is what a file is.
type Format string

// The formats.
const (
	CSV  Format = "csv" // and TSV
	XLSX Format = "xlsx"
	JSON Format = "jsonl"
)

// source gives the physical records of one format, heading first.
type source interface {
	// record fills row, or returns io.EOF, or a fault of the whole file.
	record(row *Row) error
}

// File is an open file of rows. It is not safe for use by several goroutines, but for Offset.
type File struct {
	name     string
	format   Format
	src      source
	encoding func() string
	header   []string
	findings []*Fault
	number   int
	blank    int
	held     []Row // data rows read while looking for the heading
	done     error // why the file ended; given again
	offset   atomic.Int64
	size     int64
	scale    func() int64 // position for formats that are not read from front to back
	closers  []func() error
}

// Open opens the file at path and reads its heading.
func Open(path string) (*File, error) { return OpenLimited(path, Limits{}) }

// OpenLimited is Open with limits of its own.
func OpenLimited(path string, limits Limits) (*File, error) {
	h, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s for intake: %w", path, err)
	}
	info, err := h.Stat()
	if err != nil || info.IsDir() {
		h.Close()
		if err == nil {
			err = errors.New("is a directory")
		}
		return nil, fmt.Errorf("open %s for intake: %w", path, err)
	}
	return open(h, path, info.Size(), limits, h.Close)
}

// NewReader reads rows from r: pasted text, an upload. The name is used in messages only.
func NewReader(r io.Reader, name string) (*File, error) {
	return open(r, name, 0, Limits{}, nil)
}

func open(r io.Reader, name string, size int64, limits Limits, closer func() error) (*File, error) {
	f := &File{name: name, size: size}
	if closer != nil {
		f.closers = append(f.closers, closer)
	}
	err := f.begin(r, limits.withDefaults())
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return f, nil
}

func (f *File) begin(r io.Reader, limits Limits) error {
	head := bufio.NewReaderSize(&counter{r, &f.offset}, 4096)
	magic, err := head.Peek(512)
	if len(magic) == 0 {
		if err != nil && err != io.EOF {
			return fileError(err)
		}
		return fault("empty_file", 0)
	}
	if f := refuse(magic); f != nil {
		return f
	}
	if bytes.HasPrefix(magic, []byte("PK\x03\x04")) {
		return f.beginXLSX(r, head, limits)
	}
	dec := &decoder{raw: head}
	f.encoding = dec.encoding
	text := bytes.TrimLeft(bytes.TrimPrefix(magic, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if len(text) > 0 && text[0] == '{' {
		f.format = JSON
		return f.beginJSON(dec, limits)
	}
	f.format = CSV
	return f.beginCSV(dec, limits)
}

// refuse names formats that people send in place of a table.
func refuse(magic []byte) *Fault {
	lower := bytes.ToLower(bytes.TrimLeft(magic, "\xEF\xBB\xBF \t\r\n"))
	switch {
	case bytes.HasPrefix(magic, []byte("\xD0\xCF\x11\xE0")):
		return fault("encrypted_or_legacy", 0)
	case bytes.HasPrefix(magic, []byte("%PDF")):
		return fault("unsupported_format", 0, "PDF")
	case bytes.HasPrefix(magic, []byte("\x1F\x8B")), bytes.HasPrefix(magic, []byte("Rar!")), bytes.HasPrefix(magic, []byte("7z\xBC\xAF")):
		return fault("unsupported_format", 0, "压缩包")
	case bytes.HasPrefix(lower, []byte("<")):
		return fault("unsupported_format", 0, "网页或XML")
	case bytes.HasPrefix(lower, []byte("[{")), bytes.HasPrefix(lower, []byte("[\n")), bytes.HasPrefix(lower, []byte("[\r\n")):
		return fault("unsupported_format", 0, "JSON数组，应为每行一个JSON对象")
	}
	return nil
}

func (f *File) beginCSV(dec *decoder, limits Limits) error {
	src := newCSV(dec, limits, dec.encoding)
	f.src = src
	if err := src.more(); err != nil {
		return err
	}
	if src.err != nil && src.rest() == "" {
		return fileError(src.err)
	}
	src.dialect()
	return f.findHeader(limits)
}

// dialect chooses the separator by the first line: the one of tab, comma and semicolon that occurs most.
func (s *csvSource) dialect() {
	line, _, found := strings.Cut(s.rest(), "\n")
	if sep, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "sep="); ok && found && len(sep) == 1 && strings.Contains(",;|\t", sep) {
		s.comma = sep[0]
		s.pos += len(line) + 1
		s.line++
		return
	}
	head := s.rest()[:min(len(s.rest()), 8<<10)]
	best := 0
	for line := range strings.Lines(head) {
		for _, c := range []byte{'\t', ',', ';'} {
			if n := strings.Count(line, string(c)); n > best {
				s.comma, best = c, n
			}
		}
		if best > 0 {
			return
		}
	}
}

// findHeader takes the first row with more than one cell as the heading when a title stands above it.
func (f *File) findHeader(limits Limits) error {
	var first, second Row
	if err := f.nextFilled(&first); err != nil {
		if err == io.EOF {
			return fault("empty_file", 0)
		}
		return err
	}
	if first.Err != nil {
		return first.Err
	}
	if filled(first.Cells) == 1 {
		err := f.nextFilled(&second)
		switch {
		case err == nil && second.Err == nil && filled(second.Cells) > 2:
			f.findings = append(f.findings, fault("title_skipped", first.Line, strings.Join(first.Cells, "")))
			first = second
		case err == nil:
			f.held = append(f.held, second)
		default:
			f.done = err
		}
	}
	if len(first.Cells) > limits.Columns {
		return fault("too_many_headings", 0, limits.Columns)
	}
	f.header = first.Cells
	for len(f.header) > 1 && strings.TrimSpace(f.header[len(f.header)-1]) == "" {
		f.header = f.header[:len(f.header)-1]
	}
	return nil
}

// nextFilled reads the next record that is not blank.
func (f *File) nextFilled(row *Row) error {
	for {
		if err := f.src.record(row); err != nil {
			return err
		}
		if row.Err != nil || !blank(row.Cells) {
			return nil
		}
		f.blank++
	}
}

// Next reads the next data row. It returns io.EOF after the last one, or a *Fault that says why the
// file could not be read to its end; rows without content are passed over and counted by Blank.
// Cells is appended to row.Cells[:0]; the strings in it stay valid for ever.
func (f *File) Next(row *Row) error {
	if len(f.held) > 0 {
		cells := append(row.Cells[:0], f.held[0].Cells...)
		*row, f.held = f.held[0], f.held[1:]
		row.Cells = cells
	} else {
		if f.done != nil {
			return f.done
		}
		if err := f.nextFilled(row); err != nil {
			f.done = err
			return err
		}
	}
	f.number++
	row.Number = f.number
	f.fit(row)
	return nil
}

// fit compares the width of a row with the heading. Empty cells beyond it are dropped.
func (f *File) fit(row *Row) {
	want := len(f.header)
	if len(row.Cells) == want || row.Err != nil {
		return
	}
	n := len(row.Cells)
	for n > want && strings.TrimSpace(row.Cells[n-1]) == "" {
		n--
	}
	row.Cells = row.Cells[:n]
	switch {
	case n > want:
		row.Err = fault("too_many_columns", row.Line, n, want)
	case n < want && f.format == XLSX: // a sheet leaves out empty cells at the end of a row
		for len(row.Cells) < want {
			row.Cells = append(row.Cells, "")
		}
	case n < want:
		row.Err = fault("too_few_columns", row.Line, n, want)
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if c != "" && strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func filled(cells []string) (n int) {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// Name is the path or the name given.
func (f *File) Name() string { return f.name }

// Format is what the file turned out to be.
func (f *File) Format() Format { return f.format }

// Header is the heading row, as received.
func (f *File) Header() []string { return f.header }

// Encoding is the encoding as far as reading has shown it: a file may be ASCII for a long way.
func (f *File) Encoding() string { return f.encoding() }

// Findings are remarks about the file as a whole that do not stop it.
func (f *File) Findings() []*Fault { return f.findings }

// Blank is the number of rows without content passed over so far.
func (f *File) Blank() int { return f.blank }

// Size is the size of the file in bytes, 0 when it is not known.
func (f *File) Size() int64 { return f.size }

// Offset is how many bytes of the file have been read; it may be called from another goroutine.
func (f *File) Offset() int64 {
	if f.scale != nil {
		return f.scale()
	}
	return f.offset.Load()
}

// Close releases the file.
func (f *File) Close() error {
	var first error
	for i := len(f.closers) - 1; i >= 0; i-- {
		if err := f.closers[i](); err != nil && first == nil {
			first = err
		}
	}
	f.closers = nil
	return first
}

// fileError makes a fault of an error of the source; a fault stays as it is.
func fileError(err error) error {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	f = fault("read_failed", 0, err)
	f.Cause = err
	return f
}

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
