package pdf

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrSyntax is returned for bytes that are not a PDF as this package writes it.
var ErrSyntax = errors.New("not a PDF as it was issued")

// Values of the reader: nil, bool, float64, name, text (a string's bytes), array, dict, ref.
type (
	name  string
	text  []byte
	array []any
	dict  map[name]any
)

// maxNesting bounds arrays and dictionaries inside each other.
const maxNesting = 32

// lexer reads values from bytes; it never reads past them and every value costs input.
type lexer struct {
	in []byte
	at int
}

func blank(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func (l *lexer) skip() {
	for l.at < len(l.in) {
		if c := l.in[l.at]; c == '%' {
			for l.at < len(l.in) && l.in[l.at] != '\n' && l.in[l.at] != '\r' {
				l.at++
			}
		} else if !blank(c) {
			return
		} else {
			l.at++
		}
	}
}

func (l *lexer) peek(n int) byte {
	if l.at+n < len(l.in) {
		return l.in[l.at+n]
	}
	return 0
}

// word reads up to the next blank or delimiter.
func (l *lexer) word() string {
	from := l.at
	for l.at < len(l.in) && !blank(l.in[l.at]) && !delimiter(l.in[l.at]) {
		l.at++
	}
	return string(l.in[from:l.at])
}

// keyword moves past a word that must come next.
func (l *lexer) keyword(want string) error {
	l.skip()
	if got := l.word(); got != want {
		return fmt.Errorf("%w: at byte %d: %.20q instead of %s", ErrSyntax, l.at, got, want)
	}
	return nil
}

func (l *lexer) integer() (int, error) {
	l.skip()
	w := l.word()
	n, err := strconv.Atoi(w)
	if err != nil || n < 0 || len(w) > 10 {
		return 0, fmt.Errorf("%w: at byte %d: %.20q is no whole number", ErrSyntax, l.at, w)
	}
	return n, nil
}

func (l *lexer) value(depth int) (any, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("%w: nested too deep", ErrSyntax)
	}
	l.skip()
	switch c := l.peek(0); {
	case c == '/':
		return l.name()
	case c == '(':
		return l.literal()
	case c == '[':
		return l.array(depth)
	case c == '<' && l.peek(1) == '<':
		return l.dict(depth)
	case c == '<':
		return l.hex()
	default:
		return l.scalar()
	}
}

// scalar reads a number, a reference, true, false or null.
func (l *lexer) scalar() (any, error) {
	w := l.word()
	switch w {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	f, err := strconv.ParseFloat(w, 64)
	if err != nil || len(w) > 24 {
		return nil, fmt.Errorf("%w: at byte %d: %.20q is no value", ErrSyntax, l.at, w)
	}
	back := l.at
	if f >= 0 && f < 1<<23 && f == float64(int(f)) {
		if l.skip(); l.word() == "0" {
			if l.skip(); l.word() == "R" {
				return ref(f), nil
			}
		}
	}
	l.at = back
	return f, nil
}

func (l *lexer) name() (any, error) {
	l.at++
	w := []byte(l.word())
	out := w[:0]
	for i := 0; i < len(w); i++ {
		if w[i] == '#' && i+2 < len(w) {
			if n, err := strconv.ParseUint(string(w[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, w[i])
	}
	return name(out), nil
}

func (l *lexer) array(depth int) (any, error) {
	l.at++
	out := array{}
	for {
		if l.skip(); l.peek(0) == ']' {
			l.at++
			return out, nil
		}
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func (l *lexer) dict(depth int) (any, error) {
	l.at += 2
	out := dict{}
	for {
		if l.skip(); l.peek(0) == '>' && l.peek(1) == '>' {
			l.at += 2
			return out, nil
		}
		if l.peek(0) != '/' {
			return nil, fmt.Errorf("%w: at byte %d: a name is missing", ErrSyntax, l.at)
		}
		k, err := l.name()
		if err != nil {
			return nil, err
		}
		v, err := l.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, twice := out[k.(name)]; twice {
			return nil, fmt.Errorf("%w: %s twice in one dictionary", ErrSyntax, k)
		}
		out[k.(name)] = v
	}
}

func (l *lexer) hex() (any, error) {
	l.at++
	out, half, n := text{}, byte(0), 0
	for ; l.at < len(l.in); l.at++ {
		c := l.in[l.at]
		switch {
		case c == '>':
			l.at++
			if n%2 == 1 {
				out = append(out, half<<4)
			}
			return out, nil
		case blank(c):
			continue
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		default:
			return nil, fmt.Errorf("%w: at byte %d: no hexadecimal digit", ErrSyntax, l.at)
		}
		if n++; n%2 == 0 {
			out = append(out, half<<4|c)
		}
		half = c
	}
	return nil, fmt.Errorf("%w: a string does not end", ErrSyntax)
}

// literal reads a string in parentheses. Escapes beyond \( \) \\ are kept as the character after the backslash: none
// of the strings that are read here has them.
func (l *lexer) literal() (any, error) {
	l.at++
	out, open := text{}, 1
	for ; l.at < len(l.in); l.at++ {
		c := l.in[l.at]
		switch c {
		case '\\':
			if l.at++; l.at < len(l.in) {
				out = append(out, l.in[l.at])
			}
			continue
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.at++
				return out, nil
			}
		}
		out = append(out, c)
	}
	return nil, fmt.Errorf("%w: a string does not end", ErrSyntax)
}
