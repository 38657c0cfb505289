package font

import "fmt"

// readCharacters reads the richest Unicode table of cmap: format 12 where there is one, else format 4.
func (f *Font) readCharacters(cmap []byte) error {
	if len(cmap) < 4 {
		return fmt.Errorf("%w: cmap is too short", ErrFormat)
	}
	f.low, f.high = make([]uint16, 1<<16), map[rune]uint16{}
	var best []byte
	for i := range int(u16(cmap, 2)) {
		at := 4 + 8*i
		if at+8 > len(cmap) || int(u32(cmap, at+4))+16 > len(cmap) {
			return fmt.Errorf("%w: cmap ends early", ErrFormat)
		}
		sub := cmap[u32(cmap, at+4):]
		if format := u16(sub, 0); format == 12 || format == 4 && best == nil {
			best = sub
		}
	}
	if best == nil {
		return fmt.Errorf("%w: no Unicode table in cmap", ErrFormat)
	}
	if u16(best, 0) == 12 {
		return f.readFormat12(best)
	}
	return f.readFormat4(best)
}

func (f *Font) readFormat12(b []byte) error {
	n := uint64(u32(b, 12))
	if 16+12*n > uint64(len(b)) {
		return fmt.Errorf("%w: cmap format 12 ends early", ErrFormat)
	}
	total := uint32(0)
	for i := range int(n) {
		first, last, g := u32(b, 16+12*i), u32(b, 20+12*i), u32(b, 24+12*i)
		if last < first || last > 0x10FFFF || uint64(g)+uint64(last-first) >= uint64(f.Glyphs()) {
			return fmt.Errorf("%w: cmap group %d", ErrFormat, i)
		}
		if total += last - first; total > 0x10FFFF {
			return fmt.Errorf("%w: cmap groups overlap", ErrFormat)
		}
		for r := first; r <= last; r++ {
			f.set(rune(r), uint16(g+r-first))
		}
	}
	return nil
}

func (f *Font) readFormat4(b []byte) error {
	n := int(u16(b, 6)) / 2
	if 16+8*n > len(b) {
		return fmt.Errorf("%w: cmap format 4 ends early", ErrFormat)
	}
	next := 0 // segments come in order, so that no character is read twice
	for i := range n {
		last, first := int(u16(b, 14+2*i)), int(u16(b, 16+2*n+2*i))
		delta, at := int(u16(b, 16+4*n+2*i)), 16+6*n+2*i
		if first < next {
			return fmt.Errorf("%w: cmap segment %d overlaps", ErrFormat, i)
		}
		next = last + 1
		for r := first; r <= last && r < 0xFFFF; r++ {
			g := r + delta
			if off := int(u16(b, at)); off != 0 {
				p := at + off + 2*(r-first)
				if p+2 > len(b) {
					return fmt.Errorf("%w: cmap segment %d", ErrFormat, i)
				}
				if g = int(u16(b, p)); g != 0 {
					g += delta
				}
			}
			if g &= 0xFFFF; g < f.Glyphs() {
				f.set(rune(r), uint16(g))
			}
		}
	}
	return nil
}

func (f *Font) set(r rune, g uint16) {
	if g == 0 {
		return
	}
	if int(r) < len(f.low) {
		f.low[r] = g
	} else {
		f.high[r] = g
	}
}

// postScriptName finds name ID 6 in its Windows (UTF-16) form; empty when there is none.
func postScriptName(b []byte) string {
	if len(b) < 6 {
		return ""
	}
	store := int(u16(b, 4))
	for i := range int(u16(b, 2)) {
		at := 6 + 12*i
		if at+12 > len(b) || u16(b, at) != 3 || u16(b, at+6) != 6 {
			continue
		}
		from, size := store+int(u16(b, at+10)), int(u16(b, at+8))
		if from+size > len(b) {
			return ""
		}
		var s []byte
		for j := 1; j < size; j += 2 {
			s = append(s, b[from+j])
		}
		return string(s)
	}
	return ""
}
