package normal

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"xinban/internal/credit"
)

// rendered is a record written as cells under the template of its kind.
func rendered(r *credit.Record, id Identity, header []string, l *Layout) []string {
	cells := make([]string, len(header))
	amount := func(a credit.Amount) string {
		if !a.Known {
			return ""
		}
		return a.Fen.WanYuan()
	}
	for i := range header {
		switch l.cols[i].to {
		case toClass:
			cells[i] = r.Class.Chinese()
		case toCode:
			cells[i] = r.Code
		case toOrgCode:
			cells[i] = r.OrgCode
		case toRegistration:
			cells[i] = r.Registration
		case toTaxNo:
			cells[i] = r.TaxNo
		case toInstitution:
			cells[i] = r.Institution
		case toSociety:
			cells[i] = r.Society
		case toLegalRepIDType:
			cells[i] = id.LegalRepIDType
		case toLegalRepID:
			cells[i] = id.LegalRepID
		case toPersonIDType:
			cells[i] = id.PersonIDType
		case toPersonID:
			cells[i] = id.PersonID
		case toPenalties:
			cells[i] = r.Penalties.Chinese()
		case toProcedure:
			if r.Procedure != credit.ProcedureUnknown {
				cells[i] = r.Procedure.Chinese()
			}
		case toFine:
			cells[i] = amount(r.Fine)
		case toConfiscated:
			cells[i] = amount(r.Confiscated)
		case toDecided:
			cells[i] = r.Decided.String()
		case toFrom:
			cells[i] = r.From.String()
		case toUntil:
			if cells[i] = r.Until.String(); r.Forever && r.Until == 0 {
				cells[i] = "长期"
			}
		case toPublicUntil:
			cells[i] = r.PublicUntil.String()
		case toRemoved:
			cells[i] = r.Removed.String()
		case toRepaired:
			cells[i] = r.Repaired.String()
		case toAnnulled:
			cells[i] = r.Annulled.String()
		case toAuthorityCode:
			cells[i] = r.AuthorityCode
		case toProviderCode:
			cells[i] = r.ProviderCode
		case toClaim:
			cells[i] = strconv.Itoa(int(r.Claim))
		case toExtra:
			for _, f := range r.Extra {
				if f.Heading == l.cols[i].heading {
					cells[i] = f.Text
				}
			}
		case toDocNo:
			if cells[i] = r.DocNo; r.Part != "" {
				cells[i] += "（" + r.Part + "）"
			}
		default:
			if p := textOf(r, l.cols[i].to); p != nil {
				cells[i] = *p
			}
		}
	}
	return cells
}

// stable checks that the normal form of a normal form is itself.
func stable(t interface {
	Helper()
	Fatalf(string, ...any)
}, kind credit.Kind, cells []string) {
	t.Helper()
	header := Template(kind)
	l, _, err := Map(header, kind)
	if err != nil {
		t.Fatalf("map: %v", err)
	}
	l.Today = today
	var first, second Out
	l.Row(cells, &first)
	l.Row(rendered(&first.Record, first.Identity, header, l), &second)
	for _, r := range []*credit.Record{&first.Record, &second.Record} {
		if len(r.Extra) == 0 {
			r.Extra = nil
		}
	}
	if diff := cmp.Diff(first.Record, second.Record) + cmp.Diff(first.Identity, second.Identity); diff != "" {
		t.Fatalf("%q changed:\n%s", cells, diff)
	}
	for _, f := range second.Findings {
		if strings.HasPrefix(f.Code, "identity_in_") || f.Code == "code_cleaned" || f.Code == "doc_no_cleaned" || f.Code == "penalty_guessed" {
			t.Fatalf("%q still has %s after it was mended", cells, f.Code)
		}
	}
}

func TestTheNormalFormOfANormalFormIsItself(t *testing.T) {
	cell := rapid.OneOf(rapid.SampledFrom([]string{"", "", "—", "无", "２０２６年３月５日", "2022-09-31", "44805", "长期", "2099-01-01", "0.2", "2,000", "１．５万元", "-1", resident, resident15,
		code(plainCode1), code(plainCode1) + "（1/2）", strings.ToLower(code(plainCode1)), "自然人", "个体工商户", "01警告|02罚款", "一般程序", "1", "撤销", "张**", "岚港(海蓝) 公司", "'=1+1", "''@x", "岚环罚[2026]1号（2/3）（1/1）",
		"甲" + resident + "乙", "罚款2000元", "a\u3000b", "\uFEFF甲", "A B  C", "a\tb\nc", "某系统", "91\x00", "\uFFFD", "（1/2）", "()", "〔", "·•‧", "——"}), rapid.String(), rapid.StringMatching(`[0-9X]{15,19}`))
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(credit.Kinds()).Draw(t, "kind")
		n := len(Template(kind))
		stable(t, kind, rapid.SliceOfN(cell, n, n).Draw(t, "cells"))
	})
}

func FuzzRow(f *testing.F) {
	f.Add(uint8(2), "岚港海蓝|法人|"+code(plainCode1)+"||||蓝小舟||||岚环罚[2026]1号")
	f.Add(uint8(1), "甲|自然人||||||||||"+resident)
	f.Fuzz(func(t *testing.T, k uint8, row string) {
		kind := credit.Kinds()[int(k)%len(credit.Kinds())]
		stable(t, kind, strings.Split(row, "|"))
	})
}
