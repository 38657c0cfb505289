package report_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
)

// Whoever holds a document is told in the transaction in which it is changed, replaced or withdrawn, one without a
// record as well; what cannot be told does not happen.
func TestHoldersAreToldOfAChange(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		var told []string
		var fault error
		o.Service = o.with(func(_ *store.Tx, key credit.Key, number string, status report.Status) error {
			told = append(told, fmt.Sprint(key, " ", number, " ", status))
			return fault
		})
		o.says(firm, registered())
		first := o.issued()
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		o.project()
		if fmt.Sprint(told) != fmt.Sprintf("[%s %s changed]", firm, first) {
			t.Errorf("after a new fact: %v", told)
		}
		told = nil
		second := o.issued()
		if fmt.Sprint(told) != fmt.Sprintf("[%s %s replaced]", firm, first) {
			t.Errorf("after a newer document: %v", told)
		}
		told, fault = nil, errors.New("the outbox is gone")
		o.happens(firm, matterOf(penalised("岚环罚〔2026〕1号", nil)), ledger.Event{Type: ledger.Annulled, Reason: "撤销"})
		steps, err := o.Project(t.Context(), firm, nil)
		must(t, err)
		if err := o.run(steps); !errors.Is(err, fault) {
			t.Errorf("what cannot be told: %v", err)
		}
		if s, err := o.Ended(t.Context(), firm, second); s != report.Valid || err != nil {
			t.Errorf("it is %s though nobody was told, %v", s, err)
		}
		told, fault = nil, nil
		o.project()
		if fmt.Sprint(told) != fmt.Sprintf("[%s %s withdrawn]", firm, second) {
			t.Errorf("after an annulment: %v", told)
		}
		for number, want := range map[string]report.Status{first: report.Replaced, second: report.Withdrawn} {
			if s, err := o.Ended(t.Context(), firm, number); s != want || err != nil {
				t.Errorf("%s is %s, %v", number, s, err)
			}
		}
	})
}

// Since counts the records that the same request would show today, and no others.
func TestSince(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		number := o.issued()
		since := func() int {
			n, err := o.Since(t.Context(), number)
			must(t, err)
			return n
		}
		if n := since(); n != 0 {
			t.Errorf("%d records at once", n)
		}
		o.says(firm, penalised("岚环罚〔2026〕2号", nil), penalised("岚环罚〔2010〕3号", func(r *credit.Record) { r.Decided = 20100101 }))
		if n := since(); n != 1 {
			t.Errorf("%d records, want the one in the period", n)
		}
		if _, err := o.Since(t.Context(), "none"); !errors.Is(err, report.ErrNoDocument) {
			t.Errorf("of no document: %v", err)
		}
	})
}

func (o *office) issued() string {
	o.t.Helper()
	d, err := o.Issue(o.t.Context(), report.Request{Key: firm, Edition: "administration"}, audit.Actor{ID: "test", Channel: "command"})
	must(o.t, err)
	return d.Content.Number
}

func (o *office) project() {
	o.t.Helper()
	steps, err := o.Project(o.t.Context(), firm, nil)
	must(o.t, err)
	must(o.t, o.run(steps))
}

func (o *office) run(steps []func(*store.Tx) error) error {
	return o.db.Tx(context.Background(), func(tx *store.Tx) error {
		for _, step := range steps {
			if err := step(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// What was computed before a document was withdrawn is not told after it: two keys of one document may be followed together.
func TestAWithdrawnDocumentIsNotToldToHaveChanged(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		var told []report.Status
		o.Service = o.with(func(_ *store.Tx, _ credit.Key, _ string, status report.Status) error {
			told = append(told, status)
			return nil
		})
		o.says(firm, penalised("岚环罚〔2026〕1号", nil))
		o.issued()
		o.says(firm, penalised("岚环罚〔2026〕2号", nil))
		late, err := o.Project(t.Context(), firm, nil)
		must(t, err)
		o.happens(firm, matterOf(penalised("岚环罚〔2026〕1号", nil)), ledger.Event{Type: ledger.Annulled, Reason: "撤销"})
		o.project()
		must(t, o.run(late))
		if len(told) != 1 || told[0] != report.Withdrawn {
			t.Errorf("told %v", told)
		}
	})
}
