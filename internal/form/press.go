package form

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xinban/internal/credit"
	"xinban/internal/document/canon"
	"xinban/internal/document/pdf"
	"xinban/internal/document/pdf/font"
	"xinban/internal/document/sheet"
)

// attachmentName is the name under which a paper's values lie in the PDF, for the program at the other end.
const attachmentName = "form.json"

// Press prints papers.
type Press struct {
	Fonts  *font.Set
	Writer *pdf.Writer
	Keys   pdf.Signer // of the seal; a template that asks for a seal is refused without it
	Issuer string     // whose seal it is
	Demo   bool       // says on every page that the data are for show
}

// content is what is attached: which template in which state said what. It holds no value that is not on the paper.
type content struct {
	Template string                         `json:"template"`
	From     credit.Date                    `json:"effective_from"`
	Number   string                         `json:"number"`
	Fields   map[string]string              `json:"fields"`
	Lists    map[string][]map[string]string `json:"lists"`
}

// PDF prints a paper made at an instant. Equal inputs give equal bytes, but for the signature of a sealed one.
func (p *Press) PDF(t *Template, v Values, at time.Time) ([]byte, error) {
	s, used, err := t.fill(v)
	if err != nil {
		return nil, err
	}
	opt := pdf.Options{Created: at}
	if t.seal {
		if p.Keys == nil {
			return nil, fmt.Errorf("“%s”要加盖印章，但没有可用的签章密钥", t.Title)
		}
		opt.Signer, opt.Reason = p.Keys, "出具"+t.Title
	}
	p.dress(s, t.seal)
	data, err := canon.Marshal(content{t.ID, t.From, v.Number, used.Fields, used.Lists})
	if err != nil {
		return nil, fmt.Errorf("form: writing the values of %s: %w", v.Number, err)
	}
	opt.Attachments = []pdf.Attachment{{Name: attachmentName, Type: "application/json", Data: data}}
	file, err := p.Writer.Write(p.layout(s), opt)
	if err != nil {
		return nil, fmt.Errorf("form: printing %s %s: %w", t.ID, v.Number, err)
	}
	return file, nil
}

// dress adds to a sheet what is the house's: its name, the seal, and whether the data are for show.
func (p *Press) dress(s *sheet.Sheet, seal bool) {
	s.Issuer = p.Issuer
	center, bottom := "平台签章", ""
	if p.Demo {
		s.Mark = strings.TrimPrefix(s.Mark+" · 演示数据", " · ")
		center, bottom = "演示专用", "不具法律效力"
	}
	if !seal {
		return
	}
	if off, ok := s.Blocks[len(s.Blocks)-1].(sheet.SignOff); ok {
		off.Seal = &sheet.SealMark{Ring: p.Issuer, Center: center, Bottom: bottom}
		s.Blocks[len(s.Blocks)-1] = off
	}
}

// layout lays a paper out so that a seal never stands alone on a page, where it would attest to nothing: the last
// words go with it.
func (p *Press) layout(s *sheet.Sheet) *sheet.Layout {
	whole, last := s.Layout(p.Fonts), len(s.Blocks)-1
	if _, signed := s.Blocks[last].(sheet.SignOff); !signed || last < 2 {
		return whole
	}
	bare := *s
	bare.Blocks = s.Blocks[:last]
	if len(bare.Layout(p.Fonts).Pages) == len(whole.Pages) {
		return whole
	}
	switch s.Blocks[last-1].(type) {
	case sheet.Paragraph, sheet.KeyValues, sheet.Notice:
		bare.Blocks = slices.Insert(slices.Clone(s.Blocks), last-1, sheet.Block(sheet.PageBreak{}))
		return bare.Layout(p.Fonts)
	}
	return whole
}
