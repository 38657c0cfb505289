package adopted_test

import (
	"errors"
	"strings"
	"testing"

	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// elevenMonths is the rule set O36 with another longest period for general matters.
func elevenMonths(t *testing.T) []byte {
	return edit(t, "O36", "max_months: 12", "max_months: 11", "", "")[0].Body
}

func waiting(t *testing.T, b *adopted.Books) []adopted.Waiting {
	t.Helper()
	all, err := b.Waiting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A proposal changes nothing until another person adopts it, and says by rule what it changes.
func TestAProposalWaitsForASecondPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		was := book(t, b, "").Digest()
		p, err := b.Propose(t.Context(), elevenMonths(t), "jia", noon)
		if err != nil {
			t.Fatal(err)
		}
		if book(t, b, "").Digest() != was {
			t.Fatal("a proposal was in force before anybody adopted it")
		}
		text := adopted.Text(waiting(t, b)[0].Changes)
		if !strings.Contains(text, "修改 O36.class.general") || !strings.Contains(text, "最长月数：由“12”改为“11”") || strings.Count(text, "由“") != 1 {
			t.Errorf("the difference: %s", text)
		}
		if _, err := b.Propose(t.Context(), elevenMonths(t), "yi", noon); !errors.Is(err, adopted.ErrAlreadyThere) {
			t.Errorf("proposed twice: %v", err)
		}
		for who, want := range map[string]error{"jia": adopted.ErrSecondPerson, "": adopted.ErrNoPerson, law.Program: adopted.ErrNoPerson} {
			if _, err := b.Decide(t.Context(), p.Digest, who, true, "", today, noon); !errors.Is(err, want) {
				t.Errorf("adopted by %q: %v, want %v", who, err, want)
			}
		}
		if _, err := b.Decide(t.Context(), p.Digest[:12], "yi", true, "", today, noon+1); err != nil {
			t.Fatal(err)
		}
		if now := book(t, b, "").Digest(); now == was || len(waiting(t, b)) != 0 || book(t, b, was).Digest() != was {
			t.Errorf("after the adoption: book %s, %d waiting", now, len(waiting(t, b)))
		}
		if _, err := b.Propose(t.Context(), elevenMonths(t), "jia", noon); !errors.Is(err, adopted.ErrInForce) {
			t.Errorf("what is in force was proposed: %v", err)
		}
		if _, err := b.Decide(t.Context(), p.Digest, "yi", true, "", today, noon); !errors.Is(err, adopted.ErrNoProposal) {
			t.Errorf("adopted twice: %v", err)
		}
	})
}

// A rejection needs a reason, is kept, and leaves the way open to propose the same text again.
func TestARejectionNeedsAReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := open(t, db)
		p, err := b.Propose(t.Context(), elevenMonths(t), "jia", noon)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Decide(t.Context(), p.Digest, "yi", false, " ", today, noon); !errors.Is(err, adopted.ErrNoReason) {
			t.Errorf("rejected without a reason: %v", err)
		}
		if _, err := b.Decide(t.Context(), p.Digest, "yi", false, "缺依据", today, noon+1); err != nil {
			t.Fatal(err)
		}
		steps, err := b.History(t.Context())
		if err != nil || len(steps) != 2 || steps[1].Reason != "缺依据" || steps[1].Who != "yi" || steps[1].Step != adopted.StepReject {
			t.Errorf("kept: %+v %v", steps, err)
		}
		if _, err := b.Propose(t.Context(), elevenMonths(t), "jia", noon+2); err != nil || len(waiting(t, b)) != 1 {
			t.Errorf("proposed again: %v, %d waiting", err, len(waiting(t, b)))
		}
	})
}

// A file that is wrong is refused with its line, and nothing of it is kept.
func TestAWrongFileIsNotProposed(t *testing.T) {
	b := open(t, storetest.SQLite(t))
	for with, want := range map[string]string{"max_month: 12": `没有“max_month”这一项`, "max_months: 1": "第28行"} {
		_, err := b.Propose(t.Context(), edit(t, "O36", "max_months: 12", with, "", "")[0].Body, "jia", noon)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "规则文件有误") {
			t.Errorf("%s: %v, want %s", with, err, want)
		}
	}
	if n := len(waiting(t, b)); n != 0 {
		t.Errorf("%d proposals were kept", n)
	}
}

// older makes a store as a program left it that shipped other words, and opens it with this program.
func older(t *testing.T, db *store.DB) *adopted.Books {
	t.Helper()
	b := open(t, db)
	shipped := law.AdoptProposals(today, law.Program)
	for i, s := range shipped {
		shipped[i].Body = []byte(strings.Replace(string(s.Body), "max_months: 12", "max_months: 11", 1))
	}
	err := db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM ruleset")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Adopt(t.Context(), shipped, "", noon); err != nil {
		t.Fatal(err)
	}
	return open(t, db)
}

// An upgrade opens an older store, changes nothing by itself and offers its words for adoption; once rejected they
// are offered no more.
func TestAnUpgradeOffersItsRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := older(t, db)
		was, all := book(t, b, "").Digest(), waiting(t, b)
		if len(all) == 0 || !all[0].Shipped() || !strings.Contains(adopted.Text(all[0].Changes), "由“11”改为“12”") {
			t.Fatalf("offered: %+v", all)
		}
		if _, err := b.Decide(t.Context(), all[0].Digest, "jia", true, "", today, noon+99); err != nil {
			t.Fatal(err)
		}
		if book(t, b, "").Digest() == was {
			t.Error("the adopted words are not in force")
		}
		for _, w := range all[1:] {
			if _, err := b.Decide(t.Context(), w.Digest, "jia", false, "本地另有规定", today, noon+99); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(waiting(t, open(t, db))); n != 0 {
			t.Errorf("%d are still offered", n)
		}
	})
}

// What one process adopts another takes up at its next look, and two that adopt at once leave books that can be
// made again.
func TestAnotherProcessTakesUpWhatWasAdopted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		one, two := open(t, db), open(t, db)
		done := make(chan error, 2)
		for months, b := range map[string]*adopted.Books{"11": one, "10": two} {
			set := edit(t, "O36", "max_months: 12", "max_months: "+months, "甲", "乙")
			go func() { done <- b.Adopt(t.Context(), set, "", noon) }()
		}
		if err := errors.Join(<-done, <-done); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(one.Refresh(t.Context()), two.Refresh(t.Context())); err != nil {
			t.Fatal(err)
		}
		if a, b := book(t, one, "").Digest(), book(t, two, "").Digest(); a != b || book(t, open(t, db), a).Digest() != a {
			t.Errorf("books %s and %s", a, b)
		}
		rows, err := db.Query(t.Context(), "SELECT digest FROM rulebook ORDER BY digest")
		if err != nil {
			t.Fatal(err)
		}
		var digests []string
		for rows.Next() {
			var d string
			if err := rows.Scan(&d); err != nil {
				t.Fatal(err)
			}
			digests = append(digests, d)
		}
		rows.Close()
		fresh := open(t, db)
		for _, d := range digests {
			book(t, fresh, d)
		}
	})
}
