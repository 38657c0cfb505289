package consent

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const firm credit.Key = "91000000MA0000001R"

var bank = OrganisationGrantee("91000000MA00000028")

type bundle struct {
	*Service
	t   *testing.T
	day time.Time
}

func setup(t *testing.T, db *store.DB) *bundle {
	t.Helper()
	b := &bundle{t: t, day: time.Date(2026, 5, 18, 4, 0, 0, 0, time.UTC)}
	s, err := New(t.Context(), db, func() time.Time { return b.day })
	if err != nil {
		t.Fatal(err)
	}
	b.Service = s
	return b
}

func grant() Grant {
	return Grant{Subject: firm, Grantee: bank, Name: "岚港演示银行", Scope: Read, Purpose: "贷款", Until: 20260630,
		Signature: Signature{Text: "授权", By: "1", Name: "甲", At: 1, Method: ByPassword}}
}

func (b *bundle) give(g Grant) Grant {
	b.t.Helper()
	if err := b.db.Tx(b.t.Context(), func(tx *store.Tx) error { return b.Give(tx, &g) }); err != nil {
		b.t.Fatal(err)
	}
	return g
}

func (b *bundle) use(scope Scope, purpose, edition string, who ...Grantee) error {
	return b.db.Tx(b.t.Context(), func(tx *store.Tx) error {
		_, err := b.Use(tx, firm, who, scope, purpose, edition)
		return err
	})
}

func TestWhatAGrantAllows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*Grant)
		who     Grantee
		scope   Scope
		purpose string
		edition string
		days    int
		want    error
	}{
		"as given":            {who: bank, scope: Read, purpose: "贷款"},
		"on its last day":     {who: bank, scope: Read, purpose: "贷款", days: 43},
		"the day after":       {who: bank, scope: Read, purpose: "贷款", days: 44, want: ErrExpired},
		"another bank":        {who: OrganisationGrantee("91000000MA0000003X"), scope: Read, purpose: "贷款", want: ErrNone},
		"another purpose":     {who: bank, scope: Read, purpose: "招投标", want: ErrOutside},
		"no purpose":          {who: bank, scope: Read, purpose: "", want: ErrOutside},
		"another scope":       {who: bank, scope: Ask, purpose: "贷款", want: ErrOutside},
		"an edition not said": {change: func(g *Grant) { g.Editions = []string{"general"} }, who: bank, scope: Read, purpose: "贷款", edition: "listing", want: ErrOutside},
		"its edition":         {change: func(g *Grant) { g.Editions = []string{"general"} }, who: bank, scope: Read, purpose: "贷款", edition: "general"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, storetest.SQLite(t))
			g := grant()
			if c.change != nil {
				c.change(&g)
			}
			b.give(g)
			b.day = b.day.AddDate(0, 0, c.days)
			if err := b.use(c.scope, c.purpose, c.edition, c.who); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if err := b.Allowed(t.Context(), firm, []Grantee{c.who}, c.scope, c.purpose, c.edition); c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("asked without counting: %v, want %v", err, c.want)
			}
		})
	}
}

func TestAWithdrawnGrantStopsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		g := b.give(grant())
		if err := b.use(Read, "贷款", "", bank); err != nil {
			t.Fatal(err)
		}
		withdraw := func() error {
			return db.Tx(t.Context(), func(tx *store.Tx) error { return b.Withdraw(tx, firm, g.ID) })
		}
		if err := withdraw(); err != nil {
			t.Fatal(err)
		}
		if err := b.use(Read, "贷款", "", bank); !errors.Is(err, ErrWithdrawn) {
			t.Errorf("after the withdrawal: %v", err)
		}
		if err := withdraw(); !errors.Is(err, ErrNone) {
			t.Errorf("withdrawn twice: %v", err)
		}
		all, err := b.Given(t.Context(), firm)
		if err != nil || len(all) != 1 || all[0].Used != 1 || all[0].Withdrawn == 0 || all[0].Signature.Text != "授权" {
			t.Errorf("%+v, %v", all, err)
		}
		to, err := b.ToGrantee(t.Context(), bank, "", 10)
		if err != nil || len(to) != 1 || to[0].ID != g.ID {
			t.Errorf("%+v, %v", to, err)
		}
	})
}

// Many at once use a grant of three times exactly three times.
func TestTheLastTimeIsUsedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		g := grant()
		g.Uses = 3
		b.give(g)
		var done, refused atomic.Int64
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				switch err := b.use(Read, "贷款", "", bank); {
				case err == nil:
					done.Add(1)
				case errors.Is(err, ErrUsedUp):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done.Load() != 3 || refused.Load() != 9 {
			t.Errorf("%d used, %d refused", done.Load(), refused.Load())
		}
	})
}

func TestGrantsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, storetest.SQLite(t))
	for name, change := range map[string]func(*Grant){
		"nobody":      func(g *Grant) { g.Grantee = "" },
		"no purpose":  func(g *Grant) { g.Purpose = " " },
		"in the past": func(g *Grant) { g.Until = 20260517 },
		"for ever":    func(g *Grant) { g.Until = 20300101 },
		"unsigned":    func(g *Grant) { g.Signature = Signature{} },
		"minus once":  func(g *Grant) { g.Uses = -1 },
	} {
		g := grant()
		change(&g)
		if err := b.db.Tx(t.Context(), func(tx *store.Tx) error { return b.Give(tx, &g) }); err == nil {
			t.Errorf("%s: given", name)
		}
	}
}

// A natural person's words are a consent of their own: they say what is disclosed and that nothing else goes with it.
func TestAPersonsWordsStandAlone(t *testing.T) {
	t.Parallel()
	g := grant()
	g.Subject, g.Editions = "p:1", []string{"general"}
	const want = "张三单独同意：岚港演示银行查询并查看本人的信用报告（限普通版），其中含本人的行政许可、行政处罚和名单等个人公共信用信息，用途：贷款，次数不限，截至2026年6月30日。" +
		"本同意只就这一事项作出，与其他事项无关，可随时撤回，撤回后立即停止使用。"
	if got := g.Text("张三"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestTheWordsThatAreSigned(t *testing.T) {
	t.Parallel()
	g := grant()
	g.Uses = 2
	const want = "岚港海蓝渔具有限公司授权岚港演示银行查询并查看本主体的信用报告，用途：贷款，共2次，截至2026年6月30日。本授权可随时撤回，撤回后立即停止使用。"
	if got := g.Text("岚港海蓝渔具有限公司"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
