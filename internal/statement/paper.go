package statement

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"xinban/internal/document/canon"
	"xinban/internal/document/pdf"
	"xinban/internal/document/seal"
	"xinban/internal/document/sheet"
)

// Title is what the document is called.
const Title = "行政处罚情节说明"

// attachmentName is the name under which the signed JSON lies in the PDF.
const attachmentName = "statement.json"

// Longest texts, in characters. A finding of circumstances argues facts, law and discretion, so the paper may have
// several pages.
const (
	maxReasons = 3000
	maxBasis   = 1000
	maxWhy     = 300
	maxAsk     = 500
)

// make signs a statement and prints it.
func (s *Service) make(c Content, now time.Time) (*Signed, error) {
	d := &Signed{Content: c, Status: Valid, Signed: now.UnixMilli()}
	var err error
	if d.Payload, err = canon.Marshal(c); err != nil {
		return nil, fmt.Errorf("statement: writing the canonical JSON: %w", err)
	}
	if d.Envelope, err = s.c.Keys.Seal(d.Payload); err != nil {
		return nil, fmt.Errorf("statement: signing: %w", err)
	}
	d.Paper, err = s.c.Writer.Write(s.sheet(&c, seal.DigestOf(d.Payload)).Layout(s.c.Fonts), pdf.Options{
		Created:     now,
		Attachments: []pdf.Attachment{{Name: attachmentName, Type: "application/json", Data: d.Envelope}},
		Signer:      s.c.Keys,
		Reason:      "出具行政处罚情节说明",
	})
	if err != nil {
		return nil, fmt.Errorf("statement: printing %s: %w", c.Number, err)
	}
	return d, nil
}

var tones = map[Verdict]sheet.Tone{NotMajor: sheet.Good, Major: sheet.Alert, Undecided: sheet.Caution}

// sheet is the paper of a statement.
func (s *Service) sheet(c *Content, d seal.Digest) *sheet.Sheet {
	p := &sheet.Sheet{Title: Title, Number: c.Number, Issuer: c.Issuer}
	if c.Demo {
		p.Mark = "演示数据"
	}
	p.Blocks = []sheet.Block{
		sheet.Heading{Level: 1, Text: Title},
		sheet.KeyValues{Items: facts(c, d), KeyWidth: 92},
		sheet.Notice{Tone: tones[c.Verdict], Title: c.Verdict.Chinese(), Text: sheet.Plain("就上述行政处罚所涉违法行为，" + c.Organ + "认为：" + c.Verdict.Chinese() + "。")},
	}
	p.Blocks = append(p.Blocks, section("理由", c.Reasons)...)
	p.Blocks = append(p.Blocks, section("依据", c.Basis)...)
	p.Blocks = append(p.Blocks, sheet.Paragraph{Size: 8, Color: sheet.Muted, Text: sheet.Plain("说明：由" + c.Organ + "经办人再次输入密码确认后在本平台签发，内容由" + c.Organ +
		"负责。签章为" + c.Issuer + "的电子签章，证明本说明由该机关在本平台作出且此后未被改动。是否仍有效以核验结果为准。")}, s.signOff(c))
	return p
}

func facts(c *Content, d seal.Digest) []sheet.KeyValue {
	items := []sheet.KeyValue{{Key: "主体名称", Value: sheet.Bold(c.Name)}}
	if !c.Subject.Person() {
		items = append(items, sheet.KeyValue{Key: "代码", Value: sheet.Text{{Text: c.Subject.Code(), NoBreak: true}}})
	}
	items = append(items,
		sheet.KeyValue{Key: "处罚文书号", Value: sheet.Text{{Text: cmp.Or(c.DocNo, "—"), NoBreak: true}}},
		sheet.KeyValue{Key: "处罚机关", Value: sheet.Plain(c.Authority)},
		sheet.KeyValue{Key: "处罚日期", Value: sheet.Plain(cmp.Or(c.DecidedOn.Chinese(), "—"))},
		sheet.KeyValue{Key: "答复机关", Value: sheet.Plain(c.Organ)},
		sheet.KeyValue{Key: "说明编号", Value: sheet.Text{{Text: c.Number, NoBreak: true}}},
		sheet.KeyValue{Key: "SHA-256", Value: sheet.Text{{Text: d.SHA256Hex(), Size: 8, Color: sheet.Muted}}})
	if c.Replaces != "" {
		items = append(items, sheet.KeyValue{Key: "替代", Value: sheet.Plain(c.Replaces + "（" + oneLine(c.Why) + "）")})
	}
	return items
}

// section is a heading and a text in the paragraphs in which it was written.
func section(title, text string) []sheet.Block {
	all := []sheet.Block{sheet.Heading{Level: 2, Text: title}}
	for _, line := range strings.Split(text, "\n") {
		if line = oneLine(line); line != "" {
			all = append(all, sheet.Paragraph{Text: sheet.Plain(line), Indent: 2, Align: sheet.Justify})
		}
	}
	return all
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// signOff ends the paper with the seal of who signs it, which is the platform: an organ's own seal needs its own key.
func (s *Service) signOff(c *Content) sheet.Block {
	bottom := ""
	center := "平台签章"
	if c.Demo {
		center, bottom = "演示专用", "不具法律效力"
	}
	day := c.SignedAt
	if t, err := time.Parse(time.RFC3339, c.SignedAt); err == nil {
		day = t.Format("2006年1月2日")
	}
	return sheet.SignOff{
		QR: &sheet.QR{Content: s.verifyURL(c), Caption: []sheet.Text{sheet.Bold("扫码核验"),
			{{Text: "核验码 "}, {Text: c.Code, NoBreak: true, Bold: true}}}},
		Issuer: c.Issuer + "（平台签章）", Date: day,
		Seal: &sheet.SealMark{Ring: c.Issuer, Center: center, Bottom: bottom},
	}
}

// verifyURL is what the QR leads to.
func (s *Service) verifyURL(c *Content) string {
	return s.c.Verify + "?" + url.Values{"n": {c.Number}, "c": {c.Code}}.Encode()
}
