package report_test

import (
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/report"
)

// A later document replaces an earlier one of the same period, be it chosen or the one that moves with
// the day; a document of a period chosen otherwise, or for another purpose, stays in force beside it.
func TestADocumentReplacesOnlyItsOwnSeries(t *testing.T) {
	const from, to = credit.Date(20250101), credit.Date(20260430)
	tests := map[string]struct {
		first, second report.Request
		want          report.Status
	}{
		"the longest, then the longest":   {report.Request{}, report.Request{}, report.Replaced},
		"chosen, then the same":           {report.Request{From: from, To: to}, report.Request{From: from, To: to}, report.Replaced},
		"chosen, then the longest":        {report.Request{From: from, To: to}, report.Request{}, report.Changed},
		"the longest, then chosen":        {report.Request{}, report.Request{From: from, To: to}, report.Changed},
		"chosen, then another beginning":  {report.Request{From: from, To: to}, report.Request{From: 20250201, To: to}, report.Changed},
		"chosen, then another end":        {report.Request{From: from, To: to}, report.Request{From: from, To: 20260330}, report.Changed},
		"one purpose, then the same":      {report.Request{Purpose: "贷款"}, report.Request{Purpose: "贷款"}, report.Replaced},
		"one purpose, then another":       {report.Request{Purpose: "招投标"}, report.Request{Purpose: "贷款"}, report.Changed},
		"the longest, written out by day": {report.Request{}, report.Request{From: 1, To: 1}, report.Replaced},
	}
	for label, tt := range tests {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				o.says(firm, penalised("岚环罚〔2026〕1号", nil))
				first := o.issue(tt.first)
				o.says(firm, penalised("岚环罚〔2026〕2号", nil))
				second := tt.second
				if second.From == 1 {
					second = report.Request{From: first.Content.From, To: first.Content.To}
				} else {
					o.pass(24 * time.Hour)
				}
				o.issue(second)
				if v := o.verify(first.Envelope); v.Status != tt.want {
					t.Errorf("the first is %s, want %s: %v", v.Status, tt.want, v.Reasons)
				}
			})
		})
	}
}
