package credit

import "fmt"

// Kind is what a matter is.
type Kind uint8

// The kinds. Their numbers are stored: never reuse or renumber one.
const (
	Licence           Kind = 1  // 行政许可
	Penalty           Kind = 2  // 行政处罚
	Coercion          Kind = 3  // 行政强制
	CriminalJudgment  Kind = 4  // 单位犯罪判决, own access class, never public
	SeriousList       Kind = 5  // 严重失信主体名单
	JudgmentDefaulter Kind = 6  // 失信被执行人
	AbnormalList      Kind = 7  // 经营（活动）异常名录（状态）
	RedList           Kind = 8  // 守信激励名单、荣誉
	Registration      Kind = 9  // 登记注册基础信息
	Commitment        Kind = 10 // 信用承诺及履行
	Catalogue         Kind = 11 // 目录内其他信息
)

type kindName struct{ id, chinese string }

var kindNames = [...]kindName{
	Licence:           {"licence", "行政许可"},
	Penalty:           {"penalty", "行政处罚"},
	Coercion:          {"coercion", "行政强制"},
	CriminalJudgment:  {"criminal_judgment", "单位犯罪判决"},
	SeriousList:       {"serious_list", "严重失信主体名单"},
	JudgmentDefaulter: {"judgment_defaulter", "失信被执行人"},
	AbnormalList:      {"abnormal_list", "经营异常名录"},
	RedList:           {"red_list", "守信激励名单与荣誉"},
	Registration:      {"registration", "登记注册信息"},
	Commitment:        {"commitment", "信用承诺"},
	Catalogue:         {"catalogue", "目录内其他信息"},
}

// Kinds lists every kind in the order of its number.
func Kinds() []Kind {
	all := make([]Kind, 0, len(kindNames)-1)
	for k := Licence; int(k) < len(kindNames); k++ {
		all = append(all, k)
	}
	return all
}

// ParseKind reads the identifier of a kind, such as "penalty".
func ParseKind(s string) (Kind, error) {
	for _, k := range Kinds() {
		if kindNames[k].id == s {
			return k, nil
		}
	}
	return 0, fmt.Errorf("credit: there is no kind of matter %q", s)
}

// String is the identifier of the kind, such as "penalty".
func (k Kind) String() string {
	if int(k) < len(kindNames) && k != 0 {
		return kindNames[k].id
	}
	return fmt.Sprintf("kind_%d", uint8(k))
}

// Chinese is the name of the kind, such as 行政处罚.
func (k Kind) Chinese() string {
	if int(k) < len(kindNames) {
		return kindNames[k].chinese
	}
	return ""
}

// Listing tells whether the kind is an entry on a list, which begins with 列入 and may end with 移出.
func (k Kind) Listing() bool {
	return k == SeriousList || k == JudgmentDefaulter || k == AbnormalList || k == RedList
}

// Adverse tells whether the kind can be a violation record under any rule set.
func (k Kind) Adverse() bool {
	switch k {
	case Penalty, Coercion, CriminalJudgment, SeriousList, JudgmentDefaulter, AbnormalList, Catalogue:
		return true
	}
	return false
}

// MarshalText writes the identifier.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the identifier.
func (k *Kind) UnmarshalText(b []byte) error {
	v, err := ParseKind(string(b))
	*k = v
	return err
}
