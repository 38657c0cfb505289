package normal

import (
	"strings"
	"testing"

	"xinban/internal/credit"
)

// penaltyHeader is the new layout of penalties, plain.
var penaltyHeader = []string{"行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)", "行政相对人代码_2(工商注册号)", "行政相对人代码_3(组织机构代码)",
	"法定代表人", "法定代表人证件类型", "法定代表人证件号码", "证件类型", "证件号码", "行政处罚决定书文号", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容",
	"罚款金额（万元）", "没收违法所得、没收非法财物的金额（万元）", "暂扣或吊销证照名称及编号", "处罚决定日期", "处罚有效期", "公示截止期", "处罚机关", "处罚机关统一社会信用代码",
	"数据来源单位", "数据来源单位统一社会信用代码", "备注", "案件程序类别"}

const (
	today      credit.Date = 20260518
	plainCode1             = "91000000MA0000001" // without its check character
)

func code(first17 string) string { return first17 + string(credit.USCCCheck(first17)) }

// penaltyRow is a clean row; changes are pairs of heading and cell.
func penaltyRow(t testing.TB, changes ...string) []string {
	t.Helper()
	row := map[string]string{
		"行政相对人名称": "岚港海蓝渔具有限公司", "行政相对人类别": "法人及非法人组织", "行政相对人代码_1(统一社会信用代码)": code(plainCode1),
		"法定代表人": "蓝小舟", "行政处罚决定书文号": "岚环罚〔2026〕12号", "违法行为类型": "未按规定排放污染物", "违法事实": "该单位未按规定排放污染物。",
		"处罚依据": "《岚海省环境保护条例》第十条", "处罚类别": "罚款", "处罚内容": "罚款人民币2000元", "罚款金额（万元）": "0.2", "处罚决定日期": "2026-03-05",
		"公示截止期": "2027-03-05", "处罚机关": "岚港市生态环境局", "处罚机关统一社会信用代码": code("11000000000000001"), "数据来源单位": "岚港市生态环境局",
		"数据来源单位统一社会信用代码": code("11000000000000001"), "案件程序类别": "普通程序",
	}
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(strings.Join(penaltyHeader, "\x00")+"\x00", changes[i]+"\x00") {
			t.Fatalf("no column %q", changes[i])
		}
		row[changes[i]] = changes[i+1]
	}
	cells := make([]string, len(penaltyHeader))
	for i, h := range penaltyHeader {
		cells[i] = row[h]
	}
	return cells
}

func penaltyLayout(t testing.TB) *Layout {
	t.Helper()
	l, findings, err := Map(penaltyHeader, credit.Penalty)
	if err != nil || len(findings) != 0 {
		t.Fatalf("map: %v, findings %v", err, findings)
	}
	l.Today = today
	return l
}

func TestACleanRowHasNoFindings(t *testing.T) {
	var out Out
	penaltyLayout(t).Row(penaltyRow(t), &out)
	if len(out.Findings) != 0 {
		t.Fatalf("findings: %+v", out.Findings)
	}
	r := out.Record
	if r.Fine != (credit.Amount{Fen: 200000, Known: true}) || r.Decided != 20260305 || r.Procedure != credit.ProcedureOrdinary ||
		r.Penalties != credit.PenaltySet(credit.Fine) || r.DocNo != "岚环罚〔2026〕12号" || r.Class != credit.Organisation {
		t.Fatalf("record: %+v", r)
	}
}

func TestACleanRowCostsNoAllocation(t *testing.T) {
	var out Out
	l, row := penaltyLayout(t), penaltyRow(t)
	if n := testing.AllocsPerRun(100, func() { l.Row(row, &out) }); n != 0 {
		t.Fatalf("%v allocations a row", n)
	}
}
