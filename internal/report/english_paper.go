package report

import (
	"cmp"
	"fmt"

	"xinban/internal/document/sheet"
)

// englishSheet is the paper of a rendering. It is laid out as the Chinese one.
func (s *Service) englishSheet(w *words, e *English, c *Content) *sheet.Sheet {
	p := &sheet.Sheet{Title: e.Title, Number: e.Number, Issuer: w.printed(e.Issuer), Mark: e.Demo, English: true}
	left := func(text string) sheet.Block { return sheet.Paragraph{Text: sheet.Plain(text), Align: sheet.Left} }
	p.Blocks = []sheet.Block{
		sheet.Cover{Kicker: w.say("kicker"), Title: "Public Credit Report", Edition: "In place of certificates of no violation. Edition: " + e.Edition},
		sheet.Notice{Tone: sheet.Calm, Title: e.Prevails},
		w.head(e), sheet.Notice{Tone: tones[c.Conclusion], Title: e.Conclusion[0], Text: sheet.Plain(e.Conclusion[1])},
		s.englishSignOff(w, e, c), sheet.PageBreak{},
		sheet.Heading{Level: 1, Text: w.say("part.domains")}, w.domainTable(e),
		sheet.Heading{Level: 1, Text: w.say("part.records")},
	}
	switch {
	case len(c.Records) == 0:
		p.Blocks = append(p.Blocks, left(w.say("no-records")))
	case len(e.Records) == 0:
		p.Blocks = append(p.Blocks, w.countTable(e), left(w.say("records.fines", e.Fines)))
	default:
		p.Blocks = append(p.Blocks, left(w.say("records.all", len(e.Records), e.Fines)))
		p.Blocks = append(p.Blocks, w.details(e)...)
	}
	notes := sheet.List{}
	for _, n := range e.Notes {
		notes.Items = append(notes.Items, sheet.Plain(n))
	}
	p.Blocks = append(p.Blocks, sheet.Heading{Level: 1, Text: w.say("part.notes")}, notes)
	return p
}

var tones = map[Conclusion]sheet.Tone{ConcludesFound: sheet.Alert, Incomplete: sheet.Caution, ConcludesNone: sheet.Good}

// label is a label with the word that the value stays in Chinese.
func (w *words) label(f EnglishField) string {
	if f.Chinese {
		return w.say("in-chinese", f.Label)
	}
	return f.Label
}

func (w *words) head(e *English) sheet.Block {
	whole := func(s string) sheet.Text { return sheet.Text{{Text: s, NoBreak: true}} }
	kv := sheet.KeyValues{KeyWidth: 144, Items: []sheet.KeyValue{
		{Key: w.say("subject"), Value: sheet.Bold(w.printed(e.Name))},
		{Key: e.Identifier.Label, Value: whole(e.Identifier.Value)},
		{Key: w.say("number"), Value: whole(e.Number)},
		{Key: w.say("period"), Value: sheet.Plain(e.Period)},
		{Key: w.say("domains"), Value: sheet.Plain(e.Asked)},
		{Key: w.say("issuer"), Value: sheet.Plain(w.printed(e.Issuer))},
		{Key: w.say("issued"), Value: sheet.Plain(e.Issued)},
	}}
	if len(e.Former) > 0 {
		former := ""
		for _, n := range e.Former {
			former = joined(former, "; ", w.printed(n))
		}
		kv.Items = append(kv.Items[:1], append([]sheet.KeyValue{{Key: w.say("former"), Value: sheet.Plain(former)}}, kv.Items[1:]...)...)
	}
	if e.Purpose != nil {
		kv.Items = append(kv.Items, sheet.KeyValue{Key: w.label(*e.Purpose), Value: sheet.Plain(e.Purpose.Value)})
	}
	for _, x := range [][2]string{{"SHA-256", e.Original.SHA256}, {"SM3", e.Original.SM3}} {
		kv.Items = append(kv.Items, sheet.KeyValue{Key: w.say("original", x[0]), Value: sheet.Text{{Text: x[1], Size: 8, Color: sheet.Muted}}})
	}
	return kv
}

func (w *words) domainTable(e *English) sheet.Block {
	t := sheet.Table{Size: 8.5, Columns: []sheet.Column{
		{Title: w.say("col.no"), Width: 7, Align: sheet.Center}, {Title: w.say("col.domain"), Width: 27}, {Title: w.say("col.organ"), Width: 32},
		{Title: w.say("col.result"), Width: 19}, {Title: w.say("col.as-of"), Width: 15},
	}}
	for i, d := range e.Domains {
		result, organ := sheet.Plain(d.Result), "-"
		switch d.State {
		case Found:
			result = sheet.Tinted(d.Result, sheet.Red)
		case Late, NoData:
			result = sheet.Text{{Text: d.Result, Color: sheet.Amber}}
		}
		if d.Organ.Chinese != "" {
			organ = w.printed(d.Organ)
		}
		t.Rows = append(t.Rows, []sheet.Text{sheet.Plain(fmt.Sprint(i + 1)), sheet.Plain(w.printed(d.Name)), sheet.Plain(organ), result, sheet.Plain(cmp.Or(d.AsOf, "-"))})
	}
	return t
}

func (w *words) countTable(e *English) sheet.Block {
	t := sheet.Table{Columns: []sheet.Column{{Title: w.say("col.domain"), Width: 70}, {Title: w.say("col.records"), Width: 30, Align: sheet.Right}}}
	n := 0
	for _, d := range e.Domains {
		if n += d.Records; d.Records > 0 {
			t.Rows = append(t.Rows, []sheet.Text{sheet.Plain(w.printed(d.Name)), sheet.Plain(fmt.Sprint(d.Records))})
		}
	}
	t.Rows = append(t.Rows, []sheet.Text{sheet.Bold(w.say("total")), sheet.Bold(fmt.Sprint(n))})
	return t
}

// details are the records printed, as many as on the Chinese paper.
func (w *words) details(e *English) (blocks []sheet.Block) {
	for i := range min(len(e.Records), printedRecords) {
		r := &e.Records[i]
		kv := sheet.KeyValues{KeyWidth: 128}
		for _, f := range r.Fields {
			kv.Items = append(kv.Items, sheet.KeyValue{Key: w.label(f), Value: sheet.Plain(f.Value)})
		}
		blocks = append(blocks, sheet.Heading{Level: 2, Text: w.say("record", i+1, r.Title)}, kv)
	}
	if more := len(e.Records) - printedRecords; more > 0 {
		blocks = append(blocks, sheet.Notice{Tone: sheet.Caution, Title: w.say("more", more),
			Text: sheet.Plain(w.say("more.text", printedRecords, len(e.Records), AttachmentName))})
	}
	return blocks
}

func (s *Service) englishSignOff(w *words, e *English, c *Content) sheet.Block {
	mark := &sheet.SealMark{Ring: c.Issuer, Center: w.text.T("zh-CN", "english.seal")}
	if c.Demo {
		mark.Center, mark.Bottom = w.text.T("zh-CN", "english.demo.seal"), w.text.T("zh-CN", "english.demo.void")
	}
	return sheet.SignOff{Issuer: cmp.Or(e.Issuer.English, e.Issuer.Chinese), Date: englishDay(c.IssuedAt), Seal: mark, QR: &sheet.QR{Content: s.verifyURL(c), Caption: []sheet.Text{
		sheet.Bold(w.say("scan")), sheet.Plain(w.say("scan.or")), {{Text: w.say("code")}, {Text: e.Code, NoBreak: true, Bold: true}}}}}
}
