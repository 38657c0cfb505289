package pdf

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinban/internal/document/pdf/font"
	"xinban/internal/document/sheet"
)

// sealForm is the packed drawing of a seal, d points wide; it is the same on every paper of an issuer.
type sealForm struct {
	dict   string
	packed []byte
}

// seal draws a seal or takes it from those drawn before.
func (w *Writer) seal(m *sheet.SealMark, d float64) sealForm {
	key := *m
	key.Diameter = d
	if f, ok := w.seals.Load(key); ok {
		return f.(sealForm)
	}
	p := stamp{fonts: w.fonts}
	p.draw(m, d)
	packed := deflate(p.out)
	f := sealForm{dict: "/Type/XObject/Subtype/Form/BBox[0 0 " + num(d) + " " + num(d) + "]" +
		"/Resources<</ExtGState<</G0<</ca 0.88/CA 0.88/BM/Multiply>>>>>>", packed: bytes.Clone(packed.Bytes())}
	packer.Put(packed)
	if w.sealCount.Add(1) <= maxSeals {
		w.seals.Store(key, f)
	}
	return f
}

// maxSeals bounds what is kept: a house has few seals.
const maxSeals = 256

func num(v float64) string { return string(appendNum(nil, v)) }

// stamp draws a seal as outlines, so that its letters are no text of the page.
type stamp struct {
	fonts *font.Set
	out   []byte
}

func (p *stamp) draw(m *sheet.SealMark, d float64) {
	p.out = appendColor(appendColor([]byte("/G0 gs\n"), sheet.Red, "rg"), sheet.Red, "RG")
	c := d / 2
	p.ring(c, c-d*0.02, d*0.027)
	p.ring(c, c-d*0.048, d*0.006)
	p.around(m.Ring, c, d)
	p.line(m.Center, c, c-d*0.02, 0.5*d, 0.15*d)
	p.line(m.Bottom, c, c-d*0.125, 0.4*d, 0.065*d)
}

func (p *stamp) ring(c, r, width float64) {
	const k = 0.5522847498 // a quarter circle as a Bézier curve
	p.out = append(appendNums(p.out, width), "w "...)
	p.out = append(appendNums(p.out, c+r, c), "m "...)
	for _, q := range [4][2]float64{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
		ux, uy, vx, vy := q[0]*r, q[1]*r, -q[1]*r, q[0]*r
		p.out = append(appendNums(p.out, c+ux+k*vx, c+uy+k*vy, c+vx+k*ux, c+vy+k*uy, c+vx, c+vy), "c "...)
	}
	p.out = append(p.out, "s\n"...)
}

// around sets the ring's text along the upper arc.
func (p *stamp) around(text string, c, d float64) {
	n := float64(utf8.RuneCountInString(text))
	if n == 0 {
		return
	}
	span := 3.6 // radians, about 206°: the lower part is for issuer and date
	if n > 12 {
		span = math.Min(4.9, span+(n-12)*0.12) // a long name needs more of the ring to be read
	}
	size := 0.13 * d
	radius := c - 0.085*d - 0.86*size
	if most := span * radius / (1.08 * n); size > most {
		size = most
		radius = c - 0.085*d - 0.86*size
	}
	step := math.Min(span/math.Max(n-1, 1), 1.75*size/radius)
	angle := step * (n - 1) / 2
	for _, r := range text {
		p.glyph(r, size, c-radius*math.Sin(angle), c+radius*math.Cos(angle), angle)
		angle -= step
	}
}

// line sets text across, no wider than width and no larger than size.
func (p *stamp) line(text string, c, y, width, size float64) {
	n := float64(utf8.RuneCountInString(text))
	if n == 0 {
		return
	}
	size = math.Min(size, width/n)
	x := c - (n-1)*size/2
	for _, r := range text {
		p.glyph(r, size, x, y, 0)
		x += size
	}
}

// glyph fills one character whose baseline's middle is at x, y, turned by angle against the clock.
func (p *stamp) glyph(r rune, size, x, y, angle float64) {
	face, id, advance, ok := p.fonts.Glyph(true, r)
	if !ok {
		p.codePoint(r, size, x, y, angle)
		return
	}
	sin, cos := math.Sincos(angle)
	k := size / 1000
	at := func(q font.Point) (float64, float64) {
		u, v := (q.X-float64(advance)/2)*k, q.Y*k
		return x + u*cos - v*sin, y + u*sin + v*cos
	}
	for _, contour := range p.fonts.Faces[face].Contours(id) {
		p.contour(contour, at)
	}
	p.out = append(p.out, "f\n"...)
}

// label sets a few letters around cx, close together.
func (p *stamp) label(s string, cx, y, size float64) {
	pitch := 0.62 * size
	x := cx - float64(len(s)-1)*pitch/2
	for _, r := range s {
		p.glyph(r, size, x, y, 0)
		x += pitch
	}
}

// codePoint stands for a character that no face has: its number in small letters.
func (p *stamp) codePoint(r rune, size, x, y, angle float64) {
	code := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	sin, cos := math.Sincos(angle)
	small := size / float64(len(code)) * 1.6
	for i, d := range code {
		u := (float64(i) - float64(len(code)-1)/2) * small * 0.6
		p.glyph(d, small, x+u*cos, y+u*sin, angle)
	}
}

// contour writes a quadratic outline with the cubic curves of PDF.
func (p *stamp) contour(pts []font.Point, at func(font.Point) (float64, float64)) {
	if len(pts) < 2 {
		return
	}
	start := pts[0]
	if !start.OnCurve {
		start = middle(pts[len(pts)-1], pts[0])
	}
	x, y := at(start)
	p.out = append(appendNums(p.out, x, y), "m "...)
	here := start
	for i := range pts {
		q := pts[i]
		if q.OnCurve {
			if i > 0 {
				x, y = at(q)
				p.out = append(appendNums(p.out, x, y), "l "...)
			}
			here = q
			continue
		}
		end := start
		if i+1 < len(pts) {
			if end = pts[i+1]; !end.OnCurve {
				end = middle(q, end)
			}
		}
		p.curve(here, q, end, at)
		here = end
	}
	p.out = append(p.out, "h\n"...)
}

func (p *stamp) curve(a, q, b font.Point, at func(font.Point) (float64, float64)) {
	toward := func(e font.Point) font.Point {
		return font.Point{X: e.X + 2*(q.X-e.X)/3, Y: e.Y + 2*(q.Y-e.Y)/3}
	}
	x1, y1 := at(toward(a))
	x2, y2 := at(toward(b))
	x3, y3 := at(b)
	p.out = append(appendNums(p.out, x1, y1, x2, y2, x3, y3), "c "...)
}

// middle is the implied point of the curve between two that are off it.
func middle(a, b font.Point) font.Point {
	if b.OnCurve {
		return b
	}
	if a.OnCurve {
		return a
	}
	return font.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2, OnCurve: true}
}
