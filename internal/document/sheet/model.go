package sheet

// Sheet is a paper before layout.
type Sheet struct {
	Title  string // of the document; also heads the pages after the first
	Number string // report number, at the foot of every page
	Mark   string // what every page must say besides, such as 演示数据; may be empty
	Issuer string // for the metadata
	// English sets the running heads and feet in English and says so in the metadata; otherwise Chinese.
	English bool
	Blocks  []Block
}

// Block is one part of the flow: Cover, Heading, Paragraph, List, KeyValues, Notice, Table, QR, SealMark, SignOff,
// Space, PageBreak.
type Block interface{ place(f *flow) }

// Color is 0xRRGGBB.
type Color uint32

// The house's colours.
const (
	Ink    Color = 0x1A1D21
	Muted  Color = 0x5B6470
	Accent Color = 0x1F3A5F
	Red    Color = 0xC3161C
	Amber  Color = 0x8A5A00
	Green  Color = 0x1B6B3A
	Rule   Color = 0xA9B2BD
	Shade  Color = 0xEEF2F6
	White  Color = 0xFFFFFF
)

// Run is text in one style. Zero Size and Color are the block's own.
type Run struct {
	Text    string
	Bold    bool
	Size    float64
	Color   Color
	NoBreak bool // keep on one line where a line can hold it: names, document numbers
}

// Text is a sequence of runs. A newline in a run begins a new line.
type Text []Run

// Plain is text in the block's own style.
func Plain(s string) Text { return Text{{Text: s}} }

// Bold is bold text.
func Bold(s string) Text { return Text{{Text: s, Bold: true}} }

// Tinted is bold text in a colour, for results that should be seen.
func Tinted(s string, c Color) Text { return Text{{Text: s, Bold: true, Color: c}} }

// Align is how lines stand in their measure.
type Align uint8

// Justify sets both margins straight where the gaps stay small, else ragged; it is the zero value.
const (
	Justify Align = iota
	Left
	Center
	Right
)

// Cover is the head of the first page (版头): a small line, the title, the edition, and a double rule.
type Cover struct {
	Kicker  string
	Title   string
	Edition string
}

// Heading is a numbered heading as the caller writes it; Level is 1 to 3.
type Heading struct {
	Level int
	Text  string
}

// Paragraph is running text. Indent is the first line's, in ems; official text has 2.
type Paragraph struct {
	Text   Text
	Size   float64 // 0 is 10.5 (五号)
	Color  Color
	Align  Align
	Indent float64
}

// List is numbered notes with hanging numbers.
type List struct {
	Items []Text
	Size  float64 // 0 is 9.5
}

// KeyValue is one line of a KeyValues block.
type KeyValue struct {
	Key   string
	Value Text
}

// KeyValues is a table of names and values, Columns pairs beside each other (0 is 1).
type KeyValues struct {
	Items    []KeyValue
	Columns  int
	KeyWidth float64 // points, 0 is 84
}

// Tone colours a Notice.
type Tone uint8

// Calm is for a plain statement, Good for a clean result, Alert for findings, Caution for what could not be said.
const (
	Calm Tone = iota
	Good
	Alert
	Caution
)

// Notice is a framed statement such as the conclusion of a report.
type Notice struct {
	Tone  Tone
	Title string
	Text  Text
}

// Column is one column of a Table. Width is its share of the table's width.
type Column struct {
	Title string
	Width float64
	Align Align // Justify sets cells left
}

// Table has a header that repeats on every page and cells that wrap. Empty is said instead of rows when there are
// none. A row may be short; cells beyond the columns join the last one.
type Table struct {
	Columns []Column
	Rows    [][]Text
	Empty   string
	Size    float64 // 0 is 9
}

// QR is a two-dimensional code of Content, Size points wide (0 is 84), with lines of caption beside it.
type QR struct {
	Content string
	Caption []Text
	Size    float64
}

// SealMark is a visible seal (印章): text around a ring, a line across the middle, a small one below. It shows no
// emblem and no star. The first one on a paper is where the electronic signature shows.
type SealMark struct {
	Ring     string
	Center   string
	Bottom   string
	Diameter float64 // points, 0 is 113 (4 cm)
}

// SignOff ends a paper: QR to the left, issuer and date to the right with the seal over them, kept on one page.
type SignOff struct {
	QR     *QR
	Issuer string
	Date   string
	Seal   *SealMark
}

// Space is empty height in points.
type Space struct{ Height float64 }

// PageBreak begins a new page unless the page is still empty.
type PageBreak struct{}
