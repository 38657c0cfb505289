package normal

import (
	"strings"
	"unicode/utf8"

	"xinban/internal/credit"
)

func runeAt(s string, i int) (rune, int) { return utf8.DecodeRuneInString(s[i:]) }

// plainCode tells that s is already in normal form: digits and upper-case letters alone.
func plainCode(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}

// cleanCode returns a code in normal form: half-width, upper case, without space, hyphen, brackets
// and Chinese text. cut tells that text was taken away; part is what a bracket such as （1/2） says.
func cleanCode(s string) (code, part string, cut bool) {
	if plainCode(s) {
		return s, "", false
	}
	s, part = cutParts(s)
	s = credit.NormalCode(s)
	if plainCode(s) {
		return present(s), part, part != ""
	}
	var b strings.Builder
	depth := 0
	for _, r := range s {
		switch {
		case r == '(' || r == '（' || r == '[' || r == '【' || r == '〔':
			depth++
		case r == ')' || r == '）' || r == ']' || r == '】' || r == '〕':
			depth = max(depth-1, 0)
		case depth == 0 && (r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'):
			b.WriteRune(r)
			continue
		case depth == 0 && r < 0x80 && r != ':' && r != '\'' && r != '`' && r != '"' && r != '.' && r != ',' && r != ';' && r != '_':
			b.WriteRune(r) // a wrong character inside the code stays, to be named
		}
	}
	return present(b.String()), part, part != "" || b.String() != s
}

// cutParts takes every such bracket from the end of s; the part of several is kept.
func cutParts(s string) (rest, part string) {
	for {
		next, p := cutPart(s)
		if p == "" {
			return s, part
		}
		if s = next; part == "" || realPart(p) {
			part = p
		}
	}
}

// cutPart takes a bracket such as （1/2） from the end of s. The bracket of an only part, （1/1）, says
// nothing; part is then "1/1" and [realPart] is false.
func cutPart(s string) (rest, part string) {
	t := strings.TrimRight(s, " \t\u3000")
	for _, end := range [...]string{"）", ")", "〕", "】", "]"} {
		body, ok := strings.CutSuffix(t, end)
		if !ok {
			continue
		}
		open := strings.LastIndexAny(body, "（(〔【[")
		if open < 0 {
			return s, ""
		}
		_, n := runeAt(body, open)
		inner := credit.NormalText(body[open+n:])
		a, b, ok := strings.Cut(inner, "/")
		if !ok || !shortNumber(a) || !shortNumber(b) {
			return s, ""
		}
		return strings.TrimRight(body[:open], " \t\u3000"), strings.TrimLeft(a, "0") + "/" + strings.TrimLeft(b, "0")
	}
	return s, ""
}

func shortNumber(s string) bool {
	return s != "" && len(s) <= 3 && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}

// realPart tells that a part is one of several.
func realPart(part string) bool { return part != "" && !strings.HasSuffix(part, "/1") }

// placeholder tells that a code is one character again and again, or counts up.
func placeholder(code string) bool {
	if code == "" {
		return false
	}
	return strings.Count(code, code[:1]) == len(code) || strings.HasPrefix(code, "123456789") && len(code) >= 15
}

// plainDocNo tells that a document number is in normal form already.
func plainDocNo(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' || c == '(' || c == ')' || c == '[' || c == ']':
			return false
		case c == 0xEF: // full-width forms
			return false
		case c == 0xE3 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0x80 || s[i+2] == 0x90 || s[i+2] == 0x91):
			return false // full-width space, 【 and 】
		}
	}
	return true
}

// docNo is a document number in normal form; part is what a bracket such as （1/2） at its end says.
func docNo(s string) (number, part string) {
	if !plainDocNo(s) {
		s, part = cutParts(s)
		return present(credit.NormalDocNo(s)), part
	}
	if strings.HasSuffix(s, "〕") {
		s, part = cutParts(s)
	}
	return present(s), part
}

// subjectName is a name in the form in which names are stored and searched.
func subjectName(s string) string { return present(credit.NormalName(s)) }

// maskedName tells that part of a name was hidden.
func maskedName(s string, person bool) bool {
	if strings.IndexByte(s, '*') >= 0 || strings.Contains(s, "＊") || strings.Contains(s, "××") {
		return true
	}
	return person && (strings.Contains(s, "XX") || strings.Contains(s, "某某") || strings.Contains(s, "某") && utf8.RuneCountInString(s) <= 3)
}

// SystemName tells that a name given as an organ's is that of a system, platform or site.
func SystemName(s string) bool {
	s = strings.TrimRight(s, "）")
	for _, end := range [...]string{"系统", "平台", "网站", "数据库", "APP", "小程序", "信用中国"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return strings.HasSuffix(s, "网") && !strings.HasSuffix(s, "电网") && !strings.HasSuffix(s, "管网")
}
