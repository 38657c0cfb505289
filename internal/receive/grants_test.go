package receive

import (
	"context"
	"fmt"
	"testing"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// Every grant in force is on one page or another, each once, however many are over or are for an agent; those that are
// over are on their own tab, and one subject's are found by its code.
func TestGrantsArePagedByKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		who := bank("bank")
		me := consent.AccountGrantee("clerk")
		who.Whom = append(who.Whom, me)
		open, ended := map[credit.Key]bool{}, map[credit.Key]bool{}
		must(t, d.tx(func(tx *store.Tx) error {
			for i := range 3 * grantRows {
				g := consent.Grant{Subject: credit.Key(fmt.Sprintf("S%03d", i)), Grantee: who.Whom[i%2], Name: "x", Scope: consent.Read, Purpose: "贷款", Until: today.AddDays(10),
					Signature: consent.Signature{Text: "x", By: "x", Method: consent.ByPassword}}
				agent := g
				agent.Scope = consent.Ask
				if err := d.grants.Give(tx, &agent); err != nil {
					return err
				}
				if err := d.grants.Give(tx, &g); err != nil {
					return err
				}
				if open[g.Subject] = i%3 != 0; i%3 == 0 {
					delete(open, g.Subject)
					ended[g.Subject] = true
					if err := d.grants.Withdraw(tx, g.Subject, g.ID); err != nil {
						return err
					}
				}
			}
			return nil
		}))
		for over, want := range map[bool]map[credit.Key]bool{false: open, true: ended} {
			got := map[credit.Key]bool{}
			for after := ""; ; {
				list, next, err := d.grantsAfter(t.Context(), who, after, over, grantRows)
				must(t, err)
				for _, g := range list {
					if got[g.Subject] || !want[g.Subject] {
						t.Errorf("over %v: %s", over, g.Subject)
					}
					got[g.Subject] = true
				}
				if after = next; next == "" {
					break
				}
			}
			if len(got) != len(want) {
				t.Errorf("over %v: %d of %d", over, len(got), len(want))
			}
		}
		for text, n := range map[string]int{"S001": 1, "S003": 0, "nobody": 0} {
			if list, err := d.grantsOf(t.Context(), who, text, false); err != nil || len(list) != n {
				t.Errorf("%s: %v %v", text, list, err)
			}
		}
	})
}

// Who acts for several organisations chooses one; tables are found whichever it belongs to, and another's is not chosen.
func TestTheChoiceOfHolder(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	ctx := account.With(t.Context(), account.Principal{ID: "a", Name: "甲", Roles: []account.Role{account.Receiver}, Subjects: []credit.Key{firm, other}})
	is := func(ctx context.Context, want credit.Key) {
		t.Helper()
		who, err := d.who(ctx)
		must(t, err)
		if who.ID != consent.OrganisationGrantee(want) {
			t.Errorf("%s, want %s", who.ID, want)
		}
	}
	is(ctx, firm)
	is(withHolder(ctx, string(other)), other)
	if _, err := d.who(withHolder(ctx, "91000000MA0000009Z")); err == nil {
		t.Error("acts for an organisation that is not bound to it")
	}
	who, err := d.who(withHolder(ctx, string(other)))
	must(t, err)
	b := d.check(who, paper("1", nil))
	if _, whose, err := d.anyBatch(ctx, b.ID, true); err != nil || whose.ID != who.ID {
		t.Errorf("%v %v", whose, err)
	}
	all, query, err := d.holderOptions(withHolder(ctx, string(other)))
	if err != nil || len(all) != 2 || !all[1].Current || query != "?subject="+string(other) {
		t.Errorf("%+v %s %v", all, query, err)
	}
}
