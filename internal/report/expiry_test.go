package report_test

import (
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/report"
)

// From the day on which publicity ends a document is no longer simply valid, though no fact came; a new
// one then replaces it. The day before it is, and a document that nothing can turn stays so.
func TestPublicityEndsByItself(t *testing.T) {
	const last = credit.Date(20270410) // of a general record decided on 2026-04-10
	tests := map[string]struct {
		edition string
		domains []string
		then    report.Status
		records [2]int // of the document and of the one issued on the day after
	}{
		"hidden by the general edition":   {"general", nil, report.Changed, [2]int{1, 0}},
		"marked by the listing edition":   {"listing", nil, report.Changed, [2]int{1, 1}},
		"not in a domain that was chosen": {"general", []string{"tax"}, report.Valid, [2]int{0, 0}},
	}
	for label, tt := range tests {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				o.says(firm, penalised("岚环罚〔2026〕1号", nil))
				issue := func() *report.Issued {
					return o.issue(report.Request{Edition: tt.edition, Domains: tt.domains})
				}
				status := func(doc *report.Issued, want report.Status) {
					t.Helper()
					if v := o.verify(doc.Envelope); v.Status != want || want == report.Changed && !contains(v.Reasons, "自2027年4月11日起") {
						t.Errorf("on %s: %s %q, want %s", credit.DateOf(o.clock()), v.Status, v.Reasons, want)
					}
					lines, err := o.Documents(t.Context(), firm, "", 20)
					must(t, err)
					for _, l := range lines {
						if l.Number == doc.Content.Number && l.Newer == "" && l.Turned != (want == report.Changed) {
							t.Errorf("on %s: turned %v, want %s", credit.DateOf(o.clock()), l.Turned, want)
						}
					}
				}
				first := issue()
				o.pass(time.Duration(today.DaysUntil(last)) * 24 * time.Hour)
				status(first, report.Valid)
				second := issue()
				status(first, report.Valid)
				o.pass(24 * time.Hour)
				status(first, tt.then)
				status(second, tt.then)
				third := issue()
				after := tt.then
				if after == report.Changed {
					after = report.Replaced
				}
				status(first, after)
				status(second, after)
				status(third, report.Valid)
				if got := [2]int{len(first.Content.Records), len(third.Content.Records)}; got != tt.records {
					t.Errorf("records %v, want %v", got, tt.records)
				}
				for _, doc := range []*report.Issued{first, third} {
					if r, err := o.Replay(t.Context(), doc.Content.Number); err != nil || !r.Same {
						t.Errorf("replay %+v, %v", r, err)
					}
				}
			})
		})
	}
}
