package pdf

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"xinban/internal/document/pdf/font"
)

// ErrTooMany is returned for a paper with more different characters than a font can number.
var ErrTooMany = errors.New("too many different characters")

// slots numbers the characters of one face in a file by first use; the number is the CID and the glyph of the
// embedded subset. Numbers go by character, not by glyph: where two characters share a glyph (一 and the radical ⼀)
// each keeps its own text.
type slots struct {
	low    [1 << 16]uint16
	high   map[rune]uint16
	runes  []rune
	glyphs []uint16
}

var slotPool = sync.Pool{New: func() any { return &slots{high: map[rune]uint16{}} }}

func newSlots() *slots {
	s := slotPool.Get().(*slots)
	s.runes, s.glyphs = append(s.runes, 0), append(s.glyphs, 0)
	return s
}

func (s *slots) release() {
	for _, r := range s.runes {
		if r < 1<<16 {
			s.low[r] = 0
		}
	}
	clear(s.high)
	s.runes, s.glyphs = s.runes[:0], s.glyphs[:0]
	slotPool.Put(s)
}

func (s *slots) cid(r rune, glyph uint16) uint16 {
	if r >= 1<<16 {
		if n, ok := s.high[r]; ok {
			return n
		}
	} else if n := s.low[r]; n != 0 {
		return n
	}
	n := uint16(len(s.runes))
	s.runes, s.glyphs = append(s.runes, r), append(s.glyphs, glyph)
	if r >= 1<<16 {
		s.high[r] = n
	} else {
		s.low[r] = n
	}
	return n
}

// writeFont embeds the subset of a face and returns its Type0 font.
func writeFont(b *builder, f *font.Font, s *slots) (ref, error) {
	if len(s.runes) > 1<<16 {
		return 0, fmt.Errorf("%w: %d different characters in one face", ErrTooMany, len(s.runes))
	}
	sub, err := f.Subset(s.glyphs)
	if err != nil {
		return 0, err
	}
	file, descriptor, cid, toUnicode, type0 := b.alloc(), b.alloc(), b.alloc(), b.alloc(), b.alloc()
	b.stream(file, "/Length1 "+strconv.Itoa(len(sub)), sub)
	b.stream(toUnicode, "", appendToUnicode(nil, s.runes))
	name := appendSubsetName(nil, f.Name, s.glyphs)

	d := append([]byte("<</Type/FontDescriptor/FontName"), name...)
	d = append(d, "/Flags 4/ItalicAngle 0/StemV 80/Ascent "...)
	d = appendNums(d, float64(f.Ascent))
	d = appendNums(append(d, "/Descent "...), float64(f.Descent))
	d = appendNums(append(d, "/CapHeight "...), float64(f.CapHeight))
	d = appendNums(append(d, "/FontBBox["...), float64(f.Box[0]), float64(f.Box[1]), float64(f.Box[2]), float64(f.Box[3]))
	d = append(appendRef(append(d, "]/FontFile2 "...), file), ">>"...)
	b.put(descriptor, d)

	d = append(d[:0], "<</Type/Font/Subtype/CIDFontType2/CIDToGIDMap/Identity/DW 1000/BaseFont"...)
	d = append(d, name...)
	d = append(d, "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor "...)
	d = append(appendRef(d, descriptor), "/W["...)
	d = append(appendWidths(d, f, s.glyphs), "]>>"...)
	b.put(cid, d)

	d = append(d[:0], "<</Type/Font/Subtype/Type0/Encoding/Identity-H/BaseFont"...)
	d = append(d, name...)
	d = append(appendRef(append(d, "/DescendantFonts["...), cid), "]/ToUnicode "...)
	b.put(type0, append(appendRef(d, toUnicode), ">>"...))
	return type0, nil
}

// appendSubsetName tags the name with six letters that depend on the glyphs alone.
func appendSubsetName(b []byte, name string, glyphs []uint16) []byte {
	raw := make([]byte, 0, 2*len(glyphs))
	for _, g := range glyphs {
		raw = append(raw, byte(g>>8), byte(g))
	}
	sum := sha256.Sum256(raw)
	b = append(b, '/')
	for _, c := range sum[:6] {
		b = append(b, 'A'+c%26)
	}
	return append(append(b, '+'), name...)
}

// appendWidths lists runs of glyphs that are not a full em wide.
func appendWidths(b []byte, f *font.Font, glyphs []uint16) []byte {
	open := false
	for i, g := range glyphs {
		w := f.Advance(g)
		if w == 1000 {
			if open {
				b = append(b, ']')
			}
			open = false
			continue
		}
		if !open {
			b = append(strconv.AppendInt(b, int64(i), 10), '[')
			open = true
		}
		b = append(strconv.AppendInt(b, int64(w), 10), ' ')
	}
	if open {
		b = append(b, ']')
	}
	return b
}

// appendToUnicode maps CIDs back to characters, 64 to a range so that no range crosses a first byte.
func appendToUnicode(b []byte, runes []rune) []byte {
	b = append(b, "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"+
		"/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n"...)
	for from := 0; from < len(runes); from += 64 {
		to := min(from+64, len(runes))
		first := max(from, 1)
		if first >= to {
			break
		}
		b = append(b, "1 beginbfrange\n<"...)
		b = append(appendUnit(b, uint16(first)), '>', '<')
		b = append(appendUnit(b, uint16(to-1)), '>', '[')
		for _, r := range runes[first:to] {
			b = append(appendRuneHex(append(b, '<'), r), '>')
		}
		b = append(b, "]\nendbfrange\n"...)
	}
	return append(b, "endcmap CMapName currentdict/CMap defineresource pop end end"...)
}
