package credit

import "strings"

// NormalText folds full-width Latin letters, digits and the full-width space to half width and trims
// space at both ends. Chinese punctuation stays.
func NormalText(s string) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
			return r - 0xFEE0
		case r == '\u3000', r == '\u00a0':
			return ' '
		case r == '－', r == '／', r == '．':
			return r - 0xFEE0
		case r == '\ufeff', r == '\u200b':
			return -1
		}
		return r
	}, s))
}

// plain tells that s holds none of the bytes with which a folded rune begins.
func plain(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case 0xEF, 0xE3, 0xC2, 0xE2:
			return false
		}
	}
	return true
}

// NormalName is the form in which names are stored, searched and compared: half-width, full-width
// brackets, one kind of dot between the parts of a person's name, no space but a single one between
// Latin words.
func NormalName(s string) string {
	s = NormalText(s)
	if plainName(s) {
		return s
	}
	var b strings.Builder
	var last rune
	space := false
	for _, r := range s {
		switch r {
		case ' ', '\t', '\n', '\r':
			space = true
			continue
		case '(', '〔':
			r = '（'
		case ')', '〕':
			r = '）'
		case '•', '‧', '・', '∙', '⋅':
			r = '·'
		}
		if space && latin(last) && latin(r) {
			b.WriteByte(' ')
		}
		space, last = false, r
		b.WriteRune(r)
	}
	return b.String()
}

func latin(r rune) bool { return r > ' ' && r < 0x80 }

// plainName tells that a name holds nothing that [NormalName] changes.
func plainName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ' || c == '(' || c == ')' || c == 0xE2 || c == 0xE3: // the dots, 〔 〕 ・
			return false
		}
	}
	return true
}

var docNoFold = strings.NewReplacer(" ", "", "\t", "", "\u3000", "",
	"[", "〔", "]", "〕", "(", "〔", ")", "〕", "（", "〔", "）", "〕", "【", "〔", "】", "〕", "［", "〔", "］", "〕")

// NormalDocNo is the form in which document numbers (文书号) are compared: half-width, no space,
// every kind of bracket around the year written 〔〕. 岚环罚[2026] 12号 and 岚环罚（2026）12号 are one number.
func NormalDocNo(s string) string { return docNoFold.Replace(NormalText(s)) }

var codeFold = strings.NewReplacer(" ", "", "-", "", "\t", "")

// NormalCode is the form in which codes are compared: half-width, upper case, no space and no hyphen.
func NormalCode(s string) string {
	return strings.TrimSpace(codeFold.Replace(strings.ToUpper(NormalText(s))))
}
