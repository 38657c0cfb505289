package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/document/sheet"
)

// plain is a face for tests: ideographs and full-width marks are an em wide, the rest half an em. It lacks 𪚥.
type plain struct{}

func (plain) Glyph(bold bool, r rune) (face uint8, id, advance uint16, ok bool) {
	if r == '𪚥' {
		return 0, 0, 0, false
	}
	if bold {
		face = 1
	}
	if r < 0x2000 {
		return face, 1, 500, true
	}
	return face, 1, 1000, true
}

// lines puts a layout's text back together: one string for each baseline of each page, without heads and feet.
func lines(l *sheet.Layout) []string {
	var out []string
	page, last := -1, -1.0
	for p := range l.Pages {
		for _, it := range l.Pages[p].Items {
			if it.Node == sheet.Artifact || it.Kind != sheet.KindText && it.Kind != sheet.KindMissing {
				continue
			}
			if p != page || it.Y != last {
				out = append(out, "")
				page, last = p, it.Y
			}
			out[len(out)-1] += said(it)
		}
	}
	return out
}

func said(it sheet.Item) string {
	if it.Kind == sheet.KindMissing {
		return string(it.Rune)
	}
	var b strings.Builder
	for _, g := range it.Glyphs {
		b.WriteRune(g.Rune)
	}
	return b.String()
}

func paragraph(s string) *sheet.Layout {
	doc := &sheet.Sheet{Title: "试", Number: "1", Blocks: []sheet.Block{sheet.Paragraph{Text: sheet.Plain(s)}}}
	return doc.Layout(plain{})
}

// 避头尾: a line of 44 ideographs fits the measure at 10.5 points, so each case breaks near its 45th character.
func TestLinesBreakByTheChineseRules(t *testing.T) {
	fill := func(n int) string { return strings.Repeat("字", n) }
	for name, c := range map[string]struct{ text, first string }{
		"a comma does not begin a line":                     {fill(45) + "，其后", fill(44)},
		"a comma at the end may hang over by its blank":     {fill(43) + "文，其后", fill(43) + "文，"},
		"an opening bracket does not end a line":            {fill(43) + "（其后" + fill(9), fill(43)},
		"a book title mark does not end a line":             {fill(43) + "《办法》" + fill(9), fill(43)},
		"a word stays whole":                                {fill(42) + "Standard" + fill(9), fill(42)},
		"a figure keeps its unit":                           {fill(43) + "12号" + fill(9), fill(43)},
		"a year of a document number stays in its brackets": {fill(41) + "处罚〔2025〕12号" + fill(9), fill(41) + "处罚"},
		"a decimal stays whole":                             {fill(41) + "3,260.50元" + fill(9), fill(41)},
		"dashes stay together":                              {fill(43) + "——" + fill(9), fill(43)},
		"a newline ends a line":                             {"一\n二", "一"},
	} {
		if got := lines(paragraph(c.text)); got[0] != c.first {
			t.Errorf("%s: first line %q, want %q", name, got[0], c.first)
		}
	}
}

func TestATokenLongerThanALineIsBrokenNotCut(t *testing.T) {
	hex := strings.Repeat("9f86d081", 40)
	got := lines(paragraph(hex))
	if len(got) < 2 || strings.Join(got, "") != hex {
		t.Errorf("%d lines: %q", len(got), got)
	}
}

func TestARunKeptTogetherMovesToTheNextLine(t *testing.T) {
	doc := &sheet.Sheet{Blocks: []sheet.Block{sheet.Paragraph{Text: sheet.Text{{Text: strings.Repeat("字", 40)}, {Text: "岚港市监处罚〔2025〕12号", NoBreak: true}}}}}
	if got := lines(doc.Layout(plain{})); len(got) != 2 || got[1] != "岚港市监处罚〔2025〕12号" {
		t.Errorf("lines %q", got)
	}
}

// Nothing is ever dropped: every character of the text is on the paper, in order, inside the margins, and no line
// begins or ends with a mark that must not, unless the line holds nothing else that could be broken.
func TestEveryCharacterIsPrintedInsideTheMargins(t *testing.T) {
	alphabet := []rune("字词句，。、（）《》“”〔〕2025年12号AZaz.-/ 𪚥䶮—…％·")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 400, -1).Draw(t, "text")
		l := paragraph(text)
		got := strings.ReplaceAll(strings.Join(lines(l), ""), " ", "")
		if want := strings.ReplaceAll(text, " ", ""); got != want {
			t.Fatalf("printed %q, want %q", got, want)
		}
		inside(t, l)
		for i, line := range lines(l) {
			first, last := []rune(line)[0], []rune(strings.TrimRight(line, " "))
			if i > 0 && strings.ContainsRune("，。、）》”〕％", first) && len(last) > 0 && breakable(lines(l)[i-1]) {
				t.Fatalf("line %d begins with %c: %q after %q", i, first, line, lines(l)[i-1])
			}
		}
	})
}

// breakable says that a line holds two ideographs beside each other, between which it could have been broken.
func breakable(s string) bool {
	for _, two := range []string{"字词", "词字", "字字", "词词", "句句", "字句", "句字", "词句", "句词"} {
		if i := strings.LastIndex(s, two); i > 0 {
			return true
		}
	}
	return false
}

type fataler interface{ Fatalf(string, ...any) }

func inside(t fataler, l *sheet.Layout) {
	for p, page := range l.Pages {
		for _, it := range page.Items {
			if it.Kind == sheet.KindText && (it.X < 61.9 || it.X+it.W > page.Width-61.9+it.Size/2) || it.Y < 0 || it.Y > page.Height {
				t.Fatalf("page %d: %q at %.1f, %.1f, %.1f wide", p+1, said(it), it.X, it.Y, it.W)
			}
		}
	}
}

func TestJustifiedLinesEndAtTheMargin(t *testing.T) {
	l := paragraph(strings.Repeat("公共信用信息平台归集的信息，", 12))
	ends := map[int]int{}
	for _, it := range l.Pages[0].Items {
		if it.Kind == sheet.KindText && it.Node != sheet.Artifact {
			ends[int(it.X+it.W+0.5)]++
		}
	}
	if len(ends) > 2 {
		t.Errorf("lines end at %v: all but the last should end together", ends)
	}
}

func table(rows int, cell string) *sheet.Sheet {
	t := sheet.Table{Columns: []sheet.Column{{Title: "序号", Width: 1, Align: sheet.Center}, {Title: "内容", Width: 5}}, Empty: "查询期内无相关信息"}
	for i := range rows {
		t.Rows = append(t.Rows, []sheet.Text{sheet.Plain(fmt.Sprintf("#%d#", i)), sheet.Plain(cell)})
	}
	return &sheet.Sheet{Title: "长表", Number: "N1", Blocks: []sheet.Block{t}}
}

func TestAThousandRowsAllPrintUnderARepeatedHeader(t *testing.T) {
	l := table(1000, "记录").Layout(plain{})
	all := strings.Join(lines(l), "")
	for i := range 1000 {
		if strings.Count(all, fmt.Sprintf("#%d#", i)) != 1 {
			t.Fatalf("row %d is not there once", i)
		}
	}
	for p, page := range l.Pages {
		heads := 0
		for _, it := range page.Items {
			if it.Kind == sheet.KindText && said(it) == "序号" {
				heads++
			}
			if it.Kind == sheet.KindText && it.Node != sheet.Artifact && it.Y > page.Height-60 {
				t.Fatalf("page %d: %q runs into the foot", p+1, said(it))
			}
		}
		if heads != 1 {
			t.Errorf("page %d has %d table heads", p+1, heads)
		}
	}
	if len(l.Pages) < 20 || len(l.Pages) > 40 {
		t.Errorf("%d pages for a thousand rows", len(l.Pages))
	}
}

func TestARowTallerThanAPageIsContinued(t *testing.T) {
	long := strings.Repeat("违法事实。", 1200)
	l := table(2, long).Layout(plain{})
	if all := strings.Join(lines(l), ""); strings.Count(all, "违法事实。") != 2400 {
		t.Errorf("%d of 2400 sentences are printed", strings.Count(all, "违法事实。"))
	}
	inside(t, l)
}

func TestAnEmptyTableSaysSo(t *testing.T) {
	if all := strings.Join(lines(table(0, "").Layout(plain{})), ""); !strings.Contains(all, "查询期内无相关信息") {
		t.Errorf("printed %q", all)
	}
}

func TestCellsBeyondTheColumnsAreKept(t *testing.T) {
	for _, columns := range [][]sheet.Column{nil, {{Title: "一"}}} {
		doc := &sheet.Sheet{Blocks: []sheet.Block{sheet.Table{Columns: columns, Rows: [][]sheet.Text{{sheet.Plain("甲"), sheet.Plain("乙"), sheet.Plain("丙")}, nil}}}}
		if all := strings.Join(lines(doc.Layout(plain{})), ""); !strings.Contains(all, "甲 乙 丙") {
			t.Errorf("%d columns: printed %q", len(columns), all)
		}
	}
}

func TestEveryPageCarriesNumberAndCount(t *testing.T) {
	l := table(100, "记录").Layout(plain{})
	for p, page := range l.Pages {
		var feet []string
		for _, it := range page.Items {
			if it.Kind == sheet.KindText && it.Node == sheet.Artifact {
				feet = append(feet, said(it))
			}
		}
		all := strings.Join(feet, "|")
		if want := fmt.Sprintf("第%d页 共%d页", p+1, len(l.Pages)); !strings.Contains(all, want) || !strings.Contains(all, "编号 N1") {
			t.Errorf("page %d: %q lacks %q or the number", p+1, all, want)
		}
	}
}

func TestAHeadingNeverEndsAPage(t *testing.T) {
	for n := range 60 {
		var blocks []sheet.Block
		for range n {
			blocks = append(blocks, sheet.Paragraph{Text: sheet.Plain("一")})
		}
		blocks = append(blocks, sheet.Heading{Level: 1, Text: "标题"}, sheet.Paragraph{Text: sheet.Plain("正文")})
		l := (&sheet.Sheet{Blocks: blocks}).Layout(plain{})
		where := map[string]int{}
		for p, page := range l.Pages {
			for _, it := range page.Items {
				where[said(it)] = p
			}
		}
		if where["标题"] != where["正文"] {
			t.Fatalf("after %d lines the heading is on page %d and its text on page %d", n, where["标题"]+1, where["正文"]+1)
		}
	}
}

func TestACharacterWithoutAGlyphIsABox(t *testing.T) {
	for _, it := range paragraph("王𪚥").Pages[0].Items {
		if it.Kind == sheet.KindMissing && it.Rune == '𪚥' {
			return
		}
	}
	t.Error("𪚥 left no trace")
}

func TestSignOffStaysOnOnePage(t *testing.T) {
	for n := range 45 {
		blocks := []sheet.Block{}
		for range n {
			blocks = append(blocks, sheet.Paragraph{Text: sheet.Plain("一")})
		}
		blocks = append(blocks, sheet.SignOff{Issuer: "签发机关", Date: "日期", QR: &sheet.QR{Content: "x"}, Seal: &sheet.SealMark{Ring: "机关"}})
		l := (&sheet.Sheet{Blocks: blocks}).Layout(plain{})
		pages := map[int]bool{}
		for p, page := range l.Pages {
			for _, it := range page.Items {
				if it.Kind == sheet.KindSeal || it.Kind == sheet.KindQR || said(it) == "签发机关" || said(it) == "日期" {
					pages[p] = true
				}
				if it.Kind == sheet.KindSeal && it.Y+it.H > page.Height-50 {
					t.Fatalf("after %d lines the seal runs into the foot", n)
				}
			}
		}
		if len(pages) != 1 {
			t.Fatalf("after %d lines the sign-off is on %d pages", n, len(pages))
		}
	}
}

// An issuer whose name takes several lines stays with the seal too.
func TestSignOffWithALongNameStaysOnOnePage(t *testing.T) {
	for n := range 45 {
		blocks := []sheet.Block{}
		for range n {
			blocks = append(blocks, sheet.Paragraph{Text: sheet.Plain("一")})
		}
		blocks = append(blocks, sheet.SignOff{Issuer: strings.Repeat("Lanhai Provincial ", 8) + "End", Date: "Day", Seal: &sheet.SealMark{Ring: "机关"}})
		pages := map[int]bool{}
		for p, page := range (&sheet.Sheet{Blocks: blocks}).Layout(plain{}).Pages {
			for _, it := range page.Items {
				if it.Kind == sheet.KindSeal || strings.HasSuffix(said(it), "End") || said(it) == "Day" {
					pages[p] = true
				}
			}
		}
		if len(pages) != 1 {
			t.Fatalf("after %d lines the sign-off is on %d pages", n, len(pages))
		}
	}
}

func TestTreeNamesTablesAndParentsComeFirst(t *testing.T) {
	l := table(3, "记录").Layout(plain{})
	count := map[string]int{}
	for i, n := range l.Nodes {
		count[n.Type]++
		if i > 0 && (n.Parent < 0 || int(n.Parent) >= i) {
			t.Errorf("node %d has the parent %d", i, n.Parent)
		}
	}
	if count["Table"] != 1 || count["TR"] != 4 || count["TH"] != 2 || count["TD"] != 6 {
		t.Errorf("tree: %v", count)
	}
}
