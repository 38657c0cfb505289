package normal

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"xinban/internal/credit"
)

// Headings of the two generations by exchange code (6.1).
var (
	oldCodes = strings.Fields("CF_WSH CF_CFMC CF_CFLB1 CF_CFLB2 CF_SY CF_YJ CF_XDR_MC CF_XDR_SHXYM CF_XDR_ZDM CF_XDR_GSDJ CF_XDR_SWDJ CF_XDR_SFZ CF_FR CF_JG CF_JDRQ CF_XZJG CF_ZT CF_GSJZQ DFBM SJC BZ")
	newCodes = strings.Fields("CF_XDR_MC CF_XDR_LB CF_XDR_SHXYM CF_XDR_GSZC CF_XDR_ZZJG CF_XDR_SWDJ CF_XDR_SYDW CF_XDR_SHZZ CF_FRDB CF_FR_ZJLX CF_FR_ZJHM CF_XDR_ZJLX CF_XDR_ZJHM CF_WSH CF_WFXW CF_SY CF_YJ CF_CFLB CF_NR CF_NR_FK CF_NR_WFFF CF_NR_ZKDX CF_JDRQ CF_YXQ CF_GSJZQ CF_CFJG CF_CFJGDM CF_SJLY CF_SJLYDM BZ")
	licence  = strings.Fields("XK_XDR_MC XK_XDR_LB XK_XDR_SHXYM XK_XDR_GSZC XK_XDR_ZZJG XK_XDR_SWDJ XK_XDR_SYDW XK_XDR_SHZZ XK_FDDB XK_FR_ZJLX XK_FR_SFZH XK_XDR_ZJLX XK_XDR_ZJHM XK_XKWS XK_WSH XK_XKLB XK_XKZS XK_XKBH XK_NR XK_JDRQ XK_YXQZ XK_YXQZI XK_XKJG XK_XKJGDM XK_ZT XK_LYDW XK_LYDWDM BZ XK_SYFW")
)

func meanings(t *testing.T, header []string, kind credit.Kind) []target {
	t.Helper()
	l, _, err := Map(header, kind)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]target, len(l.cols))
	for i, c := range l.cols {
		all[i] = c.to
	}
	return all
}

func TestExchangeCodesOfBothGenerations(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		kind   credit.Kind
		want   []target
	}{
		"old":     {oldCodes, credit.Penalty, []target{toDocNo, toTitle, toPenalties, toPenalties2, toFacts, toBasis, toName, toCode, toOrgCode, toRegistration, toTaxNo, toPersonID, toLegalRep, toContent, toDecided, toAuthority, toClaim, toPublicUntil, toRegion, toExtra, toRemark}},
		"new":     {newCodes, credit.Penalty, []target{toName, toClass, toCode, toRegistration, toOrgCode, toTaxNo, toInstitution, toSociety, toLegalRep, toLegalRepIDType, toLegalRepID, toPersonIDType, toPersonID, toDocNo, toBehaviour, toFacts, toBasis, toPenalties, toContent, toFine, toConfiscated, toSeized, toDecided, toUntil, toPublicUntil, toAuthority, toAuthorityCode, toProvider, toProviderCode, toRemark}},
		"licence": {licence, credit.Licence, []target{toName, toClass, toCode, toRegistration, toOrgCode, toTaxNo, toInstitution, toSociety, toLegalRep, toLegalRepIDType, toLegalRepID, toPersonIDType, toPersonID, toTitle, toDocNo, toCategory, toLicence, toLicenceNo, toContent, toDecided, toFrom, toUntil, toAuthority, toAuthorityCode, toClaim, toProvider, toProviderCode, toRemark, toExtra}},
	} {
		if got := meanings(t, c.header, c.kind); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if k, ok := Guess(c.header); !ok || k != c.kind {
			t.Errorf("%s guessed to be %v (%v)", name, k, ok)
		}
	}
}

// minimal is the required columns of a penalty, as both generations have them.
var minimal = []string{"行政相对人名称", "统一社会信用代码", "决定书文号", "事由", "依据", "处罚类别1", "处罚内容", "处罚决定日期", "处罚机关"}

func TestTheChineseNameDecidesWhereTheGenerationsDisagree(t *testing.T) {
	for heading, want := range map[string]target{
		"代码_2(工商注册号)": toRegistration, "代码_2（组织机构代码）": toOrgCode, "代码_3(组织机构代码)": toOrgCode, "代码_3(工商登记码)": toRegistration,
		"CF_XDR_ZDM(工商注册号)": toRegistration, "工商注册号 CF_XDR_ZZJG": toRegistration, "行政相对人代码_5(居民身份证号)": toPersonID, "行政相对人代码_5\n（事业单位证书号）": toInstitution,
		"*罚款金额(万元)": toFine, "罚款金额（元）": toFine, "公示截止期（YYYY-MM-DD）": toPublicUntil, "CF_GSJZQ": toPublicUntil, "公示截止期 CF_GSJZQ": toPublicUntil, "法定代表人（负责人）": toLegalRep,
		"(自然人)证件号码": toPersonID, "备注（选填）": toRemark, "没收违法所得、没收非法财物的金额（单位：万元）": toConfiscated,
	} {
		got := meanings(t, append(slices.Clone(minimal), heading), credit.Penalty)
		if got[len(got)-1] != want {
			t.Errorf("%s means %d, not %d", heading, got[len(got)-1], want)
		}
	}
}

func TestABareNumberedCodeFollowsTheGenerationOfTheFile(t *testing.T) {
	for _, c := range []struct {
		witness string
		heading string
		want    target
		finding string
	}{
		{"处罚名称", "代码_2", toOrgCode, ""}, {"处罚名称", "行政相对人代码_3", toRegistration, ""}, {"处罚名称", "代码5", toPersonID, ""},
		{"违法行为类型", "代码_2", toRegistration, ""}, {"违法行为类型", "代码_3", toOrgCode, ""}, {"行政相对人类别", "代码_6", toSociety, ""},
		{"备注", "代码_2", toExtra, "column_ambiguous"},
	} {
		l, findings, err := Map(append(slices.Clone(minimal), c.witness, c.heading), credit.Penalty)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.cols[len(l.cols)-1].to; got != c.want {
			t.Errorf("%s beside %s means %d, not %d", c.heading, c.witness, got, c.want)
		}
		if c.finding != "" && findings[0].Code != c.finding {
			t.Errorf("findings %+v", findings)
		}
	}
}

func TestAHeadingThatCannotBeUsedSaysWhy(t *testing.T) {
	_, _, err := Map([]string{"行政相对人名称", "决定书文号", "事由", "依据", "处罚类别", "处罚内容", "处罚机关", "处罚决定书文号"}, credit.Penalty)
	var h *HeaderError
	if !errors.As(err, &h) {
		t.Fatal(err)
	}
	if !slices.Contains(h.Missing, "处罚决定日期") || len(h.Missing) != 2 || len(h.Duplicate) != 1 || len(h.Found) != 8 {
		t.Fatalf("%+v", h)
	}
	for _, word := range []string{"行政处罚", "处罚决定日期", "统一社会信用代码", "“决定书文号”与“处罚决定书文号”"} {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not name %s", err, word)
		}
	}
}

func TestUnknownColumnsAreKeptAndIdentityColumnsSealed(t *testing.T) {
	header := append(slices.Clone(minimal), "执法人员", "负责人身份证", "")
	l, findings, err := Map(header, credit.Penalty)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, f := range findings {
		codes = append(codes, f.Code)
	}
	if !slices.Equal(codes, []string{"column_sealed", "columns_unknown", "columns_wanted"}) {
		t.Fatalf("findings %q", codes)
	}
	var out Out
	l.Row([]string{"甲公司", code(plainCode1), "1号", "事", "法", "警告", "警告", "2026-01-01", "岚港市局", "某", resident, "多"}, &out)
	if want := []credit.Field{{Heading: "执法人员", Text: "某"}, {Heading: "第12列", Text: "多"}}; !slices.Equal(out.Record.Extra, want) || !slices.Equal(out.SealedColumns, []int{10}) {
		t.Fatalf("extra %+v, sealed %v", out.Record.Extra, out.SealedColumns)
	}
}

func TestTemplatesAreUnderstoodByTheirOwnKindInAnyOrder(t *testing.T) {
	for _, k := range credit.Kinds() {
		header := Template(k)
		rand.Shuffle(len(header), func(i, j int) { header[i], header[j] = header[j], header[i] })
		if _, findings, err := Map(header, k); err != nil || len(findings) != 0 {
			t.Errorf("%s: %v, %v", k, err, findings)
		}
		if got, ok := Guess(header); !ok || got != k {
			t.Errorf("the template of %s is taken for %s (%v)", k, got, ok)
		}
	}
	if _, ok := Guess([]string{"甲", "乙"}); ok {
		t.Error("unknown headings were taken for a kind")
	}
	if k, ok := Guess([]string{"行政相对人名称", "统一社会信用代码", "处罚决定书文号", "处罚内容", "处罚机关"}); !ok || k != credit.Penalty {
		t.Errorf("a penalty file without its date is taken for %s (%v)", k, ok)
	}
}

func TestAFineInYuanByItsHeading(t *testing.T) {
	l, _, err := Map(append(slices.Clone(minimal), "罚款金额（元）"), credit.Penalty)
	if err != nil {
		t.Fatal(err)
	}
	var out Out
	l.Row([]string{"甲公司", code(plainCode1), "1号", "事", "法", "罚款", "罚款2000元", "2026-01-01", "岚港市局", "2,000.00"}, &out)
	if len(out.Findings) != 0 || out.Record.Fine.Fen != 200000 {
		t.Fatalf("%+v %+v", out.Findings, out.Record.Fine)
	}
}
