package font

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrFormat is returned for a file that is no TrueType font with quadratic outlines.
var ErrFormat = errors.New("not a TrueType font with glyf outlines")

// Font is one parsed face. Measures are in units of the em square (UnitsPerEm to the em).
type Font struct {
	Name       string // PostScript name (name ID 6)
	UnitsPerEm int
	Ascent     int
	Descent    int // negative, below the baseline
	CapHeight  int
	Box        [4]int16 // xMin, yMin, xMax, yMax over all glyphs

	glyf    []byte
	offsets []uint32 // len = glyphs + 1
	advance []uint16
	bearing []int16
	low     []uint16        // glyph of each BMP code point
	high    map[rune]uint16 // beyond the BMP
	head    []byte
	hhea    []byte
	maxp    []byte
	os2     []byte
}

type tables map[string][]byte

// Parse reads a TrueType file. The Font keeps slices of b, which must not change afterwards.
func Parse(b []byte) (*Font, error) {
	t, err := directory(b)
	if err != nil {
		return nil, err
	}
	for _, tag := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap", "OS/2"} {
		if t[tag] == nil {
			return nil, fmt.Errorf("%w: table %s is missing", ErrFormat, tag)
		}
	}
	f := &Font{glyf: t["glyf"], head: t["head"], hhea: t["hhea"], maxp: t["maxp"], os2: t["OS/2"]}
	if len(f.head) < 54 || len(f.hhea) < 36 || len(f.maxp) < 6 || len(f.os2) < 78 {
		return nil, fmt.Errorf("%w: a header table is too short", ErrFormat)
	}
	f.measures()
	n := int(u16(f.maxp, 4))
	if err := f.readMetrics(t["hmtx"], n); err != nil {
		return nil, err
	}
	if err := f.readOffsets(t["loca"], n); err != nil {
		return nil, err
	}
	f.Name = postScriptName(t["name"])
	return f, f.readCharacters(t["cmap"])
}

func (f *Font) measures() {
	f.UnitsPerEm = int(u16(f.head, 18))
	for i := range f.Box {
		f.Box[i] = i16(f.head, 36+2*i)
	}
	f.Ascent, f.Descent = int(i16(f.hhea, 4)), int(i16(f.hhea, 6))
	f.CapHeight = 733
	if len(f.os2) >= 90 {
		f.CapHeight = int(i16(f.os2, 88))
	}
}

func directory(b []byte) (tables, error) {
	if len(b) < 12 || u32(b, 0) != 0x00010000 {
		return nil, ErrFormat
	}
	t := tables{}
	for i := range int(u16(b, 4)) {
		at := 12 + 16*i
		if at+16 > len(b) {
			return nil, fmt.Errorf("%w: table directory ends early", ErrFormat)
		}
		from, size := uint64(u32(b, at+8)), uint64(u32(b, at+12))
		if from+size > uint64(len(b)) {
			return nil, fmt.Errorf("%w: table %q lies outside the file", ErrFormat, b[at:at+4])
		}
		t[string(b[at:at+4])] = b[from : from+size : from+size]
	}
	return t, nil
}

func (f *Font) readMetrics(hmtx []byte, n int) error {
	full := int(u16(f.hhea, 34))
	if full == 0 || full > n || len(hmtx) < 4*full+2*(n-full) {
		return fmt.Errorf("%w: hmtx does not fit %d glyphs", ErrFormat, n)
	}
	f.advance, f.bearing = make([]uint16, n), make([]int16, n)
	for g := range n {
		if g < full {
			f.advance[g], f.bearing[g] = u16(hmtx, 4*g), i16(hmtx, 4*g+2)
		} else {
			f.advance[g], f.bearing[g] = f.advance[full-1], i16(hmtx, 4*full+2*(g-full))
		}
	}
	return nil
}

func (f *Font) readOffsets(loca []byte, n int) error {
	long := i16(f.head, 50) != 0
	if long && len(loca) < 4*(n+1) || len(loca) < 2*(n+1) {
		return fmt.Errorf("%w: loca does not fit %d glyphs", ErrFormat, n)
	}
	f.offsets = make([]uint32, n+1)
	for g := range f.offsets {
		if long {
			f.offsets[g] = u32(loca, 4*g)
		} else {
			f.offsets[g] = 2 * uint32(u16(loca, 2*g))
		}
		if g > 0 && f.offsets[g] < f.offsets[g-1] || int(f.offsets[g]) > len(f.glyf) {
			return fmt.Errorf("%w: outline of glyph %d lies outside glyf", ErrFormat, g)
		}
	}
	return nil
}

// Glyphs is how many glyphs the face has.
func (f *Font) Glyphs() int { return len(f.advance) }

// Glyph is the glyph of a character, 0 when the face has none.
func (f *Font) Glyph(r rune) uint16 {
	if r >= 0 && int(r) < len(f.low) {
		return f.low[r]
	}
	return f.high[r]
}

// Advance is the width of a glyph in em units.
func (f *Font) Advance(g uint16) uint16 { return f.advance[g] }

func (f *Font) outline(g uint16) []byte { return f.glyf[f.offsets[g]:f.offsets[g+1]] }

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func i16(b []byte, at int) int16  { return int16(binary.BigEndian.Uint16(b[at:])) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
