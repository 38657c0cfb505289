package repair

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

const (
	today = credit.Date(20260518) // a Monday
	firm  = credit.Key("91000000MA0000018A")
	port  = "11000100MB90000008"
	other = "11000100MB90000024"
)

const register = `set: organ
id: lanhai
title: 岚海省机关目录（演示）
effective_from: 2020-01-01
source: 演示数据
sureness: assumed
organs:
  - {id: old, code: "11000100MB90000008", name: 岚港市城管局, region: "000100", domains: [urban], succession: [{on: 2026-06-01, to: new, how: merger}]}
  - {id: new, code: "11000100MB90000016", name: 岚港市综合执法局, region: "000100", domains: [urban]}
  - {id: fire, code: "11000100MB90000024", name: 岚港市消防救援支队, region: "000100", domains: [fire]}
`

// office is a service over a real ledger, with matters that tests change and a clock that they move.
type office struct {
	*Service
	t       testing.TB
	db      *store.DB
	l       *ledger.Ledger
	sent    []outbox.Message
	told    []string
	mu      sync.Mutex
	now     time.Time
	matters []Matter
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) on(day credit.Date) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = day.Time().Add(9 * time.Hour)
}

func (o *office) RepairMoved(_ *store.Tx, _ credit.Key, _, _, _, move string) error {
	o.told = append(o.told, move)
	return nil
}

// Repairable gives the office's matters, without those that the ledger says are repaired.
func (o *office) Repairable(ctx context.Context, _ credit.Key) (all []Matter, name string, err error) {
	st, versions, err := o.l.Standing(ctx, firm, o.today(), nil)
	if err != nil {
		return nil, "", err
	}
	for _, m := range o.matters {
		for i := range st.Matters {
			if x := &st.Matters[i]; x.ID.String() == m.ID && x.Repaired != 0 {
				m.Answer.Decision = decision.Because(decision.Reason{Condition: "尚未修复", Outcome: decision.No})
			}
		}
		m.Seen = versions[0].Seq
		all = append(all, m)
	}
	return all, "岚港演示远航有限公司", nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// add puts a penalty into the ledger and into the office's matters.
func (o *office) add(doc, organ, domain string, d decision.Decision) string {
	o.t.Helper()
	rec := credit.Record{Kind: credit.Penalty, Class: credit.Organisation, Name: "岚港演示远航有限公司", DocNo: doc, Decided: 20250110, Authority: "岚港市城管局",
		Penalties: credit.PenaltySet(credit.Fine), Content: "罚款"}
	id, _ := credit.IdentifyMatter(&rec, rec.Authority)
	f := o.l.NewAssertion(firm, id, 1, &rec, nil, o.clock().UnixMilli())
	must(o.t, o.l.Change(o.t.Context(), func(tx *store.Tx) error {
		_, err := o.l.Append(tx, ledger.Subject{Key: firm, Class: credit.Organisation, Name: rec.Name}, f)
		return err
	}))
	o.matters = append(o.matters, Matter{ID: id.String(), Lies: firm, Kind: credit.Penalty, DocNo: doc, Authority: rec.Authority, Organ: organ, Domain: domain, Decided: rec.Decided,
		Answer: law.RepairAnswer{Decision: d}})
	return id.String()
}

var able = decision.Because(decision.Reason{Condition: "最短公示期已满", Outcome: decision.Yes})

func open(t testing.TB, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, db: db, now: today.Time().Add(9 * time.Hour)}
	must(t, audit.Migrate(t.Context(), db))
	keys, err := ledger.NewKeyring(1, make([]byte, 64))
	must(t, err)
	o.l, err = ledger.Open(t.Context(), db, keys)
	must(t, err)
	cases, err := casework.New(t.Context(), db, o.clock, Machines()...)
	must(t, err)
	box, err := outbox.New(t.Context(), db, o.clock, map[string]outbox.Sender{"desk": func(_ context.Context, m outbox.Message) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.sent = append(o.sent, m)
		return nil
	}})
	must(t, err)
	organs, err := law.ReadRegister([]byte(register))
	must(t, err)
	o.Service, err = New(t.Context(), Config{DB: db, Cases: cases, Outbox: box, Ledger: o.l, Matters: o, Teller: o, Organs: organs, Calendar: workday.Default(), Now: o.clock,
		Touch: func(*store.Tx, ...credit.Key) error { return nil }})
	must(t, err)
	return o
}

var (
	asker = account.Principal{ID: "1", Login: "enterprise", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{firm}}
	clerk = account.Principal{ID: "2", Login: "clerk", Roles: []account.Role{account.Clerk}, Organ: port, Channel: account.ChannelPage}
)

func (o *office) apply(matters ...string) casework.Case {
	o.t.Helper()
	c, err := o.Apply(o.t.Context(), asker, firm, Application{Matters: matters, Corrected: "已改正", On: 20260501, Contact: "演示", Committed: true})
	must(o.t, err)
	return c
}

func (o *office) items(c casework.Case) []Item {
	o.t.Helper()
	all, err := o.Items(o.t.Context(), &c)
	must(o.t, err)
	return all
}

func (o *office) again(id string) *casework.Case {
	o.t.Helper()
	c, err := o.c.Cases.Find(o.t.Context(), id)
	must(o.t, err)
	return &c
}

// One application for two bodies: each decides its own, the grant is in the ledger at once, the application ends with the
// last, and a matter is free again after its item ended.
func TestOneApplicationManyBodies(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := t.Context()
		a, b := o.add("岚城罚〔2025〕1号", "old", "urban", able), o.add("岚消罚〔2025〕2号", "fire", "fire", able)
		c := o.apply(a, b)
		items := o.items(c)
		if len(items) != 2 {
			t.Fatalf("%d items", len(items))
		}
		first, second := o.again(items[0].ID), o.again(items[1].ID)
		if x, _ := itemOf(first); x.Matter != a && len(items) == 2 {
			first, second = second, first
		}
		must(t, o.Accept(ctx, clerk, first))
		if err := o.Accept(ctx, clerk, second); !errors.Is(err, ErrForbidden) {
			t.Errorf("a body accepts what another determined: %v", err)
		}
		first = o.again(first.ID)
		if err := o.Grant(ctx, clerk, first, "  "); !errors.Is(err, ErrUnverified) {
			t.Errorf("granted without a look: %v", err)
		}
		must(t, o.Grant(ctx, clerk, first, "财政缴款记录已核对"))
		st, _, err := o.l.Standing(ctx, firm, today, nil)
		must(t, err)
		for i := range st.Matters {
			if m := &st.Matters[i]; (m.ID.String() == a) != (m.Repaired == today) {
				t.Errorf("%s repaired on %v", m.Record.DocNo, m.Repaired)
			}
		}
		if o.again(c.ID).State != Open {
			t.Error("the application ended with an item open")
		}
		must(t, o.Withdraw(ctx, asker, second))
		if got := o.again(c.ID); got.State != Ended || got.Closed == 0 {
			t.Errorf("the application is %s", got.State)
		}
		if _, err := o.Apply(ctx, asker, firm, Application{Matters: []string{a}, Committed: true}); !errors.As(err, new(*NotNow)) {
			t.Errorf("asked again for what is repaired: %v", err)
		}
		o.apply(b)
	})
}

// A repair that was got by concealment is taken back once: the record returns, and the subject is barred.
func TestRevoke(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := t.Context()
		o.c.Bar = func(found credit.Date) (credit.Date, credit.Date) { return found.AddMonths(36), found.AddMonths(36) }
		id := o.items(o.apply(o.add("岚城罚〔2025〕1号", "old", "urban", able)))[0].ID
		if err := o.Revoke(ctx, clerk, o.again(id), "缴款凭证系伪造，已由银行查实"); !errors.Is(err, ErrNotGranted) {
			t.Errorf("what is not granted is revoked: %v", err)
		}
		must(t, o.Accept(ctx, clerk, o.again(id)))
		must(t, o.Grant(ctx, clerk, o.again(id), "已核"))
		stranger := clerk
		stranger.Organ = other
		if err := o.Revoke(ctx, stranger, o.again(id), "缴款凭证系伪造，已由银行查实"); !errors.Is(err, ErrForbidden) {
			t.Errorf("another body revokes: %v", err)
		}
		must(t, o.Revoke(ctx, clerk, o.again(id), "缴款凭证系伪造，已由银行查实"))
		if err := o.Revoke(ctx, clerk, o.again(id), "缴款凭证系伪造，已由银行查实"); !errors.Is(err, ErrRevoked) {
			t.Errorf("revoked twice: %v", err)
		}
		st, _, err := o.l.Standing(ctx, firm, today, nil)
		must(t, err)
		if m := st.Matters[0]; m.Repaired != 0 {
			t.Errorf("still repaired on %v", m.Repaired)
		}
		if until, err := o.BarredUntil(ctx, firm); err != nil || until != 20290518 {
			t.Errorf("barred until %v, %v", until, err)
		}
	})
}

// A repair that another platform granted arrives as a fact: the open item ends without a decision, once.
func TestARepairFromElsewhereEndsTheItem(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		ctx := t.Context()
		a, b := o.add("岚城罚〔2025〕1号", "old", "urban", able), o.add("岚城罚〔2025〕2号", "old", "urban", able)
		c := o.apply(a, b)
		id, err := credit.ParseMatterID(a)
		must(t, err)
		f, err := ledger.NewEvent(firm, credit.Penalty, id, ledger.Event{Type: ledger.Repaired, Reason: "信用中国修复", On: today}, o.clock().UnixMilli())
		must(t, err)
		must(t, o.l.Change(ctx, func(tx *store.Tx) error { _, err := o.l.Append(tx, ledger.Subject{Key: firm}, f); return err }))
		for range 2 {
			facts, err := o.l.Read(ctx, firm)
			must(t, err)
			steps, err := o.Project(ctx, firm, facts)
			must(t, err)
			for _, step := range steps {
				must(t, db.Tx(ctx, step))
			}
		}
		for _, x := range o.items(c) {
			if want := map[bool]casework.State{true: Moot, false: Forwarded}[x.Data.Matter == a]; x.State != want {
				t.Errorf("%s is %s", x.Data.DocNo, x.State)
			}
		}
	})
}

// The desk of a body holds cases of other kinds too: they hide no item.
func TestOtherKindsAtTheDeskHideNothing(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	must(t, o.db.Tx(t.Context(), func(tx *store.Tx) error {
		for range 3 {
			if err := o.c.Cases.Open(tx, &casework.Case{Subject: firm, Kind: Kind, Desk: "organ:" + port}, system, ""); err != nil {
				return err
			}
		}
		return nil
	}))
	o.apply(o.add("岚城罚〔2025〕1号", "old", "urban", able))
	items, _, err := o.Desk(t.Context(), clerk, nil, 2)
	must(t, err)
	if len(items) != 1 {
		t.Errorf("%d items at the desk, want 1", len(items))
	}
}

// What cannot be asked for refuses the whole, with its reasons, and opens nothing.
func TestWhatCannotBeAskedFor(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	ctx := t.Context()
	good := o.add("岚城罚〔2025〕1号", "old", "urban", able)
	early := o.add("岚城罚〔2025〕2号", "old", "urban", decision.Because(decision.Reason{Condition: "最短公示期已满", Outcome: decision.No, WouldChange: "2026年6月1日起可以申请"}))
	disputed := o.add("岚城罚〔2025〕3号", "old", "urban", able)
	o.matters[2].Disputed = true
	unknown := o.add("岚城罚〔2025〕4号", "old", "urban", decision.Because(decision.Reason{Condition: "义务履行完毕", Outcome: decision.Unknown}))
	ask := func(ids ...string) error {
		_, err := o.Apply(ctx, asker, firm, Application{Matters: ids, Committed: true})
		return err
	}
	var not *NotNow
	if err := ask(good, early); !errors.As(err, &not) || not.Reasons[0].WouldChange == "" {
		t.Errorf("before the minimum date: %v", err)
	}
	for _, x := range []struct {
		name string
		ids  []string
		want error
	}{
		{"nothing ticked", nil, ErrNone},
		{"of somebody else", []string{"00000000000000000000000000000009"}, ErrNotYours},
		{"under objection", []string{good, disputed}, ErrDisputed},
		{"ticked twice is one", []string{good, good}, nil},
		{"asked twice", []string{unknown, good}, ErrTwice},
		{"unknown is not no", []string{unknown}, nil},
	} {
		if err := ask(x.ids...); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", x.name, err, x.want)
		}
	}
	list, err := o.c.Cases.OfSubject(ctx, firm, Kind, "", 10)
	must(t, err)
	if len(list) != 2 {
		t.Errorf("%d applications were opened, want 2", len(list))
	}
}

// Days: three to accept, five in all on the fast track, later with a visit, and once more with an extension; none while
// gaps are being filled, but then the subject has one.
func TestDays(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	ctx := t.Context()
	id := o.items(o.apply(o.add("岚城罚〔2025〕1号", "old", "urban", able)))[0].ID
	due := func() (string, credit.Date) {
		x, err := o.item(ctx, *o.again(id))
		must(t, err)
		return x.Due.Name, x.Due.Due
	}
	check := func(step, name string, day credit.Date) {
		t.Helper()
		if n, d := due(); n != name || d != day {
			t.Errorf("%s: %s on %v, want %s on %v", step, n, d, name, day)
		}
	}
	check("asked", acceptName, 20260521)
	must(t, o.Ask(ctx, clerk, o.again(id), "缺缴款凭证"))
	check("gaps", supplementName, 20260608)
	o.on(20260520)
	must(t, o.Supply(ctx, asker, o.again(id), "缴款凭证编号……"))
	check("supplied", acceptName, 20260525)
	must(t, o.Accept(ctx, clerk, o.again(id)))
	check("fast", decideName, 20260527)
	must(t, o.Look(ctx, clerk, o.again(id), true, "到现场查看"))
	check("visit", decideName, 20260529)
	must(t, o.Resume(ctx, clerk, o.again(id), "已整改"))
	must(t, o.Extend(ctx, clerk, o.again(id), "需要鉴定"))
	check("extended", decideName, 20260612)
	if err := o.Extend(ctx, clerk, o.again(id), "再延长"); !errors.Is(err, ErrExtended) {
		t.Errorf("extended twice: %v", err)
	}
	o.on(20260602) // the duties of the body have gone to another
	if err := o.Refuse(ctx, clerk, o.again(id), "DUTY_NOT_PERFORMED", "罚款未缴"); !errors.Is(err, ErrForbidden) {
		t.Errorf("the body that is no more decides: %v", err)
	}
	heir := clerk
	heir.Organ = "11000100MB90000016"
	must(t, o.Refuse(ctx, heir, o.again(id), "DUTY_NOT_PERFORMED", "罚款未缴"))
	if d, _ := itemOf(o.again(id)); d.Code == "" || d.Next == "" {
		t.Errorf("refused without a way on: %+v", d)
	}
}

// Gaps that nobody fills end the item the day after, once; a late item is told to the centre once, however often it is swept.
func TestSweep(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	ctx := t.Context()
	c := o.apply(o.add("岚城罚〔2025〕1号", "old", "urban", able), o.add("岚城罚〔2025〕2号", "old", "urban", able))
	items := o.items(c)
	must(t, o.Ask(ctx, clerk, o.again(items[0].ID), "缺缴款凭证"))
	for _, day := range []credit.Date{20260520, 20260520, 20260522, 20260522, 20260608, 20260609, 20260609} {
		o.on(day)
		for more := true; more; {
			var err error
			more, err = o.Sweep(ctx)
			must(t, err)
		}
		want := Supplement
		if day > 20260608 {
			want = Lapsed
		}
		if got := o.again(items[0].ID).State; got != want {
			t.Errorf("on %v it is %s, want %s", day, got, want)
		}
	}
	_, err := o.c.Outbox.Send(ctx)
	must(t, err)
	count := map[string]int{}
	for _, m := range o.sent {
		count[m.Target+" "+m.Topic[:len("repair.late")]]++
	}
	if count["desk:centre repair.late"] != 1 {
		t.Errorf("the desks were told %v", count)
	}
}

// However an item is moved: it has a day while it is open and none after, its matter is taken exactly while it is open, it
// ends once, and the application is open exactly while an item is.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		o.on(today)
		o.matters = nil
		ids := []string{o.add(fmt.Sprintf("岚城罚〔2025〕%d号", 2*n), "old", "urban", able), o.add(fmt.Sprintf("岚城罚〔2025〕%d号", 2*n+1), "old", "urban", able)}
		c := o.apply(ids...)
		items := o.items(c)
		for range rapid.IntRange(0, 14).Draw(r, "steps") {
			x := o.again(rapid.SampledFrom(items).Draw(r, "item").ID)
			o.walk(r, x)
			o.invariants(r, c, items)
		}
	})
}

func (o *office) walk(r *rapid.T, x *casework.Case) {
	ctx := o.t.Context()
	was := x.State
	var err error
	switch rapid.IntRange(0, 10).Draw(r, "move") {
	case 0:
		err = o.Accept(ctx, clerk, x)
	case 1:
		err = o.Ask(ctx, clerk, x, "缺")
	case 2:
		err = o.Supply(ctx, asker, x, "补")
	case 3:
		err = o.Look(ctx, clerk, x, rapid.Bool().Draw(r, "visit"), "看")
	case 4:
		err = o.Resume(ctx, clerk, x, "好")
	case 5:
		err = o.Extend(ctx, clerk, x, "难")
	case 6:
		err = o.Refuse(ctx, clerk, x, "OTHER", "否")
	case 7:
		err = o.Grant(ctx, clerk, x, "已核")
	case 8:
		err = o.Withdraw(ctx, asker, x)
	case 9:
		o.on(o.today().AddDays(rapid.IntRange(0, 9).Draw(r, "days")))
	case 10:
		_, err = o.Sweep(ctx)
	}
	ended := (&casework.Machine{Moves: Machines()[1].Moves}).End(was)
	for _, ok := range []error{casework.ErrMove, ErrExtended, ErrForbidden} {
		if errors.Is(err, ok) {
			return
		}
	}
	if err != nil && !(ended && errors.As(err, new(*NotNow))) {
		r.Fatalf("from %s: %v", was, err)
	}
}

func (o *office) invariants(r *rapid.T, c casework.Case, items []Item) {
	ctx := o.t.Context()
	open := 0
	for _, i := range items {
		x := o.again(i.ID)
		days, err := o.c.Cases.Deadlines(ctx, x)
		must(o.t, err)
		main := 0
		for _, d := range days {
			if d.Name == acceptName || d.Name == decideName || d.Name == supplementName {
				main++
			}
		}
		var taken int64
		must(o.t, o.db.QueryRow(ctx, "SELECT COUNT(*) FROM repair_open WHERE subject = $1 AND matter = $2", string(firm), i.Data.Matter).Scan(&taken))
		if want := map[bool]int{true: 1}[x.Closed == 0]; main != want || int(taken) != want {
			r.Fatalf("%s has %d days and is taken %d times", x.State, main, taken)
		}
		if x.Closed == 0 {
			open++
		}
	}
	if p := o.again(c.ID); (p.State == Open) != (open > 0) {
		r.Fatalf("the application is %s with %d items open", p.State, open)
	}
}
