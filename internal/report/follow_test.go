package report_test

import (
	"testing"
	"time"

	"xinban/internal/ledger"
	"xinban/internal/report"
)

// An annulment withdraws every document that lists the matter, whatever its day and edition, and touches
// none that lists nothing; the holder is told of each once, but not of one that was replaced.
func TestAnAnnulmentWithdrawsTheDocumentsThatListIt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		one := penalised("岚环罚〔2026〕1号", nil)
		o.says(firm, registered())
		bare := o.issue(report.Request{Domains: []string{"tax"}})
		o.says(firm, one)
		replaced := o.issue(report.Request{Edition: "administration"})
		o.says(firm, penalised("岚环罚〔2026〕2号", nil))
		listing := []*report.Issued{o.issue(report.Request{Edition: "administration"}), o.issue(report.Request{Paper: true}), o.issue(report.Request{Purpose: "上市"})}
		o.pass(24 * time.Hour)
		listing = append(listing, o.issue(report.Request{Purpose: "次日"}))
		o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Annulled})
		for _, facts := range [][]ledger.Fact{nil, readFacts(o)} { // whether the facts were read before or not
			steps, err := o.Project(t.Context(), firm, facts)
			must(t, err)
			if len(steps) != len(listing)+1 {
				t.Fatalf("%d steps for %d documents", len(steps), len(listing))
			}
		}
		o.follow(firm)
		status := map[string]report.Status{}
		lines, err := o.Documents(t.Context(), firm, "", 20)
		must(t, err)
		for _, l := range lines {
			status[l.Number] = l.Status
		}
		for _, doc := range append(listing, replaced) {
			if got := status[doc.Content.Number]; got != report.Withdrawn {
				t.Errorf("%s is %s", doc.Content.Number, got)
			}
		}
		if got := status[bare.Content.Number]; got != report.Valid {
			t.Errorf("%s, which lists nothing, is %s", bare.Content.Number, got)
		}
		if notices, err := o.Notices(t.Context(), firm, "", 20); err != nil || len(notices) != len(listing) {
			t.Errorf("%d notices, %v", len(notices), err)
		}
		if steps, err := o.Project(t.Context(), firm, nil); err != nil || len(steps) != 0 {
			t.Errorf("%d steps the second time, %v", len(steps), err)
		}
		if v := o.verify(bare.Envelope); v.Status != report.Changed {
			t.Errorf("the document that lists nothing is %s", v.Status)
		}
	})
}

func readFacts(o *office) []ledger.Fact {
	o.t.Helper()
	facts, err := o.ledger.Read(o.t.Context(), firm)
	must(o.t, err)
	return facts
}
