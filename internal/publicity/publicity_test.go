package publicity_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/publicity"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const firm, person = credit.Key("91000000MA00000001"), credit.Key("p:abcdefghijklmnopqrstuvwx")

// bench is a store with a public projection and a clock that tests move.
type bench struct {
	*publicity.Service
	ledger  *ledger.Ledger
	today   atomic.Int64
	touched []credit.Key
}

func (b *bench) on(d string) { b.today.Store(int64(day(d))) }

func day(s string) credit.Date {
	d, err := credit.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func setup(t *testing.T, db *store.DB) *bench {
	t.Helper()
	ctx := context.Background()
	keys, err := ledger.NewKeyring(1, make([]byte, 64))
	must(t, err)
	l, err := ledger.Open(ctx, db, keys)
	must(t, err)
	book, err := law.NewBook(law.AdoptProposals(day("2020-01-01"), "测试"))
	must(t, err)
	b := &bench{ledger: l}
	b.on("2026-05-18")
	assess := func(_ *law.Book, m *ledger.Matter, _ credit.Date) (law.Matter, string, string) {
		r := m.Record
		return law.Matter{Kind: m.Kind, SubjectIsPerson: m.Subject.Person(), Subject: r.Class, Penalties: r.Penalties, Procedure: r.Procedure,
			Fine: r.Fine, Decided: r.Decided, Until: r.Until, Removed: m.Removed, Repaired: m.Repaired, Annulled: m.Annulled, List: r.List, Domain: "transport"}, "transport", r.Authority
	}
	b.Service, err = publicity.New(ctx, publicity.Config{Ledger: l, Books: func(string) (*law.Book, error) { return book, nil }, Assess: assess,
		Touch: func(_ *store.Tx, keys ...credit.Key) error { b.touched = append(b.touched, keys...); return nil },
		Now:   func() time.Time { return credit.Date(b.today.Load()).Time().Add(9 * time.Hour) }})
	must(t, err)
	return b
}

// fine is a penalty of one year's publicity.
func fine(no, decided string) credit.Record {
	return credit.Record{Kind: credit.Penalty, Class: credit.Organisation, Name: "岚港远洋货代有限公司", Code: string(firm), DocNo: no, Authority: "岚港市交通运输局",
		Penalties: credit.PenaltySet(credit.Fine), Procedure: credit.ProcedureOrdinary, Fine: credit.Amount{Fen: 2000000, Known: true}, Decided: day(decided),
		Facts: "未按规定报备，联系人证件000000199001011234"}
}

// say asserts records of a key and brings the projection up to date.
func (b *bench) say(t *testing.T, key credit.Key, all ...credit.Record) credit.MatterID {
	t.Helper()
	var id credit.MatterID
	must(t, b.ledger.Change(context.Background(), func(tx *store.Tx) error {
		for i := range all {
			id, _ = credit.IdentifyMatter(&all[i], all[i].Authority)
			f := b.ledger.NewAssertion(key, id, 1, &all[i], nil, 1)
			if _, err := b.ledger.Append(tx, ledger.Subject{Key: key, Class: credit.Organisation, Name: all[i].Name}, f); err != nil {
				return err
			}
		}
		return nil
	}))
	b.project(t, key)
	return id
}

func (b *bench) happen(t *testing.T, key credit.Key, kind credit.Kind, id credit.MatterID, e ledger.Event) {
	t.Helper()
	f, err := ledger.NewEvent(key, kind, id, e, 2)
	must(t, err)
	must(t, b.ledger.Change(context.Background(), func(tx *store.Tx) error {
		_, err := b.ledger.Append(tx, ledger.Subject{Key: key}, f)
		return err
	}))
	b.project(t, key)
}

func (b *bench) project(t *testing.T, key credit.Key) {
	t.Helper()
	ctx := context.Background()
	facts, err := b.ledger.Read(ctx, key)
	must(t, err)
	for range 2 { // what is written twice is the same
		steps, err := b.Project(ctx, key, facts)
		must(t, err)
		for _, s := range steps {
			must(t, b.ledger.DB().Bulk(ctx, s))
		}
	}
}

func (b *bench) list(t *testing.T, q publicity.Query) []publicity.Matter {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 20
	}
	page, _, _, err := b.List(context.Background(), q)
	must(t, err)
	return page
}

func (b *bench) shown(t *testing.T, tab publicity.Tab) int {
	return len(b.list(t, publicity.Query{Tab: tab}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A general penalty is public for a year from its decision; nothing runs between the two days.
func TestEntryOpensAndEndsByItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setup(t, db)
		b.on("2026-05-10")
		b.say(t, firm, fine("岚交罚〔2026〕1号", "2026-05-18"))
		for _, c := range []struct {
			on   string
			want int
		}{{"2026-05-17", 0}, {"2026-05-18", 1}, {"2027-05-18", 1}, {"2027-05-19", 0}} {
			b.on(c.on)
			if n := b.shown(t, publicity.Penalty); n != c.want {
				t.Errorf("on %s %d entries are public, want %d", c.on, n, c.want)
			}
		}
	})
}

// A decision of 2026-03 is judged by the rules of its day until those of 2026-04-01 take effect; a
// projection made before that day answers for both.
func TestRulesThatTakeEffectLaterNeedNoRun(t *testing.T) {
	b := setup(t, storetest.SQLite(t))
	b.on("2026-03-20")
	b.say(t, firm, fine("岚交罚〔2026〕2号", "2026-03-10"))
	b.on("2026-03-31")
	before := b.shown(t, publicity.Penalty)
	b.on("2026-04-01")
	after := b.shown(t, publicity.Penalty)
	b.project(t, firm) // made again under the new rules, it must say the same
	if again := b.shown(t, publicity.Penalty); before != 1 || again != after {
		t.Errorf("before %d, after %d, made again %d", before, after, again)
	}
}

func TestEventTakesAnEntryOffOnItsDay(t *testing.T) {
	b := setup(t, storetest.SQLite(t))
	id := b.say(t, firm, fine("岚交罚〔2026〕3号", "2026-05-01"))
	b.happen(t, firm, credit.Penalty, id, ledger.Event{Type: ledger.Annulled, Reason: "复议撤销", On: day("2026-05-25")})
	for on, want := range map[string]int{"2026-05-18": 1, "2026-05-24": 1, "2026-05-25": 0} {
		b.on(on)
		if n := b.shown(t, publicity.Penalty); n != want {
			t.Errorf("annulled as of 05-25: on %s %d entries, want %d", on, n, want)
		}
	}
}

func TestPersonsAndCriminalJudgmentsAreNeverPublic(t *testing.T) {
	b := setup(t, storetest.SQLite(t))
	natural := fine("岚交罚〔2026〕4号", "2026-05-01")
	natural.Class, natural.Name = credit.NaturalPerson, "溯某"
	b.say(t, firm, natural) // a source that put a person's penalty under a firm's code
	natural.Class = credit.Organisation
	b.say(t, person, natural) // and one that calls a person an organisation
	judgment := fine("（2026）岚刑初1号", "2026-05-01")
	judgment.Kind = credit.CriminalJudgment
	b.say(t, firm, judgment)
	for _, tab := range []publicity.Tab{publicity.Licences, publicity.Penalty, publicity.Lists} {
		if n := b.shown(t, tab); n != 0 {
			t.Errorf("tab %s shows %d entries", tab, n)
		}
	}
}

func TestTextsHideIdentityNumbers(t *testing.T) {
	b := setup(t, storetest.SQLite(t))
	b.say(t, firm, fine("岚交罚〔2026〕5号", "2026-05-01"))
	m := b.list(t, publicity.Query{Tab: publicity.Penalty})
	if len(m) != 1 || m[0].Detail.Facts == "" || contains(m[0].Detail.Facts, "199001011234") {
		t.Errorf("%+v", m)
	}
}

func contains(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

func TestSearchAndPagesByKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b, ctx := setup(t, db), context.Background()
		var all []credit.Record
		for i := range 25 {
			all = append(all, fine(fmt.Sprintf("岚交罚〔2026〕1%02d号", i), fmt.Sprintf("2026-05-%02d", 1+i/3))) // three a day
		}
		b.say(t, firm, all...)
		seen, last := map[string]bool{}, day("2099-01-01")
		for cursor := (publicity.Cursor{}); ; {
			page, next, _, err := b.List(ctx, publicity.Query{Tab: publicity.Penalty, Domain: "transport", After: cursor, Limit: 10})
			must(t, err)
			for _, m := range page {
				if seen[m.ID] || m.Decided > last {
					t.Errorf("%s of %s comes twice or late", m.DocNo, m.Decided)
				}
				seen[m.ID], last = true, m.Decided
			}
			if next == (publicity.Cursor{}) {
				break
			}
			cursor, err = publicity.ParseCursor(next.String())
			must(t, err)
		}
		if len(seen) != 25 {
			t.Errorf("%d of 25 entries on the pages", len(seen))
		}
		for text, want := range map[string]int{string(firm): 20, "岚港远洋货代有限公司": 20, "岚港远洋": 20, "岚交罚〔2026〕103号": 1, "岚交罚[2026]103号": 1, "青梧": 0, "' OR 1=1": 0} {
			if n := len(b.list(t, publicity.Query{Tab: publicity.Penalty, Text: text})); n != want {
				t.Errorf("searching %q finds %d, want %d", text, n, want)
			}
		}
		if n := len(b.list(t, publicity.Query{Tab: publicity.Penalty, Domain: "ecology"})); n != 0 {
			t.Errorf("another domain shows %d", n)
		}
	})
}

func TestHiddenAndUnknownAreAnsweredAlike(t *testing.T) {
	b := setup(t, storetest.SQLite(t))
	b.say(t, firm, fine("岚交罚〔2026〕6号", "2026-05-01"))
	id := b.list(t, publicity.Query{Tab: publicity.Penalty})[0].ID
	b.on("2028-01-01")
	_, hidden := b.Get(context.Background(), id)
	_, unknown := b.Get(context.Background(), "000000000000000000000000")
	if !errors.Is(hidden, publicity.ErrNotPublic) || !errors.Is(unknown, publicity.ErrNotPublic) {
		t.Errorf("hidden: %v, unknown: %v", hidden, unknown)
	}
}

// A store that has subjects but no projection, as after an upgrade, puts every subject on the queue; it
// may be killed in between.
func TestRenewalReachesEverySubject(t *testing.T) {
	ctx, db := context.Background(), storetest.SQLite(t)
	old := setup(t, db)
	for i := range 1203 {
		must(t, old.ledger.Change(ctx, func(tx *store.Tx) error {
			r := fine("号", "2026-05-01")
			key := credit.Key(fmt.Sprintf("K%05d", i))
			_, err := old.ledger.Append(tx, ledger.Subject{Key: key, Name: "名"}, old.ledger.NewAssertion(key, credit.MatterID{1}, 1, &r, nil, 1))
			return err
		}))
	}
	must(t, db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE public_state SET digest = 'other rules'")
		return err
	}))
	first, err := old.Refresh(ctx)
	must(t, err)
	b := setup(t, db) // started again
	more := true
	for more {
		more, err = b.Refresh(ctx)
		must(t, err)
	}
	seen := map[credit.Key]bool{}
	for _, k := range append(old.touched, b.touched...) {
		seen[k] = true
	}
	if idle, err := b.Refresh(ctx); !first || idle || err != nil || len(seen) != 1203 {
		t.Errorf("first batch more %v, afterwards %v %v, %d subjects", first, idle, err, len(seen))
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("")
	f.Add("MjAyNjA1MDEuYWI")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := publicity.ParseCursor(s)
		if err != nil {
			return
		}
		if again, err := publicity.ParseCursor(c.String()); err != nil || again != c {
			t.Errorf("%q reads as %v, which reads as %v, %v", s, c, again, err)
		}
	})
}
