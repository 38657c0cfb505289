package credit

import (
	"fmt"
	"strings"
)

// PenaltyKind is a kind of administrative penalty (行政处罚种类), numbered as the live code list 01-14.
type PenaltyKind uint8

// The kinds of 行政处罚法 art. 9, with the numbers of the exchange code list.
const (
	Warning            PenaltyKind = 1  // 警告
	Fine               PenaltyKind = 2  // 罚款
	ConfiscateGains    PenaltyKind = 3  // 没收违法所得
	SuspendProduction  PenaltyKind = 4  // 责令停产停业
	RevokeLicence      PenaltyKind = 5  // 吊销许可证件
	Detention          PenaltyKind = 6  // 行政拘留
	OtherPenalty       PenaltyKind = 7  // 其他
	PublicCriticism    PenaltyKind = 8  // 通报批评
	ConfiscateProperty PenaltyKind = 9  // 没收非法财物
	LowerQualification PenaltyKind = 10 // 降低资质等级
	SuspendLicence     PenaltyKind = 11 // 暂扣许可证件
	RestrictBusiness   PenaltyKind = 12 // 限制开展生产经营活动
	RestrictEmployment PenaltyKind = 13 // 限制从业
	OrderClosure       PenaltyKind = 14 // 责令关闭
)

var penaltyNames = [...]kindName{
	Warning:            {"warning", "警告"},
	Fine:               {"fine", "罚款"},
	ConfiscateGains:    {"confiscate_gains", "没收违法所得"},
	SuspendProduction:  {"suspend_production", "责令停产停业"},
	RevokeLicence:      {"revoke_licence", "吊销许可证件"},
	Detention:          {"detention", "行政拘留"},
	OtherPenalty:       {"other", "其他"},
	PublicCriticism:    {"public_criticism", "通报批评"},
	ConfiscateProperty: {"confiscate_property", "没收非法财物"},
	LowerQualification: {"lower_qualification", "降低资质等级"},
	SuspendLicence:     {"suspend_licence", "暂扣许可证件"},
	RestrictBusiness:   {"restrict_business", "限制开展生产经营活动"},
	RestrictEmployment: {"restrict_employment", "限制从业"},
	OrderClosure:       {"order_closure", "责令关闭"},
}

// ParsePenaltyKind reads the identifier of a kind, such as "fine".
func ParsePenaltyKind(s string) (PenaltyKind, error) {
	for k := Warning; int(k) < len(penaltyNames); k++ {
		if penaltyNames[k].id == s {
			return k, nil
		}
	}
	return 0, fmt.Errorf("credit: there is no kind of penalty %q", s)
}

// String is the identifier of the kind.
func (k PenaltyKind) String() string {
	if int(k) < len(penaltyNames) && k != 0 {
		return penaltyNames[k].id
	}
	return fmt.Sprintf("penalty_%d", uint8(k))
}

// Chinese is the name in the law.
func (k PenaltyKind) Chinese() string {
	if int(k) < len(penaltyNames) {
		return penaltyNames[k].chinese
	}
	return ""
}

// Code is the two-digit exchange code, such as "02".
func (k PenaltyKind) Code() string { return fmt.Sprintf("%02d", uint8(k)) }

// PenaltyKinds is a set of kinds: one decision may impose several.
type PenaltyKinds uint16

// PenaltySet returns the set of the given kinds.
func PenaltySet(kinds ...PenaltyKind) PenaltyKinds {
	var s PenaltyKinds
	for _, k := range kinds {
		s |= 1 << k
	}
	return s
}

// Has tells whether k is in the set.
func (s PenaltyKinds) Has(k PenaltyKind) bool { return s&(1<<k) != 0 }

// List returns the kinds of the set in the order of their numbers.
func (s PenaltyKinds) List() []PenaltyKind {
	var l []PenaltyKind
	for k := Warning; int(k) < len(penaltyNames); k++ {
		if s.Has(k) {
			l = append(l, k)
		}
	}
	return l
}

// Chinese is the names of the kinds, joined by 、.
func (s PenaltyKinds) Chinese() string {
	var names []string
	for _, k := range s.List() {
		names = append(names, k.Chinese())
	}
	return strings.Join(names, "、")
}

// Procedure is the procedure under which a penalty was decided (案件程序类别).
type Procedure uint8

// The procedures. Unknown is not ordinary: it is treated as ordinary and raised as a finding.
const (
	ProcedureUnknown  Procedure = 0
	ProcedureSimple   Procedure = 1 // 简易程序
	ProcedureOrdinary Procedure = 2 // 普通程序
)

// String is "unknown", "simple" or "ordinary".
func (p Procedure) String() string {
	switch p {
	case ProcedureSimple:
		return "simple"
	case ProcedureOrdinary:
		return "ordinary"
	}
	return "unknown"
}

// Chinese is 简易程序, 普通程序 or 程序未注明.
func (p Procedure) Chinese() string {
	switch p {
	case ProcedureSimple:
		return "简易程序"
	case ProcedureOrdinary:
		return "普通程序"
	}
	return "程序未注明"
}
