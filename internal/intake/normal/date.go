package normal

import (
	"strings"
	"time"

	"xinban/internal/credit"
)

// dateState tells what a cell of a date column holds.
type dateState uint8

const (
	dateNone       dateState = iota // nothing
	dateGood                        // a day
	dateForever                     // 长期, or a year from 2099
	dateImpossible                  // the form of a date, but no such day
	dateUnreadable
)

// parseDate reads a date as departments write it: 2022-09-01, 2022/9/1, 2022.9.1, 2022年9月1日,
// 20220901, with or without a time, a spreadsheet's day number, 二〇二二年九月一日. A day of two
// digits for the year or in American order is not guessed.
func parseDate(s string) (credit.Date, dateState) {
	if d, err := credit.ParseDate(s); err == nil {
		return settle(d)
	}
	if absent(s) || s == "0" {
		return 0, dateNone
	}
	if forever(s) {
		return 0, dateForever
	}
	if strings.Contains(s, "年") {
		s = arabicDate(s)
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return settle(credit.DateOf(t))
	}
	y, m, d, ok := splitDate(s)
	if !ok {
		return 0, dateUnreadable
	}
	date, ok := credit.NewDate(y, m, d)
	if !ok {
		return 0, dateImpossible
	}
	return settle(date)
}

func settle(d credit.Date) (credit.Date, dateState) {
	if d.Year() >= 2099 {
		return d, dateForever
	}
	return d, dateGood
}

func forever(s string) bool {
	switch s {
	case "长期", "长期有效", "永久", "永久有效", "无期限", "无固定期限", "长久", "永久性", "长期公示", "不限":
		return true
	}
	return false
}

// splitDate takes year, month and day from the head of s; what follows must be a time of day.
func splitDate(s string) (y, m, d int, ok bool) {
	y, rest, n := leadingNumber(s)
	switch n {
	case 8:
		return y / 10000, y / 100 % 100, y % 100, timeOfDay(rest)
	case 14:
		return y / 10000000000, y / 100000000 % 100, y / 1000000 % 100, rest == ""
	case 5:
		return serial(y, rest)
	case 4:
	default:
		return 0, 0, 0, false
	}
	rest, ok = cutSeparator(rest, "年")
	if !ok {
		return 0, 0, 0, false
	}
	m, rest, n = leadingNumber(rest)
	if n == 0 || n > 2 {
		return 0, 0, 0, false
	}
	rest, ok = cutSeparator(rest, "月")
	if !ok {
		return 0, 0, 0, false
	}
	d, rest, n = leadingNumber(rest)
	if n == 0 || n > 2 {
		return 0, 0, 0, false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(strings.TrimLeft(rest, " "), "日"), "号")
	return y, m, d, timeOfDay(rest)
}

func leadingNumber(s string) (v int, rest string, n int) {
	s = strings.TrimLeft(s, " ")
	for n < len(s) && n < 15 && s[n] >= '0' && s[n] <= '9' {
		v = v*10 + int(s[n]-'0')
		n++
	}
	return v, s[n:], n
}

func cutSeparator(s, chinese string) (string, bool) {
	s = strings.TrimLeft(s, " ")
	for _, sep := range [...]string{"-", "/", ".", chinese, "—", "–", "、"} {
		if rest, ok := strings.CutPrefix(s, sep); ok {
			return rest, true
		}
	}
	return s, false
}

// timeOfDay tells that s is empty or a time of day, which is left out.
func timeOfDay(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" {
		return true
	}
	s = strings.TrimLeft(s, "T ")
	if s == "" || s[0] < '0' || s[0] > '9' {
		return false
	}
	for _, c := range s {
		if !(c >= '0' && c <= '9') && !strings.ContainsRune(":：.时分秒 +Z", c) {
			return false
		}
	}
	return true
}

// serial turns a spreadsheet's day number, counted from 1899-12-30, into a date. Only numbers of
// five digits from 1954 to 2098 are taken.
func serial(days int, rest string) (y, m, d int, ok bool) {
	if frac, cut := strings.CutPrefix(rest, "."); rest != "" && (!cut || strings.Trim(frac, "0123456789") != "") {
		return 0, 0, 0, false
	}
	if days < 20000 || days > 72686 {
		return 0, 0, 0, false
	}
	t := time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC)
	return t.Year(), int(t.Month()), t.Day(), true
}

var arabicDigits = strings.NewReplacer("〇", "0", "○", "0", "零", "0", "Ｏ", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9", "元年", "1年")

// arabicDate writes the Chinese numerals of a date as digits: 二〇二二年十二月三十一日 is 2022年12月31日.
func arabicDate(s string) string {
	if !strings.ContainsAny(s, "〇○零一二三四五六七八九十") {
		return s
	}
	year, rest, _ := strings.Cut(s, "年")
	return arabicDigits.Replace(year) + "年" + arabicDigits.Replace(tens(rest))
}

// tens resolves 十 in months and days.
func tens(s string) string {
	const digits = "一二三四五六七八九"
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		if r != '十' {
			b.WriteRune(r)
			continue
		}
		before := i > 0 && strings.ContainsRune(digits, runes[i-1])
		after := i+1 < len(runes) && strings.ContainsRune(digits, runes[i+1])
		if !before {
			b.WriteByte('1')
		}
		if !after {
			b.WriteByte('0')
		}
	}
	return b.String()
}
