package report_test

import (
	"errors"
	"sync"
	"testing"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/report"
)

// Of two persons who decide one matter at once one succeeds and the other is told that it is settled:
// the matter becomes one other subject's, not two.
func TestTwoWhoDecideAtOnceDoNotBothSucceed(t *testing.T) {
	one := penalised("岚环罚〔2026〕1号", nil)
	targets := []credit.Key{"91000000MA0000019B", "91000000MA0000020C", "91000000MA0000021D", "91000000MA0000022E"}
	ways := map[string]func(o *office, q report.Queue, a report.Amendment) error{
		"reassign": func(o *office, q report.Queue, a report.Amendment) error { return o.Reassign(o.t.Context(), q, a) },
		"annul":    func(o *office, q report.Queue, a report.Amendment) error { return o.Annul(o.t.Context(), q, a) },
		"withdraw": func(o *office, q report.Queue, a report.Amendment) error { return o.Withdraw(o.t.Context(), q, a) },
	}
	for label, way := range ways {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				o.says(firm, one)
				for _, key := range targets {
					o.says(key, registered())
				}
				errs := make([]error, len(targets))
				var all sync.WaitGroup
				for i, to := range targets {
					all.Go(func() {
						errs[i] = way(o, &queue{}, report.Amendment{Key: firm, Matter: matterOf(one), To: to, Source: 1, Reason: "经核对该决定不属于该主体", Login: "centre", Who: audit.Actor{Name: "中心"}})
					})
				}
				all.Wait()
				done := 0
				for _, err := range errs {
					switch {
					case err == nil:
						done++
					case !errors.Is(err, report.ErrSettled):
						t.Error(err)
					}
				}
				facts, err := o.ledger.Read(t.Context(), firm)
				must(t, err)
				if done != 1 || len(facts) != 2 || facts[1].Op != ledger.OpEvent {
					t.Errorf("%d succeeded, %d facts", done, len(facts))
				}
			})
		})
	}
}
