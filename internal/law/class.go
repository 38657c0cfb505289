package law

import (
	"fmt"
	"strings"
)

// Class is the class of untrustworthy information (失信信息分类). The zero value is unknown: the facts
// do not say, or the matter is of a kind that has no class.
type Class uint8

// The classes, lightest first.
const (
	ClassUnknown Class = 0
	Minor        Class = 1 // 轻微
	General      Class = 2 // 一般
	Serious      Class = 3 // 严重
)

var classNames = [...][2]string{{"unknown", "未分类"}, {"minor", "轻微"}, {"general", "一般"}, {"serious", "严重"}}

// String is "unknown", "minor", "general" or "serious".
func (c Class) String() string { return classNames[c&3][0] }

// Chinese is 未分类, 轻微, 一般 or 严重.
func (c Class) Chinese() string { return classNames[c&3][1] }

// MarshalText writes the identifier.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes and nothing else.
func (c *Class) UnmarshalText(b []byte) error {
	for i, n := range classNames {
		if n[0] == string(b) {
			*c = Class(i)
			return nil
		}
	}
	return fmt.Errorf("“%s”不是类别，应写minor（轻微）、general（一般）、serious（严重）或者unknown（未分类）", b)
}

// Findings are what the facts of a matter leave open or contradict. They never block; they are shown
// to the organ that can mend them.
type Findings uint16

// The findings.
const (
	ProcedureMissing Findings = 1 << iota // procedure not stated: treated as ordinary
	KindMissing                           // penalty without a kind
	AmountMissing                         // amount not stated, and the class depends on it
	DateMissing                           // date of the decision not stated
	SimpleTooHigh                         // simple procedure, fine above 行政处罚法 art. 51
	ClaimDiffers                          // the source states another class
	AssumedThreshold                      // class by an amount threshold that no authority has set
	ListUnknown                           // list not in the table of lists
	DomainMissing                         // domain not assigned
)

var findingNames = [...][2]string{
	{"procedure_missing", "未注明程序，按普通程序处理"},
	{"kind_missing", "未注明处罚种类"},
	{"amount_missing", "未注明金额，无法按金额分类"},
	{"date_missing", "未注明决定日期，无法计算公示期"},
	{"simple_too_high", "注明简易程序但罚款超过当场处罚限额"},
	{"claim_differs", "来源所称类别与规则计算不一致"},
	{"assumed_threshold", "金额界限为系统设定，行业主管部门标准未载入"},
	{"list_unknown", "名单类型不在名单目录内"},
	{"domain_missing", "未能确定所属领域"},
}

// Has tells whether f is among the findings.
func (s Findings) Has(f Findings) bool { return s&f != 0 }

// Codes are the identifiers of the findings.
func (s Findings) Codes() []string { return s.names(0) }

// Chinese is the findings in words, joined by ；.
func (s Findings) Chinese() string { return strings.Join(s.names(1), "；") }

func (s Findings) names(column int) []string {
	var l []string
	for i, n := range findingNames {
		if s&(1<<i) != 0 {
			l = append(l, n[column])
		}
	}
	return l
}
