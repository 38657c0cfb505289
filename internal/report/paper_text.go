package report

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/document/sheet"
)

// detail is one matter in full.
func detail(c *Content, i int) []sheet.Block {
	r := &c.Records[i]
	kind, err := credit.ParseKind(r.Kind)
	name := r.Kind
	if err == nil {
		name = kind.Chinese()
	}
	items := []sheet.KeyValue{
		{Key: "文书号", Value: sheet.Text{{Text: cmp.Or(r.DocNo, "—"), NoBreak: true}}},
		{Key: "机关", Value: sheet.Plain(r.Authority)},
		{Key: "领域", Value: sheet.Plain(domainName(c, r.Domain))},
		{Key: "日期", Value: sheet.Plain(cmp.Or(r.DecidedOn.Chinese(), "—"))},
	}
	if r.Fine != nil {
		items = append(items, sheet.KeyValue{Key: "罚款金额", Value: sheet.Plain("人民币" + r.Fine.Grouped() + "元")})
	}
	for _, p := range r.particulars() {
		items = append(items, sheet.KeyValue{Key: p[0], Value: sheet.Plain(p[1])})
	}
	if r.State != "" {
		items = append(items, sheet.KeyValue{Key: "状态", Value: sheet.Tinted(r.State, sheet.Accent)})
	}
	items = append(items, statementItem(r)...)
	return []sheet.Block{
		sheet.Heading{Level: 2, Text: fmt.Sprintf("第%d条　%s", i+1, cmp.Or(r.Title, name))},
		sheet.KeyValues{Items: items, KeyWidth: 92},
	}
}

func domainName(c *Content, id string) string {
	for _, d := range c.Domains {
		if d.ID == id {
			return d.Name
		}
	}
	return "领域待核"
}

// editionNotes says what each edition leaves out, in the words of its rules.
var editionNotes = map[string]string{
	"general":        "本专版只给出结论和各领域条数；按规则，仅警告、通报批评等轻微处罚，已修复、公示期满的处罚和已移出的严重失信名单不作为违法违规记录。",
	"administration": "本专版逐条列示，供行政机关办理业务使用；已修复、公示期满、已移出名单的记录注明其状态。",
	"listing":        "本专版逐条列示，供申请上市及其核查使用；已修复、公示期满、已移出名单的记录注明其状态。",
}

// notes is what the paper means and leaves out, and where to turn.
func notes(c *Content) []sheet.Text {
	plain := sheet.Plain
	all := []sheet.Text{
		plain("“未查见”是指在所列数据截至日期，本平台归集的信息中没有查见该领域的违法违规记录，不是对主体从未违法的保证。标明“不作结论”的领域，本报告不代替该领域的证明。"),
		plain("“迟公示/迟送达/退回”是该领域各数据来源报送的信息中，超过公示时限、超过送达时限和因不符合数据标准被退回的百分比，供判断数据质量。"),
		plain(editionNotes[c.Edition] + "已撤销的决定不列示。"),
		plain(fmt.Sprintf("本报告依据报告规则%s出具。领域清单为可编辑的工作清单。各领域数据由认定单位提供，谁产生、谁负责。", c.RuleSet)),
	}
	if c.RuleSet == "NDRC-2025" && c.Edition != "" {
		all = append(all, plain("专版与该规则的结合方式由本平台设定，不是国家文件的规定。"))
	}
	return append(all,
		plain("对报告内容有异议的，可以向出具单位或者作出决定的单位提出异议申请；符合条件的失信信息可以申请信用修复。两者均不收取费用。"),
		plain("事实更正或者决定撤销后，本报告作废，持有人可以免费重新开具。出具之后新增、修复或期满的信息不影响本报告在出具之日的真实性，是否仍有效以核验结果为准。"),
		plain("扫描二维码，或者在核验页面输入报告编号和核验码，可以核对本报告是否被改动、由谁出具、是否有效。"))
}

// signOff is the QR, the issuer and the seal on the cover.
func (s *Service) signOff(c *Content) sheet.Block {
	center, bottom := "电子签章", ""
	if c.Demo {
		center, bottom = "演示专用", "不具法律效力"
	}
	return sheet.SignOff{
		QR: &sheet.QR{Content: s.verifyURL(c), Caption: []sheet.Text{
			sheet.Bold("扫码核验"),
			sheet.Plain("或在核验页面输入编号与核验码"),
			{{Text: "核验码 "}, {Text: c.Code, NoBreak: true, Bold: true}},
		}},
		Issuer: c.Issuer,
		Date:   chineseDay(c.IssuedAt),
		Seal:   &sheet.SealMark{Ring: c.Issuer, Center: center, Bottom: bottom},
	}
}

// verifyURL is what the QR leads to.
func (s *Service) verifyURL(c *Content) string {
	return s.c.Verify + "?" + url.Values{"n": {c.Number}, "c": {c.Code}}.Encode()
}

func chineseDay(rfc string) string {
	day, _, _ := strings.Cut(chineseTime(rfc), " ")
	return day
}
