package sheet

// Fonts finds a glyph: in the bold or regular face, else in another face that has it. The advance is in thousandths
// of the em. ok is false when no face has the character.
type Fonts interface {
	Glyph(bold bool, r rune) (face uint8, id, advance uint16, ok bool)
}

// Layout is a paper after layout.
type Layout struct {
	Title  string
	Number string
	Issuer string
	Lang   string // BCP 47
	Pages  []Page
	Nodes  []Node // the structure tree; Nodes[0] is the document, parents come before children
}

// Page is one page and what stands on it, in reading and painting order.
type Page struct {
	Width, Height float64
	Items         []Item
}

// Artifact is the node of what is no content: rules, fills, running heads and feet.
const Artifact = -1

// Node is one element of the structure tree.
type Node struct {
	Type   string // standard structure type: Document, H1, P, Table, TR, TH, TD, L, LI, Figure …
	Parent int32
	Alt    string // for figures
	Row    bool   // of a TH: it heads a row, not a column
}

// Kind says what an Item is.
type Kind uint8

// Kinds of items and the fields they use.
const (
	KindText    Kind = iota // X, Y (baseline), Size, Color, Face, Glyphs
	KindFill                // X, Y, W, H, Color
	KindFrame               // X, Y, W, H, Color, Size (line width)
	KindMissing             // X, Y (baseline), W, Size, Color, Rune: a box with the code point
	KindQR                  // X, Y, W, Content
	KindSeal                // X, Y, W, Seal
)

// Item is one thing on a page.
type Item struct {
	Kind       Kind
	Face       uint8
	Node       int32
	Color      Color
	Rune       rune
	X, Y, W, H float64
	Size       float64
	Glyphs     []Glyph
	Content    string
	Seal       *SealMark
}

// Glyph is one character set in a face. Advance and Gap (what is added after it, negative where marks share their
// blanks) are in thousandths of the em.
type Glyph struct {
	Rune    rune
	ID      uint16
	Advance uint16
	Gap     int16
}

// A4 in points, and the house's margins.
const (
	pageWidth    = 595.28
	pageHeight   = 841.89
	marginX      = 62.0
	marginTop    = 62.0
	marginBottom = 66.0
	measure      = pageWidth - 2*marginX
)

func (s *Sheet) lang() string {
	if s.English {
		return "en"
	}
	return "zh-CN"
}

// Layout places the sheet's blocks on A4 pages.
func (s *Sheet) Layout(fonts Fonts) *Layout {
	f := &flow{
		sheet: s,
		set:   compositor{fonts: fonts},
		out:   &Layout{Title: s.Title, Number: s.Number, Issuer: s.Issuer, Lang: s.lang(), Nodes: []Node{{Type: "Document", Parent: -1}}},
	}
	f.newPage()
	for _, b := range s.Blocks {
		b.place(f)
	}
	f.finish()
	return f.out
}
