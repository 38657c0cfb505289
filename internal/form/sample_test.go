package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xinban/internal/document/pdf"
	"xinban/internal/document/pdf/font"
	"xinban/internal/document/seal"
)

var made = time.Date(2026, 11, 25, 2, 30, 0, 0, time.UTC)

const issuer = "演示省公共信用中心"

func press(t testing.TB) *Press {
	t.Helper()
	fonts, err := font.Load()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.LoadOrCreate(t.TempDir(), issuer, made)
	if err != nil {
		t.Fatal(err)
	}
	return &Press{Fonts: fonts, Writer: pdf.NewWriter(fonts), Keys: keys, Issuer: issuer, Demo: true}
}

// sample is values for every template, with n rows in every list.
func sample(n int) Values {
	v := Values{Number: "XF20261125000018", Fields: map[string]string{
		"subject.name": "演示省演示市演示经济技术开发区演示智能装备制造与供应链管理股份有限公司", "subject.code": "91000000MA0DEMO01X",
		"contact.name": "演示联系人", "contact.phone": "000-00000000", "agent.name": "演示代理人", "agent.authority": "WT20261120000003",
		"applied.on": "2026年11月25日", "case.number": "XF20261125000018", "proof.summary": "非税收入缴款凭证3份，整改报告1份",
		"platform.name": "信用中国（演示省）", "office.name": issuer, "office.phone": "000-00000001", "office.contact": "演示经办人",
		"paper.on": "2026年11月25日", "query.address": "https://credit.example.test/q/7KQ2MZ?c=XF20261125000018", "query.code": "7KQ2MZ",
		"matter.record": "未标明生产日期销售预包装食品", "matter.number": "演市监处罚〔2026〕12号", "matter.authority": "演示市市场监督管理局",
		"matter.decided_on": "2026年11月20日", "matter.class": "一般失信信息", "matter.earliest": "2027年2月21日", "matter.latest": "2027年11月20日",
		"matter.duties": "缴纳罚款12,000.00元；改正标签", "apply.where": "“信用中国”网站或者本平台“信用修复”",
		"organ.name": "演示市市场监督管理局", "accepted.on": "2026年11月26日", "due.on": "2026年12月9日", "due.before": "2026年12月2日",
		"decision.granted": "3", "targets.summary": "信用中国、信用中国（演示省）、国家企业信用信息公示系统", "extension.reason": "需要向原处罚机关核实履行情况", "extension.days": "5",
		"found.on": "2026年12月20日", "third.name": "演示企业信息查询有限公司", "reply.days": "7",
		"case.opened_on": "2026年11月25日", "case.closed_on": "2026年12月9日", "case.retention": "10", "case.keep_until": "2036年12月9日", "case.files": fmt.Sprint(n),
	}, Lists: map[string][]map[string]string{}}
	for _, list := range strings.Fields("matters gaps refusals shown platforms payments proofs files") {
		v.Lists[list] = []map[string]string{}
		for i := range n {
			v.Lists[list] = append(v.Lists[list], row(i))
		}
	}
	return v
}

func row(i int) map[string]string {
	return map[string]string{
		"record": "销售未标明生产日期的预包装食品" + strings.Repeat("，未建立进货查验记录制度", i%3), "number": fmt.Sprintf("演市监处罚〔2026〕%d号", 112+37*i),
		"authority": "演示市演示经济技术开发区市场监督管理局", "decided_on": fmt.Sprintf("2026-%02d-%02d", 1+i%9, 5+i%20), "class": "一般",
		"corrected": "已下架并改正标签，缴清罚款", "corrected_on": fmt.Sprintf("2026-%02d-15", 2+i%9),
		"gap": "缴款凭证的日期看不清", "remedy": "重新上传清晰的凭证，或者授权系统向财政部门核对", "reason": "最短公示期尚未届满，最早可申请日期为2027年2月21日",
		"result": "准予修复", "next": "无需办理，由系统同步告知各网站", "repaired_on": "2026-12-09", "where": "https://third.example.test/company/91000000MA0DEMO01X/penalties",
		"name": fmt.Sprintf("%02d-信用修复申请表.pdf", i+1), "confirmed_on": "2026-12-10", "voucher": fmt.Sprintf("0000002026%08d", i), "paid_on": "2026-11-21",
		"amount": "12,000.00", "payer": "演示省演示市演示智能装备制造股份有限公司", "source": "演示省财政厅非税收入数据", "pulled_on": "2026-11-25",
		"title": "信用修复申请表", "shows": "违法行为已经改正", "pages": "2", "sha256": strings.Repeat("9f86d081", 8),
	}
}

func ids(t testing.TB) []string {
	s, err := NewSet()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(s.IDs())
}
