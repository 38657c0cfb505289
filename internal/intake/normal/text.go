package normal

import (
	"strings"
	"unicode/utf8"

	"xinban/internal/credit"
)

// flags tell what a text holds that needs a second look.
type flags uint8

const (
	hasFold    flags = 1 << iota // full-width digits, letters or spaces
	hasControl                   // control or invisible characters that no text may hold
	hasBreak                     // tabs or line breaks
	hasDamage                    // U+FFFD or bytes that are not UTF-8
	hasDigits                    // a run of digits as long as an identity number
)

// The classes of a byte that begins a character.
const (
	byteText    = iota
	byteHan     // E4-E9: nearly all Chinese characters, three bytes
	byteDigit   // 0-9
	byteControl // below space, and DEL
	byteOther   // begins another character, or none
)

var byteClass = func() (t [256]uint8) {
	for b := range t {
		switch {
		case b < ' ' || b == 0x7F:
			t[b] = byteControl
		case b >= '0' && b <= '9':
			t[b] = byteDigit
		case b < 0x80:
			t[b] = byteText
		case b >= 0xE4 && b <= 0xE9:
			t[b] = byteHan
		default:
			t[b] = byteOther
		}
	}
	return t
}()

// scan looks once at every character of s. Nearly all are Chinese characters of three bytes, the
// Chinese full stop and comma, or digits: those are judged in place.
func scan(s string) (f flags) {
	for i := 0; i < len(s); {
		switch byteClass[s[i]] {
		case byteHan:
			for i+2 < len(s) && byteClass[s[i]] == byteHan {
				if ((s[i+1]^0x80)|(s[i+2]^0x80))&0xC0 != 0 {
					return f | hasDamage
				}
				i += 3
			}
			if i < len(s) && byteClass[s[i]] == byteHan {
				return f | hasDamage
			}
		case byteText:
			i++
		case byteDigit:
			from := i
			for i++; i < len(s) && byteClass[s[i]] == byteDigit; i++ {
			}
			if i-from >= 15 {
				f |= hasDigits
			}
		case byteControl:
			if s[i] == '\t' || s[i] == '\n' || s[i] == '\r' {
				f |= hasBreak
			} else {
				f |= hasControl
			}
			i++
		default:
			if i+2 < len(s) && punctuation(s[i], s[i+1], s[i+2]) {
				i += 3
				continue
			}
			r, n := utf8.DecodeRuneInString(s[i:])
			f |= runeFlags(r)
			i += n
		}
	}
	return f
}

// punctuation tells that three bytes are 、 。 〈 〉 《 》 「 」 〔 〕 or one of ！ （ ） ， ： ； ？.
func punctuation(a, b, c byte) bool {
	if a == 0xE3 {
		return b == 0x80 && c > 0x80 && c <= 0x95
	}
	return a == 0xEF && b == 0xBC && (c == 0x81 || c == 0x88 || c == 0x89 || c == 0x8C || c >= 0x9A && c <= 0x9F)
}

func runeFlags(r rune) flags {
	switch {
	case r == utf8.RuneError:
		return hasDamage
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ', r == '－' || r == '／' || r == '．',
		r == '\u3000' || r == '\u00a0' || r == '\ufeff' || r == '\u200b' || r == '\u202f' || r == '\u205f' || r == '\u1680', r >= 0x2000 && r <= 0x200A:
		return hasFold
	case r >= 0x80 && r < 0xA0, r >= 0x200C && r <= 0x200F, r >= 0x2028 && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
		return hasControl
	}
	return 0
}

// fold trims s and, when the flags ask for it, folds full-width characters. Without that flag s has
// no space but those of ASCII.
func fold(s string, f flags) string {
	if f&hasFold != 0 {
		return credit.NormalText(s)
	}
	for s != "" && s[0] <= ' ' {
		s = s[1:]
	}
	for s != "" && s[len(s)-1] <= ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// oneLine makes spaces of tabs and line breaks.
func oneLine(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s))
}

// absent tells whether s is one of the ways in which people write that there is nothing.
func absent(s string) bool {
	if len(s) > 12 {
		return false
	}
	switch s {
	case "", "-", "--", "---", "—", "——", "———", "–", "―", "一一", "/", "//", "\\", "无", "空", "暂无", "没有", "null", "NULL", "Null", "N/A", "n/a", "NA", "#N/A", "none", "None", "NONE", "nil", "(null)", "NaN", "无数据", "不适用", "*":
		return true
	}
	return false
}

// present is s, or nothing when s says that there is nothing.
func present(s string) string {
	if absent(s) {
		return ""
	}
	return s
}

// unquoteCell takes away the apostrophe with which SafeCell and spreadsheet users keep text from
// being a formula or a number.
func unquoteCell(s string) string {
	if s == "" || s[0] != '\'' {
		return s
	}
	rest := strings.TrimLeft(s, "'")
	if rest == "" {
		return s
	}
	switch c := rest[0]; {
	case c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c >= '0' && c <= '9':
		return rest
	}
	return s
}

// tooLong tells whether s has more than limit characters.
func tooLong(s string, limit int) bool {
	return len(s) > limit && utf8.RuneCountInString(s) > limit
}
