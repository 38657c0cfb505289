package demo

import (
	"fmt"
	"strconv"

	"xinban/internal/credit"
)

var (
	stems    = []rune("甲乙丙丁戊己庚辛壬癸")
	branches = []rune("子丑寅卯辰巳午未申酉戌亥")
)

// persons is how many different names of people there are.
const persons = 60 * 90

// personName is one of 演示甲子 to 演示癸亥, then the same with a number: nobody bears such a name.
func personName(i int) string {
	i %= persons
	name := "演示" + string(stems[i%60%10]) + string(branches[i%60%12])
	if i >= 60 {
		name += chineseNumber(i / 60)
	}
	return name
}

func allPersonNames() [][]byte {
	all := make([][]byte, persons)
	for i := range all {
		all[i] = []byte(personName(i))
	}
	return all
}

// chineseNumber writes 1 to 99 in Chinese numerals.
func chineseNumber(n int) string {
	digit := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digit[n])
	case n < 20:
		return "十" + numeralTail(digit, n%10)
	default:
		return string(digit[n/10]) + "十" + numeralTail(digit, n%10)
	}
}

func numeralTail(digit []rune, n int) string {
	if n == 0 {
		return ""
	}
	return string(digit[n])
}

// personID returns an identity number of the area 000000, which was never given to any place, with a
// real day of birth and a right check character.
func personID(i int) string {
	born := credit.Date(19600101).AddDays(i * 7 % 14600)
	first17 := fmt.Sprintf("000000%04d%02d%02d%03d", born.Year(), born.Month(), born.Day(), i%1000)
	return first17 + ridCheck(first17)
}

// oldPersonID is the same number in its 15-digit form (第一代); it exists for births before 2000.
func oldPersonID(id string) string { return id[:6] + id[8:17] }

func ridCheck(first17 string) string {
	for c := range 11 {
		last := strconv.Itoa(c)
		if c == 10 {
			last = "X"
		}
		if credit.CheckResidentID(first17+last).Verdict == credit.Valid {
			return last
		}
	}
	return ""
}
