package follow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const (
	firm  = credit.Key("91000000MA0000018A")
	phone = "13812345678"
)

// provider takes texts, or fails as it is told.
type provider struct {
	mu   sync.Mutex
	name string
	fail error
	got  []Text
}

func (p *provider) Name() string { return p.name }

func (p *provider) Send(_ context.Context, t Text) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail == nil {
		p.got = append(p.got, t)
	}
	return p.fail
}

// office is a service whose subject, providers and clock tests set.
type office struct {
	*Service
	t       testing.TB
	db      *store.DB
	box     *outbox.Outbox
	a, b    *provider
	now     time.Time
	matters []Matter
	reports []Report
	bound   map[string]bool
}

func (o *office) Matters(context.Context, credit.Key) ([]Matter, error) { return o.matters, nil }
func (o *office) Reports(context.Context, credit.Key) ([]Report, error) { return o.reports, nil }
func (o *office) Bound(_ context.Context, account string, _ credit.Key) (bool, error) {
	return o.bound[account], nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, db *store.DB) *office {
	t.Helper()
	o := &office{t: t, db: db, now: noon(20260518), a: &provider{name: "甲"}, b: &provider{name: "乙"}, bound: map[string]bool{"1": true}}
	must(t, audit.Migrate(t.Context(), db))
	var err error
	o.Service, err = New(t.Context(), Config{DB: db, Outbox: func() *outbox.Outbox { return o.box }, Subjects: o,
		Gateway: &Gateway{Providers: []Provider{o.a, o.b}}, Key: make([]byte, 32), Now: func() time.Time { return o.now }})
	must(t, err)
	o.box, err = outbox.New(t.Context(), db, func() time.Time { return o.now }, map[string]outbox.Sender{"person": o.Send, "desk": o.DeliverDesk})
	must(t, err)
	return o
}

// noon is at twelve in Shanghai.
func noon(d credit.Date) time.Time { return d.Time().Add(12 * time.Hour) }

func (o *office) follow() {
	o.t.Helper()
	must(o.t, o.Subscribe(o.t.Context(), Subscription{Subject: firm, Account: "1", Events: Events(), Days: 30}))
}

// confirmed gives the account a confirmed address.
func (o *office) confirmed() {
	o.t.Helper()
	must(o.t, o.Enter(o.t.Context(), "1", phone))
	o.send()
	last := o.a.got[len(o.a.got)-1]
	must(o.t, o.Confirm(o.t.Context(), "1", codeIn(last.Body)))
	o.a.got = nil
}

func codeIn(body string) string {
	_, rest, _ := strings.Cut(body, "验证码 ")
	return rest[:6]
}

// sweep goes round once.
func (o *office) sweep() {
	o.t.Helper()
	for more := true; more; {
		var err error
		more, err = o.Sweep(o.t.Context())
		must(o.t, err)
	}
}

// looks reads the access log to its end.
func (o *office) looks() {
	o.t.Helper()
	for more := true; more; {
		var err error
		more, err = o.Looks(o.t.Context())
		must(o.t, err)
	}
}

func (o *office) send() {
	o.t.Helper()
	_, err := o.box.Send(o.t.Context())
	must(o.t, err)
}

func (o *office) changed() {
	o.t.Helper()
	steps, err := o.Project(o.t.Context(), firm, nil)
	must(o.t, err)
	for _, s := range steps {
		must(o.t, o.db.Tx(o.t.Context(), s))
	}
}

func (o *office) kinds() (all []string) {
	o.t.Helper()
	list, err := o.Messages(o.t.Context(), "1", "", 50)
	must(o.t, err)
	for _, m := range list {
		all = append(all, m.Kind)
	}
	slices.Sort(all)
	return all
}

// What was there before somebody followed is no news; what comes after is told once, however often it is looked at.
func TestNothingIsToldTwice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.matters, o.reports = []Matter{{ID: "old"}}, []Report{{Number: "R1", Changed: true}}
		o.follow()
		o.changed()
		if got := o.kinds(); len(got) != 0 {
			t.Errorf("told of what was there: %v", got)
		}
		o.matters = append(o.matters, Matter{ID: "one"})
		o.reports = []Report{{Number: "R1", Withdrawn: true}}
		for range 3 {
			o.changed()
			o.sweep()
			o.now = o.now.Add(24 * time.Hour)
		}
		o.follow() // saved again
		o.changed()
		if got := o.kinds(); !slices.Equal(got, []string{"new", "withdrawn"}) {
			t.Errorf("told %v", got)
		}
	})
}

// A decision of the general class of 2026-04-10: repair from 07-11, told fifteen and seven days before; publicity ends with 2027-04-10.
func TestDaysAreToldWhenTheyCome(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.matters = []Matter{{ID: "m", ApplyFrom: 20260711, HiddenFrom: 20270411}}
	o.follow()
	for _, x := range []struct {
		on   credit.Date
		want []string
	}{
		{20260625, nil}, {20260626, []string{"soon"}}, {20260703, []string{"soon"}}, {20260704, []string{"soon", "soon"}}, {20260710, []string{"soon", "soon"}},
		{20260711, []string{"repairable", "soon", "soon"}}, {20260712, []string{"repairable", "soon", "soon"}},
		{20270311, []string{"repairable", "soon", "soon"}}, {20270312, []string{"ending", "repairable", "soon", "soon"}},
		{20270410, []string{"ending", "repairable", "soon", "soon"}}, {20270411, []string{"ended", "ending", "repairable", "soon", "soon"}},
		{20270501, []string{"ended", "ending", "repairable", "soon", "soon"}},
	} {
		o.now = noon(x.on)
		o.sweep()
		if got := o.kinds(); !slices.Equal(got, x.want) {
			t.Errorf("on %s: %v, want %v", x.on, got, x.want)
		}
	}
}

func TestOnlyWhatIsFollowedIsTold(t *testing.T) {
	t.Parallel()
	m := []Matter{{ID: "m", ApplyFrom: 20260601, HiddenFrom: 20260620}, {ID: "done", ApplyFrom: 20260601, HiddenFrom: 20260620, Done: true}}
	r := []Report{{Number: "R1", Changed: true}, {Number: "R2", Withdrawn: true}, {Number: "R3"}}
	for event, want := range map[Event]int{Added: 2, Ending: 1, Repairable: 1, Document: 2, Looked: 0, Statement: 0} {
		s := Subscription{Subject: firm, Account: "1", Events: []Event{event}, Days: 30, Since: noon(20260518).UnixMilli()}
		got := compose(&s, m, r, 20260610)
		for _, n := range got {
			if n.event != event {
				t.Errorf("%s follows %s", event, n.event)
			}
		}
		if len(got) != want {
			t.Errorf("%s: %d notes, want %d", event, len(got), want)
		}
	}
}

// Somebody's look is told once a day for each who looked; those who act for the subject are not told of themselves.
func TestLooksOfOthersAreTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		look := func(id, name string) {
			t.Helper()
			must(t, db.Tx(t.Context(), func(tx *store.Tx) error {
				return audit.Record(tx, audit.Entry{Subject: firm, At: o.now, Actor: audit.Actor{ID: id, Name: name}, Action: audit.View})
			}))
		}
		look("9", "信用中心")
		o.now = o.now.Add(2 * time.Minute)
		o.follow()
		for range 2 {
			o.now = o.now.Add(time.Minute)
			look("1", "本人")
			look("7", "岚港市交通运输局")
			look("", "社会公众")
			o.looks()
		}
		if got := o.kinds(); !slices.Equal(got, []string{"looked", "looked"}) {
			t.Errorf("told %v", got)
		}
		o.now = o.now.Add(24 * time.Hour)
		look("7", "岚港市交通运输局")
		o.looks()
		if got := o.kinds(); len(got) != 3 {
			t.Errorf("on the next day: %v", got)
		}
	})
}

// The first provider down: the second sends. Both down: nothing is lost, and it is sent when one is back.
func TestProvidersTakeOverAndNothingIsLost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.confirmed()
		o.follow()
		o.a.fail = errors.New("不通")
		o.matters = []Matter{{ID: "one"}}
		o.changed()
		o.send()
		if len(o.b.got) != 1 || o.b.got[0].To != phone {
			t.Fatalf("the second provider sent %v", o.b.got)
		}
		o.b.fail = errors.New("也不通")
		o.matters = append(o.matters, Matter{ID: "two"})
		o.changed()
		o.send()
		m, _, err := o.box.Of(t.Context(), firm, "person:1", "new:two")
		if must(t, err); m.State != outbox.Waiting || m.Tries != 1 || !strings.Contains(m.Error, "甲：不通") || !strings.Contains(m.Error, "乙：也不通") {
			t.Fatalf("%+v", m)
		}
		o.a.fail = nil
		o.now = o.now.Add(time.Hour)
		o.send()
		o.send()
		if len(o.a.got) != 1 || len(o.b.got) != 1 {
			t.Errorf("%d and %d sent", len(o.a.got), len(o.b.got))
		}
	})
}

// Who stops following is sent nothing more, not even what waits.
func TestUnsubscribingStopsAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.confirmed()
		o.follow()
		o.a.fail, o.b.fail = errors.New("不通"), errors.New("不通")
		o.matters = []Matter{{ID: "one"}}
		o.changed()
		o.send()
		steps, err := o.Project(t.Context(), firm, nil) // composed before, written after
		must(t, err)
		o.matters = append(o.matters, Matter{ID: "two"})
		must(t, o.Unsubscribe(t.Context(), firm, "1"))
		for _, s := range steps {
			must(t, db.Tx(t.Context(), s))
		}
		o.changed()
		o.a.fail = nil
		o.now = o.now.Add(2 * time.Hour)
		o.send()
		if len(o.a.got) != 0 {
			t.Errorf("sent after the end: %v", o.a.got)
		}
		if got := o.kinds(); len(got) != 1 {
			t.Errorf("told %v", got)
		}
	})
}

// An account that no longer acts for the subject, or is closed, stops following by itself.
func TestWhoIsNoLongerBoundIsToldNothing(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.follow()
	o.bound["1"] = false
	o.matters = []Matter{{ID: "one"}}
	o.changed()
	o.sweep()
	if _, ok, err := o.Of(t.Context(), firm, "1"); err != nil || ok || len(o.kinds()) != 0 {
		t.Errorf("still follows: %v, told %v, %v", ok, o.kinds(), err)
	}
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		hour, minute int
		until        string
	}{{20, 59, ""}, {21, 0, "2026-05-19 08:00"}, {23, 59, "2026-05-19 08:00"}, {0, 0, "2026-05-18 08:00"}, {7, 59, "2026-05-18 08:00"}, {8, 0, ""}} {
		until, yes := quiet(time.Date(2026, 5, 18, x.hour, x.minute, 0, 0, credit.Shanghai))
		if got := until.In(credit.Shanghai).Format("2006-01-02 15:04"); yes != (x.until != "") || yes && got != x.until {
			t.Errorf("%02d:%02d: %v until %s", x.hour, x.minute, yes, got)
		}
	}
}

// At night only what cannot wait is sent: a report that must not be used any more.
func TestWhatCanWaitIsSentInTheMorning(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.confirmed()
		o.follow()
		o.now = credit.Date(20260518).Time().Add(22 * time.Hour)
		o.matters, o.reports = []Matter{{ID: "one"}}, []Report{{Number: "R1", Withdrawn: true}}
		o.changed()
		o.send()
		if len(o.a.got) != 1 || !strings.Contains(o.a.got[0].Body, "作废") {
			t.Errorf("at night: %v", o.a.got)
		}
		o.now = credit.Date(20260519).Time().Add(8 * time.Hour)
		o.send()
		if len(o.a.got) != 2 {
			t.Errorf("in the morning: %v", o.a.got)
		}
	})
}

// A message says that there is something, never what nor of whom, and the outbox knows no more.
func TestMessagesTellNothingOfTheRecord(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.confirmed()
	o.follow()
	o.matters, o.reports = []Matter{{ID: "one", HiddenFrom: 20260525}}, []Report{{Number: "R1", Withdrawn: true}, {Number: "R2", Changed: true}}
	o.changed()
	must(t, o.db.Tx(t.Context(), func(tx *store.Tx) error { return o.StatementAnswered(tx, firm, "1", "Q1", "C1") }))
	o.send()
	if len(o.a.got) != 5 {
		t.Fatalf("%d texts", len(o.a.got))
	}
	for _, x := range o.a.got {
		for _, secret := range []string{string(firm), "R1", "R2", "Q1", "C1", "one"} {
			if strings.Contains(x.Body, secret) {
				t.Errorf("%s tells %s", x.Body, secret)
			}
		}
	}
	m, _, err := o.box.Of(t.Context(), firm, "person:1", "new:one")
	must(t, err)
	var b map[string]string
	if must(t, json.Unmarshal([]byte(m.Body), &b)); len(b) != 1 {
		t.Errorf("the outbox holds %s", m.Body)
	}
}

// An address is used after its code was entered, and not before; five wrong tries or ten minutes kill the code.
func TestAddressesAreConfirmedByACode(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.follow()
		for _, wrong := range []string{"", "1381234567", "someone", "a@b"} {
			if err := o.Enter(t.Context(), "1", wrong); !errors.Is(err, ErrAddress) {
				t.Errorf("%q is an address: %v", wrong, err)
			}
		}
		must(t, o.Enter(t.Context(), "1", phone))
		if err := o.Enter(t.Context(), "1", phone); !errors.Is(err, ErrPause) {
			t.Errorf("a second code at once: %v", err)
		}
		o.matters = []Matter{{ID: "one"}}
		o.changed()
		o.send()
		if len(o.a.got) != 1 {
			t.Fatalf("an unconfirmed address is sent %v", o.a.got)
		}
		code := codeIn(o.a.got[0].Body)
		wrong := fmt.Sprintf("%06d", (int(code[0]-'0')+1)%10*100000)
		for range codeTries {
			if err := o.Confirm(t.Context(), "1", wrong); !errors.Is(err, ErrCode) {
				t.Errorf("a wrong code: %v", err)
			}
		}
		if err := o.Confirm(t.Context(), "1", code); !errors.Is(err, ErrCode) {
			t.Errorf("after five wrong tries: %v", err)
		}
		o.now = o.now.Add(2 * time.Minute)
		must(t, o.Enter(t.Context(), "1", phone))
		o.send()
		code = codeIn(o.a.got[len(o.a.got)-1].Body)
		o.now = o.now.Add(codeLife + time.Second)
		if err := o.Confirm(t.Context(), "1", code); !errors.Is(err, ErrCode) {
			t.Errorf("after its time: %v", err)
		}
		must(t, o.Enter(t.Context(), "1", "Someone@Example.com"))
		o.send()
		must(t, o.Confirm(t.Context(), "1", codeIn(o.a.got[len(o.a.got)-1].Body)))
		if a, err := o.address(t.Context(), "1"); err != nil || a.Confirmed == 0 || a.Address != "someone@example.com" || a.Shown() != "s***@example.com" {
			t.Errorf("%+v, %v", a, err)
		}
		must(t, o.Forget(t.Context(), "1"))
		o.matters = append(o.matters, Matter{ID: "two"})
		n := len(o.a.got)
		o.changed()
		o.send()
		if len(o.a.got) != n {
			t.Error("a removed address is sent something")
		}
	})
}

// A message to a desk is put before the clerks of the organ, once; read marks go up to what was shown.
func TestDeskMessagesAndReadMarks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		m := outbox.Message{Subject: firm, Target: "desk:organ:X", Topic: "statement.before:C1", Version: 1, Body: `{"kind":"statement.before","link":"/statements/C1","day":"2026-06-01"}`}
		for range 2 {
			must(t, o.DeliverDesk(t.Context(), m))
		}
		list, err := o.Messages(t.Context(), "organ:X", "", 10)
		if must(t, err); len(list) != 1 || list[0].Day != 20260601 || list[0].Link != "/statements/C1" || list[0].Seen != 0 {
			t.Fatalf("%+v", list)
		}
		o.now = o.now.Add(time.Second)
		m.Topic = "statement.after:C1"
		must(t, o.DeliverDesk(t.Context(), m))
		must(t, o.See(t.Context(), "organ:X", list[0].ID))
		if n, err := o.unseen(t.Context(), "organ:X", 10); err != nil || n != 1 {
			t.Errorf("%d new, %v", n, err)
		}
	})
}

// What is offered to follow has words for pages and phones.
func TestEveryKindHasWords(t *testing.T) {
	t.Parallel()
	for _, e := range Events() {
		if words[string(e)] == "" {
			t.Errorf("%s has no words", e)
		}
	}
	if err := (&Subscription{Events: []Event{"other"}}).check(); err == nil {
		t.Error("an unknown event can be followed")
	}
	if err := (&Subscription{}).check(); err == nil {
		t.Error("nothing can be followed")
	}
}
