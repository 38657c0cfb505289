package mandate_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/mandate"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const (
	today = credit.Date(20260518)
	firm  = credit.Key("91000000MA0000001R")
	mine  = credit.Key("91000000MA0000018A")
)

type office struct {
	*mandate.Service
	t       *testing.T
	db      *store.DB
	consent *consent.Service
	now     time.Time
}

func (o *office) clock() time.Time { return o.now }

func open(t *testing.T, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, db: db, now: today.Time().Add(9 * time.Hour)}
	clock := o.clock
	var err error
	o.consent, err = consent.New(t.Context(), db, clock)
	o.must(err)
	o.Service, err = mandate.New(t.Context(), db, o.consent, clock)
	o.must(err)
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func each(t *testing.T, test func(o *office)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(open(t, db)) })
}

var agent = account.Principal{ID: "7", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{mine}}

// give lets the agent act once or more until tomorrow, changed as asked.
func (o *office) give(change func(*consent.Grant)) consent.Grant {
	o.t.Helper()
	g := consent.Grant{Subject: firm, Grantee: consent.AccountGrantee("7"), Name: "代理人", Scope: consent.Ask, Purpose: "上市", Until: today.AddDays(1),
		Signature: consent.Signature{Text: "授权", By: "9", Method: consent.ByPassword}}
	if change != nil {
		change(&g)
	}
	o.must(o.db.Tx(o.t.Context(), func(tx *store.Tx) error { return o.consent.Give(tx, &g) }))
	return g
}

func (o *office) use(purpose, number string) error {
	return o.db.Tx(o.t.Context(), func(tx *store.Tx) error { return o.Use(tx, agent, firm, purpose, "listing", number) })
}

func (o *office) reads(number string, want error) {
	o.t.Helper()
	if err := o.MayRead(o.t.Context(), agent, number); !errors.Is(err, want) {
		o.t.Errorf("reading %s: %v, want %v", number, err, want)
	}
}

func TestAnAgentReadsWhatItAskedForWhileTheGrantStands(t *testing.T) {
	t.Parallel()
	each(t, func(o *office) {
		g := o.give(func(g *consent.Grant) { g.Uses = 1 })
		o.must(o.use("上市", "N1"))
		o.reads("N1", nil) // its one use is spent, what came of it is still there
		o.reads("N2", consent.ErrNone)
		if err := o.use("上市", "N2"); !errors.Is(err, consent.ErrUsedUp) {
			o.t.Errorf("used twice: %v", err)
		}
		if err := o.MayRead(o.t.Context(), account.Principal{ID: "8"}, "N1"); !errors.Is(err, consent.ErrNone) {
			o.t.Errorf("another reads it: %v", err)
		}
		o.now = o.now.AddDate(0, 0, 2)
		o.reads("N1", consent.ErrExpired)
		o.now = o.now.AddDate(0, 0, -2)
		o.must(o.db.Tx(o.t.Context(), func(tx *store.Tx) error { return o.consent.Withdraw(tx, firm, g.ID) }))
		o.reads("N1", consent.ErrWithdrawn)
		o.give(nil)
		o.must(o.use("上市", "N1")) // the same document, asked for again under a new grant
		o.reads("N1", nil)
	})
}

// A grant of an organisation serves all who act for it.
func TestAnOrganisationsGrantServesItsPeople(t *testing.T) {
	t.Parallel()
	each(t, func(o *office) {
		o.give(func(g *consent.Grant) { g.Grantee = consent.OrganisationGrantee(mine) })
		o.must(o.use("上市", "N1"))
		colleague := agent
		colleague.ID = "8"
		if err := o.MayRead(o.t.Context(), colleague, "N1"); err != nil {
			o.t.Errorf("a colleague: %v", err)
		}
		if err := o.MayRead(o.t.Context(), account.Principal{}, "N1"); !errors.Is(err, consent.ErrNone) {
			o.t.Errorf("anybody: %v", err)
		}
	})
}

func TestAUseWithoutAPurposeIsOutsideEveryGrant(t *testing.T) {
	t.Parallel()
	each(t, func(o *office) {
		if err := o.Check(o.t.Context(), agent, firm, "", "listing"); !errors.Is(err, consent.ErrNone) {
			o.t.Errorf("who was never allowed: %v", err)
		}
		o.give(nil)
		if err := o.use("", "N1"); !errors.Is(err, consent.ErrOutside) {
			o.t.Errorf("used: %v", err)
		}
		if err := o.Check(o.t.Context(), agent, firm, "", "listing"); !errors.Is(err, consent.ErrOutside) {
			o.t.Errorf("allowed: %v", err)
		}
		if err := o.Check(o.t.Context(), agent, firm, "上市", "listing"); err != nil {
			o.t.Errorf("with the purpose: %v", err)
		}
	})
}

func TestForWhomAnAgentMayAsk(t *testing.T) {
	t.Parallel()
	each(t, func(o *office) {
		key := func(k credit.Key) func(*consent.Grant) { return func(g *consent.Grant) { g.Subject = k } }
		o.give(nil)
		o.give(nil)                                                                     // twice is one
		o.give(key(mine))                                                               // its own already
		o.give(func(g *consent.Grant) { g.Subject, g.Scope = "K-read", consent.Read })  // lets it read, not act
		o.give(func(g *consent.Grant) { g.Subject, g.Purpose = "K-loan", "贷款" })        // for another purpose
		o.give(func(g *consent.Grant) { g.Subject, g.Grantee = "K-else", "account:8" }) // another's
		o.give(func(g *consent.Grant) { g.Subject, g.Until = "K-short", today })        // over tomorrow
		gone := o.give(key("K-gone"))
		o.must(o.db.Tx(o.t.Context(), func(tx *store.Tx) error { return o.consent.Withdraw(tx, gone.Subject, gone.ID) }))
		for days, want := range map[int][]credit.Key{0: {firm, "K-short"}, 1: {firm}, 2: nil} {
			o.now = today.AddDays(days).Time().Add(9 * time.Hour)
			got, err := o.ActsFor(o.t.Context(), agent, "上市")
			slices.Sort(got)
			if err != nil || !slices.Equal(got, want) {
				o.t.Errorf("after %d days: %v, %v, want %v", days, got, err, want)
			}
		}
	})
}

// The same document once more under the same standing grant is no further use: of a grant of one use it is had again, and
// another document is not.
func TestTheSameDocumentAgainIsNoFurtherUse(t *testing.T) {
	t.Parallel()
	each(t, func(o *office) {
		g := o.give(func(g *consent.Grant) { g.Uses = 1 })
		for range 3 {
			o.must(o.use("上市", "N1"))
		}
		if all, err := o.consent.Given(o.t.Context(), firm); err != nil || all[0].Used != 1 {
			o.t.Errorf("used %d times, %v", all[0].Used, err)
		}
		if err := o.use("上市", "N2"); !errors.Is(err, consent.ErrUsedUp) {
			o.t.Errorf("another document: %v", err)
		}
		o.must(o.db.Tx(o.t.Context(), func(tx *store.Tx) error { return o.consent.Withdraw(tx, firm, g.ID) }))
		if err := o.use("上市", "N1"); !errors.Is(err, consent.ErrWithdrawn) {
			o.t.Errorf("after the withdrawal: %v", err)
		}
	})
}
