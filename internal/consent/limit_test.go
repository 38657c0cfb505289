package consent

import (
	"errors"
	"testing"

	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// What a grant is limited to is asked of every act; what an act does not say is taken for everything.
func TestLimitsOfDomainsPeriodAndLevel(t *testing.T) {
	t.Parallel()
	g := grant()
	g.Domains = []Domain{{"a", "甲领域"}, {"b", "乙领域"}}
	g.From, g.To, g.Level = 20230101, 20251231, Counts
	for name, c := range map[string]struct {
		change func(*Act)
		want   error
	}{
		"within":             {func(*Act) {}, nil},
		"the conclusion":     {func(a *Act) { a.Level = Conclusion }, nil},
		"all domains":        {func(a *Act) { a.Domains = nil }, ErrOutside},
		"another domain":     {func(a *Act) { a.Domains = []string{"a", "c"} }, ErrOutside},
		"from before":        {func(a *Act) { a.From = 20221231 }, ErrOutside},
		"from the beginning": {func(a *Act) { a.From = 0 }, ErrOutside},
		"to after":           {func(a *Act) { a.To = 20260101 }, ErrOutside},
		"to any day":         {func(a *Act) { a.To = 0 }, ErrOutside},
		"the records":        {func(a *Act) { a.Level = Records }, ErrOutside},
		"no level said":      {func(a *Act) { a.Level = "" }, ErrOutside},
		"made to fit":        {func(a *Act) { a.Domains, a.From, a.To, a.Narrowed = nil, 0, 0, true }, nil},
	} {
		a := Act{Scope: Read, Purpose: "贷款", Edition: "general", Domains: []string{"b"}, From: 20230101, To: 20251231, Level: Counts}
		c.change(&a)
		if err := g.Allows(a, 20260518); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	const want = "岚港海蓝渔具有限公司授权岚港演示银行查询并查看本主体的信用报告（限甲领域、乙领域2个领域；限2023年1月1日至2025年12月31日的信息；只提供各领域记录条数，不提供每条记录的内容），用途：贷款，次数不限，截至2026年6月30日。本授权可随时撤回，撤回后立即停止使用。"
	if got := g.Text("岚港海蓝渔具有限公司"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// Limits are kept, and how much an edition shows is asked of who knows it.
func TestLimitsAreKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		b.ShowsBy(func(edition string) Level {
			if edition == "general" {
				return Counts
			}
			return Records
		})
		g := grant()
		g.Domains, g.From, g.To, g.Level = []Domain{{"a", "甲领域"}}, 20230101, 20251231, Counts
		b.give(g)
		a := Act{Scope: Read, Purpose: "贷款", Edition: "general", Domains: []string{"a"}, From: 20240101, To: 20241231}
		if _, err := b.Permits(t.Context(), firm, []Grantee{bank}, a); err != nil {
			t.Error(err)
		}
		a.Edition = "listing"
		if _, err := b.Permits(t.Context(), firm, []Grantee{bank}, a); !errors.Is(err, ErrOutside) {
			t.Errorf("an edition that shows records: %v", err)
		}
		if err := b.use(Read, "贷款", "general", bank); !errors.Is(err, ErrOutside) {
			t.Errorf("a whole report: %v", err)
		}
	})
}

// A grant to do nothing but look at a conclusion serves no agent, and a person's words name the person.
func TestMoreGrantsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, storetest.SQLite(t))
	for name, change := range map[string]func(*Grant){
		"a conclusion for an agent": func(g *Grant) { g.Scope, g.Level = Ask, Conclusion },
		"an unknown level":          func(g *Grant) { g.Level = "all" },
		"a period turned round":     func(g *Grant) { g.From, g.To = 20250101, 20240101 },
		"an unknown way to sign":    func(g *Grant) { g.Signature.Method = "nod" },
		"a person without a name":   func(g *Grant) { g.Subject = "p:1"; g.Signature.Text = g.Text("") },
	} {
		g := grant()
		change(&g)
		if err := b.db.Tx(t.Context(), func(tx *store.Tx) error { return b.Give(tx, &g) }); err == nil {
			t.Errorf("%s: given", name)
		}
	}
}

// Where somebody has two grants, the one that is named is used, and no other in its place.
func TestOneGrantIsUsedAndNoOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		first, second := b.give(grant()), b.give(grant())
		useOne := func(id string) error {
			return db.Tx(t.Context(), func(tx *store.Tx) error {
				_, err := b.UseGrant(tx, firm, id, []Grantee{bank}, Read, "贷款", "")
				return err
			})
		}
		if err := useOne(second.ID); err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]int64{first.ID: 0, second.ID: 1} {
			if g, err := b.Get(t.Context(), firm, id); err != nil || g.Used != want {
				t.Errorf("%s: used %d, want %d; %v", id, g.Used, want, err)
			}
		}
		if err := db.Tx(t.Context(), func(tx *store.Tx) error { return b.Withdraw(tx, firm, second.ID) }); err != nil {
			t.Fatal(err)
		}
		if err := useOne(second.ID); !errors.Is(err, ErrWithdrawn) {
			t.Errorf("withdrawn, and another stands: %v", err)
		}
	})
}

// Each use is listed, whatever it gave, by pages and newest first.
func TestUsesAreListedByPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		g := b.give(grant())
		var want []string
		for _, kind := range []Kind{Report, Newer, Report} {
			b.day = b.day.Add(1e9)
			a := Act{Scope: Read, Purpose: "贷款", Kind: kind, Who: Actor{"7", "客户经理"}}
			if kind == Report {
				a.Document = "N" + b.day.Format("05")
			}
			want = append([]string{a.Document}, want...)
			if err := db.Tx(t.Context(), func(tx *store.Tx) error { _, err := b.Apply(tx, firm, []Grantee{bank}, a); return err }); err != nil {
				t.Fatal(err)
			}
		}
		before, got := "", []string(nil)
		for {
			some, err := b.Uses(t.Context(), firm, g.ID, before, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			for _, u := range some {
				got, before = append(got, u.Document), u.ID
				if u.Who.Name != "客户经理" || u.Purpose != "贷款" || (u.Document == "") != (u.Kind == Newer) {
					t.Errorf("%+v", u)
				}
			}
		}
		if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// Many grants are paged by key; those that are over are not among those in force.
func TestGrantsInForceAreFoundAmongMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		want := map[string]bool{}
		for i := range 70 {
			g := grant()
			if i%3 == 1 {
				g.Until = 20260518
			}
			g = b.give(g)
			switch i % 3 {
			case 0:
				want[g.ID] = true
			case 2:
				if err := db.Tx(t.Context(), func(tx *store.Tx) error { return b.Withdraw(tx, firm, g.ID) }); err != nil {
					t.Fatal(err)
				}
			}
		}
		b.day = b.day.AddDate(0, 0, 1)
		before := ""
		for {
			some, err := b.InForce(t.Context(), bank, Read, before, 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			for _, g := range some {
				if !want[g.ID] {
					t.Errorf("%s is over, or was there twice", g.ID)
				}
				delete(want, g.ID)
				before = g.ID
			}
		}
		if len(want) != 0 {
			t.Errorf("%d in force are on no page", len(want))
		}
	})
}
