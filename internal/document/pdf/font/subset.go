package font

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Subset is a TrueType file for embedding: glyph i of it is glyphs[i] of the face. It has no cmap and no names: a
// PDF CIDFont with an Identity map needs neither. Composite glyphs bring their components along at the end.
// glyphs[0] must be 0, the box for the undefined.
func (f *Font) Subset(glyphs []uint16) ([]byte, error) {
	if len(glyphs) == 0 || glyphs[0] != 0 {
		return nil, fmt.Errorf("subset of %s: glyph 0 must come first", f.Name)
	}
	all, err := f.closure(glyphs)
	if err != nil {
		return nil, err
	}
	glyf, loca := f.gather(all)
	head := slices.Clone(f.head)
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	return file([]table{
		{"glyf", glyf}, {"head", head}, {"hhea", f.hheaFor(len(all))}, {"hmtx", f.hmtxFor(all)},
		{"loca", loca}, {"maxp", f.maxpFor(len(all))},
	}), nil
}

// closure adds the components of composite glyphs behind the glyphs asked for.
func (f *Font) closure(glyphs []uint16) ([]uint16, error) {
	all := glyphs
	for i := 0; i < len(all); i++ {
		if int(all[i]) >= f.Glyphs() {
			return nil, fmt.Errorf("subset of %s: no glyph %d", f.Name, all[i])
		}
		err := eachComponent(f.outline(all[i]), func(at int, o []byte) {
			if g := u16(o, at); !slices.Contains(all, g) {
				all = append(slices.Clip(all), g)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("subset of %s: glyph %d: %w", f.Name, all[i], err)
		}
	}
	return all, nil
}

// gather copies the outlines, padded to four bytes, and points composites at their new components.
func (f *Font) gather(all []uint16) (glyf, loca []byte) {
	size := 0
	for _, g := range all {
		size += (len(f.outline(g)) + 3) &^ 3
	}
	glyf, loca = make([]byte, 0, size), make([]byte, 0, 4*len(all)+4)
	for _, g := range all {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		at := len(glyf)
		glyf = append(glyf, f.outline(g)...)
		eachComponent(glyf[at:], func(p int, o []byte) {
			binary.BigEndian.PutUint16(o[p:], uint16(slices.Index(all, u16(o, p))))
		})
		for len(glyf)&3 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
}

func (f *Font) hmtxFor(all []uint16) []byte {
	b := make([]byte, 0, 4*len(all))
	for _, g := range all {
		b = binary.BigEndian.AppendUint16(b, f.advance[g])
		b = binary.BigEndian.AppendUint16(b, uint16(f.bearing[g]))
	}
	return b
}

func (f *Font) hheaFor(n int) []byte {
	b := slices.Clone(f.hhea)
	binary.BigEndian.PutUint16(b[34:], uint16(n))
	return b
}

func (f *Font) maxpFor(n int) []byte {
	b := slices.Clone(f.maxp)
	binary.BigEndian.PutUint16(b[4:], uint16(n))
	return b
}

const (
	wordArgs  = 1 << 0
	hasScale  = 1 << 3
	more      = 1 << 5
	hasXY     = 1 << 6
	hasMatrix = 1 << 7
)

// eachComponent calls use with the place of each component's glyph number in a composite outline o.
func eachComponent(o []byte, use func(at int, o []byte)) error {
	if len(o) < 10 || i16(o, 0) >= 0 {
		return nil
	}
	for at := 10; ; {
		if at+4 > len(o) {
			return fmt.Errorf("%w: a composite outline ends early", ErrFormat)
		}
		flags := u16(o, at)
		use(at+2, o)
		at += 6
		if flags&wordArgs != 0 {
			at += 2
		}
		switch {
		case flags&hasScale != 0:
			at += 2
		case flags&hasXY != 0:
			at += 4
		case flags&hasMatrix != 0:
			at += 8
		}
		if flags&more == 0 {
			return nil
		}
	}
}
