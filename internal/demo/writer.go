package demo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// rowWriter writes the rows of one file.
type rowWriter interface {
	write(cells []string) error
	close() error
}

// The formats in which departments send.
const (
	formatCSV    = "csv"   // UTF-8
	formatBOM    = "bom"   // UTF-8 with a byte order mark
	formatGB     = "gb"    // GB18030, CRLF
	formatXLSX   = "xlsx"  // a workbook
	formatJSON   = "jsonl" // one object a line
	encodingUTF8 = "utf-8" // as FileInfo.Encoding
	encodingGB   = "gb18030"
)

func newWriter(path, format string, header []string) (rowWriter, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("demo: create %s: %w", path, err)
	}
	switch format {
	case formatXLSX:
		return newWorkbook(f, header)
	case formatJSON:
		return &jsonWriter{f: f, out: bufio.NewWriterSize(f, 1<<16), header: header}, nil
	}
	w := &csvWriter{f: f, newline: "\n"}
	var out io.Writer = f
	if format == formatGB {
		// GB18030 holds every character, so that the encoder cannot fail.
		out, w.newline = simplifiedchinese.GB18030.NewEncoder().Writer(f), "\r\n"
	}
	w.out = bufio.NewWriterSize(out, 1<<16)
	if format == formatBOM {
		w.out.WriteString("\ufeff")
	}
	return w, w.write(header)
}

type csvWriter struct {
	f       *os.File
	out     *bufio.Writer
	newline string
}

func (w *csvWriter) write(cells []string) error {
	for i, c := range cells {
		if i > 0 {
			w.out.WriteByte(',')
		}
		if strings.ContainsAny(c, ",\"\r\n") {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		w.out.WriteString(c)
	}
	_, err := w.out.WriteString(w.newline)
	return err
}

func (w *csvWriter) close() error { return flushClose(w.out, w.f) }

type jsonWriter struct {
	f      *os.File
	out    *bufio.Writer
	header []string
	line   bytes.Buffer
}

// write keeps the order of the columns, which a map would lose.
func (w *jsonWriter) write(cells []string) error {
	w.line.Reset()
	enc := json.NewEncoder(&w.line)
	enc.SetEscapeHTML(false)
	put := func(mark byte, s string) error {
		w.line.WriteByte(mark)
		if err := enc.Encode(s); err != nil {
			return err
		}
		w.line.Truncate(w.line.Len() - 1) // the encoder's line break
		return nil
	}
	mark := byte('{')
	for i, c := range cells {
		if c == "" {
			continue
		}
		if err := put(mark, w.header[i]); err != nil {
			return err
		}
		if err := put(':', c); err != nil {
			return err
		}
		mark = ','
	}
	w.line.WriteString("}\n")
	_, err := w.out.Write(w.line.Bytes())
	return err
}

func (w *jsonWriter) close() error { return flushClose(w.out, w.f) }

func flushClose(b *bufio.Writer, f *os.File) error {
	if err := b.Flush(); err != nil {
		f.Close()
		return fmt.Errorf("demo: write %s: %w", f.Name(), err)
	}
	return f.Close()
}

type workbook struct {
	f    *os.File
	book *excelize.File
	out  *excelize.StreamWriter
	row  int
}

func newWorkbook(f *os.File, header []string) (rowWriter, error) {
	book := excelize.NewFile()
	out, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, fmt.Errorf("demo: write %s: %w", f.Name(), err)
	}
	w := &workbook{f: f, book: book, out: out}
	return w, w.write(header)
}

func (w *workbook) write(cells []string) error {
	w.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = c
	}
	return w.out.SetRow(fmt.Sprintf("A%d", w.row), values)
}

func (w *workbook) close() error {
	defer w.book.Close()
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("demo: write %s: %w", w.f.Name(), err)
	}
	if err := w.book.Write(w.f); err != nil {
		return fmt.Errorf("demo: write %s: %w", w.f.Name(), err)
	}
	return w.f.Close()
}
