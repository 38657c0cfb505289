package read

import (
	"io"
	"strings"
)

// csvSource splits text into the records of RFC 4180, at several hundred megabytes a second: lines
// and cells are found by the machine's byte search, and a line without a quote is never looked at
// byte by byte. Quotes inside an unquoted cell are text, as spreadsheet programs write them.
type csvSource struct {
	chunker
	limits Limits
	comma  byte
	line   int // physical line at pos, from 1
	enc    func() string
	broken *Fault // a quote that ran to the end of the file
}

func newCSV(in io.Reader, limits Limits, enc func() string) *csvSource {
	return &csvSource{chunker: chunker{in: in, limit: limits.Row}, limits: limits, comma: ',', line: 1, enc: enc}
}

// record reads one physical record into row; io.EOF or a fault of the file ends it.
func (s *csvSource) record(row *Row) error {
	row.Cells, row.Err = row.Cells[:0], nil
	for {
		row.Line = s.line
		rest := s.rest()
		nl := strings.IndexByte(rest, '\n')
		if nl < 0 && !s.eof {
			if s.more() == errRowTooLong {
				s.tooLong(row)
				return nil
			}
			continue
		}
		if rest == "" {
			return s.end()
		}
		end := nl
		if nl < 0 {
			end = len(rest)
		}
		if strings.IndexByte(rest[:end], '"') < 0 {
			row.Cells = splitPlain(row.Cells, rest[:end], s.comma)
			s.pos += min(end+1, len(rest))
			s.line++
			s.check(row, end)
			return nil
		}
		if s.quoted(row, rest, nl) {
			return nil
		}
	}
}

// end is io.EOF, or why the file ended early.
func (s *csvSource) end() error {
	if s.err != nil {
		return fileError(s.err)
	}
	if s.broken != nil {
		return s.broken
	}
	return io.EOF
}

// splitPlain appends the cells of a line without quotes.
func splitPlain(cells []string, line string, comma byte) []string {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	for {
		i := strings.IndexByte(line, comma)
		if i < 0 {
			return append(cells, line)
		}
		cells = append(cells, line[:i])
		line = line[i+1:]
	}
}

// quoted takes the record at the head of rest, some cell of which may be quoted. It is false when
// more text was read instead and the record must be tried again.
func (s *csvSource) quoted(row *Row, rest string, nl int) bool {
	row.Cells = row.Cells[:0]
	cells, used, state := splitQuoted(row.Cells, rest, s.comma, s.eof, s.limits.Cell)
	row.Cells = cells
	switch state {
	case recordCut:
		if s.more() == errRowTooLong {
			s.unclosed(row, rest, nl)
			return true
		}
		return false
	case recordUnclosed, recordEndless:
		if state == recordUnclosed && s.broken == nil {
			s.broken = fault("truncated", s.line, s.line)
		}
		s.unclosed(row, rest, nl)
		return true
	case recordStray:
		row.Err = fault("stray_quote", row.Line)
	}
	s.line += strings.Count(rest[:used], "\n")
	if used > 0 && rest[used-1] != '\n' {
		s.line++
	}
	s.pos += used
	s.check(row, used)
	return true
}

// unclosed gives the line on which an endless quote opens as one faulty row and goes on behind that
// line: one stray quote must not swallow the rows after it.
func (s *csvSource) unclosed(row *Row, rest string, nl int) {
	if nl < 0 && !s.eof {
		s.tooLong(row)
		return
	}
	end := nl
	if nl < 0 {
		end = len(rest)
	}
	row.Cells = splitPlain(row.Cells[:0], rest[:end], s.comma)
	row.Err = fault("unclosed_quote", row.Line)
	s.pos += min(end+1, len(rest))
	s.line++
}

func (s *csvSource) tooLong(row *Row) {
	row.Cells = append(row.Cells[:0], s.skipLine())
	row.Err = fault("row_too_long", row.Line, s.limits.Row)
	s.line++
}

// check applies the limits to a row of n bytes.
func (s *csvSource) check(row *Row, n int) {
	if s.suspect && row.Err == nil {
		row.setFault(cellFault(row.Cells, row.Line, s.enc()))
	}
	if n <= s.limits.Cell {
		return
	}
	if n > s.limits.Row {
		row.setFault(fault("row_too_long", row.Line, s.limits.Row))
		return
	}
	for i, c := range row.Cells {
		if len(c) > s.limits.Cell {
			f := fault("cell_too_long", row.Line, s.limits.Cell)
			f.Column = i
			row.setFault(f)
			return
		}
	}
}

// How a record with quotes ended.
const (
	recordWhole    = iota
	recordCut      // the text ends before the record does
	recordStray    // text follows a closing quote; the record ends at the next line break
	recordUnclosed // a quote is not closed within the file
	recordEndless  // a quote is not closed within the limit of a cell
)

// splitQuoted appends the cells of the record at the head of text and returns how many bytes it took.
func splitQuoted(cells []string, text string, comma byte, eof bool, limit int) (_ []string, used, state int) {
	i := 0
	for {
		if i < len(text) && text[i] == '"' {
			end, escaped, state := closingQuote(text, i+1, eof, limit)
			if state != recordWhole {
				return cells, 0, state
			}
			cells = append(cells, unquote(text[i+1:end], escaped))
			i = end + 1
		} else {
			end := cellEnd(text[i:], comma)
			if end < 0 {
				if !eof {
					return cells, 0, recordCut
				}
				end = len(text) - i
			}
			cell := text[i : i+end]
			i += end
			if i == len(text) || text[i] == '\n' {
				cell = strings.TrimSuffix(cell, "\r")
			}
			cells = append(cells, cell)
		}
		switch {
		case i == len(text) && eof:
			return cells, i, recordWhole
		case i == len(text):
			return cells, 0, recordCut
		case text[i] == comma:
			i++
		case text[i] == '\n':
			return cells, i + 1, recordWhole
		case text[i] == '\r' && (i+1 < len(text) && text[i+1] == '\n' || i+1 == len(text) && eof):
			return cells, min(i+2, len(text)), recordWhole
		case text[i] == '\r' && i+1 == len(text):
			return cells, 0, recordCut
		default:
			return strayQuote(cells, text, i, eof)
		}
	}
}

// strayQuote ends a record in which text follows a closing quote, at the next line break. The rest of
// the line stays with the last cell, so that a clerk sees what was there.
func strayQuote(cells []string, text string, i int, eof bool) ([]string, int, int) {
	nl := strings.IndexByte(text[i:], '\n')
	if nl < 0 {
		if !eof {
			return cells, 0, recordCut
		}
		nl = len(text) - i
	}
	cells[len(cells)-1] += strings.TrimSuffix(text[i:i+nl], "\r")
	return cells, min(i+nl+1, len(text)), recordStray
}

// cellEnd is the index of the comma or line break that ends an unquoted cell, -1 when there is none.
func cellEnd(s string, comma byte) int {
	for i := range len(s) {
		if s[i] == comma || s[i] == '\n' {
			return i
		}
	}
	return -1
}

// closingQuote finds the quote that closes a cell whose text begins at from.
func closingQuote(text string, from int, eof bool, limit int) (end int, escaped bool, state int) {
	i := from
	for {
		k := strings.IndexByte(text[i:], '"')
		if k < 0 && len(text)-from > limit || k >= 0 && i+k-from > limit {
			return 0, false, recordEndless
		}
		if k < 0 {
			if eof {
				return 0, false, recordUnclosed
			}
			return 0, false, recordCut
		}
		i += k
		if i+1 == len(text) {
			if eof {
				return i, escaped, recordWhole
			}
			return 0, false, recordCut
		}
		if text[i+1] != '"' {
			return i, escaped, recordWhole
		}
		escaped = true
		i += 2
	}
}

func unquote(s string, escaped bool) string {
	if escaped {
		s = strings.ReplaceAll(s, `""`, `"`)
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	return s
}
