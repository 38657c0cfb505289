package report_test

import (
	"fmt"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// A check-up of a subject with a thousand penalties, as a group of companies may have.
func BenchmarkCheckup1000Matters(b *testing.B) {
	o := open(b, storetest.SQLite(b), b.TempDir())
	o.says(firm, registered())
	must(b, o.ledger.Change(b.Context(), func(tx *store.Tx) error {
		var facts []ledger.Fact
		for i := range 1000 {
			r := penalised(fmt.Sprintf("岚环罚〔2026〕%d号", i), func(r *credit.Record) { r.Decided = today.AddDays(-i) })
			facts = append(facts, o.ledger.NewAssertion(firm, matterOf(r), 1, &r, nil, o.clock().UnixMilli()))
		}
		_, err := o.ledger.Append(tx, ledger.Subject{Key: firm, Class: credit.Organisation, Name: name}, facts...)
		return err
	}))
	for b.Loop() {
		if c, err := o.Checkup(b.Context(), firm); err != nil || len(c.Matters) != 1000 {
			b.Fatalf("%d matters, %v", len(c.Matters), err)
		}
	}
}
