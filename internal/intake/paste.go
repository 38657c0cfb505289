package intake

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/intake/normal"
)

// maxPasted is how many rows one paste may have; more belong into a file.
const maxPasted = 5000

// What is wrong with pasted text.
var (
	ErrPasteEmpty = errors.New("没有粘贴内容：请在 Excel 中选中若干行后复制，再粘贴到框内")
	ErrPasteMany  = errors.New("一次最多粘贴5000行，更多请上传文件")
	ErrPasteWide  = errors.New("有一行的列数多于表头，请核对是否漏了表头，或选择按模板列顺序")
)

// ParsePaste reads rows copied from a spreadsheet: cells apart by tabs, a cell with line breaks in
// quotes. Without a heading row the columns are those of the kind's template, in its order.
func ParsePaste(text string, kind credit.Kind, withHeadings bool) (headings []string, rows [][]string, err error) {
	rows, err = splitPaste(strings.Trim(text, "\r\n\ufeff"))
	if err != nil {
		return nil, nil, err
	}
	headings = normal.Template(kind)
	if withHeadings && len(rows) > 0 {
		headings, rows = rows[0], rows[1:]
	}
	switch {
	case len(rows) == 0:
		return nil, nil, ErrPasteEmpty
	case len(rows) > maxPasted:
		return nil, nil, ErrPasteMany
	}
	for i := range rows {
		for len(rows[i]) > len(headings) && rows[i][len(rows[i])-1] == "" {
			rows[i] = rows[i][:len(rows[i])-1]
		}
		if len(rows[i]) > len(headings) {
			return nil, nil, ErrPasteWide
		}
		for len(rows[i]) < len(headings) {
			rows[i] = append(rows[i], "")
		}
	}
	return headings, rows, nil
}

func splitPaste(text string) (rows [][]string, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, ErrPasteEmpty
		}
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			rows = append(rows, cells)
		}
	}
}
