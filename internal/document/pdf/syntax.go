package pdf

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"xinban/internal/document/sheet"
)

// appendNum writes a length with two decimals, without needless zeros.
func appendNum(b []byte, v float64) []byte {
	n := int64(v*100 + 0.5)
	if v < 0 {
		n = int64(v*100 - 0.5)
	}
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/100, 10)
	if n %= 100; n != 0 {
		b = append(b, '.', byte('0'+n/10))
		if n%10 != 0 {
			b = append(b, byte('0'+n%10))
		}
	}
	return b
}

func appendNums(b []byte, vs ...float64) []byte {
	for _, v := range vs {
		b = append(appendNum(b, v), ' ')
	}
	return b
}

func appendRef(b []byte, r ref) []byte {
	return append(strconv.AppendInt(b, int64(r), 10), " 0 R"...)
}

const hexDigits = "0123456789ABCDEF"

// appendHex writes bytes as a hexadecimal string.
func appendHex(b, v []byte) []byte {
	b = append(b, '<')
	for _, c := range v {
		b = append(b, hexDigits[c>>4], hexDigits[c&15])
	}
	return append(b, '>')
}

// appendUTF16 writes text as a hexadecimal string in UTF-16BE with its mark: no byte of it can end the string.
func appendUTF16(b []byte, s string) []byte {
	b = append(b, "<FEFF"...)
	for _, r := range s {
		b = appendRuneHex(b, r)
	}
	return append(b, '>')
}

func appendRuneHex(b []byte, r rune) []byte {
	if r > 0xFFFF {
		hi, lo := utf16.EncodeRune(r)
		return appendUnit(appendUnit(b, uint16(hi)), uint16(lo))
	}
	if r < 0 || !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	return appendUnit(b, uint16(r))
}

func appendUnit(b []byte, u uint16) []byte {
	return append(b, hexDigits[u>>12], hexDigits[u>>8&15], hexDigits[u>>4&15], hexDigits[u&15])
}

// appendName writes a name; everything but letters and digits is escaped.
func appendName(b []byte, s string) []byte {
	b = append(b, '/')
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' || c == '_' || c == '+' {
			b = append(b, c)
		} else {
			b = append(b, '#', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

// appendColor sets the colour for fills (op "rg") or strokes ("RG").
func appendColor(b []byte, c sheet.Color, op string) []byte {
	for _, v := range [3]sheet.Color{c >> 16 & 255, c >> 8 & 255, c & 255} {
		n := int64(v) * 1000 / 255
		switch n {
		case 0:
			b = append(b, '0', ' ')
		case 1000:
			b = append(b, '1', ' ')
		default:
			b = append(b, '.', byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10), ' ')
		}
	}
	return append(append(b, op...), '\n')
}
