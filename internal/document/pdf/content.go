package pdf

import (
	"fmt"
	"strconv"

	"xinban/internal/document/pdf/font"
	"xinban/internal/document/sheet"
)

// content writes the drawing orders of one page and notes which marked sequence belongs to which node.
type content struct {
	out    []byte
	height float64
	fonts  *font.Set
	slots  []*slots
	marks  []int32 // node of each MCID
	nodes  []sheet.Node

	open   int32 // node of the open sequence; none when nothing is open
	inText bool
	face   int
	size   float64
	fill   sheet.Color
	filled bool
}

const none = -2

func (c *content) begin(height float64) {
	c.out, c.marks, c.height = c.out[:0], nil, height
	c.open, c.inText, c.face, c.filled = none, false, -1, false
}

func (c *content) page(p *sheet.Page) error {
	c.begin(p.Height)
	for i := range p.Items {
		if err := c.item(&p.Items[i]); err != nil {
			return err
		}
	}
	c.endText()
	if c.open != none {
		c.out = append(c.out, "EMC\n"...)
	}
	return nil
}

func (c *content) item(it *sheet.Item) error {
	if it.Kind == sheet.KindSeal {
		return nil // seals are drawn by their own objects
	}
	c.mark(it.Node)
	switch it.Kind {
	case sheet.KindText:
		c.text(it)
	case sheet.KindFill:
		c.endText()
		c.color(it.Color)
		c.out = append(appendNums(c.out, it.X, c.height-it.Y-it.H, it.W, it.H), "re f\n"...)
	case sheet.KindFrame:
		c.endText()
		c.out = append(appendNums(appendColor(c.out, it.Color, "RG"), it.Size), "w "...)
		c.out = append(appendNums(c.out, it.X, c.height-it.Y-it.H, it.W, it.H), "re S\n"...)
	case sheet.KindMissing:
		c.missing(it)
	case sheet.KindQR:
		return c.qr(it)
	}
	return nil
}

// mark opens the marked sequence of a node unless it is open already.
func (c *content) mark(node int32) {
	if node == c.open {
		return
	}
	c.endText()
	if c.open != none {
		c.out = append(c.out, "EMC\n"...)
	}
	c.open = node
	if node == sheet.Artifact {
		c.out = append(c.out, "/Artifact BMC\n"...)
		return
	}
	c.out = append(c.out, '/')
	c.out = append(c.out, c.nodes[node].Type...)
	c.out = append(c.out, "<</MCID "...)
	c.out = strconv.AppendInt(c.out, int64(len(c.marks)), 10)
	c.out = append(c.out, ">>BDC\n"...)
	c.marks = append(c.marks, node)
}

func (c *content) endText() {
	if c.inText {
		c.out = append(c.out, "ET\n"...)
		c.inText = false
	}
}

func (c *content) color(v sheet.Color) {
	if !c.filled || c.fill != v {
		c.out = appendColor(c.out, v, "rg")
		c.fill, c.filled = v, true
	}
}

func (c *content) font(face int, size float64) {
	if c.face == face && c.size == size {
		return
	}
	c.face, c.size = face, size
	c.out = append(c.out, '/', 'F', byte('0'+face), ' ')
	c.out = append(appendNum(c.out, size), " Tf\n"...)
}

func (c *content) text(it *sheet.Item) {
	c.color(it.Color)
	if !c.inText {
		c.out = append(c.out, "BT\n"...)
		c.inText = true
	}
	c.font(int(it.Face), it.Size)
	c.out = append(appendNums(append(c.out, "1 0 0 1 "...), it.X, c.height-it.Y), "Tm\n[("...)
	s := c.slots[it.Face]
	for i, g := range it.Glyphs {
		c.out = appendCID(c.out, s.cid(g.Rune, g.ID))
		if g.Gap != 0 && i+1 < len(it.Glyphs) {
			c.out = append(strconv.AppendInt(append(c.out, ')'), -int64(g.Gap), 10), '(')
		}
	}
	c.out = append(c.out, ")]TJ\n"...)
}

// appendCID writes two bytes of a literal string, escaping what would end or change it.
func appendCID(b []byte, cid uint16) []byte {
	for _, v := range [2]byte{byte(cid >> 8), byte(cid)} {
		switch v {
		case '(', ')', '\\':
			b = append(b, '\\', v)
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, v)
		}
	}
	return b
}

// missing draws the box of a character that no face has, with its code point inside as outlines. The character
// itself stands there as invisible text, so that it can be copied and found.
func (c *content) missing(it *sheet.Item) {
	c.out = append(appendNum(append(c.out, "3 Tr "...), 100*it.W/it.Size), " Tz\n"...) // as wide as the box
	c.text(&sheet.Item{Face: font.Regular, X: it.X, Y: it.Y, Size: it.Size, Color: it.Color, Glyphs: []sheet.Glyph{{Rune: it.Rune, Advance: 1000}}})
	c.out = append(c.out, "0 Tr 100 Tz\n"...)
	c.endText()
	s, y := it.Size, c.height-it.Y
	c.out = append(appendNums(appendColor(c.out, it.Color, "RG"), s*0.04), "w "...)
	c.out = append(appendNums(c.out, it.X+s*0.06, y-s*0.1, it.W-s*0.12, s*0.92), "re S\n"...)
	p := stamp{fonts: c.fonts, out: c.out}
	p.label(fmt.Sprintf("U+%04X", it.Rune), it.X+it.W/2, y+s*0.18, s*0.49)
	c.out = p.out
}
