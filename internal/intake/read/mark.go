package read

import "strings"

// A marked cell holds text that must not be used as it stands: a formula, an error value, a number
// that lost digits. The mark is a character that no text may contain.
const mark = "\uFDD0"

// The codes of marked cells.
const (
	MarkFormula    = "cell_formula"     // 单元格含公式
	MarkError      = "cell_error"       // 单元格是错误值，如#N/A
	MarkDigitsLost = "cell_digits_lost" // 长数字按数值保存，末几位已丢失
)

func marked(code, text string) string { return mark + code + mark + text }

// Marked splits a marked cell into its code and the text as the sheet holds it.
func Marked(cell string) (code, text string, ok bool) {
	rest, ok := strings.CutPrefix(cell, mark)
	if !ok {
		return "", cell, false
	}
	code, text, ok = strings.Cut(rest, mark)
	if !ok {
		return "", cell, false
	}
	return code, text, true
}
