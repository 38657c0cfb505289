package normal

import (
	"strings"

	"xinban/internal/credit"
)

// amountState tells what a cell of an amount column holds.
type amountState uint8

const (
	amountNone amountState = iota
	amountGood
	amountUnit // a unit stood in the cell and decided
	amountNegative
	amountPrecision
	amountUnreadable
)

// parseAmount reads an amount in 万元, or in yuan when the heading says so. A unit in the cell decides
// over the heading and is returned.
func parseAmount(s string, yuan bool) (f credit.Fen, unit string, state amountState) {
	if absent(s) {
		return 0, "", amountNone
	}
	s = strings.TrimLeft(s, "￥¥ ")
	s = strings.TrimPrefix(s, "人民币")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "，", ","), " ", "")
	for _, u := range [...]string{"万元", "元整", "元", "万"} {
		if rest, ok := strings.CutSuffix(s, u); ok {
			s, unit = rest, strings.TrimSuffix(u, "整")
			yuan = unit == "元"
			break
		}
	}
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		if plainNumber(rest) && strings.Trim(rest, "0.") != "" {
			return 0, unit, amountNegative
		}
		return 0, unit, amountUnreadable
	}
	if !plainNumber(s) {
		return 0, unit, amountUnreadable
	}
	decimals := 6
	parse := credit.ParseWanYuan
	if yuan {
		decimals, parse = 2, credit.ParseYuan
	}
	if _, frac, ok := strings.Cut(s, "."); ok && len(strings.TrimRight(frac, "0")) > decimals {
		return 0, unit, amountPrecision
	}
	f, err := parse(s)
	if err != nil {
		return 0, unit, amountUnreadable
	}
	if unit != "" {
		return f, unit, amountUnit
	}
	return f, "", amountGood
}

// plainNumber tells that s is digits with at most one point and, if any, commas before each third
// digit of the whole part.
func plainNumber(s string) bool {
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" && frac == "" || strings.Trim(frac, "0123456789") != "" {
		return false
	}
	if strings.IndexByte(whole, ',') < 0 {
		return strings.Trim(whole, "0123456789") == ""
	}
	for i, group := range strings.Split(whole, ",") {
		if strings.Trim(group, "0123456789") != "" || i > 0 && len(group) != 3 || i == 0 && (group == "" || len(group) > 3) {
			return false
		}
	}
	return true
}
