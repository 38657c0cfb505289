package normal

import (
	"strings"
	"unicode/utf8"

	"xinban/internal/credit"
)

// stated is the amounts of money that a text names after a word, such as 罚款.
type stated struct {
	list  [8]credit.Fen
	n     int
	total credit.Fen
}

// has tells whether f is one of the amounts or their sum.
func (s *stated) has(f credit.Fen) bool {
	for _, a := range s.list[:s.n] {
		if a == f {
			return true
		}
	}
	return s.n > 0 && s.total == f
}

// finesIn reads the fines that a text states, after the word 罚款 or directly before it: 罚款贰仟元整,
// 处以2000元罚款, 处2000元整的罚款.
func finesIn(text string) stated { return amountsAt(text, "罚款", true) }

// amountsAfter reads the amounts that follow word within a short distance: 罚款人民币2000元,
// 罚款贰仟元整, 罚款0.2万元, 罚款人民币贰仟元整（¥2,000.00）. The same amount in capitals and in
// digits counts once.
func amountsAfter(text, word string) stated { return amountsAt(text, word, false) }

func amountsAt(text, word string, before bool) (s stated) {
	for s.n < len(s.list) {
		i := strings.Index(text, word)
		if i < 0 {
			return s
		}
		front := text[:i]
		text = text[i+len(word):]
		f, used := firstAmount(text)
		if used == 0 {
			ok := false
			if f, ok = amountBefore(front); !before || !ok {
				continue
			}
		}
		s.list[s.n] = f
		s.n++
		s.total += f
		text = text[used:]
	}
	return s
}

// firstAmount reads an amount that begins within the next few characters, and tells how many bytes
// it and what stands before it take; 0 when there is none. What is named next, such as 没收 after
// 罚款, has the amounts behind it.
func firstAmount(text string) (credit.Fen, int) {
	i := 0
	for range 12 {
		if i >= len(text) {
			return 0, 0
		}
		if f, used := amountHere(text[i:]); used > 0 {
			return f, i + used
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if strings.ContainsRune("，。；;\n、没", r) || strings.HasPrefix(text[i:], "罚款") || r >= '0' && r <= '9' {
			return 0, 0
		}
		i += n
	}
	return 0, 0
}

// amountBefore reads the amount at the end of text, with nothing behind it but 整, 的, 人民币 and the
// same in digits and brackets. The bounds of a law, 5000元以下罚款, are none.
func amountBefore(text string) (f credit.Fen, ok bool) {
	if i := strings.LastIndexAny(text, "，。；;\n、"); i >= 0 {
		_, n := utf8.DecodeRuneInString(text[i:])
		text = text[i+n:]
	}
	end := 0
	for i := 0; i < len(text); {
		a, used := amountHere(text[i:])
		if used == 0 {
			_, used = utf8.DecodeRuneInString(text[i:])
		} else {
			f, ok, end = a, true, i+used
		}
		i += used
	}
	return f, ok && strings.Trim(text[end:], "整正的人民币行政（）()¥￥0123456789., ") == ""
}

// amountHere reads an amount in yuan at the head of text; used is 0 when there is none. An amount
// without its unit 元 is none.
func amountHere(text string) (f credit.Fen, used int) {
	r, _ := utf8.DecodeRuneInString(text)
	if r >= '0' && r <= '9' {
		return digitAmount(text)
	}
	if _, kind := numeral(r); kind != notNumeral {
		return capitalAmount(text)
	}
	return 0, 0
}

// digitAmount reads 2000元, 2,000.00元, 0.2万元, 3千元, 1.5亿元.
func digitAmount(text string) (credit.Fen, int) {
	i := 0
	for i < len(text) && (text[i] >= '0' && text[i] <= '9' || text[i] == ',' || text[i] == '.') {
		i++
	}
	number, times := text[:i], int64(1)
	for {
		r, n := utf8.DecodeRuneInString(text[i:])
		v, kind := numeral(r)
		if kind != numeralUnit {
			break
		}
		if times *= v; times > 1e12 {
			return 0, 0
		}
		i += n
	}
	n := yuanSign(text[i:])
	if n == 0 || !plainNumber(number) {
		return 0, 0
	}
	fen, ok := scaled(number, times)
	if !ok {
		return 0, 0
	}
	return fen, i + n
}

// scaled is a decimal number of yuan times a factor, exactly; ok is false when it has parts of a fen.
func scaled(number string, times int64) (credit.Fen, bool) {
	whole, frac, _ := strings.Cut(number, ".")
	frac = strings.TrimRight(frac, "0")
	var v, unit int64 = 0, times * int64(credit.Yuan)
	for i := range len(whole) {
		if whole[i] == ',' {
			continue
		}
		if v = v*10 + int64(whole[i]-'0'); v > 1e13 {
			return 0, false
		}
	}
	if v != 0 && unit > 9e18/v {
		return 0, false
	}
	v *= unit
	for i := range len(frac) {
		if unit%10 != 0 {
			return 0, false
		}
		unit /= 10
		v += int64(frac[i]-'0') * unit
	}
	return credit.Fen(v), v >= 0
}

func yuanSign(s string) int {
	for _, u := range [...]string{"元", "圆", "块"} {
		if strings.HasPrefix(s, u) {
			return len(u)
		}
	}
	return 0
}

// What a Chinese numeral is.
const (
	notNumeral = iota
	numeralDigit
	numeralUnit // 十 百 千 万 亿
)

func numeral(r rune) (int64, int) {
	switch r {
	case '零', '〇', '○':
		return 0, numeralDigit
	case '一', '壹', '壱':
		return 1, numeralDigit
	case '二', '贰', '貳', '两', '弍':
		return 2, numeralDigit
	case '三', '叁', '參', '叄':
		return 3, numeralDigit
	case '四', '肆':
		return 4, numeralDigit
	case '五', '伍':
		return 5, numeralDigit
	case '六', '陆', '陸':
		return 6, numeralDigit
	case '七', '柒':
		return 7, numeralDigit
	case '八', '捌':
		return 8, numeralDigit
	case '九', '玖':
		return 9, numeralDigit
	case '十', '拾':
		return 10, numeralUnit
	case '百', '佰':
		return 100, numeralUnit
	case '千', '仟':
		return 1000, numeralUnit
	case '万', '萬':
		return 10000, numeralUnit
	case '亿', '億':
		return 100000000, numeralUnit
	}
	return 0, notNumeral
}

// capitalAmount reads 贰仟元整, 壹万贰仟叁佰肆拾伍元陆角柒分, 二千元.
func capitalAmount(text string) (credit.Fen, int) {
	v, i := chineseNumber(text)
	n := yuanSign(text[i:])
	if i == 0 || n == 0 || v < 0 {
		return 0, 0
	}
	i += n
	f := credit.Fen(v) * credit.Yuan
	for _, part := range [...]struct {
		sign string
		fen  int64
	}{{"角", 10}, {"分", 1}} {
		rest := strings.TrimPrefix(text[i:], "零")
		r, n := utf8.DecodeRuneInString(rest)
		d, kind := numeral(r)
		if kind == numeralDigit && strings.HasPrefix(rest[n:], part.sign) {
			f += credit.Fen(d * part.fen)
			i = len(text) - len(rest) + n + len(part.sign)
		}
	}
	return f, i
}

// chineseNumber reads a whole number in Chinese numerals; v is -1 when it is beyond reason.
func chineseNumber(text string) (v int64, used int) {
	var total, section, digit int64
	big := 0 // 万 and 亿 so far: 一万二千亿零三万 has three
	for used < len(text) {
		r, n := utf8.DecodeRuneInString(text[used:])
		d, kind := numeral(r)
		if kind == notNumeral {
			break
		}
		used += n
		switch {
		case kind == numeralDigit:
			digit = d
		case d >= 10000:
			if big++; big > 3 {
				return -1, used
			}
			if section += digit; section == 0 {
				section = max(total, 1)
				total = 0
			}
			total, section, digit = total+section*d, 0, 0
		default:
			section, digit = section+max(digit, 1)*d, 0
		}
		if total > 1e13 || section > 1e13 {
			return -1, used
		}
	}
	return total + section + digit, used
}
