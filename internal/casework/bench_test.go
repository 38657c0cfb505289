package casework

import (
	"fmt"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// desk is a store with 10,000 open cases at one desk and as many at others.
func desk(b *testing.B) *Service {
	b.Helper()
	s, err := New(b.Context(), storetest.SQLite(b), func() time.Time { return at }, loan())
	if err != nil {
		b.Fatal(err)
	}
	for at := 0; at < 20_000; at += 500 {
		err := s.db.Tx(b.Context(), func(tx *store.Tx) error {
			for i := at; i < at+500; i++ {
				c := Case{Subject: credit.Key(fmt.Sprint("K", i*7919%20_000)), Kind: "loan", Desk: fmt.Sprint("desk", i%2), Title: "信用修复申请"}
				if err := s.Open(tx, &c, By{}, ""); err != nil {
					return err
				}
				if err := s.Set(tx, Deadline{Subject: c.Subject, Case: c.ID, Name: "answer", Due: credit.Date(20260501).AddDays(i * 31 % 60)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}

func BenchmarkDesk(b *testing.B) {
	s := desk(b)
	for name, q := range map[string]DeskQuery{"all": {}, "kind": {Kind: "loan"}, "state": {Kind: "loan", State: "asked"}} {
		q.Desk, q.Limit = "desk1", 50
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if page, err := s.Desk(b.Context(), q); err != nil || len(page) != 50 {
					b.Fatal(len(page), err)
				}
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			if n, err := s.DeskCounts(b.Context(), "desk1", 20260518); err != nil || n[0].Open != 10_000 {
				b.Fatal(n, err)
			}
		}
	})
}
