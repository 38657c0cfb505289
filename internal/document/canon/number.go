package canon

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrNumber is returned for a number that a binary64 cannot carry: out of range, or a whole number beyond 2^53 whose
// digits would change.
var ErrNumber = errors.New("number cannot be kept exactly")

func (t *transformer) number() error {
	from := t.at
	whole, ok := t.scanNumber()
	if !ok {
		return fmt.Errorf("%w: malformed number", ErrSyntax)
	}
	lit := t.in[from:t.at]
	if whole && len(lit) <= 15 && !(len(lit) == 2 && lit[0] == '-' && lit[1] == '0') {
		t.out = append(t.out, lit...) // up to 15 digits are exact and already as ECMAScript writes them
		return nil
	}
	f, err := strconv.ParseFloat(string(lit), 64)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrNumber, lit)
	}
	start := len(t.out)
	t.out = appendNumber(t.out, f)
	if whole && f != 0 && string(t.out[start:]) != string(lit) {
		return fmt.Errorf("%w: %s would be read as %s; write it as a string", ErrNumber, lit, t.out[start:])
	}
	return nil
}

// scanNumber moves past the number at t.at; whole says that it has neither fraction nor exponent.
func (t *transformer) scanNumber() (whole, ok bool) {
	if t.in[t.at] == '-' {
		t.at++
	}
	if t.at < len(t.in) && t.in[t.at] == '0' {
		t.at++
	} else if !t.digits() {
		return false, false
	}
	whole = true
	if t.at < len(t.in) && t.in[t.at] == '.' {
		whole = false
		if t.at++; !t.digits() {
			return false, false
		}
	}
	if t.at < len(t.in) && (t.in[t.at] == 'e' || t.in[t.at] == 'E') {
		whole = false
		t.at++
		if t.at < len(t.in) && (t.in[t.at] == '+' || t.in[t.at] == '-') {
			t.at++
		}
		if !t.digits() {
			return false, false
		}
	}
	return whole, true
}

func (t *transformer) digits() bool {
	from := t.at
	for t.at < len(t.in) && t.in[t.at] >= '0' && t.in[t.at] <= '9' {
		t.at++
	}
	return t.at > from
}

// appendNumber writes f as ECMAScript's Number::toString does (RFC 8785, 3.2.2.3).
func appendNumber(out []byte, f float64) []byte {
	if f == 0 {
		return append(out, '0') // minus zero too
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(out, f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	out = append(append(out, mantissa...), 'e', exp[0])
	return append(out, strings.TrimLeft(exp[1:], "0")...)
}
