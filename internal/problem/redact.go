package problem

import (
	"strings"
	"unicode/utf8"
)

// Redact masks every resident identity number in s (18 characters, or 15 of the first generation):
// the first three and last two characters stay. It is for logs, where masking one number too many does
// no harm, so a run of digits that merely looks like one is masked as well; full-width digits count.
func Redact(s string) string {
	var b strings.Builder
	kept := 0 // everything before it is in b
	for i := 0; i < len(s); {
		d, size := digit(s[i:])
		if d < 0 {
			i += size
			continue
		}
		end, n := i, [19]byte{}
		count := 0
		for end < len(s) {
			d, size := digit(s[end:])
			if d < 0 {
				break
			}
			if count < len(n) {
				n[count] = byte(d)
			}
			count++
			end += size
		}
		if count == 17 && end < len(s) && (s[end] == 'X' || s[end] == 'x') {
			n[17], count, end = 10, 18, end+1
		}
		if identity(n[:], count) {
			b.WriteString(s[kept:i])
			b.WriteString(mask(s[i:end]))
			kept = end
		}
		i = end
	}
	if kept == 0 {
		return s
	}
	b.WriteString(s[kept:])
	return b.String()
}

// HasIdentityNumber tells whether s holds something that looks like a resident identity number.
func HasIdentityNumber(s string) bool { return Redact(s) != s }

// digit returns the value of the ASCII or full-width digit at the start of s, or -1, and its bytes.
func digit(s string) (value, size int) {
	if s[0] < utf8.RuneSelf {
		if s[0] >= '0' && s[0] <= '9' {
			return int(s[0] - '0'), 1
		}
		return -1, 1
	}
	r, size := utf8.DecodeRuneInString(s)
	if r >= '０' && r <= '９' {
		return int(r - '０'), size
	}
	return -1, size
}

// identity tells whether the digits could be an identity number: its birthday must be one.
func identity(n []byte, count int) bool {
	var month, day int
	switch count {
	case 18:
		if c := n[6]*10 + n[7]; c != 18 && c != 19 && c != 20 {
			return false
		}
		month, day = int(n[10])*10+int(n[11]), int(n[12])*10+int(n[13])
	case 15:
		month, day = int(n[8])*10+int(n[9]), int(n[10])*10+int(n[11])
	default:
		return false
	}
	return month >= 1 && month <= 12 && day >= 1 && day <= 31
}

func mask(s string) string {
	r := []rune(s)
	for i := 3; i < len(r)-2; i++ {
		r[i] = '*'
	}
	return string(r)
}
