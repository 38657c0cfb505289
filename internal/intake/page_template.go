package intake

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
)

// download names a file for the browser, in Chinese and for those that do not know it.
func download(w http.ResponseWriter, media, name, plain string) {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(name))
	w.Header().Set("Cache-Control", "no-store")
}

// template gives the empty file of a kind, such as penalty.csv or penalty.xlsx.
func (d *desk) template(w http.ResponseWriter, r *http.Request) error {
	name, ext, _ := strings.Cut(r.PathValue("file"), ".")
	kind, err := credit.ParseKind(name)
	if err != nil || ext != "csv" && ext != "xlsx" {
		return outside()
	}
	var b bytes.Buffer
	media, write := "text/csv; charset=utf-8", csvTemplate
	if ext == "xlsx" {
		media, write = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsxTemplate
	}
	if err := write(&b, normal.Template(kind)); err != nil {
		return err
	}
	download(w, media, kind.Chinese()+"模板."+ext, r.PathValue("file"))
	_, _ = w.Write(b.Bytes()) // the client is gone; nothing to do
	return nil
}

func csvTemplate(w io.Writer, headings []string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(headings); err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

// The parts of the smallest workbook. Every column is text (format 49), so that a spreadsheet program
// keeps long codes and dates as typed.
const (
	xlsxTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	xlsxRoot = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxBook = xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="报送" sheetId="1" r:id="rId1"/></sheets></workbook>`
	xlsxParts = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
	xlsxStyles = xml.Header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`
)

func xlsxTemplate(w io.Writer, headings []string) error {
	var sheet strings.Builder
	fmt.Fprintf(&sheet, `%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">`+
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`+
		`<cols><col min="1" max="%d" width="22" style="1" customWidth="1"/></cols><sheetData><row r="1">`, xml.Header, len(headings))
	for _, h := range headings {
		sheet.WriteString(`<c t="inlineStr" s="2"><is><t>`)
		if err := xml.EscapeText(&sheet, []byte(h)); err != nil {
			return err
		}
		sheet.WriteString(`</t></is></c>`)
	}
	sheet.WriteString(`</row></sheetData></worksheet>`)
	z := zip.NewWriter(w)
	for _, p := range []struct{ name, text string }{{"[Content_Types].xml", xlsxTypes}, {"_rels/.rels", xlsxRoot}, {"xl/workbook.xml", xlsxBook},
		{"xl/_rels/workbook.xml.rels", xlsxParts}, {"xl/styles.xml", xlsxStyles}, {"xl/worksheets/sheet1.xml", sheet.String()}} {
		f, err := z.Create(p.name)
		if err != nil {
			return fmt.Errorf("intake: writing a template: %w", err)
		}
		if _, err := io.WriteString(f, p.text); err != nil {
			return fmt.Errorf("intake: writing a template: %w", err)
		}
	}
	return z.Close()
}
