package font

// Point is one point of a contour in em units, y upwards.
type Point struct {
	X, Y    float64
	OnCurve bool
}

// Contours are the closed outlines of a glyph as TrueType keeps them: between two points off the curve lies an
// implied one on it. Composite glyphs are resolved for shifted components; a damaged outline gives nil.
func (f *Font) Contours(g uint16) [][]Point { return f.contours(g, 0) }

// Composite glyphs of real fonts have two or three components, seldom composite themselves.
const (
	maxDepth      = 3
	maxComponents = 8
)

func (f *Font) contours(g uint16, depth int) [][]Point {
	if int(g) >= f.Glyphs() || depth > maxDepth {
		return nil
	}
	o := f.outline(g)
	if len(o) < 10 {
		return nil
	}
	if n := int(i16(o, 0)); n >= 0 {
		return simple(o[10:], n)
	}
	var all [][]Point
	left := maxComponents
	eachComponent(o, func(at int, o []byte) {
		if left--; left < 0 {
			return
		}
		flags := u16(o, at-2)
		var dx, dy float64
		if flags&wordArgs != 0 && at+6 <= len(o) {
			dx, dy = float64(i16(o, at+2)), float64(i16(o, at+4))
		} else if at+4 <= len(o) {
			dx, dy = float64(int8(o[at+2])), float64(int8(o[at+3]))
		}
		for _, c := range f.contours(u16(o, at), depth+1) {
			for i := range c {
				c[i].X, c[i].Y = c[i].X+dx, c[i].Y+dy
			}
			all = append(all, c)
		}
	})
	return all
}

// simple decodes the n contours of a simple glyph whose header has been cut off.
func simple(o []byte, n int) [][]Point {
	if n == 0 || len(o) < 2*n+2 {
		return nil
	}
	ends := make([]int, n)
	for i := range ends {
		ends[i] = int(u16(o, 2*i))
	}
	total := ends[n-1] + 1
	flags, o, ok := flagsOf(o, 2*n+2+int(u16(o, 2*n)), total)
	if !ok {
		return nil
	}
	pts := make([]Point, total)
	o, okX := coordinates(o, flags, 1<<1, 1<<4, func(i int, v float64) { pts[i].X = v; pts[i].OnCurve = flags[i]&1 != 0 })
	_, okY := coordinates(o, flags, 1<<2, 1<<5, func(i int, v float64) { pts[i].Y = v })
	if !okX || !okY {
		return nil
	}
	var out [][]Point
	from := 0
	for _, end := range ends {
		if end+1 < from || end >= total {
			return nil
		}
		out = append(out, pts[from:end+1:end+1])
		from = end + 1
	}
	return out
}

func flagsOf(o []byte, at, total int) (flags, rest []byte, ok bool) {
	if at > len(o) {
		return nil, nil, false
	}
	for o = o[at:]; len(flags) < total; {
		if len(o) < 2 {
			return nil, nil, false
		}
		f, repeat := o[0], 0
		o = o[1:]
		if f&(1<<3) != 0 {
			repeat, o = int(o[0]), o[1:]
		}
		for ; repeat >= 0; repeat-- {
			flags = append(flags, f)
		}
	}
	return flags, o, len(flags) == total
}

func coordinates(o, flags []byte, short, same byte, put func(int, float64)) ([]byte, bool) {
	v := 0
	for i, f := range flags {
		switch {
		case f&short != 0:
			if len(o) < 1 {
				return nil, false
			}
			if f&same != 0 {
				v += int(o[0])
			} else {
				v -= int(o[0])
			}
			o = o[1:]
		case f&same == 0:
			if len(o) < 2 {
				return nil, false
			}
			v += int(i16(o, 0))
			o = o[2:]
		}
		put(i, float64(v))
	}
	return o, true
}
