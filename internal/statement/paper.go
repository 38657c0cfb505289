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

// Longest texts, in characters, that keep the paper on one page.
const (
	maxReasons = 260
	maxBasis   = 150
	maxWhy     = 40
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

// sheet is the paper of a statement, on one page.
func (s *Service) sheet(c *Content, d seal.Digest) *sheet.Sheet {
	p := &sheet.Sheet{Title: Title, Number: c.Number, Issuer: c.Organ}
	if c.Demo {
		p.Mark = "演示数据"
	}
	items := []sheet.KeyValue{
		{Key: "主体名称", Value: sheet.Bold(c.Name)},
		{Key: "处罚文书号", Value: sheet.Text{{Text: cmp.Or(c.DocNo, "—"), NoBreak: true}}},
		{Key: "处罚机关", Value: sheet.Plain(c.Authority)},
		{Key: "处罚日期", Value: sheet.Plain(cmp.Or(c.DecidedOn.Chinese(), "—"))},
		{Key: "说明编号", Value: sheet.Text{{Text: c.Number, NoBreak: true}}},
		{Key: "SHA-256", Value: sheet.Text{{Text: d.SHA256Hex(), Size: 8, Color: sheet.Muted}}},
	}
	if !c.Subject.Person() {
		items = append(items[:1], append([]sheet.KeyValue{{Key: "代码", Value: sheet.Text{{Text: c.Subject.Code(), NoBreak: true}}}}, items[1:]...)...)
	}
	if c.Replaces != "" {
		items = append(items, sheet.KeyValue{Key: "替代", Value: sheet.Plain(c.Replaces + "（" + c.Why + "）")})
	}
	p.Blocks = []sheet.Block{
		sheet.Heading{Level: 1, Text: Title},
		sheet.KeyValues{Items: items, KeyWidth: 92},
		sheet.Notice{Tone: tones[c.Verdict], Title: c.Verdict.Chinese(), Text: sheet.Plain("就上述行政处罚所涉违法行为，本机关认为：" + c.Verdict.Chinese() + "。")},
		sheet.KeyValues{Items: []sheet.KeyValue{
			{Key: "理由", Value: sheet.Text{{Text: oneLine(c.Reasons), Size: 9.5}}},
			{Key: "依据", Value: sheet.Text{{Text: oneLine(c.Basis), Size: 9.5}}},
			{Key: "说明", Value: sheet.Text{{Text: "由负责答复的机关经办人再次输入密码确认后签发，内容由该机关负责；是否仍有效以核验结果为准。", Size: 8, Color: sheet.Muted}}},
		}, KeyWidth: 92},
		s.signOff(c),
	}
	return p
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (s *Service) signOff(c *Content) sheet.Block {
	center, bottom := "电子签章", ""
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
		Issuer: c.Organ, Date: day,
		Seal: &sheet.SealMark{Ring: c.Organ, Center: center, Bottom: bottom},
	}
}

// verifyURL is what the QR leads to.
func (s *Service) verifyURL(c *Content) string {
	return s.c.Verify + "?" + url.Values{"n": {c.Number}, "c": {c.Code}}.Encode()
}
