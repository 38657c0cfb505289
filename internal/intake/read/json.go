package read

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// headLines is how many lines of a JSON file are read to learn its fields.
const headLines = 1000

// jsonSource reads one JSON object a line. Keys are column names; every value is a scalar.
type jsonSource struct {
	chunker
	limits Limits
	line   int
	enc    func() string
	keys   map[string]int
	names  []string
	titled bool
	held   []jsonLine // lines read while learning the fields
}

type jsonLine struct {
	text string
	line int
	err  *Fault
}

func (f *File) beginJSON(in io.Reader, limits Limits) error {
	src := &jsonSource{chunker: chunker{in: in, limit: limits.Row}, limits: limits, line: 1, enc: f.encoding, keys: map[string]int{}}
	f.src = src
	src.learn()
	if src.err != nil && len(src.held) == 0 {
		return fileError(src.err)
	}
	return f.findHeader(limits)
}

// learn collects the fields of the first lines in the order of their first use.
func (s *jsonSource) learn() {
	for len(s.held) < headLines {
		l, err := s.next()
		if err != nil {
			return
		}
		s.held = append(s.held, l)
		if l.err != nil {
			continue
		}
		_ = eachField(l.text, func(key, _ string) *Fault {
			if _, ok := s.keys[key]; !ok {
				s.keys[key] = len(s.names)
				s.names = append(s.names, key)
			}
			return nil
		})
	}
}

// next returns the next line that is not blank.
func (s *jsonSource) next() (jsonLine, error) {
	for {
		rest := s.rest()
		nl := strings.IndexByte(rest, '\n')
		if nl < 0 && !s.eof {
			if s.more() == errRowTooLong {
				l := jsonLine{line: s.line, err: fault("row_too_long", s.line, s.limits.Row)}
				l.text = s.skipLine()
				s.line++
				return l, nil
			}
			continue
		}
		if rest == "" {
			if s.err != nil {
				return jsonLine{}, fileError(s.err)
			}
			return jsonLine{}, io.EOF
		}
		if nl < 0 {
			nl = len(rest)
		}
		l := jsonLine{text: strings.TrimSpace(rest[:nl]), line: s.line}
		if s.suspect {
			l.err = cellFault([]string{l.text}, l.line, s.enc())
		}
		s.pos += min(nl+1, len(rest))
		s.line++
		if l.text != "" {
			return l, nil
		}
	}
}

func (s *jsonSource) record(row *Row) error {
	row.Cells, row.Err = row.Cells[:0], nil
	if !s.titled {
		s.titled = true
		if len(s.names) == 0 {
			return s.noFields()
		}
		row.Line, row.Cells = 0, append(row.Cells, s.names...)
		return nil
	}
	var l jsonLine
	if len(s.held) > 0 {
		l, s.held = s.held[0], s.held[1:]
	} else {
		var err error
		if l, err = s.next(); err != nil {
			return err
		}
	}
	row.Line = l.line
	for range s.names {
		row.Cells = append(row.Cells, "")
	}
	if l.err == nil {
		l.err = s.fields(l, row.Cells)
	}
	if l.err != nil {
		row.Err = l.err
		if l.err.Line == 0 {
			l.err.Line = l.line
		}
	}
	if l.err != nil && blank(row.Cells) {
		row.Cells = append(row.Cells[:0], l.text)
	}
	return nil
}

// noFields explains why the head of the file names no field.
func (s *jsonSource) noFields() error {
	for _, l := range s.held {
		if l.err != nil {
			return l.err
		}
		if f := eachField(l.text, func(string, string) *Fault { return nil }); f != nil {
			f.Line = l.line
			return f
		}
	}
	return io.EOF
}

func (s *jsonSource) fields(l jsonLine, cells []string) *Fault {
	seen := make([]bool, len(s.names))
	return eachField(l.text, func(key, value string) *Fault {
		i, ok := s.keys[key]
		switch {
		case !ok:
			return fault("unknown_key", l.line, key)
		case seen[i]:
			return fault("duplicate_key", l.line, key)
		case len(value) > s.limits.Cell:
			return fault("cell_too_long", l.line, s.limits.Cell)
		case strings.IndexByte(value, 0) >= 0:
			return fault("nul_character", l.line)
		}
		seen[i] = true
		cells[i] = value
		return nil
	})
}

// eachField calls f for every field of one JSON object. Numbers keep the digits that were written.
func eachField(text string, f func(key, value string) *Fault) *Fault {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	bad := func(err error) *Fault {
		why := "内容不完整"
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			why = err.Error()
		}
		return fault("not_an_object", 0, why)
	}
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return bad(err)
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return bad(err)
		}
		key, _ := k.(string)
		v, err := d.Token()
		if err != nil {
			return bad(err)
		}
		value, ok := scalar(v)
		if !ok {
			return fault("nested_value", 0, key)
		}
		if fl := f(key, value); fl != nil {
			return fl
		}
	}
	if _, err := d.Token(); err != nil {
		return bad(err)
	}
	if rest, _ := io.ReadAll(d.Buffered()); len(bytes.TrimSpace(rest)) > 0 {
		return fault("not_an_object", 0, "对象之后还有内容")
	}
	return nil
}

func scalar(t json.Token) (string, bool) {
	switch v := t.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}
