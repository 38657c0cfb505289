package normal

import (
	"slices"
	"strings"
	"testing"

	"xinban/internal/credit"
)

const (
	subjectCode  = "行政相对人代码_1(统一社会信用代码)"
	regColumn    = "行政相对人代码_2(工商注册号)"
	orgColumn    = "行政相对人代码_3(组织机构代码)"
	resident     = "11010519491231002X" // the sample of GB 11643
	resident15   = "110105491231002"
	authorityUSC = "处罚机关统一社会信用代码"
)

// codes of the findings, those that block with a "!" before them.
func codesOf(out *Out) (all []string) {
	for _, f := range out.Findings {
		if f.Block {
			all = append(all, "!"+f.Code)
		} else {
			all = append(all, f.Code)
		}
	}
	return all
}

func TestKnownDirt(t *testing.T) {
	good := code(plainCode1)
	wrongCheck := good[:17] + map[bool]string{true: "0", false: "1"}[good[17] != '0']
	trader := code("92000000MA0000001")
	traderWrong := trader[:17] + map[bool]string{true: "0", false: "1"}[trader[17] != '0']
	for _, c := range []struct {
		name    string
		changes []string
		want    []string
		check   func(r *credit.Record) bool
	}{
		{"a day that does not exist", []string{"处罚决定日期", "2022-09-31"}, []string{"!date_impossible"}, nil},
		{"a date in another form is read", []string{"处罚决定日期", "2022年9月1日"}, nil, func(r *credit.Record) bool { return r.Decided == 20220901 }},
		{"a date without its day", []string{"处罚决定日期", "2022年9月"}, []string{"!date_unreadable"}, nil},
		{"a decision of tomorrow", []string{"处罚决定日期", "2026-05-19", "公示截止期", ""}, []string{"!date_future"}, nil},
		{"a decision of today", []string{"处罚决定日期", "2026-05-18"}, nil, nil},
		{"a decision before 1949", []string{"处罚决定日期", "1926-03-05"}, []string{"!date_old"}, nil},
		{"a year with a wrong first digit", []string{"处罚决定日期", "1026-03-05"}, []string{"!date_old"}, nil},
		{"an end of publicity with a wrong first digit", []string{"公示截止期", "1027-03-05"}, []string{"!date_old"}, nil},
		{"publicity ends before the decision", []string{"公示截止期", "2025-03-05"}, []string{"date_order"}, nil},
		{"validity without end", []string{"处罚有效期", "长期"}, nil, func(r *credit.Record) bool { return r.Forever && r.Until == 0 }},
		{"validity to 2099", []string{"处罚有效期", "2099-12-31"}, nil, func(r *credit.Record) bool { return r.Forever && r.Until == 20991231 }},
		{"publicity without end", []string{"公示截止期", "长期"}, []string{"forever_not_allowed"}, func(r *credit.Record) bool { return !r.Forever && r.PublicUntil == 0 }},
		{"a dash for nothing", []string{"公示截止期", "—", "备注", "/", "暂扣或吊销证照名称及编号", "无"}, nil, func(r *credit.Record) bool { return r.PublicUntil == 0 && r.Remark == "" && r.Seized == "" }},
		{"nothing where something must be", []string{"行政处罚决定书文号", "无"}, []string{"!field_missing"}, nil},
		{"brackets around nothing", []string{"行政处罚决定书文号", "（1/1）"}, []string{"doc_no_cleaned", "!field_missing"}, nil},
		{"null and N/A", []string{"违法事实", "null", "处罚依据", "N/A"}, []string{"!field_missing", "!field_missing"}, nil},
		{"an empty cell that is wanted", []string{"法定代表人", ""}, []string{"field_empty"}, nil},

		{"full-width digits and letters", []string{subjectCode, fullWidth(good), "罚款金额（万元）", "０．２"}, nil, func(r *credit.Record) bool { return r.Code == good && r.Fine.Fen == 200000 }},
		{"a lower-case code with spaces", []string{subjectCode, " " + strings.ToLower(good[:8]+" "+good[8:]) + " "}, nil, func(r *credit.Record) bool { return r.Code == good }},
		{"a mark of an only part inside the code", []string{subjectCode, good + "（1/1）"}, []string{"code_cleaned"}, func(r *credit.Record) bool { return r.Code == good && r.Part == "" }},
		{"a mark of one of two parts inside the code", []string{subjectCode, good + "（1/2）"}, []string{"code_cleaned"}, func(r *credit.Record) bool { return r.Code == good && r.Part == "1/2" }},
		{"a word inside the code", []string{subjectCode, "统一社会信用代码：" + good}, []string{"code_cleaned"}, func(r *credit.Record) bool { return r.Code == good }},
		{"a code that a spreadsheet keeps as text", []string{subjectCode, "'" + good}, []string{}, func(r *credit.Record) bool { return r.Code == good }},
		{"a code with a letter that codes do not have", []string{subjectCode, good[:9] + "I" + good[10:]}, []string{"!code_invalid"}, nil},
		{"a code too short", []string{subjectCode, good[:17]}, []string{"!code_invalid"}, nil},
		{"a wrong check character", []string{subjectCode, wrongCheck}, []string{"code_check"}, func(r *credit.Record) bool { return r.Code == wrongCheck }},
		{"a code of zeros", []string{subjectCode, strings.Repeat("0", 18)}, []string{"!code_placeholder"}, nil},
		{"no code at all", []string{subjectCode, ""}, []string{"!code_missing"}, nil},
		{"no code but a registration number", []string{subjectCode, "", regColumn, "000000000012345"}, []string{"code_legacy_only"}, func(r *credit.Record) bool { return r.Registration == "000000000012345" }},
		{"no code but a malformed organisation code", []string{subjectCode, "", orgColumn, "123"}, []string{"org_code_invalid", "!code_missing"}, nil},
		{"an organisation code with its hyphen", []string{subjectCode, "", orgColumn, "D2143569-X"}, []string{"code_legacy_only"}, func(r *credit.Record) bool { return r.OrgCode == "D2143569X" }},
		{"an organisation code of another", []string{orgColumn, "D2143569-X"}, []string{"org_code_differs"}, nil},
		{"an identity number in place of the code", []string{subjectCode, resident}, []string{"!identity_not_a_code"}, func(r *credit.Record) bool { return r.Code == "" }},

		{"a natural person with the code of a sole trader", []string{"行政相对人类别", "自然人", subjectCode, trader, "证件号码", resident}, []string{"class_contradicts"}, func(r *credit.Record) bool { return r.Class == credit.IndividualTrader && r.Code == trader }},
		{"a natural person with a trader's code of a wrong check character", []string{"行政相对人类别", "自然人", subjectCode, traderWrong, "证件号码", resident}, []string{"class_contradicts", "code_check"}, func(r *credit.Record) bool { return r.Class == credit.IndividualTrader && r.Code == traderWrong }},
		{"a natural person with name and code of a firm", []string{"行政相对人类别", "自然人", "证件号码", resident}, []string{"class_contradicts"}, func(r *credit.Record) bool { return r.Class == credit.Organisation && r.Code == good }},
		{"a natural person with the code of a firm under a person's name", []string{"行政相对人类别", "自然人", "行政相对人名称", "岚小海", "证件号码", resident}, []string{"!class_or_code"}, nil},
		{"a natural person with a malformed code", []string{"行政相对人类别", "自然人", subjectCode, good[:17], "证件号码", resident}, []string{"class_contradicts", "!code_invalid"}, nil},
		{"a natural person with a mistyped number for a code", []string{"行政相对人类别", "自然人", "行政相对人名称", "岚小海", subjectCode, resident[:17] + "1", "证件号码", resident}, []string{"class_contradicts"}, func(r *credit.Record) bool { return r.Class == credit.NaturalPerson && r.Code == "" }},

		{"a masked name", []string{"行政相对人名称", "岚港**有限公司"}, []string{"!name_masked"}, nil},
		{"half-width brackets in a name", []string{"行政相对人名称", " 海蓝渔具(岚港) 有限公司"}, nil, func(r *credit.Record) bool { return r.Name == "海蓝渔具（岚港）有限公司" }},
		{"a Latin name keeps its spaces", []string{"行政相对人名称", "Sulan Demo Trading"}, nil, func(r *credit.Record) bool { return r.Name == "Sulan Demo Trading" }},
		{"an unknown class", []string{"行政相对人类别", "企业单位"}, []string{"class_unknown"}, func(r *credit.Record) bool { return r.Class == credit.Organisation }},

		{"a document number in other brackets", []string{"行政处罚决定书文号", "岚环罚[2026] １２号"}, nil, func(r *credit.Record) bool { return r.DocNo == "岚环罚〔2026〕12号" }},
		{"a part behind the document number", []string{"行政处罚决定书文号", "岚环罚〔2026〕12号（2/3）"}, nil, func(r *credit.Record) bool { return r.DocNo == "岚环罚〔2026〕12号" && r.Part == "2/3" }},
		{"an only part behind the document number", []string{"行政处罚决定书文号", "岚环罚〔2026〕12号(1/1)"}, []string{"doc_no_cleaned"}, func(r *credit.Record) bool { return r.DocNo == "岚环罚〔2026〕12号" && r.Part == "" }},

		{"yuan in a column of 万元", []string{"罚款金额（万元）", "2000"}, []string{"amount_yuan"}, func(r *credit.Record) bool { return r.Fine.Fen == 2000*credit.WanYuan }},
		{"yuan against capital numerals", []string{"罚款金额（万元）", "2345.6", "处罚内容", "处以罚款人民币贰仟叁佰肆拾伍元陆角整"}, []string{"amount_yuan"}, nil},
		{"yuan against an amount before the word", []string{"罚款金额（万元）", "2000", "处罚内容", "处以2000元罚款"}, []string{"amount_yuan"}, nil},
		{"yuan against 元整的罚款", []string{"罚款金额（万元）", "2000", "处罚内容", "责令改正，处人民币2,000.00元整的罚款。"}, []string{"amount_yuan"}, nil},
		{"yuan against capital numerals before the word", []string{"罚款金额（万元）", "2000", "处罚内容", "作出贰仟元罚款的处罚"}, []string{"amount_yuan"}, nil},
		{"yuan against capitals and digits before the word", []string{"罚款金额（万元）", "2000", "处罚内容", "决定给予贰仟元整（¥2000.00）罚款"}, []string{"amount_yuan"}, nil},
		{"a fine before the word that agrees", []string{"处罚内容", "处0.2万元罚款并没收违法所得500元"}, nil, nil},
		{"two fines before the word and their sum", []string{"罚款金额（万元）", "0.5", "处罚内容", "第一项处2000元罚款，第二项处3000元的罚款"}, nil, nil},
		{"the bounds of the law before the word are no fine", []string{"处罚内容", "依法应处1000元以上5000元以下罚款"}, nil, nil},
		{"money confiscated before a fine is no fine", []string{"处罚内容", "没收违法所得500元，并处罚款"}, nil, nil},
		{"a fine that the text contradicts", []string{"罚款金额（万元）", "0.3"}, []string{"amount_differs"}, nil},
		{"two fines in the text and their sum", []string{"罚款金额（万元）", "0.5", "处罚内容", "对第一项行为罚款2000元，对第二项行为罚款3000元"}, nil, nil},
		{"yuan confiscated in a column of 万元", []string{"处罚类别", "罚款、没收违法所得", "处罚内容", "没收违法所得500元，罚款2000元", "没收违法所得、没收非法财物的金额（万元）", "500"}, []string{"amount_yuan"}, nil},
		{"seven decimals", []string{"罚款金额（万元）", "0.2000001"}, []string{"!amount_precision"}, nil},
		{"seven decimals that are noughts", []string{"罚款金额（万元）", "0.2000000"}, nil, func(r *credit.Record) bool { return r.Fine.Fen == 200000 }},
		{"a negative amount", []string{"罚款金额（万元）", "-0.2"}, []string{"!amount_negative"}, nil},
		{"thousands set apart", []string{"罚款金额（万元）", "1,234.5", "处罚内容", "罚款1234.5万元"}, nil, func(r *credit.Record) bool { return r.Fine.Fen == 1234*credit.WanYuan+5000*credit.Yuan }},
		{"a comma for a point", []string{"罚款金额（万元）", "0,2"}, []string{"!amount_unreadable"}, nil},
		{"a unit in the cell", []string{"罚款金额（万元）", "2000元"}, []string{"amount_unit"}, func(r *credit.Record) bool { return r.Fine.Fen == 200000 }},
		{"a fine without its amount", []string{"罚款金额（万元）", ""}, []string{"fine_without_amount"}, nil},
		{"an amount without a fine", []string{"处罚类别", "警告"}, []string{"amount_without_fine"}, nil},

		{"several kinds in one cell", []string{"处罚类别", "罚款、没收违法所得"}, nil, kinds(credit.Fine, credit.ConfiscateGains)},
		{"several kinds by semicolon", []string{"处罚类别", "罚款;警告"}, nil, kinds(credit.Fine, credit.Warning)},
		{"several kinds by code", []string{"处罚类别", "02,03"}, nil, kinds(credit.Fine, credit.ConfiscateGains)},
		{"several kinds by code and name", []string{"处罚类别", "01警告|02罚款"}, nil, kinds(credit.Fine, credit.Warning)},
		{"a code that contradicts the name", []string{"处罚类别", "01罚款"}, []string{"penalty_code_differs"}, kinds(credit.Fine)},
		{"a kind inside other words", []string{"处罚类别", "处以罚款处罚"}, []string{"penalty_guessed"}, kinds(credit.Fine)},
		{"a kind that does not exist", []string{"处罚类别", "罚款、训诫"}, []string{"penalty_unknown"}, kinds(credit.Fine, credit.OtherPenalty)},
		{"procedure by code", []string{"案件程序类别", "01"}, nil, func(r *credit.Record) bool { return r.Procedure == credit.ProcedureSimple }},
		{"the old word for the ordinary procedure", []string{"案件程序类别", "一般程序"}, nil, func(r *credit.Record) bool { return r.Procedure == credit.ProcedureOrdinary }},
		{"a procedure that does not exist", []string{"案件程序类别", "快办"}, []string{"procedure_unknown"}, nil},
		{"no procedure", []string{"案件程序类别", ""}, []string{"procedure_unknown"}, nil},

		{"a system's name for the organ, the code good", []string{"处罚机关", "岚港市行政处罚管理系统"}, []string{"authority_system"}, nil},
		{"a system's name for the organ, no code", []string{"处罚机关", "信用中国（岚港）平台", authorityUSC, ""}, []string{"field_empty", "!authority_is_system"}, nil},
		{"an organ's code too short", []string{authorityUSC, "11"}, []string{"authority_code"}, nil},

		{"a control character", []string{"备注", "甲\x07乙"}, []string{"!control_character"}, nil},
		{"a NUL", []string{"违法事实", "甲\x00乙"}, []string{"!control_character"}, nil},
		{"an invisible turn of direction", []string{"行政相对人名称", "岚港\u202E海蓝"}, []string{"!control_character"}, nil},
		{"damaged text", []string{"违法事实", "甲\uFFFD乙"}, []string{"!damaged_text"}, nil},
		{"bytes that are not UTF-8", []string{"违法事实", "甲\xB8\xDB乙"}, []string{"!damaged_text"}, nil},
		{"line breaks in a long text stay", []string{"违法事实", "一、\n二、"}, nil, func(r *credit.Record) bool { return r.Facts == "一、\n二、" }},
		{"line breaks in a name go", []string{"行政相对人名称", "岚港海蓝\n渔具有限公司"}, nil, func(r *credit.Record) bool { return r.Name == "岚港海蓝渔具有限公司" }},
		{"a text that is far too long", []string{"违法行为类型", strings.Repeat("长", 2001)}, []string{"text_too_long"}, nil},
		{"text that looks like a formula stays text", []string{"备注", "=cmd|' /C calc'!A0"}, nil, func(r *credit.Record) bool { return r.Remark == "=cmd|' /C calc'!A0" }},
		{"a safe cell that comes back", []string{"备注", SafeCell("=1+1")}, nil, func(r *credit.Record) bool { return r.Remark == "=1+1" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out Out
			penaltyLayout(t).Row(penaltyRow(t, c.changes...), &out)
			if got := codesOf(&out); !slices.Equal(got, c.want) {
				t.Fatalf("findings %q, want %q", got, c.want)
			}
			if c.check != nil && !c.check(&out.Record) {
				t.Fatalf("record %+v", out.Record)
			}
			for _, f := range out.Findings {
				if f.Message == "" || f.Fix == "" || strings.Contains(f.Message+f.Fix, "%") || f.Block && f.Column < 0 {
					t.Errorf("finding %+v", f)
				}
			}
		})
	}
}

func TestOnlyARegistrationMayBeOlderThanTheRepublic(t *testing.T) {
	header := Template(credit.Registration)
	l, _, err := Map(header, credit.Registration)
	if err != nil {
		t.Fatal(err)
	}
	l.Today = today
	values := map[string]string{"主体名称": "岚港老字号酱园", "统一社会信用代码": code(plainCode1), "成立日期": "1901-03-05", "登记机关": "岚港市市场监督管理局"}
	cells := make([]string, len(header))
	for i, h := range header {
		cells[i] = values[h]
	}
	var out Out
	l.Row(cells, &out)
	if out.Blocked() || !slices.Contains(codesOf(&out), "date_old_note") {
		t.Fatalf("findings %q", codesOf(&out))
	}
}

func kinds(want ...credit.PenaltyKind) func(*credit.Record) bool {
	return func(r *credit.Record) bool { return r.Penalties == credit.PenaltySet(want...) }
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r + 0xFEE0 }, s)
}

func column2(t *testing.T, heading string) int {
	t.Helper()
	return slices.Index(penaltyHeader, heading)
}

func TestAPersonIsKnownByTheIdentityNumberAlone(t *testing.T) {
	person := []string{"行政相对人名称", "岚小海", "行政相对人类别", "自然人", subjectCode, "", "法定代表人", ""}
	number := column2(t, "证件号码")
	for _, c := range []struct {
		name    string
		changes []string
		want    []string
		id      string
		sealed  []int
	}{
		{"in its column", []string{"证件类型", "身份证", "证件号码", resident}, nil, resident, []int{number}},
		{"of fifteen digits", []string{"证件类型", "111", "证件号码", resident15}, nil, resident, []int{number}},
		{"in lower case and full width", []string{"证件号码", fullWidth(strings.ToLower(resident))}, nil, resident, []int{number}},
		{"in the code column", []string{subjectCode, resident}, []string{"identity_in_code"}, resident, []int{2}},
		{"with a wrong check character", []string{"证件号码", resident[:17] + "1"}, []string{"!person_id_invalid"}, resident[:17] + "1", []int{number}},
		{"masked", []string{"证件号码", "110105********002X"}, []string{"!person_id_invalid"}, "110105********002X", []int{number}},
		{"missing", nil, []string{"!person_id_missing"}, "", nil},
		{"a passport", []string{"证件类型", "护照", "证件号码", "E00000000"}, nil, "E00000000", []int{number}},
		{"typed into the facts", []string{"证件号码", resident, "违法事实", "岚小海（" + resident + "）占道经营"}, []string{"identity_in_text"}, resident, []int{number, column2(t, "违法事实")}},
		{"typed behind the name", []string{"证件号码", resident, "行政相对人名称", "岚小海（" + resident + "）"}, []string{"identity_in_text"}, resident, []int{0, number}},
		{"typed into the registration number", []string{"证件号码", resident, regColumn, resident}, []string{"identity_in_number"}, resident, []int{3, number}},
		{"a masked name", []string{"证件号码", resident, "行政相对人名称", "岚某"}, []string{"!name_masked"}, resident, []int{number}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out Out
			penaltyLayout(t).Row(penaltyRow(t, append(slices.Clone(person), c.changes...)...), &out)
			slices.Sort(c.sealed)
			if got := codesOf(&out); !slices.Equal(got, c.want) || out.Identity.PersonID != c.id || !slices.Equal(out.SealedColumns, c.sealed) {
				t.Fatalf("findings %q, identity %+v, sealed %v", got, out.Identity, out.SealedColumns)
			}
			if leak := strings.Join(append(textsOf(&out.Record), findingTexts(&out)...), "|"); strings.Contains(leak, resident[:17]) {
				t.Fatalf("the number shows in %q", leak)
			}
		})
	}
}

// textsOf is every text of a record.
func textsOf(r *credit.Record) []string {
	all := []string{r.Code, r.OrgCode, r.Registration, r.TaxNo, r.Institution, r.Society, r.Part, r.AuthorityCode, r.ProviderCode}
	for to := range targets {
		if p := textOf(r, to); p != nil {
			all = append(all, *p)
		}
	}
	for _, f := range r.Extra {
		all = append(all, f.Text)
	}
	return all
}

func findingTexts(out *Out) (all []string) {
	for _, f := range out.Findings {
		all = append(all, f.Message, f.Fix)
		all = append(all, f.Args...)
	}
	return all
}

func TestNoMessageShowsAnIdentityNumber(t *testing.T) {
	for _, number := range []string{resident, resident15, resident[:17] + "1"} {
		for i := range penaltyHeader {
			var out Out
			cells := penaltyRow(t)
			cells[i] = number
			penaltyLayout(t).Row(cells, &out)
			if said := strings.Join(findingTexts(&out), "|"); strings.Contains(said, number[:15]) {
				t.Errorf("%s: %s", penaltyHeader[i], said)
			}
		}
	}
}

func TestAFormulaCellIsBlockedAndNamed(t *testing.T) {
	var out Out
	const mark = "\uFDD0cell_formula\uFDD0=SUM(A1:A9)"
	penaltyLayout(t).Row(penaltyRow(t, "罚款金额（万元）", mark), &out)
	if !slices.Equal(codesOf(&out), []string{"!cell_formula"}) || !strings.Contains(out.Findings[0].Message, "=SUM(A1:A9)") {
		t.Fatalf("%+v", out.Findings)
	}
	if got := SafeCell(mark); got != "'=SUM(A1:A9)" {
		t.Fatalf("written as %q", got)
	}
}

func TestARowThatCouldNotBeReadIsSealedWhereItMust(t *testing.T) {
	cells := penaltyRow(t, "证件号码", "anything", "备注", "见"+resident)
	got := penaltyLayout(t).SealedIn(append(cells, fullWidth(resident)))
	if want := []int{column2(t, "证件号码"), column2(t, "备注"), len(penaltyHeader)}; !slices.Equal(got, want) {
		t.Fatalf("sealed %v, want %v", got, want)
	}
}

func TestWhatASpreadsheetWouldRunIsNeutralised(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "+cmd": "'+cmd", "-2+3+cmd|' /C calc'!A0": "'-2+3+cmd|' /C calc'!A0", "@SUM(A1)": "'@SUM(A1)", " =1": "' =1", "＝1+1": "'＝1+1",
		"-5": "-5", "-": "-", "+8.5": "+8.5", "岚港": "岚港", "": "", "'=1": "''=1", "a=b": "a=b",
	} {
		if got := SafeCell(in); got != want {
			t.Errorf("%q is written %q, not %q", in, got, want)
		}
	}
}

func TestEveryFindingHasFourTexts(t *testing.T) {
	for code, m := range messages {
		if m.zh == "" || m.fix == "" || m.en == "" || m.fixEn == "" || strings.Count(m.zh, "%") != strings.Count(m.en, "%") {
			t.Errorf("%s: %+v", code, m)
		}
	}
}
