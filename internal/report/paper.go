package report

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
	"xinban/internal/law"
)

// print lays a document out and signs it as a PDF, with the signed JSON and the signed statements inside.
func (s *Service) print(ctx context.Context, doc *Issued, at time.Time) ([]byte, error) {
	enclosed, err := s.enclosed(ctx, doc)
	if err != nil {
		return nil, err
	}
	paper := s.sheet(&doc.Content, seal.DigestOf(doc.Payload))
	file, err := s.c.Writer.Write(paper.Layout(s.c.Fonts), pdf.Options{
		Created:     at,
		Attachments: enclosed,
		Signer:      s.c.Keys,
		Reason:      "出具公共信用报告",
	})
	if err != nil {
		return nil, fmt.Errorf("report: printing %s: %w", doc.Content.Number, err)
	}
	return file, nil
}

// Title is what the document is called.
const Title = "公共信用报告（无违法违规记录证明版）"

// sheet is the paper of a document.
func (s *Service) sheet(c *Content, d seal.Digest) *sheet.Sheet {
	book := s.book()
	p := &sheet.Sheet{Title: Title, Number: c.Number, Issuer: c.Issuer}
	if c.Demo {
		p.Mark = "演示数据"
	}
	edition := c.Edition
	if rules, err := book.ReportRulesByID(c.RuleSet, c.To); err == nil {
		if ed, err := rules.Edition(c.Edition); err == nil {
			edition = ed.Name
		}
	}
	p.Blocks = append(p.Blocks, sheet.Cover{Kicker: c.Issuer, Title: Title, Edition: edition})
	p.Blocks = append(p.Blocks, s.head(c, d), conclusion(c), s.signOff(c), sheet.PageBreak{},
		sheet.Heading{Level: 1, Text: "一、各领域查询结果"}, domainTable(c))
	p.Blocks = append(p.Blocks, details(c)...)
	p.Blocks = append(p.Blocks, sheet.Heading{Level: 1, Text: "三、说明"}, sheet.List{Items: notes(c)})
	p.Blocks = append(p.Blocks, statementPages(c)...)
	return p
}

func (s *Service) head(c *Content, d seal.Digest) sheet.Block {
	named := sheet.Text{{Text: c.Name, Bold: true}}
	if len(c.FormerName) > 0 {
		named = append(named, sheet.Run{Text: "（曾用名称：" + strings.Join(c.FormerName, "、") + "）", Color: sheet.Muted})
	}
	label, code := identifier(c.Subject)
	items := []sheet.KeyValue{
		{Key: "主体名称", Value: named},
		{Key: label, Value: sheet.Text{{Text: code, NoBreak: true}}},
		{Key: "报告编号", Value: sheet.Text{{Text: c.Number, NoBreak: true}}},
		{Key: "查询时段", Value: sheet.Plain(c.From.Chinese() + "至" + c.To.Chinese())},
		{Key: "查询领域", Value: sheet.Plain(fmt.Sprintf("%d个，其中作出结论%d个", asked(c), asked(c)-len(c.Unanswered)))},
		{Key: "出具时间", Value: sheet.Plain(chineseTime(c.IssuedAt))},
	}
	if c.Purpose != "" {
		items = append(items, sheet.KeyValue{Key: "用途", Value: sheet.Plain(c.Purpose)})
	}
	for _, x := range [][2]string{{"SHA-256", d.SHA256Hex()}, {"SM3", d.SM3Hex()}} {
		items = append(items, sheet.KeyValue{Key: x[0], Value: sheet.Text{{Text: x[1], Size: 8, Color: sheet.Muted}}})
	}
	return sheet.KeyValues{Items: items, KeyWidth: 104}
}

// identifier is what a subject is known by, with its name.
func identifier(key credit.Key) (label, value string) {
	if key.Person() {
		return "主体类型", "自然人（证件号码不显示）"
	}
	return key.Scheme().Chinese(), key.Code()
}

// asked is how many domains were asked for; the row of matters without a domain is none of them.
func asked(c *Content) int {
	n := 0
	for _, d := range c.Domains {
		if d.ID != law.DomainUnknown {
			n++
		}
	}
	return n
}

func chineseTime(rfc string) string {
	t, err := time.Parse(time.RFC3339, rfc)
	if err != nil {
		return rfc
	}
	return t.Format("2006年1月2日 15:04:05")
}

func conclusion(c *Content) sheet.Block {
	n := 0
	for _, d := range c.Domains {
		n += d.Records
	}
	unanswered := ""
	if len(c.Unanswered) > 0 {
		unanswered = "以下领域无数据、数据未更新、数据起点晚于查询时段或归属正在核对，不作结论：" + strings.Join(c.Unanswered, "、") + "。"
	}
	switch c.Conclusion {
	case ConcludesFound:
		text := fmt.Sprintf("在查询时段和所列领域内，查见违法违规记录%d条，所列罚款合计人民币%s元。", n, c.FinesFen.Grouped())
		return sheet.Notice{Tone: sheet.Alert, Title: fmt.Sprintf("查见记录%d条", n), Text: sheet.Plain(text + unanswered)}
	case Incomplete:
		return sheet.Notice{Tone: sheet.Caution, Title: "部分领域不作结论", Text: sheet.Plain("在作出结论的领域内未查见违法违规记录。" + unanswered)}
	}
	return sheet.Notice{Tone: sheet.Good, Title: "未查见违法违规记录", Text: sheet.Plain("在查询时段和所列领域内，未查见违法违规记录。")}
}

var stateText = map[State]string{None: "未查见", Late: "数据未更新，不作结论", NoData: "无数据，不作结论"}

func domainTable(c *Content) sheet.Block {
	t := sheet.Table{Columns: []sheet.Column{
		{Title: "序号", Width: 6, Align: sheet.Center}, {Title: "领域", Width: 18}, {Title: "原出证机关", Width: 23},
		{Title: "查询结果", Width: 21}, {Title: "数据截至", Width: 17}, {Title: "迟公示/迟送达/退回（%）", Width: 15, Align: sheet.Right},
	}, Size: 8}
	for i, d := range c.Domains {
		result := sheet.Plain(stateText[d.State])
		switch {
		case d.State == Found:
			result = sheet.Tinted(fmt.Sprintf("查见%d条", d.Records), sheet.Red)
		case d.UnderCheck:
			result = sheet.Text{{Text: "归属核对中，不作结论", Color: sheet.Amber}}
		case d.DataFrom != 0 && d.State == NoData:
			result = sheet.Text{{Text: dataFrom(&d), Color: sheet.Amber}}
		case d.State != None:
			result = sheet.Text{{Text: stateText[d.State], Color: sheet.Amber}}
		}
		t.Rows = append(t.Rows, []sheet.Text{sheet.Plain(fmt.Sprint(i + 1)), sheet.Plain(d.Name), sheet.Plain(cmp.Or(d.Organ, "—")), result,
			sheet.Plain(cmp.Or(d.DataAsOf.Chinese(), "—")), sheet.Plain(cmp.Or(d.Feeds.Shares(), "—"))})
	}
	return t
}

// dataFrom says why a domain does not answer for the whole period.
func dataFrom(d *DomainAnswer) string {
	return fmt.Sprintf("数据自%s起，不作结论", d.DataFrom.Chinese())
}

// details is the second part: what each shown matter is, at the edition's level.
func details(c *Content) []sheet.Block {
	blocks := []sheet.Block{sheet.Heading{Level: 1, Text: "二、记录情况"}}
	if len(c.Records) == 0 {
		return append(blocks, sheet.Paragraph{Text: sheet.Plain("查询时段内无相关信息。"), Indent: 2})
	}
	if c.byCount() {
		return append(blocks, countTable(c), sheet.Paragraph{Text: sheet.Plain("所列记录罚款合计人民币" + c.FinesFen.Grouped() + "元。"), Indent: 2})
	}
	blocks = append(blocks, sheet.Paragraph{Text: sheet.Plain(fmt.Sprintf("共列示%d条，罚款合计人民币%s元。", len(c.Records), c.FinesFen.Grouped())), Indent: 2})
	for i := range min(len(c.Records), printedRecords) {
		blocks = append(blocks, detail(c, i)...)
	}
	if more := len(c.Records) - printedRecords; more > 0 {
		blocks = append(blocks, sheet.Notice{Tone: sheet.Caution, Title: fmt.Sprintf("其余%d条未印出", more),
			Text: sheet.Plain(fmt.Sprintf("纸面按决定日期由近及远印出%d条。全部%d条在本文件所附的签名数据（%s）中，合计数包含全部记录。", printedRecords, len(c.Records), AttachmentName))})
	}
	return blocks
}

// printedRecords is how many matters a paper prints in full; the signed data hold all. A paper of ten
// thousand pages serves nobody.
const printedRecords = 500

func countTable(c *Content) sheet.Block {
	t := sheet.Table{Columns: []sheet.Column{{Title: "领域", Width: 70}, {Title: "条数", Width: 30, Align: sheet.Right}}}
	n := 0
	for _, d := range c.Domains {
		if n += d.Records; d.Records > 0 {
			t.Rows = append(t.Rows, []sheet.Text{sheet.Plain(d.Name), sheet.Plain(fmt.Sprint(d.Records))})
		}
	}
	t.Rows = append(t.Rows, []sheet.Text{sheet.Bold("合计"), sheet.Bold(fmt.Sprint(n))})
	return t
}
