package read

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// chunkSize is the text held as one string, of which the cells of its rows are parts: large enough
// that a row costs no allocation, small enough that a kept cell does not pin much.
const chunkSize = 64 << 10

// chunker gives the text of a file in chunks that begin at a record. The caller moves pos past each
// record it has taken and calls more when the text from pos on is not a whole record.
type chunker struct {
	in      io.Reader
	limit   int // bytes of one record
	buf     []byte
	text    string // buf as a string
	pos     int
	eof     bool
	err     error // why reading stopped, when not at the end of the file
	suspect bool  // text holds a NUL, a replacement character or bytes that are not UTF-8
}

// errRowTooLong tells that the record at pos is longer than the limit.
var errRowTooLong = errors.New("read: record beyond the limit")

// rest is the unread text.
func (c *chunker) rest() string { return c.text[c.pos:] }

// more reads further text behind the unread. After it, rest has grown or eof is set.
func (c *chunker) more() error {
	unread := len(c.text) - c.pos
	if unread >= c.limit {
		return errRowTooLong
	}
	size := chunkSize
	for size < 2*unread {
		size *= 2
	}
	if size != cap(c.buf) {
		fresh := make([]byte, size)
		copy(fresh, c.text[c.pos:])
		c.buf = fresh
	} else {
		copy(c.buf[:size], c.text[c.pos:])
	}
	n := unread + c.fill(c.buf[unread:size])
	c.text, c.pos = string(c.buf[:n]), 0
	c.suspect = suspicious(c.text, c.eof)
	return nil
}

func (c *chunker) fill(p []byte) (n int) {
	for n < len(p) && !c.eof {
		m, err := c.in.Read(p[n:])
		n += m
		if err != nil {
			c.eof = true
			if err != io.EOF {
				c.err = err
			}
		}
	}
	return n
}

// suspicious tells that the whole lines of text need a closer look, cell by cell.
func suspicious(text string, eof bool) bool {
	if !eof {
		text = text[:strings.LastIndexByte(text, '\n')+1]
	}
	return !clean(text)
}

// clean tells that text is UTF-8 without NUL and replacement characters. Chinese characters of three
// bytes, nearly all of a file, are checked in place, twice as fast as the library checks them.
func clean(text string) bool {
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= 0xE4 && c <= 0xE9:
			for ; i+2 < len(text) && text[i] >= 0xE4 && text[i] <= 0xE9; i += 3 {
				if ((text[i+1]^0x80)|(text[i+2]^0x80))&0xC0 != 0 {
					return false
				}
			}
			if i < len(text) && text[i] >= 0xE4 && text[i] <= 0xE9 {
				return false
			}
		case c < 0x80:
			if c == 0 {
				return false
			}
			i++
		default:
			r, n := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError {
				return false
			}
			i += n
		}
	}
	return true
}

// skipLine drops text up to and with the next line break, whatever its length, and returns the first
// bytes of what it dropped.
func (c *chunker) skipLine() (head string) {
	head = c.rest()
	if len(head) > 200 {
		head = head[:200]
	}
	for {
		if i := strings.IndexByte(c.rest(), '\n'); i >= 0 {
			c.pos += i + 1
			return strings.ToValidUTF8(head, "")
		}
		c.pos = len(c.text)
		if c.eof {
			return strings.ToValidUTF8(head, "")
		}
		_ = c.more() // cannot be too long: nothing is unread
	}
}

// cellFault looks for text in cells that must not be stored.
func cellFault(cells []string, line int, encoding string) *Fault {
	for i, s := range cells {
		var f *Fault
		switch {
		case !utf8.ValidString(s) || strings.Contains(s, "\uFFFD"):
			f = fault("bad_encoding", line, encoding)
			cells[i] = strings.ToValidUTF8(s, "\uFFFD")
		case strings.IndexByte(s, 0) >= 0:
			f = fault("nul_character", line)
		default:
			continue
		}
		f.Column = i
		return f
	}
	return nil
}
