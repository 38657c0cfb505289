package credit

import "strings"

// Verdict is the result of checking a code.
type Verdict uint8

// The verdicts. A well-formed code whose check character does not match is a warning, never a
// rejection: early pilot issues carry such codes.
const (
	Invalid Verdict = iota
	Warn
	Valid
)

// String is "invalid", "warn" or "valid".
func (v Verdict) String() string {
	switch v {
	case Valid:
		return "valid"
	case Warn:
		return "warn"
	}
	return "invalid"
}

// Check is the result of checking a code, with the reason in Chinese when it is not valid.
type Check struct {
	Verdict Verdict
	Reason  string
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// CheckUSCC checks a unified social credit code (统一社会信用代码, GB 32100-2015). It expects upper
// case and no surrounding space; see NormalCode.
func CheckUSCC(s string) Check {
	if len(s) != 18 {
		return Check{Invalid, "统一社会信用代码应为18位"}
	}
	sum := 0
	for i := range 18 {
		v := usccValue[s[i]]
		if v < 0 || i >= 2 && i < 8 && (s[i] < '0' || s[i] > '9') {
			return Check{Invalid, "第" + itoa(i+1) + "位“" + strings.ToValidUTF8(s[i:i+1], "?") + "”不是代码字符（不含I、O、S、V、Z，第3至8位为数字）"}
		}
		if i < 17 {
			sum += int(v) * usccWeights[i]
		}
	}
	if want := usccAlphabet[(31-sum%31)%31]; s[17] != want {
		return Check{Warn, "校验码应为" + string(want) + "，保留并请核对"}
	}
	return Check{Verdict: Valid}
}

var usccValue = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i, c := range usccAlphabet {
		t[c] = int8(i)
	}
	return t
}()

// USCCCheck returns the check character of the first 17 characters of a code; 0 when they are malformed.
func USCCCheck(first17 string) byte {
	if len(first17) != 17 {
		return 0
	}
	sum := 0
	for i := range 17 {
		v := usccValue[first17[i]]
		if v < 0 {
			return 0
		}
		sum += int(v) * usccWeights[i]
	}
	return usccAlphabet[(31-sum%31)%31]
}

var orgWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// CheckOrgCode checks an organisation code (组织机构代码, GB 11714) of nine characters, with or
// without the hyphen before the last.
func CheckOrgCode(s string) Check {
	s = strings.Replace(s, "-", "", 1)
	if len(s) != 9 {
		return Check{Invalid, "组织机构代码应为9位"}
	}
	for i := range 9 {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z') {
			return Check{Invalid, "第" + itoa(i+1) + "位不是数字或大写字母"}
		}
	}
	if want := OrgCodeCheck(s[:8]); s[8] != want {
		return Check{Warn, "校验码应为" + string(want) + "，保留并请核对"}
	}
	return Check{Verdict: Valid}
}

// OrgCodeCheck returns the check character of the first eight characters of an organisation code.
func OrgCodeCheck(first8 string) byte {
	sum := 0
	for i := range 8 {
		c := int(first8[i])
		if c >= 'A' {
			c -= 'A' - 10
		} else {
			c -= '0'
		}
		sum += c * orgWeights[i]
	}
	switch c := 11 - sum%11; c {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + c)
	}
}

var ridWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// CheckResidentID checks a resident identity number (公民身份号码, GB 11643) of 18 characters.
// A lower-case x counts as X. A wrong check character is invalid: such a number was never issued.
func CheckResidentID(s string) Check {
	if len(s) != 18 {
		return Check{Invalid, "公民身份号码应为18位"}
	}
	sum := 0
	for i := range 17 {
		if s[i] < '0' || s[i] > '9' {
			return Check{Invalid, "前17位应为数字"}
		}
		sum += int(s[i]-'0') * ridWeights[i]
	}
	y, _ := digits(s[6:10])
	m, _ := digits(s[10:12])
	d, _ := digits(s[12:14])
	if _, ok := NewDate(y, m, d); !ok || y < 1800 {
		return Check{Invalid, "第7至14位不是真实的出生日期"}
	}
	last := s[17]
	if last == 'x' {
		last = 'X'
	}
	if last != "10X98765432"[sum%11] {
		return Check{Invalid, "校验码不符"}
	}
	return Check{Verdict: Valid}
}

// ResidentID18 turns a 15-digit identity number (第一代) into its 18-character form; ok is false
// when s is not such a number.
func ResidentID18(s string) (string, bool) {
	if len(s) != 15 {
		return "", false
	}
	long := s[:6] + "19" + s[6:]
	sum := 0
	for i := range 17 {
		if long[i] < '0' || long[i] > '9' {
			return "", false
		}
		sum += int(long[i]-'0') * ridWeights[i]
	}
	long += string("10X98765432"[sum%11])
	return long, CheckResidentID(long).Verdict == Valid
}

// MaskID hides all but the first three and last two characters of an identity number, for showing to people.
func MaskID(s string) string {
	if len(s) < 8 {
		return strings.Repeat("*", len(s))
	}
	return s[:3] + strings.Repeat("*", len(s)-5) + s[len(s)-2:]
}

func itoa(n int) string {
	if n >= 10 {
		return string([]byte{byte('0' + n/10), byte('0' + n%10)})
	}
	return string([]byte{byte('0' + n)})
}
