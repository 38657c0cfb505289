package form

import (
	"strings"

	"xinban/internal/document/sheet"
)

// Free is what every page of a paper to an applicant says.
const Free = "信用修复不收取任何费用"

// Sheet is the paper with its values. Its error is Incomplete when a value is missing.
func (t *Template) Sheet(v Values) (*sheet.Sheet, error) {
	s, _, err := t.fill(v)
	return s, err
}

// fill makes the paper and says which of the values stand on it.
func (t *Template) fill(v Values) (*sheet.Sheet, Values, error) {
	f := &filling{v: v, used: Values{Number: v.Number, Fields: map[string]string{}, Lists: map[string][]map[string]string{}}}
	if strings.TrimSpace(v.Number) == "" {
		f.gap("paper.number", 1)
	}
	s := &sheet.Sheet{Title: t.Title, Number: v.Number}
	if t.For == Applicant {
		s.Mark = Free
	}
	s.Blocks = append(s.Blocks, sheet.Cover{Title: t.Title, Edition: f.text(t.edition)})
	if !t.to.empty() {
		s.Blocks = append(s.Blocks, sheet.Paragraph{Text: sheet.Bold(f.text(t.to) + "："), Align: sheet.Left})
	}
	for i := range t.blocks {
		if b := &t.blocks[i]; f.says(b.when) {
			s.Blocks = append(s.Blocks, f.block(b)...)
		}
	}
	if t.sign != nil {
		s.Blocks = append(s.Blocks, f.signature(t.sign))
	}
	if len(f.gaps) > 0 {
		return nil, Values{}, &Incomplete{Template: t.Title, Gaps: f.gaps}
	}
	return s, f.used, nil
}

func (f *filling) block(b *block) []sheet.Block {
	switch {
	case b.heading != nil:
		return []sheet.Block{sheet.Heading{Level: 2, Text: f.text(b.heading)}}
	case b.paragraph != nil:
		return paragraphs(f.text(b.paragraph))
	case b.notice != nil:
		return []sheet.Block{sheet.Notice{Tone: b.notice.tone, Title: f.text(b.notice.title), Text: sheet.Plain(f.text(b.notice.text))}}
	case b.table != nil:
		return []sheet.Block{f.table(b.table)}
	case b.list != nil:
		var l sheet.List
		for i := range b.list {
			l.Items = append(l.Items, sheet.Plain(f.text(&b.list[i])))
		}
		return []sheet.Block{l}
	}
	return f.facts(b.facts)
}

// paragraphs sets a text in the paragraphs in which it was written.
func paragraphs(s string) []sheet.Block {
	var all []sheet.Block
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, sheet.Paragraph{Text: sheet.Plain(line), Indent: 2})
		}
	}
	return all
}

func (f *filling) facts(facts []fact) []sheet.Block {
	kv := sheet.KeyValues{KeyWidth: 112}
	for i := range facts {
		if x := &facts[i]; f.says(x.when) {
			kv.Items = append(kv.Items, sheet.KeyValue{Key: f.text(x.key), Value: sheet.Plain(f.text(x.value))})
		}
	}
	if len(kv.Items) == 0 {
		return nil
	}
	return []sheet.Block{sheet.Space{Height: 3}, kv}
}

func (f *filling) table(t *table) sheet.Block {
	out := sheet.Table{Empty: f.text(t.empty)}
	for i := range t.columns {
		c := &t.columns[i]
		out.Columns = append(out.Columns, sheet.Column{Title: f.text(c.title), Width: c.width, Align: c.align})
	}
	for n, row := range f.rows(t.rows, t.line) {
		var cells []sheet.Text
		for i := range t.columns {
			cells = append(cells, sheet.Plain(f.inRow(t.columns[i].value, t.rows, n+1, row)))
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

func (f *filling) signature(s *signature) sheet.SignOff {
	out := sheet.SignOff{Issuer: f.text(s.name), Date: f.text(s.date)}
	if !s.code.empty() {
		out.QR = &sheet.QR{Content: f.text(s.code)}
		for i := range s.caption {
			out.QR.Caption = append(out.QR.Caption, sheet.Plain(f.text(&s.caption[i])))
		}
	}
	return out
}
