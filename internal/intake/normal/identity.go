package normal

import (
	"strings"

	"xinban/internal/credit"
)

// personID returns an identity number in normal form and what is wrong with it, in words that do not
// repeat it. kind is the document's type; none means a resident identity card.
func personID(s, kind string) (number, wrong string) {
	s = present(credit.NormalCode(s))
	if kind != "" && kind != credit.ResidentIDType {
		if !plainCode(s) || len(s) < 4 {
			return s, "应为4位以上的数字和字母"
		}
		return s, ""
	}
	if long, ok := credit.ResidentID18(s); ok {
		return long, ""
	}
	if strings.ContainsAny(s, "*＊") {
		return s, "号码经过遮盖"
	}
	if c := credit.CheckResidentID(s); c.Verdict != credit.Valid {
		return s, c.Reason
	}
	return s, ""
}

// maskIdentities hides resident identity numbers inside a text; except is a code that may look like
// one. ok tells that there were any.
func maskIdentities(s, except string) (masked string, ok bool) {
	from := 0
	var b strings.Builder
	for i := 0; i+17 < len(s); i++ {
		if !digit(s[i]) || i > 0 && word(s[i-1]) {
			continue
		}
		end := i
		for end < len(s) && digit(s[end]) {
			end++
		}
		if end-i == 17 && end < len(s) && (s[end] == 'X' || s[end] == 'x') {
			end++
		}
		if end-i == 18 && (end == len(s) || !word(s[end])) && s[i:end] != except &&
			credit.CheckResidentID(s[i:end]).Verdict == credit.Valid {
			b.WriteString(s[from:i])
			b.WriteString(credit.MaskID(s[i:end]))
			from, ok = end, true
		}
		i = end - 1
	}
	if !ok {
		return s, false
	}
	b.WriteString(s[from:])
	return b.String(), true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func word(c byte) bool { return digit(c) || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }
