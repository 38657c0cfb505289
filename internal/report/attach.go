package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/sheet"
)

// listingEdition is the edition beside whose matters signed statements are named.
const listingEdition = "listing"

// Statement is a signed statement of circumstances (情节说明) that stands beside a matter: whether the organ
// finds it a major violation.
type Statement struct {
	Number  string      `json:"number"`
	Organ   string      `json:"organ"`
	Verdict string      `json:"verdict"` // not_major, major or undecided
	Finding string      `json:"finding"` // the verdict in Chinese
	Date    credit.Date `json:"date"`
	// What it says, and with what it is verified apart: from version 4 of the content.
	Reasons string `json:"reasons,omitempty"`
	Basis   string `json:"basis,omitempty"`
	Code    string `json:"code,omitempty"`   // that a look-up needs besides the number
	SHA256  string `json:"sha256,omitempty"` // of its canonical JSON, as printed on it
}

// Attached is a statement with the matter that it is about.
type Attached struct {
	Matter string `json:"matter"`
	Statement
}

// Statements tells of signed statements. None of them is a fact of the subject: a report is true without.
type Statements interface {
	// Attached returns the statements of a subject that stand, in the order of their numbers.
	Attached(ctx context.Context, key credit.Key) ([]Attached, error)
	// Stands tells whether a statement still stands, and if not why.
	Stands(ctx context.Context, key credit.Key, number string) (stands bool, why string, err error)
	// Signed returns the signed JSON of a statement, as it was signed.
	Signed(ctx context.Context, key credit.Key, number string) ([]byte, error)
}

// attached reads the statements that a report in an edition names: the listing edition alone does.
func (s *Service) attached(ctx context.Context, edition string, key credit.Key) ([]Attached, error) {
	if s.c.Statements == nil || edition != listingEdition {
		return nil, nil
	}
	return s.c.Statements.Attached(ctx, key)
}

// statementOf finds the newest statement about a matter; nil for none.
func statementOf(all []Attached, matter string) *Statement {
	for i := range slices.Backward(all) {
		if all[i].Matter == matter {
			return &all[i].Statement
		}
	}
	return nil
}

// attachedIDs name the statements, so that a request with others is another one.
func attachedIDs(all []Attached) (ids []string) {
	for _, a := range all {
		ids = append(ids, a.Number)
	}
	return ids
}

// statementsStand says of each statement that a document names whether it still stands; ended tells that one
// does not.
func (s *Service) statementsStand(ctx context.Context, c *Content) (says []string, ended bool, err error) {
	for i := range c.Records {
		st := c.Records[i].Statement
		if st == nil {
			continue
		}
		stands, why := false, "现在无法查询"
		if s.c.Statements != nil {
			if stands, why, err = s.c.Statements.Stands(ctx, c.Subject, st.Number); err != nil {
				return nil, false, err
			}
		}
		if stands {
			says = append(says, "所附情节说明"+st.Number+"有效")
		} else {
			says, ended = append(says, "所附情节说明"+st.Number+why), true
		}
	}
	return says, ended, nil
}

// Words are the statement on one line.
func (s *Statement) Words() string {
	return s.Organ + "于" + s.Date.Chinese() + "说明：" + cmp.Or(s.Finding, s.Verdict) + "（编号" + s.Number + "）"
}

// Attachment is the name under which the signed statement lies in the paper.
func (s *Statement) Attachment() string { return "statement-" + s.Number + ".json" }

// statementItem is the statement on the paper, nothing for none. Its text stands on a page of its own.
func statementItem(r *Record) []sheet.KeyValue {
	if r.Statement == nil {
		return nil
	}
	words := r.Statement.Words()
	if r.Statement.Reasons != "" {
		words += "，全文见附页"
	}
	return []sheet.KeyValue{{Key: "情节说明", Value: sheet.Tinted(words, sheet.Accent)}}
}

// Statements are those that the document names, in the order of its records.
func (c *Content) Statements() (all []*Statement) {
	for i := range c.Records {
		if st := c.Records[i].Statement; st != nil {
			all = append(all, st)
		}
	}
	return all
}

// statementPages are the statements in full, after all else that the paper says; nothing for none.
func statementPages(c *Content) (blocks []sheet.Block) {
	for i := range c.Records {
		st := c.Records[i].Statement
		if st == nil || st.Reasons == "" {
			continue
		}
		if blocks == nil {
			blocks = []sheet.Block{sheet.PageBreak{}, sheet.Heading{Level: 1, Text: "附：情节说明"},
				sheet.Paragraph{Text: sheet.Plain("以下为处罚机关或承接其职责的机关出具的情节说明全文。每份均单独签名，签名数据以所列文件名附在本文件内；在核验页面输入说明编号和核验码，或上传该文件，可以单独核验。"), Indent: 2}}
		}
		blocks = append(blocks, st.page(&c.Records[i])...)
	}
	return blocks
}

func (s *Statement) page(r *Record) []sheet.Block {
	whole := func(text string) sheet.Text { return sheet.Text{{Text: text, NoBreak: true}} }
	return []sheet.Block{
		sheet.Heading{Level: 2, Text: cmp.Or(r.DocNo, s.Number)},
		sheet.KeyValues{KeyWidth: 92, Items: []sheet.KeyValue{
			{Key: "出具机关", Value: sheet.Plain(s.Organ)},
			{Key: "认定", Value: sheet.Tinted(cmp.Or(s.Finding, s.Verdict), sheet.Accent)},
			{Key: "理由", Value: sheet.Plain(oneLine.Replace(s.Reasons))},
			{Key: "依据", Value: sheet.Plain(oneLine.Replace(cmp.Or(s.Basis, "—")))},
			{Key: "签发日期", Value: sheet.Plain(s.Date.Chinese())},
			{Key: "说明编号", Value: whole(s.Number)},
			{Key: "核验码", Value: whole(s.Code)},
			{Key: "SHA-256", Value: sheet.Text{{Text: s.SHA256, Size: 8, Color: sheet.Muted}}},
			{Key: "所附文件", Value: sheet.Text{{Text: s.Attachment(), Size: 8, Color: sheet.Muted}}},
		}},
	}
}

// enclosed is what lies in the paper of a document: its signed data, and the statements that it names as they were
// signed. A statement that ended since is enclosed all the same: the document names it.
func (s *Service) enclosed(ctx context.Context, doc *Issued) ([]pdf.Attachment, error) {
	const media = "application/json"
	all := []pdf.Attachment{{Name: AttachmentName, Type: media, Data: doc.Envelope}}
	for _, st := range doc.Content.Statements() {
		if s.c.Statements == nil || st.SHA256 == "" { // named by an older program, which enclosed none
			continue
		}
		signed, err := s.c.Statements.Signed(ctx, doc.Content.Subject, st.Number)
		if err != nil {
			return nil, fmt.Errorf("report: enclosing statement %s: %w", st.Number, err)
		}
		all = append(all, pdf.Attachment{Name: st.Attachment(), Type: media, Data: signed})
	}
	return all, nil
}
