package normal

import (
	"strings"

	"xinban/internal/intake/read"
)

// SafeCell makes text safe to write into a CSV that people open in a spreadsheet program: what would
// run as a formula begins with an apostrophe. Row takes the apostrophe away again, so that a
// quarantine file can be mended and sent back. The mark of a formula cell is taken away.
func SafeCell(s string) string {
	if _, text, ok := read.Marked(s); ok {
		s = text
	}
	trimmed := strings.TrimLeft(s, " \u3000\u00a0\ufeff\u200b'")
	if trimmed == "" {
		return s
	}
	switch trimmed[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		if len(trimmed) > 1 && !number(trimmed) {
			return "'" + s
		}
	}
	if r := []rune(trimmed)[0]; r == '＝' || r == '＋' || r == '－' || r == '＠' {
		return "'" + s
	}
	return s
}

// number tells that s is a plain signed number, which no spreadsheet runs.
func number(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= '0' && c <= '9' || c == '.' || i == 0 && (c == '-' || c == '+')) {
			return false
		}
	}
	return true
}
