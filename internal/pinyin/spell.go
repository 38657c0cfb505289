package pinyin

import "strings"

// Spell writes a name in Latin letters, a syllable for each character by its usual reading, such as
// "Lan Gang Shi". What is no Chinese character stays; full-width marks become plain ones.
func Spell(name string) string {
	var b strings.Builder
	for _, r := range name {
		s := Of(r)
		if len(s) == 0 {
			b.WriteString(plainMark(r))
			continue
		}
		if n := b.Len(); n > 0 && b.String()[n-1] != ' ' && b.String()[n-1] != '(' {
			b.WriteByte(' ')
		}
		b.WriteString(capital(strings.ReplaceAll(s[0], "v", "ü")))
	}
	return strings.TrimSpace(b.String())
}

func capital(s string) string {
	if strings.HasPrefix(s, "ü") {
		return "Ü" + s[len("ü"):]
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func plainMark(r rune) string {
	switch r {
	case '（':
		return " ("
	case '）':
		return ")"
	case '、', '，':
		return ","
	case '·':
		return " "
	}
	return string(r)
}
