package repair

import (
	"context"
	"fmt"
	"testing"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// The first page of a clerk's desk with ten thousand open items of two thousand subjects.
func BenchmarkDesk10000(b *testing.B) {
	o := open(b, storetest.SQLite(b))
	for from := 0; from < 10000; from += 500 {
		must(b, o.db.Tx(b.Context(), func(tx *store.Tx) error { return o.fillDesk(tx, from, 500) }))
	}
	for b.Loop() {
		items, next, err := o.Desk(context.Background(), clerk, nil, listRows)
		if err != nil || len(items) != listRows || next == nil {
			b.Fatalf("%d items, %v", len(items), err)
		}
	}
}

func (o *office) fillDesk(tx *store.Tx, from, n int) error {
	for i := from; i < from+n; i++ {
		c := casework.Case{Subject: credit.Key(fmt.Sprintf("91%016d", i%2000)), Kind: ItemKind, Desk: "organ:" + port, Title: fmt.Sprint(i)}
		if err := put(&c, itemData{Kind: credit.Penalty, Organ: "old", Domain: "urban", DocNo: fmt.Sprint(i), Name: "岚港演示有限公司"}); err != nil {
			return err
		}
		if err := o.c.Cases.Open(tx, &c, system, ""); err != nil {
			return err
		}
		if err := o.set(tx, &c, acceptName, today, 3); err != nil {
			return err
		}
	}
	return nil
}
