package read

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The names of encodings as [File.Encoding] gives them.
const (
	UTF8    = "UTF-8"
	UTF8BOM = "UTF-8 BOM"
	GB18030 = "GB18030"
	UTF16LE = "UTF-16LE"
	UTF16BE = "UTF-16BE"
)

// sampleSize is the text that decides between UTF-8 and GB18030, counted from the first byte that is
// not ASCII: the first kilobytes of a file with coded headings may say nothing.
const sampleSize = 256 << 10

// decoder turns a file of any known encoding into UTF-8. The encoding is decided at the first byte
// that is not ASCII, however late it comes. Bytes that are not UTF-8 in a UTF-8 file pass unchanged,
// so that the row that holds them can be named.
type decoder struct {
	raw     io.Reader
	name    string // empty while all was ASCII
	pending []byte // read from raw, not yet given
	rawErr  error
	out     io.Reader // set once the encoding is known
	started bool
}

// encoding is the encoding as far as it is known; a file of ASCII alone is UTF-8.
func (d *decoder) encoding() string {
	if d.name == "" {
		return UTF8
	}
	return d.name
}

// Read gives UTF-8.
func (d *decoder) Read(p []byte) (int, error) {
	if d.out != nil {
		return d.out.Read(p)
	}
	if !d.started {
		d.started = true
		if err := d.start(); err != nil {
			return 0, err
		}
		if d.out != nil {
			return d.out.Read(p)
		}
	}
	if len(d.pending) > 0 && d.pending[0] >= 0x80 {
		if err := d.decide(); err != nil {
			return 0, err
		}
		return d.out.Read(p)
	}
	if len(d.pending) == 0 {
		d.more(chunkSize)
		if len(d.pending) == 0 {
			return 0, d.rawErr
		}
	}
	n := copy(p, d.pending[:asciiPrefix(d.pending)])
	d.pending = d.pending[n:]
	if n == 0 {
		return d.Read(p)
	}
	return n, nil
}

// more reads until at least n bytes are pending or the source ends.
func (d *decoder) more(n int) {
	d.pending = append(make([]byte, 0, max(n, len(d.pending))), d.pending...)
	for len(d.pending) < n && d.rawErr == nil {
		m, err := d.raw.Read(d.pending[len(d.pending):n])
		d.pending, d.rawErr = d.pending[:len(d.pending)+m], err
	}
}

// start looks for a byte order mark.
func (d *decoder) start() error {
	d.more(4096)
	switch {
	case bytes.HasPrefix(d.pending, []byte("\xEF\xBB\xBF")):
		d.pending = d.pending[3:]
		d.set(UTF8BOM)
	case bytes.HasPrefix(d.pending, []byte("\xFF\xFE")):
		d.set(UTF16LE)
	case bytes.HasPrefix(d.pending, []byte("\xFE\xFF")):
		d.set(UTF16BE)
	}
	return nil
}

func (d *decoder) set(name string) {
	d.name = name
	rest := io.MultiReader(bytes.NewReader(d.pending), &tail{d.raw, d.rawErr})
	switch name {
	case GB18030:
		d.out = newGBReader(rest)
	case UTF16LE:
		d.out = transform.NewReader(rest, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case UTF16BE:
		d.out = transform.NewReader(rest, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	default:
		d.out = rest
	}
	d.pending = nil
}

// tail is the source behind what was read ahead; it repeats the error met then.
type tail struct {
	r   io.Reader
	err error
}

func (t *tail) Read(p []byte) (int, error) {
	if t.err != nil {
		return 0, t.err
	}
	return t.r.Read(p)
}

// decide chooses the encoding by a sample that begins with a byte that is not ASCII.
func (d *decoder) decide() error {
	d.more(sampleSize)
	name := Detect(d.pending)
	if name == "" {
		return fault("unknown_encoding", 0)
	}
	d.set(name)
	return nil
}

// Detect tells whether a sample is UTF-8 or GB18030; it is empty when it is neither. A sample with
// few damaged characters is still its encoding. The last character may be cut off.
func Detect(sample []byte) string {
	u, g := countUTF8(sample), countGB(sample)
	switch {
	case u.bad == 0 && (u.chinese > 0 || g.bad > 0 || g.chinese < u.other):
		return UTF8
	case u.bad == 0 && g.chinese > 0 && !u.latin:
		return GB18030 // two-byte characters alone: no Chinese text is that in UTF-8
	case u.bad == 0:
		return UTF8
	case u.chinese >= 4*u.bad:
		return UTF8
	case g.chinese >= 4*g.bad && g.chinese > 0:
		return GB18030
	}
	return ""
}

// tally counts the characters of a sample that are not ASCII.
type tally struct {
	chinese int
	other   int
	bad     int
	latin   bool // holds a two-byte character that Chinese text uses, such as ·
}

func countUTF8(b []byte) (t tally) {
	for len(b) > 0 {
		if n := asciiPrefix(b); n > 0 {
			b = b[n:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n <= 1:
			if !utf8.FullRune(b) {
				return t
			}
			t.bad++
		case n >= 3:
			t.chinese++
		default:
			t.other++
			t.latin = t.latin || r == '·' || r == '×' || r == '°' || r == '±' || r == '§'
		}
		b = b[n:]
	}
	return t
}

func countGB(b []byte) (t tally) {
	for len(b) > 0 {
		if n := asciiPrefix(b); n > 0 {
			b = b[n:]
			continue
		}
		switch {
		case len(b) < 2:
			return t
		case b[0] == 0x80 || b[0] == 0xFF:
			t.bad++
			b = b[1:]
		case b[1] >= 0x40 && b[1] != 0x7F && b[1] != 0xFF:
			t.chinese++
			b = b[2:]
		case b[1] >= 0x30 && b[1] <= 0x39:
			if len(b) < 4 {
				return t
			}
			if b[2] < 0x81 || b[2] > 0xFE || b[3] < 0x30 || b[3] > 0x39 {
				t.bad++
				b = b[1:]
				continue
			}
			t.other++
			b = b[4:]
		default:
			t.bad++
			b = b[1:]
		}
	}
	return t
}

func asciiPrefix(b []byte) int {
	for i, c := range b {
		if c >= 0x80 {
			return i
		}
	}
	return len(b)
}
