package read

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// workbookOf writes a workbook with excelize, an independent program.
func workbookOf(t testing.TB, build func(*excelize.File)) string {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	build(x)
	path := filepath.Join(t.TempDir(), "x.xlsx")
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func mustOpen(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestCellsOfASheetReadAsTheirMeaning(t *testing.T) {
	path := workbookOf(t, func(x *excelize.File) {
		set := func(cell string, v any) {
			if err := x.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		for i, h := range []string{"名称", "金额", "日期", "代码", "公式", "备注"} {
			set(fmt.Sprintf("%c1", 'A'+i), h)
		}
		set("A2", "岚港<海蓝>&渔具")
		set("B2", 0.1+0.2)
		set("C2", time.Date(2026, 5, 18, 0, 0, 0, 0, time.UTC))
		set("D2", 91000000000000001.0)
		if err := x.SetCellFormula("Sheet1", "E2", "SUM(B2:B2)"); err != nil {
			t.Fatal(err)
		}
		set("A4", "第四行")
		set("F4", " 两端有空格 ")
		if err := x.SetCellRichText("Sheet1", "D4", []excelize.RichTextRun{{Text: "文字"}, {Text: "分段"}}); err != nil {
			t.Fatal(err)
		}
	})
	f := mustOpen(t, path)
	var a, b Row
	if f.Next(&a) != nil || f.Next(&b) != nil || f.Next(&Row{}) != io.EOF {
		t.Fatal("not two rows")
	}
	if a.Cells[0] != "岚港<海蓝>&渔具" || a.Cells[1] != "0.3" || !strings.HasPrefix(a.Cells[2], "2026-05-18") {
		t.Errorf("first row %q", a.Cells)
	}
	if code, text, _ := Marked(a.Cells[3]); code != MarkDigitsLost || text != "91000000000000000" {
		t.Errorf("a long number: %q", a.Cells[3])
	}
	if code, text, _ := Marked(a.Cells[4]); code != MarkFormula || text != "=SUM(B2:B2)" {
		t.Errorf("a formula: %q", a.Cells[4])
	}
	if !slices.Equal(b.Cells, []string{"第四行", "", "", "文字分段", "", " 两端有空格 "}) || b.Number != 2 || b.Line != 4 {
		t.Errorf("second row %+v", b)
	}
}

func TestTheFirstVisibleSheetWithRowsIsRead(t *testing.T) {
	path := workbookOf(t, func(x *excelize.File) {
		for _, s := range []string{"说明", "数据", "旧数据"} {
			if _, err := x.NewSheet(s); err != nil {
				t.Fatal(err)
			}
			_ = x.SetSheetRow(s, "A1", &[]string{"甲", "乙", "丙"})
		}
		if err := x.SetSheetVisible("说明", false); err != nil {
			t.Fatal(err)
		}
	})
	f := mustOpen(t, path)
	if len(f.Findings()) != 1 || f.Findings()[0].Args[0] != "数据" || f.Findings()[0].Args[1] != "Sheet1、说明、旧数据" {
		t.Fatalf("findings %v", f.Findings())
	}
}

func TestSheetsReadAsTheOtherProgramReadsThem(t *testing.T) {
	cell := rapid.OneOf(rapid.StringMatching(`[a-zA-Z_<>&"' ]{1,12}`), rapid.StringMatching(`[岚港市环罚]{1,20}`), rapid.Just(""), rapid.SampledFrom([]string{"多\n行", "_x000D_", "0012", "1.50"}))
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SliceOfN(rapid.SliceOfN(cell, 4, 4), 1, 20).Draw(t, "table")
		x := excelize.NewFile()
		sw, err := x.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		table = append([][]string{{"a", "b", "c", "d"}}, table...)
		for i, cells := range table {
			if i > 0 {
				cells[0] = "k" + cells[0]
			}
			values := make([]any, len(cells))
			for j := range cells {
				values[j] = cells[j]
			}
			if err := sw.SetRow(fmt.Sprintf("A%d", i+1), values); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, "x.xlsx")
		if sw.Flush() != nil || x.SaveAs(path) != nil {
			t.Fatal("cannot write")
		}
		theirs, err := x.GetRows("Sheet1", excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, want := range theirs[1:] {
			var row Row
			if err := f.Next(&row); err != nil || row.Err != nil {
				t.Fatal(err, row.Err)
			}
			for len(want) < 4 {
				want = append(want, "")
			}
			equal(t, want, row.Cells)
		}
	})
}

func TestDayNumbersAreDates(t *testing.T) {
	for _, c := range []struct {
		v    float64
		mac  bool
		want string
	}{{44562, false, "2022-01-01"}, {44562.5, false, "2022-01-01 12:00:00"}, {1, false, "1900-01-01"}, {59, false, "1900-02-28"}, {61, false, "1900-03-01"}, {43100, true, "2022-01-01"}} {
		if got, _ := serialDate(c.v, c.mac); got != c.want {
			t.Errorf("%v is %s, not %s", c.v, got, c.want)
		}
	}
	for code, want := range map[string]bool{"yyyy\\-mm\\-dd": true, `yyyy"年"m"月"d"日"`: true, "0.00": false, "[Red]0": false, `"day" 0`: false, "General": false, "@": false} {
		if dateFormat("176", code) != want {
			t.Errorf("%s", code)
		}
	}
}

// sheetXML is a small workbook around a sheet as raw XML.
func sheetXML(t testing.TB, sheet string, method uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const sheetHead = `<?xml version="1.0"?><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>甲</t></is></c><c t="inlineStr"><is><t>乙</t></is></c></row>`

func TestABombIsRefusedBeforeItIsInflated(t *testing.T) {
	bomb := sheetXML(t, sheetHead+strings.Repeat(" ", 64<<20), zip.Deflate)
	_, err := NewReader(bytes.NewReader(bomb), "bomb.xlsx")
	if codeOf(err) != "zip_bomb" {
		t.Fatalf("%d bytes: %v", len(bomb), err)
	}
	small := Limits{ZipBytes: 1 << 20}
	path := filepath.Join(t.TempDir(), "b.xlsx")
	if err := os.WriteFile(path, sheetXML(t, sheetHead+strings.Repeat(" ", 2<<20), zip.Store), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenLimited(path, small); codeOf(err) != "zip_bomb" {
		t.Fatalf("beyond the limit: %v", err)
	}
	if _, err := OpenLimited(path, Limits{ZipEntries: 3}); codeOf(err) != "zip_bomb" {
		t.Fatalf("too many parts: %v", err)
	}
}

func TestASheetThatLiesAboutItsSizeIsStopped(t *testing.T) {
	data := sheetXML(t, sheetHead+`<row r="2"><c><v>1</v></c></row></sheetData></worksheet>`, zip.Store)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		p := &part{declared: int64(f.UncompressedSize64) - 1}
		if p.ReadCloser, err = f.Open(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(p); codeOf(err) != "zip_bomb" {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
}

func TestACutSheetGivesItsRowsAndThenAnError(t *testing.T) {
	data := sheetXML(t, sheetHead+`<row r="2"><c><v>1</v></c><c><v>2</v></c></row><row r="3"><c><v>1`, zip.Store)
	f, err := NewReader(bytes.NewReader(data), "x.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var row Row
	if err := f.Next(&row); err != nil || !slices.Equal(row.Cells, []string{"1", "2"}) {
		t.Fatalf("%v %q", err, row.Cells)
	}
	if err := f.Next(&row); codeOf(err) != "damaged_workbook" {
		t.Fatalf("the cut row: %v", err)
	}
}

func TestACellOfManyPiecesIsBounded(t *testing.T) {
	piece := strings.Repeat("<![CDATA[0123456789]]>", 1000)
	whole := `<row r="2"><c t="str"><v>` + piece + `</v></c><c t='str' x="a>b'"><v>&#39;乙</v></c></row>`
	f, err := NewReader(bytes.NewReader(sheetXML(t, sheetHead+whole+`</sheetData></worksheet>`, zip.Deflate)), "x.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var row Row
	if err := f.Next(&row); err != nil || len(row.Cells[0]) != 10_000 || row.Cells[1] != "'乙" {
		t.Fatalf("%v, %.100q", err, row.Cells)
	}
	long := sheetHead + `<row r="2"><c t="str"><v>` + strings.Repeat(piece, 200) + `</v></c></row></sheetData></worksheet>`
	g, err := NewReader(bytes.NewReader(sheetXML(t, long, zip.Deflate)), "x.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	if err := g.Next(&row); codeOf(err) != "damaged_workbook" {
		t.Fatalf("a cell of two megabytes: %v", err)
	}
}

func TestADocumentTypeIsRefused(t *testing.T) {
	data := sheetXML(t, `<!DOCTYPE x [<!ENTITY a "b">]>`+sheetHead+`</sheetData></worksheet>`, zip.Store)
	if _, err := NewReader(bytes.NewReader(data), "x.xlsx"); codeOf(err) != "damaged_workbook" {
		t.Fatal(err)
	}
}

func TestASheetWithoutRowsSaysSo(t *testing.T) {
	data := sheetXML(t, `<worksheet><sheetData/></worksheet>`, zip.Store)
	if _, err := NewReader(bytes.NewReader(data), "x.xlsx"); codeOf(err) != "sheet_without_rows" {
		t.Fatal(err)
	}
}

func FuzzSheet(f *testing.F) {
	f.Add(sheetHead + `<row r="2"><c r="B2" t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c><f/><v>1</v></c></row></sheetData></worksheet>`)
	f.Add(`<row><c r="ZZZZ1"><v>1</v></c></row><row><!-- --><c><v><![CDATA[1]]></v></c></row>`)
	f.Add(`<row r="9"><c r='A>1' s="99"><v>&#x1F600;&bad;</v></c></row>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		file, err := NewReader(bytes.NewReader(sheetXML(t, sheet, zip.Store)), "fuzz.xlsx")
		if err != nil {
			return
		}
		defer file.Close()
		var row Row
		for n := 0; file.Next(&row) == nil; n++ {
			if n > len(sheet) {
				t.Fatal("more rows than bytes")
			}
		}
	})
}

func BenchmarkXLSX(b *testing.B) {
	path := filepath.Join(b.TempDir(), "x.xlsx")
	x := excelize.NewFile()
	sw, _ := x.NewStreamWriter("Sheet1")
	const n = 5000
	facts := strings.Repeat("经查，该单位未按规定对生产过程中产生的污染物进行收集处理，", 9)
	for i := range n {
		row := make([]any, 24)
		for j := range row {
			row[j] = fmt.Sprintf("单元格%d-%d", i, j)
		}
		row[10] = facts
		if err := sw.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			b.Fatal(err)
		}
	}
	if sw.Flush() != nil || x.SaveAs(path) != nil {
		b.Fatal("cannot write")
	}
	perSecond := func(b *testing.B) { b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "rows/s") }
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f, err := Open(path)
			if err != nil {
				b.Fatal(err)
			}
			var row Row
			for f.Next(&row) == nil {
			}
			f.Close()
		}
		perSecond(b)
	})
	b.Run("excelize", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
			if err != nil {
				b.Fatal(err)
			}
			rows, err := x.Rows("Sheet1")
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				if _, err := rows.Columns(); err != nil {
					b.Fatal(err)
				}
			}
			x.Close()
		}
		perSecond(b)
	})
}
