package read

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlScanner pulls elements and text out of the XML of a workbook. It keeps only the current tag or
// text in memory, bounded by limit, and knows nothing of document types: those are refused.
type xmlScanner struct {
	in    *bufio.Reader
	limit int
	kind  byte   // '<' start, '>' end, 't' text
	name  string // local name of a start or end
	empty bool   // the start closes itself; its end follows as an element of its own
	raw   []byte // attributes of a start, or text with its entities
	cdata bool
	held  []byte // text gathered from several pieces
}

// hold adds the current text to what is held, within the limit.
func (x *xmlScanner) hold() error {
	if len(x.held)+len(x.raw) > x.limit {
		return errXMLTooLong
	}
	if x.cdata || bytes.IndexByte(x.raw, '&') < 0 {
		x.held = append(x.held, x.raw...)
	} else {
		x.held = append(x.held, unescapeXML(x.raw)...)
	}
	return nil
}

var (
	errXMLTooLong = errors.New("单个单元格过大")
	errXMLForm    = errors.New("XML不完整")
	errXMLDoctype = errors.New("含有文档类型声明")
)

func newXML(r io.Reader, limit int) *xmlScanner {
	return &xmlScanner{in: bufio.NewReaderSize(r, chunkSize), limit: limit}
}

// next moves to the next start, end or text; io.EOF after the last.
func (x *xmlScanner) next() error {
	if x.kind == '<' && x.empty {
		x.kind, x.empty = '>', false
		return nil
	}
	for {
		c, err := x.in.ReadByte()
		if err != nil {
			return err
		}
		if c != '<' {
			_ = x.in.UnreadByte()
			if err := x.until('<'); err != nil {
				return err
			}
			_ = x.in.UnreadByte()
			x.raw = x.raw[:len(x.raw)-1]
			x.kind, x.cdata = 't', false
			return nil
		}
		done, err := x.tag()
		if err != nil || done {
			return eofInside(err)
		}
	}
}

// until reads through the byte stop.
func (x *xmlScanner) until(stop byte) error {
	x.raw = x.raw[:0]
	return x.append(stop)
}

func (x *xmlScanner) append(stop byte) error {
	for {
		part, err := x.in.ReadSlice(stop)
		x.raw = append(x.raw, part...)
		switch {
		case len(x.raw) > x.limit:
			return errXMLTooLong
		case err == bufio.ErrBufferFull:
			continue
		default:
			return err
		}
	}
}

// tag reads what follows a '<'; done is false for what is not an element.
func (x *xmlScanner) tag() (done bool, err error) {
	if err := x.until('>'); err != nil {
		return false, err
	}
	switch {
	case x.raw[0] == '?':
		return false, nil
	case bytes.HasPrefix(x.raw, []byte("!--")):
		return false, x.skipTo("-->")
	case bytes.HasPrefix(x.raw, []byte("![CDATA[")):
		if err := x.skipTo("]]>"); err != nil {
			return false, err
		}
		x.raw = x.raw[len("![CDATA[") : len(x.raw)-3]
		x.kind, x.cdata = 't', true
		return true, nil
	case x.raw[0] == '!':
		return false, errXMLDoctype
	}
	if err := x.closeQuotes(); err != nil {
		return false, err
	}
	body := x.raw[:len(x.raw)-1]
	x.kind, x.empty = '<', false
	if len(body) > 0 && body[0] == '/' {
		x.kind, body = '>', body[1:]
	} else if len(body) > 0 && body[len(body)-1] == '/' {
		x.empty, body = true, body[:len(body)-1]
	}
	end := bytes.IndexAny(body, " \t\r\n")
	if end < 0 {
		end = len(body)
	}
	name := body[:end]
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	x.name = internName(name)
	x.raw = body[end:]
	return true, nil
}

// closeQuotes reads on while a '>' was met inside of an attribute.
func (x *xmlScanner) closeQuotes() error {
	quote := byte(0)
	for i := 0; ; {
		for ; i < len(x.raw); i++ {
			switch c := x.raw[i]; {
			case quote == c:
				quote = 0
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			}
		}
		if quote == 0 {
			return nil
		}
		if err := x.append('>'); err != nil {
			return err
		}
	}
}

func (x *xmlScanner) skipTo(mark string) error {
	for !bytes.HasSuffix(x.raw, []byte(mark)) {
		if err := x.append('>'); err != nil {
			return err
		}
	}
	return nil
}

// internName spares an allocation for the names that make up nearly all of a sheet.
func internName(b []byte) string {
	switch string(b) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "t":
		return "t"
	case "row":
		return "row"
	case "is":
		return "is"
	case "f":
		return "f"
	case "si":
		return "si"
	case "r":
		return "r"
	}
	return string(b)
}

// attr is the value of an attribute of the current start by its local name.
func (x *xmlScanner) attr(name string) string {
	s := x.raw
	for {
		eq := bytes.IndexByte(s, '=')
		if eq < 0 {
			return ""
		}
		key := bytes.TrimSpace(s[:eq])
		s = bytes.TrimLeft(s[eq+1:], " \t\r\n")
		if len(s) < 2 || s[0] != '"' && s[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(s[1:], s[0])
		if end < 0 {
			return ""
		}
		if i := bytes.IndexByte(key, ':'); i >= 0 {
			key = key[i+1:]
		}
		if string(key) == name {
			return unescapeXML(s[1 : 1+end])
		}
		s = s[end+2:]
	}
}

func unescapeXML(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		i := bytes.IndexByte(b, '&')
		end := -1
		if i >= 0 {
			end = bytes.IndexByte(b[i:], ';')
		}
		if end < 0 {
			out.Write(b)
			break
		}
		out.Write(b[:i])
		out.WriteString(entity(string(b[i+1 : i+end])))
		b = b[i+end+1:]
	}
	return out.String()
}

func entity(name string) string {
	switch name {
	case "amp":
		return "&"
	case "lt":
		return "<"
	case "gt":
		return ">"
	case "quot":
		return `"`
	case "apos":
		return "'"
	}
	var n uint64
	var err error
	if hex, ok := strings.CutPrefix(name, "#x"); ok {
		n, err = strconv.ParseUint(hex, 16, 32)
	} else if dec, ok := strings.CutPrefix(name, "#"); ok {
		n, err = strconv.ParseUint(dec, 10, 32)
	} else {
		return "\uFFFD"
	}
	if err != nil || !utf8.ValidRune(rune(n)) {
		return "\uFFFD"
	}
	return string(rune(n))
}

func eofInside(err error) error {
	if err == io.EOF {
		return errXMLForm
	}
	return err
}
