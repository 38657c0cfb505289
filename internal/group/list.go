package group

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"xinban/internal/credit"
	"xinban/internal/problem"
)

// Most is how many subjects one request may name.
const Most = 500

// longestLine is how many characters a line of the list may have.
const longestLine = 200

// What is wrong with a list. The text is shown.
var (
	ErrNobody  = errors.New("请选择或填写要开具报告的主体")
	ErrTooMany = fmt.Errorf("一次最多%d个主体，请分次申请", Most)
	ErrNumber  = errors.New("名单中不能有身份证号，请删去后再提交。自然人的报告由本人开具，或者由本人单独授权")
	ErrLine    = fmt.Errorf("名单中有一行超过%d字：请每行写一个代码或者名称", longestLine)
	ErrFile    = errors.New("读不出这个文件：请上传每行一个代码或者名称的 XLSX、CSV 或 TXT 文件")
)

// Lines takes the lines of a list apart: one subject a line, by its code, its name, or both. What else a line holds is left out, since
// nobody needs it and it might be anything. So are repeated lines, and a line that only heads the columns.
func Lines(text string) (lines []string, err error) {
	seen := map[string]bool{}
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = credit.NormalText(line)
		if utf8.RuneCountInString(line) > longestLine {
			return nil, ErrLine
		}
		code, name := parts(line)
		if numbered(line, code) {
			return nil, ErrNumber
		}
		kept := strings.TrimSpace(code + " " + name)
		if kept == "" || seen[kept] || heading(line) {
			continue
		}
		seen[kept] = true
		lines = append(lines, kept)
	}
	if len(lines) > Most {
		return nil, ErrTooMany
	}
	return lines, nil
}

// numbered tells whether a line holds an identity number, beside a code or in the place of one, in one piece or with spaces
// or hyphens in it.
func numbered(line, code string) bool {
	if credit.CheckResidentID(code).Verdict == credit.Valid { // digits that pass both checks: taken for the graver
		return true
	}
	for _, cell := range cells(line) {
		for _, piece := range append(strings.Fields(cell), cell) {
			piece = credit.NormalCode(piece)
			if code != "" {
				piece = strings.ReplaceAll(piece, code, "，")
			}
			if problem.HasIdentityNumber(piece) {
				return true
			}
		}
	}
	return false
}

// headings are what the columns of a list are called.
var headings = []string{"序号", "代码", "统一社会信用代码", "社会信用代码", "名称", "主体名称", "企业名称", "单位名称", "公司名称", "备注"}

func heading(line string) bool {
	return !slices.ContainsFunc(cells(line), func(c string) bool { return !slices.Contains(headings, c) })
}

// cells are the fields of a line, without space and quotation marks around them.
func cells(line string) (all []string) {
	for _, f := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("\t,，;；", r) }) {
		all = append(all, strings.Trim(strings.TrimSpace(f), `"“”`))
	}
	return all
}

// parts finds the code and the name in a line.
func parts(line string) (code, name string) {
	for _, f := range cells(line) {
		if c := credit.NormalCode(f); code == "" && len(c) == 18 && credit.CheckUSCC(c).Verdict == credit.Valid {
			code = c
		} else if name == "" && !serial(f) {
			name = f
		}
	}
	if first, rest, ok := strings.Cut(name, " "); code == "" && ok { // a code and a name with a space between
		if c := credit.NormalCode(first); len(c) == 18 && credit.CheckUSCC(c).Verdict == credit.Valid {
			return c, strings.TrimSpace(rest)
		}
	}
	return code, name
}

// serial tells that a cell is only the number of its row.
func serial(s string) bool {
	return len(s) <= 4 && strings.Trim(s, "0123456789") == ""
}

// ReadFile is the list in a file: a workbook's first sheet, or text in UTF-8 or GB18030.
func ReadFile(file []byte) (string, error) {
	if bytes.HasPrefix(file, []byte("PK")) {
		return readWorkbook(file)
	}
	if !utf8.Valid(file) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(file)
		if err != nil {
			return "", ErrFile
		}
		file = decoded
	}
	if bytes.IndexByte(file, 0) >= 0 {
		return "", ErrFile
	}
	return string(file), nil
}

// largestSheet bounds what a workbook may unpack to, in bytes.
const largestSheet = 16 << 20

func readWorkbook(file []byte) (string, error) {
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: largestSheet, UnzipXMLSizeLimit: largestSheet})
	if err != nil {
		return "", ErrFile
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		return "", ErrFile
	}
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(strings.Join(row, "\t") + "\n")
	}
	return b.String(), nil
}
