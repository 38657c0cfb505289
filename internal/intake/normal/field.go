package normal

import "xinban/internal/credit"

// Field is one column of a kind as a person fills it in (填报项).
type Field struct {
	Heading  string
	Required bool // without it the row is refused
	Wanted   bool // without it the row is accepted with a warning
	Group    Group
	Input    Input
	Main     bool // shown at once; the others are folded away until needed
	Identity bool // holds an identity number: masked when shown, sealed when stored
}

// Group is the part of a form in which a field stands.
type Group uint8

// The groups, in the order of a form.
const (
	Counterparty Group = iota // 行政相对人
	Decision                  // 决定内容
	Term                      // 日期与期限
	Origin                    // 机关与数据来源
	Further                   // 其他
)

// Input is how a field is filled in.
type Input uint8

// The inputs. A choice is offered, not forced: the check says what is wrong with other text.
const (
	Line Input = iota
	Paragraph
	Day
	Number
	ClassChoice     // 行政相对人类别
	PenaltyChoice   // 处罚类别
	ProcedureChoice // 案件程序类别
	CategoryChoice  // 许可类别
	DocumentChoice  // 证件类型
)

// Fields lists the columns of a kind's template with how they are filled in.
func Fields(kind credit.Kind) []Field {
	if int(kind) >= len(layouts) {
		return nil
	}
	var all []Field
	for _, c := range layouts[kind] {
		if c.gen == oldLayout || c.heading == "时间戳" {
			continue
		}
		all = append(all, Field{Heading: c.heading, Required: c.need == must, Wanted: c.need == wanted || c.to == toCode, Main: c.need != optional || c.to == toCode || c.to == toUntil || c.to == toList,
			Group: groupOf(c.to), Input: inputOf(kind, c.to), Identity: identityColumn(c.to)})
	}
	return all
}

func groupOf(to target) Group {
	switch to {
	case toName, toClass, toCode, toRegistration, toOrgCode, toTaxNo, toInstitution, toSociety, toLegalRep,
		toLegalRepIDType, toLegalRepID, toPersonIDType, toPersonID:
		return Counterparty
	case toDecided, toFrom, toUntil, toPublicUntil, toRemoved, toRepaired, toAnnulled:
		return Term
	case toAuthority, toAuthorityCode, toProvider, toProviderCode:
		return Origin
	case toClaim, toPublicState, toDomain, toRegion, toRemark, toExtra:
		return Further
	}
	return Decision
}

func inputOf(kind credit.Kind, to target) Input {
	switch to {
	case toFacts, toBasis, toContent, toRemark:
		return Paragraph
	case toDecided, toFrom, toPublicUntil, toRemoved, toRepaired, toAnnulled:
		return Day
	case toFine, toConfiscated:
		return Number
	case toClass:
		return ClassChoice
	case toPenalties:
		return PenaltyChoice
	case toProcedure:
		return ProcedureChoice
	case toLegalRepIDType, toPersonIDType:
		return DocumentChoice
	case toCategory:
		if kind == credit.Licence {
			return CategoryChoice
		}
	}
	return Line
}

// Identities returns which columns of a layout hold identity numbers.
func (l *Layout) Identities() []int {
	var all []int
	for i := range l.cols {
		if identityColumn(l.cols[i].to) {
			all = append(all, i)
		}
	}
	return all
}
