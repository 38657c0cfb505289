package report_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// said are the statements of a test, all of the firm.
type said struct {
	all   []report.Attached
	ended map[string]string
}

func (s *said) Attached(context.Context, credit.Key) ([]report.Attached, error) {
	var standing []report.Attached
	for _, a := range s.all {
		if s.ended[a.Number] == "" {
			standing = append(standing, a)
		}
	}
	return standing, nil
}

func (s *said) Stands(_ context.Context, _ credit.Key, number string) (bool, string, error) {
	return s.ended[number] == "", s.ended[number], nil
}

// Signed is the statement as far as a test tells it from others.
func (s *said) Signed(_ context.Context, _ credit.Key, number string) ([]byte, error) {
	return []byte(`{"signed":"` + number + `"}`), nil
}

// withStatements is an office whose reports name statements.
func withStatements(t *testing.T, db *store.DB) (*office, *said) {
	t.Helper()
	o := open(t, db, t.TempDir())
	s := &said{ended: map[string]string{}}
	o.reopen(s)
	return o, s
}

func statementOn(r credit.Record, number string) report.Attached {
	return report.Attached{Matter: matterOf(r).String(), Statement: report.Statement{Number: number, Organ: "岚港市生态环境局", Verdict: "not_major", Finding: "不属于重大违法", Date: 20260518,
		Reasons: "违法行为轻微并及时改正", Basis: "演示裁量基准第三条", Code: "WX4K7M9B", SHA256: strings.Repeat("ab", 32)}}
}

// A statement stands beside its matter on the listing edition's data and paper, and in no other edition.
func TestListingReportsNameTheStatement(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, s := withStatements(t, db)
		one, two := penalised("岚环罚〔2026〕1号", nil), penalised("岚环罚〔2026〕2号", nil)
		o.says(firm, registered(), one, two)
		before := o.issue(report.Request{Edition: "listing"})
		s.all = append(s.all, statementOn(one, "Q1"))
		doc := o.issue(report.Request{Edition: "listing", Paper: true})
		if doc.Content.Number == before.Content.Number {
			t.Fatal("the report of before the statement is given again")
		}
		named := 0
		for _, r := range doc.Content.Records {
			if r.Statement != nil {
				named++
				if r.Matter != matterOf(one).String() || r.Statement.Number != "Q1" {
					t.Errorf("%s is named beside %s", r.Statement.Number, r.DocNo)
				}
			}
		}
		if named != 1 || doc.Content.Version != report.ContentVersion {
			t.Errorf("%d records name a statement, version %d", named, doc.Content.Version)
		}
		if text := strings.Join(strings.Fields(paperText(t, doc.Paper)), ""); !strings.Contains(text, "不属于重大违法") || !strings.Contains(text, "Q1") {
			t.Error("the paper does not name it")
		}
		text := strings.Join(strings.Fields(paperText(t, doc.Paper)), "")
		for _, want := range []string{"附：情节说明", "违法行为轻微并及时改正", "演示裁量基准第三条", "WX4K7M9B", strings.Repeat("ab", 32), "statement-Q1.json"} {
			if !strings.Contains(text, want) {
				t.Errorf("the paper does not say %s", want)
			}
		}
		if signed, err := pdf.ExtractAttachment(doc.Paper, "statement-Q1.json"); err != nil || string(signed) != `{"signed":"Q1"}` {
			t.Errorf("the paper holds the statement %s, %v", signed, err)
		}
		if v := o.verify(doc.Paper); v.Status != report.Valid || !v.Unaltered {
			t.Errorf("the paper with the statement verifies as %+v", v)
		}
		for _, edition := range []string{"general", "administration"} {
			if payload := o.issue(report.Request{Edition: edition}).Payload; strings.Contains(string(payload), "statement") {
				t.Errorf("%s names a statement", edition)
			}
		}
		if again := o.issue(report.Request{Edition: "listing"}); again.Content.Number != doc.Content.Number {
			t.Error("the same request on the same statements is another document")
		}
	})
}

// Whatever becomes of the statements later, documents are made again as they were, those of before as well.
func TestReplayKeepsTheStatementsOfItsDay(t *testing.T) {
	t.Parallel()
	o, s := withStatements(t, storetest.SQLite(t))
	one := penalised("岚环罚〔2026〕1号", nil)
	o.says(firm, registered(), one)
	before := o.issue(report.Request{Edition: "listing"})
	s.all = append(s.all, statementOn(one, "Q1"))
	with := o.issue(report.Request{Edition: "listing"})
	s.ended["Q1"] = "已撤回"
	for _, doc := range []*report.Issued{before, with} {
		r, err := o.Replay(t.Context(), doc.Content.Number)
		if must(t, err); !r.Same {
			t.Errorf("%s is made again otherwise", doc.Content.Number)
		}
	}
	var c report.Content
	must(t, json.Unmarshal(before.Payload, &c))
	if c.Records[0].Statement != nil {
		t.Error("the first names a statement")
	}
}

// Verification of the report says of each statement whether it stands; one that ended is a later change.
func TestVerificationSaysWhetherTheStatementStands(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, s := withStatements(t, db)
		one := penalised("岚环罚〔2026〕1号", nil)
		o.says(firm, registered(), one)
		plain := o.issue(report.Request{Edition: "listing", Purpose: "上市"})
		s.all = append(s.all, statementOn(one, "Q1"))
		doc := o.issue(report.Request{Edition: "listing"})
		if v := o.verify(doc.Envelope); v.Status != report.Valid || !contains(v.Reasons, "Q1有效") {
			t.Errorf("%s %v", v.Status, v.Reasons)
		}
		s.ended["Q1"] = "已由出具机关撤回：依据有误"
		if v := o.verify(doc.Envelope); v.Status != report.Changed || !contains(v.Reasons, "Q1已由出具机关撤回：依据有误") {
			t.Errorf("after its withdrawal: %s %v", v.Status, v.Reasons)
		}
		if v := o.verify(plain.Envelope); v.Status != report.Valid || contains(v.Reasons, "情节说明") {
			t.Errorf("a report without one: %s %v", v.Status, v.Reasons)
		}
	})
}
