package read

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// dateFormat tells whether a number format shows a date: a built-in one by its number, or one whose
// code holds a year or a day outside of quotes and brackets.
func dateFormat(id, code string) bool {
	if code == "" {
		switch n, _ := strconv.Atoi(id); {
		case n >= 14 && n <= 17, n == 22, n >= 27 && n <= 31, n == 36, n >= 50 && n <= 54, n == 57, n == 58:
			return true
		}
		return false
	}
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\':
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !quoted && !bracket && (c == 'y' || c == 'Y' || c == 'd' || c == 'D'):
			return true
		}
	}
	return false
}

// numberText is the text of a numeric cell. Spreadsheets keep fifteen digits: 0.20000000000000001 is
// 0.2, and a code of eighteen digits typed as a number has lost its end, which is marked.
func numberText(raw string, date, from1904 bool) string {
	if !date && len(raw) <= 15 && strings.IndexByte(raw, 'E') < 0 && strings.IndexByte(raw, 'e') < 0 {
		return raw
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return raw
	}
	if date {
		if s, ok := serialDate(v, from1904); ok {
			return s
		}
	}
	if v, err = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64); err != nil {
		return raw
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if math.Abs(v) >= 1e15 {
		return marked(MarkDigitsLost, s)
	}
	return s
}

// serialDate is the date, and the time of day if any, of a spreadsheet's day number.
func serialDate(v float64, from1904 bool) (string, bool) {
	if from1904 {
		v += 1462
	}
	if v < 1 || v >= 2958466 {
		return "", false
	}
	days, part := math.Modf(v)
	if days < 60 {
		days++ // day 60 is the 29 February 1900 that spreadsheets believe in
	}
	t := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days))
	seconds := math.Round(part * 86400)
	if seconds == 0 {
		return t.Format("2006-01-02"), true
	}
	return t.Add(time.Duration(seconds) * time.Second).Format("2006-01-02 15:04:05"), true
}

// sheetEscapes resolves _x000D_ and its like, which stand for characters that XML cannot hold.
func sheetEscapes(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			b.WriteString(s)
			return b.String()
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' || n >= 0xD800 && n < 0xE000 {
			b.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		b.WriteString(s[:i])
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
}
