package canon

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest.
const MaxDepth = 200

// ErrSyntax is returned for text that is no JSON.
var ErrSyntax = errors.New("not JSON")

// ErrDuplicateName is returned when an object carries one name twice.
var ErrDuplicateName = errors.New("an object carries one name twice")

// ErrTooDeep is returned when nesting goes beyond MaxDepth.
var ErrTooDeep = errors.New("nesting too deep")

// Transform returns the canonical form of one JSON text. It is idempotent.
func Transform(text []byte) ([]byte, error) {
	t := transformer{in: text, out: make([]byte, 0, len(text))}
	err := t.value(0)
	if err == nil {
		if t.skip(); t.at != len(t.in) {
			err = fmt.Errorf("%w: text after the value", ErrSyntax)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("canonical JSON: at byte %d: %w", t.at, err)
	}
	return t.out, nil
}

// IsCanonical reports whether the text already is its own canonical form.
func IsCanonical(text []byte) bool {
	c, err := Transform(text)
	return err == nil && string(c) == string(text)
}

type transformer struct {
	in      []byte
	at      int
	out     []byte
	members []member // a stack: each object owns the top of it while it is open
	scratch []byte
}

// member is one name and where its canonical "name":value lies in the output.
type member struct {
	name     string
	from, to int
}

func (t *transformer) skip() {
	for t.at < len(t.in) {
		switch t.in[t.at] {
		case ' ', '\t', '\n', '\r':
			t.at++
		default:
			return
		}
	}
}

func (t *transformer) next() byte {
	if t.skip(); t.at < len(t.in) {
		return t.in[t.at]
	}
	return 0
}

func (t *transformer) value(depth int) error {
	if depth > MaxDepth {
		return ErrTooDeep
	}
	switch c := t.next(); {
	case c == '{':
		return t.object(depth)
	case c == '[':
		return t.array(depth)
	case c == '"':
		_, err := t.text()
		return err
	case c == '-' || c >= '0' && c <= '9':
		return t.number()
	default:
		return t.word()
	}
}

func (t *transformer) word() error {
	for _, w := range []string{"true", "false", "null"} {
		if len(t.in)-t.at >= len(w) && string(t.in[t.at:t.at+len(w)]) == w {
			t.out, t.at = append(t.out, w...), t.at+len(w)
			return nil
		}
	}
	return fmt.Errorf("%w: a value is missing", ErrSyntax)
}

func (t *transformer) array(depth int) error {
	t.at++
	t.out = append(t.out, '[')
	for first := true; ; first = false {
		c := t.next()
		if c == ']' && first {
			break
		}
		if err := t.value(depth + 1); err != nil {
			return err
		}
		if c = t.next(); c == ']' {
			break
		} else if c != ',' {
			return fmt.Errorf("%w: expected , or ] in an array", ErrSyntax)
		}
		t.at++
		t.out = append(t.out, ',')
	}
	t.at++
	t.out = append(t.out, ']')
	return nil
}

func (t *transformer) object(depth int) error {
	t.at++
	t.out = append(t.out, '{')
	start, base := len(t.out), len(t.members)
	for first := true; ; first = false {
		c := t.next()
		if c == '}' && first {
			break
		}
		if c != '"' {
			return fmt.Errorf("%w: expected a name in an object", ErrSyntax)
		}
		if err := t.member(depth); err != nil {
			return err
		}
		if c = t.next(); c == '}' {
			break
		} else if c != ',' {
			return fmt.Errorf("%w: expected , or } in an object", ErrSyntax)
		}
		t.at++
	}
	t.at++
	if err := t.arrange(start, t.members[base:]); err != nil {
		return err
	}
	t.members = t.members[:base]
	t.out = append(t.out, '}')
	return nil
}

func (t *transformer) member(depth int) error {
	from := len(t.out)
	name, err := t.text()
	if err != nil {
		return err
	}
	if t.next() != ':' {
		return fmt.Errorf("%w: expected : after a name", ErrSyntax)
	}
	t.at++
	t.out = append(t.out, ':')
	if err := t.value(depth + 1); err != nil {
		return err
	}
	t.members = append(t.members, member{name, from, len(t.out)})
	return nil
}

// arrange sorts the members written since start and puts commas between them.
func (t *transformer) arrange(start int, members []member) error {
	slices.SortFunc(members, func(a, b member) int { return compareUTF16(a.name, b.name) })
	t.scratch = append(t.scratch[:0], t.out[start:]...)
	t.out = t.out[:start]
	for i, m := range members {
		if i > 0 {
			if members[i-1].name == m.name {
				return fmt.Errorf("%w: %q", ErrDuplicateName, m.name)
			}
			t.out = append(t.out, ',')
		}
		t.out = append(t.out, t.scratch[m.from-start:m.to-start]...)
	}
	return nil
}

// compareUTF16 orders names by UTF-16 code units (RFC 8785, 3.2.3). It differs from byte order only where a
// character beyond the BMP, written with surrogates from U+D800, meets one of U+E000 to U+FFFF.
func compareUTF16(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) || i > 0 && i < len(b) && !utf8.RuneStart(b[i]) {
		i--
	}
	if i == len(a) || i == len(b) {
		return len(a) - len(b)
	}
	ra, _ := utf8.DecodeRuneInString(a[i:])
	rb, _ := utf8.DecodeRuneInString(b[i:])
	if (ra > 0xFFFF) == (rb > 0xFFFF) {
		return int(ra) - int(rb)
	}
	return int(firstUnit(ra)) - int(firstUnit(rb))
}

func firstUnit(r rune) rune {
	if r > 0xFFFF {
		return 0xD800 + (r-0x10000)>>10
	}
	return r
}
