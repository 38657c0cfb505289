package credit

import "strings"

// Key identifies a subject (信用主体) in every table. For an organisation it is the code first seen;
// without one, a legacy number with the prefix of its scheme; for a natural person it is "p:" and
// random text, so that nothing in it tells who the person is.
type Key string

// Scheme is the scheme of a legacy number, used as the prefix of a key.
type Scheme string

// The schemes of legacy numbers.
const (
	SchemeOrgCode      Scheme = "org" // 组织机构代码
	SchemeRegistration Scheme = "reg" // 工商注册号
	SchemeTax          Scheme = "tax" // 税务登记号
	SchemeInstitution  Scheme = "ins" // 事业单位证书号
	SchemeSociety      Scheme = "soc" // 社会组织登记证号
	SchemePerson       Scheme = "p"   // 自然人
)

// Chinese is what numbers of the scheme are called; the empty scheme is the unified social credit code.
func (s Scheme) Chinese() string {
	switch s {
	case "":
		return "统一社会信用代码"
	case SchemeOrgCode:
		return "组织机构代码"
	case SchemeRegistration:
		return "工商注册号"
	case SchemeTax:
		return "税务登记号"
	case SchemeInstitution:
		return "事业单位证书号"
	case SchemeSociety:
		return "社会组织登记证号"
	case SchemePerson:
		return "自然人"
	}
	return "登记编号"
}

// OrgKey returns the key of an organisation with a unified social credit code in normal form.
func OrgKey(uscc string) Key { return Key(uscc) }

// LegacyKey returns the key of an organisation known only by a legacy number in normal form.
func LegacyKey(scheme Scheme, number string) Key { return Key(string(scheme) + ":" + number) }

// Scheme is the scheme of the key, empty when the key is a unified social credit code.
func (k Key) Scheme() Scheme {
	if s, _, ok := strings.Cut(string(k), ":"); ok {
		return Scheme(s)
	}
	return ""
}

// Person tells whether the key is a natural person's.
func (k Key) Person() bool { return strings.HasPrefix(string(k), "p:") }

// Code is the part of the key that people know: the code or the number. For a person it is empty.
func (k Key) Code() string {
	if k.Person() {
		return ""
	}
	if _, n, ok := strings.Cut(string(k), ":"); ok {
		return n
	}
	return string(k)
}

// SubjectClass is the class of the counterparty (行政相对人类别).
type SubjectClass uint8

// The classes.
const (
	ClassUnknown     SubjectClass = 0
	Organisation     SubjectClass = 1 // 法人及非法人组织
	NaturalPerson    SubjectClass = 2 // 自然人
	IndividualTrader SubjectClass = 3 // 个体工商户
)

// Chinese is the exchange name of the class.
func (c SubjectClass) Chinese() string {
	switch c {
	case Organisation:
		return "法人及非法人组织"
	case NaturalPerson:
		return "自然人"
	case IndividualTrader:
		return "个体工商户"
	}
	return ""
}
