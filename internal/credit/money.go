package credit

import (
	"fmt"
	"strconv"
	"strings"
)

// Fen is an amount of money in fen (分), a hundredth of a yuan.
type Fen int64

// Fen in one yuan and in one wan yuan (万元), the unit of the exchange files.
const (
	Yuan    Fen = 100
	WanYuan Fen = 10000 * Yuan
)

// ParseWanYuan reads an amount in 万元 with up to six decimals, exactly: "0.2" is 200,000 fen.
func ParseWanYuan(s string) (Fen, error) { return parseAmount(s, 6, "万元") }

// ParseYuan reads an amount in yuan with up to two decimals, exactly. Thousands may be set apart by commas.
func ParseYuan(s string) (Fen, error) { return parseAmount(s, 2, "元") }

func parseAmount(s string, decimals int, unit string) (Fen, error) {
	whole, frac, _ := strings.Cut(strings.ReplaceAll(s, ",", ""), ".")
	frac = strings.TrimRight(frac, "0")
	bad := func(why string) (Fen, error) {
		return 0, fmt.Errorf("credit: %q is not an amount in %s: %s", s, unit, why)
	}
	if whole == "" && frac == "" {
		return bad("no digits")
	}
	if len(frac) > decimals {
		return bad(fmt.Sprintf("more than %d decimals", decimals))
	}
	if len(whole) > 12 {
		return bad("too large")
	}
	n, err := strconv.ParseUint("0"+whole+frac+strings.Repeat("0", decimals-len(frac)), 10, 63)
	if err != nil {
		return bad("not a plain decimal number")
	}
	return Fen(n), nil
}

// Yuan is the amount in yuan with two decimals, without separators: "2000.00".
func (f Fen) Yuan() string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	return fmt.Sprintf("%s%d.%02d", sign, f/Yuan, f%Yuan)
}

// Grouped is the amount in yuan with thousands set apart: "1,234,567.80".
func (f Fen) Grouped() string {
	s := f.Yuan()
	whole, frac, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	var b strings.Builder
	if f < 0 {
		b.WriteByte('-')
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String() + "." + frac
}

// WanYuan is the amount in 万元 with up to six decimals and no trailing zeros: "0.2".
func (f Fen) WanYuan() string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	s := fmt.Sprintf("%s%d.%06d", sign, f/WanYuan, f%WanYuan)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
