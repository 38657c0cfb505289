package read

import (
	"io"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// gbPairs holds the character of each two-byte code of GB18030, 0 where there is none, as the text
// library decodes it. All of them lie in the basic plane.
var gbPairs = sync.OnceValue(func() *[126 * 191]uint16 {
	var t [126 * 191]uint16
	dec := simplifiedchinese.GB18030.NewDecoder()
	for lead := range 126 {
		for trail := range 191 {
			out, err := dec.Bytes([]byte{byte(0x81 + lead), byte(0x40 + trail)})
			r, n := utf8.DecodeRune(out)
			if err == nil && r != utf8.RuneError && n == len(out) {
				t[lead*191+trail] = uint16(r)
			}
		}
	}
	return &t
})

// gbReader decodes GB18030; a damaged character becomes U+FFFD. It is a table look-up for the
// two-byte codes, which are nearly all of a file, and leaves the four-byte codes to the library.
type gbReader struct {
	in       io.Reader
	pairs    *[126 * 191]uint16
	src, dst []byte
	from, to int // unread part of src
	out      []byte
	err      error
}

func newGBReader(in io.Reader) *gbReader {
	return &gbReader{in: in, pairs: gbPairs(), src: make([]byte, chunkSize), dst: make([]byte, 0, 3*chunkSize)}
}

// Read gives UTF-8.
func (g *gbReader) Read(p []byte) (int, error) {
	for len(g.out) == 0 {
		if g.err != nil && g.from == g.to {
			return 0, g.err
		}
		if g.err == nil {
			copy(g.src, g.src[g.from:g.to])
			g.from, g.to = 0, g.to-g.from
			n, err := g.in.Read(g.src[g.to:])
			g.to, g.err = g.to+n, err
		}
		g.decode()
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

// decode turns the unread bytes into characters, up to one that is cut off.
func (g *gbReader) decode() {
	dst, src := g.dst[:0], g.src[g.from:g.to]
	i := 0
	for i < len(src) {
		c := src[i]
		switch {
		case c < 0x80:
			from := i
			for i++; i < len(src) && src[i] < 0x80; i++ {
			}
			dst = append(dst, src[from:i]...)
		case i+1 == len(src) && g.err == nil && c != 0x80 && c != 0xFF:
			g.from += i
			g.out = dst
			return
		case c == 0x80:
			dst = append(dst, "€"...)
			i++
		case c == 0xFF || i+1 == len(src):
			dst = append(dst, "\uFFFD"...)
			i++
		case src[i+1] >= 0x40:
			r := uint16(0)
			if src[i+1] != 0xFF {
				r = g.pairs[(int(c)-0x81)*191+int(src[i+1])-0x40]
			}
			if r >= 0x800 {
				dst = append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
				i += 2
				continue
			}
			if r == 0 {
				dst = append(dst, "\uFFFD"...)
				i++ // the second byte may begin a good character, or be a line break
				continue
			}
			dst = utf8.AppendRune(dst, rune(r))
			i += 2
		default:
			if len(src)-i < 4 && g.err == nil {
				g.from += i
				g.out = dst
				return
			}
			n := 0
			dst, n = appendFour(dst, src[i:])
			i += n
		}
	}
	g.from += i
	g.out = dst
}

// appendFour decodes the four-byte code at the head of src and tells how many bytes it took.
func appendFour(dst, src []byte) ([]byte, int) {
	if len(src) >= 4 && src[1] >= '0' && src[1] <= '9' && src[2] >= 0x81 && src[2] <= 0xFE && src[3] >= '0' && src[3] <= '9' {
		out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(src[:4])
		if r, n := utf8.DecodeRune(out); err == nil && r != utf8.RuneError && n == len(out) {
			return append(dst, out...), 4
		}
		return append(dst, "\uFFFD"...), 4
	}
	return append(dst, "\uFFFD"...), 1
}
