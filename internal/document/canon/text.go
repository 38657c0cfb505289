package canon

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// text copies the string at t.at in canonical form and returns what it says.
func (t *transformer) text() (string, error) {
	t.at++
	from := t.at
	for t.at < len(t.in) && t.in[t.at] != '"' && t.in[t.at] != '\\' && t.in[t.at] >= ' ' {
		t.at++
	}
	if t.at < len(t.in) && t.in[t.at] == '"' { // the common case: nothing to unescape
		s := t.in[from:t.at]
		t.at++
		if !utf8.Valid(s) {
			return "", ErrInvalidText
		}
		t.out = append(append(append(t.out, '"'), s...), '"')
		return string(s), nil
	}
	said, err := t.unescape(append([]byte(nil), t.in[from:t.at]...))
	if err != nil {
		return "", err
	}
	if !utf8.Valid(said) {
		return "", ErrInvalidText
	}
	t.out = appendString(t.out, said)
	return string(said), nil
}

// unescape reads on from t.at to the closing quote and returns head with what it read.
func (t *transformer) unescape(head []byte) ([]byte, error) {
	for t.at < len(t.in) {
		c := t.in[t.at]
		t.at++
		switch {
		case c == '"':
			return head, nil
		case c < ' ':
			return nil, fmt.Errorf("%w: a control character in a string", ErrSyntax)
		case c != '\\':
			head = append(head, c)
		default:
			r, err := t.escape()
			if err != nil {
				return nil, err
			}
			head = utf8.AppendRune(head, r)
		}
	}
	return nil, fmt.Errorf("%w: a string does not end", ErrSyntax)
}

func (t *transformer) escape() (rune, error) {
	if t.at >= len(t.in) {
		return 0, fmt.Errorf("%w: a string does not end", ErrSyntax)
	}
	c := t.in[t.at]
	t.at++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return t.codePoint()
	}
	return 0, fmt.Errorf("%w: unknown escape \\%c", ErrSyntax, c)
}

func (t *transformer) codePoint() (rune, error) {
	r, ok := t.hex4()
	if !ok {
		return 0, fmt.Errorf("%w: \\u without four hexadecimal digits", ErrSyntax)
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	if t.at+1 < len(t.in) && t.in[t.at] == '\\' && t.in[t.at+1] == 'u' {
		t.at += 2
		if low, ok := t.hex4(); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, nil
			}
		}
	}
	return 0, fmt.Errorf("%w: a lone surrogate", ErrInvalidText)
}

func (t *transformer) hex4() (rune, bool) {
	if len(t.in)-t.at < 4 {
		return 0, false
	}
	var r rune
	for _, c := range t.in[t.at : t.at+4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	t.at += 4
	return r, true
}

// appendString writes s with the escapes of RFC 8785, 3.2.2.2 and no others.
func appendString(out, s []byte) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c >= ' ':
			out = append(out, c)
		case c == '\b':
			out = append(out, '\\', 'b')
		case c == '\t':
			out = append(out, '\\', 't')
		case c == '\n':
			out = append(out, '\\', 'n')
		case c == '\f':
			out = append(out, '\\', 'f')
		case c == '\r':
			out = append(out, '\\', 'r')
		default:
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(out, '"')
}
