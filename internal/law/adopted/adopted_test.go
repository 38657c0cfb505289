package adopted_test

import (
	"strings"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const (
	today = credit.Date(20260518)
	noon  = int64(1779076800000) // the clock of a test stands still
)

func open(t *testing.T, db *store.DB) *adopted.Books {
	t.Helper()
	b, err := adopted.Open(t.Context(), db, today, noon)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func book(t *testing.T, b *adopted.Books, digest string) *law.Book {
	t.Helper()
	x, err := b.Book(digest)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// edit is a proposal with other words, by an author and an approver.
func edit(t *testing.T, id, old, with, author, approver string) []law.Adopted {
	t.Helper()
	for _, p := range law.Proposals() {
		if p.ID == id && strings.Contains(string(p.Body), old) {
			return []law.Adopted{{Body: []byte(strings.Replace(string(p.Body), old, with, 1)), KnownFrom: today, Author: author, Approver: approver}}
		}
	}
	t.Fatalf("no proposal %s with %q", id, old)
	return nil
}

func rows(t *testing.T, db *store.DB) (all []string) {
	t.Helper()
	r, err := db.Query(t.Context(), "SELECT digest || body || author || approver FROM ruleset ORDER BY adopted, digest")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for r.Next() {
		var s string
		if err := r.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// A fresh store adopts what is shipped, once; opened again it adopts nothing and has the same book.
func TestAFreshStoreAdoptsTheProposalsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first := open(t, db)
		n := len(rows(t, db))
		again := open(t, db)
		if n != len(law.Proposals()) || len(rows(t, db)) != n {
			t.Errorf("%d rows, then %d, of %d proposals", n, len(rows(t, db)), len(law.Proposals()))
		}
		if a, b := book(t, first, "").Digest(), book(t, again, "").Digest(); a != b {
			t.Errorf("digest %s, then %s", a, b)
		}
	})
}

// An adoption adds rows and changes none; the book before can still be had by its digest, in this process
// and after a restart, also when several sets are adopted in one instant or with a clock set back.
func TestFormerBooksStay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		digests := []string{book(t, b, "").Digest()}
		before := rows(t, db)
		for i, months := range []string{"11", "10", "9"} {
			set := edit(t, "O36", "max_months: 12", "max_months: "+months, "甲", "乙")
			at := noon - int64(i)*3_600_000 // the same instant, then an hour and two hours back
			if err := b.Adopt(t.Context(), set, "差异：无", at); err != nil {
				t.Fatal(err)
			}
			now := rows(t, db)
			if len(now) != len(before)+1 || strings.Join(now[:len(before)], "") != strings.Join(before, "") {
				t.Fatalf("adoption %d: the table was not only appended to", i+1)
			}
			before = now
			digests = append(digests, book(t, b, "").Digest())
		}
		for _, books := range []*adopted.Books{b, open(t, db)} {
			for i, d := range digests {
				if got := book(t, books, d); got.Digest() != d {
					t.Errorf("book %d is not what it was", i)
				}
			}
			if book(t, books, "").Digest() != digests[len(digests)-1] {
				t.Error("the last adoption is not in force")
			}
		}
		for i, d := range digests[1:] {
			if d == digests[i] {
				t.Error("another text has the same digest")
			}
		}
		if _, err := b.Book("0123"); err == nil || !strings.Contains(err.Error(), "0123") {
			t.Errorf("a digest that never was: %v", err)
		}
	})
}

// An edit needs a second person; a refused one leaves no trace.
func TestAnEditNeedsASecondPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		was, n := book(t, b, "").Digest(), len(rows(t, db))
		for _, who := range [][2]string{{"甲", "甲"}, {"甲", ""}, {"", "乙"}, {"", ""}} {
			if err := b.Adopt(t.Context(), edit(t, "O36", "max_months: 12", "max_months: 11", who[0], who[1]), "", noon); err == nil {
				t.Errorf("author %q, approver %q: adopted", who[0], who[1])
			}
		}
		if err := b.Adopt(t.Context(), []law.Adopted{{Body: []byte("set: report\n"), KnownFrom: today, Author: "甲", Approver: "乙"}}, "", noon); err == nil {
			t.Error("a set that is no set was adopted")
		}
		if book(t, b, "").Digest() != was || len(rows(t, db)) != n {
			t.Error("a refused adoption left something")
		}
		if err := b.Adopt(t.Context(), edit(t, "O36", "max_months: 12", "max_months: 11", "甲", "乙"), "", noon); err != nil {
			t.Errorf("two persons: %v", err)
		}
	})
}

// A row that was changed behind the program's back is found out: the book is not made of other words.
func TestATamperedTableIsFoundOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		was := book(t, b, "").Digest()
		if err := b.Adopt(t.Context(), edit(t, "O36", "max_months: 12", "max_months: 11", "甲", "乙"), "", noon); err != nil {
			t.Fatal(err)
		}
		err := db.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE ruleset SET body = REPLACE(body, 'max_months: 12', 'max_months: 6')")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		again, err := adopted.Open(t.Context(), db, today, noon)
		if err == nil { // the words as they are may even be sound, but they are not those of the digest
			_, err = again.Book(was)
		}
		if err == nil || !strings.Contains(err.Error(), "O36") && !strings.Contains(err.Error(), "changed") {
			t.Errorf("a former book was made of other words: %v", err)
		}
	})
}
