package credit

import "strings"

// Kinds of code that CheckCode tells apart.
const (
	CodeUSCC       = "uscc"    // 统一社会信用代码
	CodeResidentID = "rid"     // 公民身份号码
	CodeOrg        = "org"     // 组织机构代码
	CodeUnknown    = "unknown" // none of them
)

// CheckCode tells what kind of code people typed, and checks it. Space, full-width characters and
// lower case do not matter. Eighteen digits can be both a social credit code and an identity
// number: the check decides; when both or neither fit, positions 7 to 10 that read as a year of birth
// make it an identity number, so that it is masked rather than shown.
func CheckCode(s string) (kind string, c Check) {
	s = NormalCode(s)
	switch {
	case len(s) == 9:
		return CodeOrg, CheckOrgCode(s)
	case len(s) == 15 && allDigits(s):
		if _, ok := ResidentID18(s); ok {
			return CodeResidentID, Check{Verdict: Valid}
		}
		return CodeUnknown, Check{Invalid, "15位数字，但第7至12位不是出生日期；可能是工商注册号，没有可核对的校验"}
	case len(s) == 18 && allDigits(s[:17]):
		org, person := CheckUSCC(s), CheckResidentID(s)
		if person.Verdict == Valid && (org.Verdict != Valid || bornLike(s)) || org.Verdict != Valid && bornLike(s) {
			return CodeResidentID, person
		}
		return CodeUSCC, org
	case len(s) == 18, len(s) >= 10 && len(s) <= 22 && registrars[s[:2]]:
		return CodeUSCC, CheckUSCC(s)
	}
	return CodeUnknown, Check{Invalid, "不是18位统一社会信用代码、18或15位公民身份号码，也不是9位组织机构代码"}
}

// registrars are the first two characters of social credit codes in use, by which one with a
// character too few or too many is still recognised. Others exist and are not refused.
var registrars = func() map[string]bool {
	m := map[string]bool{}
	for _, pair := range strings.Fields("11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 59 61 62 69 71 72 79 81 89 91 92 93 A1 A9 N1 N2 N3 N9 Y1") {
		m[pair] = true
	}
	return m
}()

func bornLike(s string) bool { return s[6:8] == "19" || s[6:8] == "20" }

func allDigits(s string) bool {
	_, ok := digits(s)
	return ok
}
