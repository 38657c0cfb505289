package platform_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xinban/internal/credit"
	standin "xinban/internal/exchange/platform"
	"xinban/internal/outbox"
	"xinban/internal/platform"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

const (
	firm   = credit.Key("91000000MA0000018A")
	docNo  = "岚港罚〔2026〕1号"
	secret = "0123456789abcdef"
	origin = "xinban-test"
)

var matter = credit.MatterID{15: 1}

// office is a service with a clock that tests move and platforms that stand in.
type office struct {
	*platform.Service
	t         testing.TB
	db        *store.DB
	box       *outbox.Outbox
	platforms map[string]*standin.StandIn

	mu       sync.Mutex
	now      time.Time
	late     []string
	repaired []platform.Arrival
	said     platform.Said
	refuse   error
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func setup(t testing.TB, db *store.DB, kinds ...platform.Kind) *office {
	t.Helper()
	o := &office{t: t, db: db, platforms: map[string]*standin.StandIn{}, now: time.Date(2026, 5, 18, 2, 0, 0, 0, time.UTC),
		said: platform.Said{Known: true, Subject: firm, Matter: matter}}
	var err error
	o.box, err = outbox.New(t.Context(), db, o.clock, map[string]outbox.Sender{platform.Scheme: func(ctx context.Context, m outbox.Message) error { return o.Send(ctx, m) }})
	if err == nil {
		o.Service, err = platform.New(t.Context(), platform.Config{DB: db, Outbox: o.box, Calendar: workday.Default(), Now: o.clock, Key: []byte(secret), Origin: origin, Pause: time.Millisecond,
			Says: func(context.Context, string, string) (platform.Said, error) { return o.said, nil },
			Repaired: func(_ context.Context, a platform.Arrival) error {
				o.mu.Lock()
				defer o.mu.Unlock()
				if o.refuse != nil {
					return o.refuse
				}
				o.repaired = append(o.repaired, a)
				return nil
			},
			Late: func(_ *store.Tx, x platform.Shown) error { o.late = append(o.late, x.Target); return nil }})
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range kinds {
		o.add(fmt.Sprintf("p%d", i+1), k)
	}
	return o
}

// add starts a platform; the even ones are read by their pages, the odd ones by their API.
func (o *office) add(id string, kind platform.Kind) {
	o.t.Helper()
	s, err := standin.New(id, secret, filepath.Join(o.t.TempDir(), id))
	if err != nil {
		o.t.Fatal(err)
	}
	server := httptest.NewServer(s)
	o.t.Cleanup(func() { server.CloseClientConnections(); server.Close(); s.Close() })
	o.platforms[id] = s
	t := platform.Target{ID: id, Name: "演示平台" + id, Kind: kind, Push: server.URL + "/effects", Page: server.URL + "/matters/{matter}", Secret: secret, Manner: platform.Hide}
	if len(o.platforms)%2 == 0 {
		t.Page += "?form=page"
	}
	if kind == platform.Sector {
		t.Sectors = []string{"market"}
	}
	if err := o.SetTarget(o.t.Context(), t); err != nil {
		o.t.Fatal(err)
	}
}

func effect(version int64, end bool) platform.Effect {
	return platform.Effect{Subject: firm, Matter: matter, Version: version, End: end, Sector: "market", DocNo: docNo, Name: "岚港演示商行", Authority: "岚港市市场监管局", Case: "1", Decided: 20260518, Reason: "已纠正"}
}

func (o *office) tell(e platform.Effect) {
	o.t.Helper()
	if err := o.db.Tx(o.t.Context(), func(tx *store.Tx) error { return o.Tell(tx, e) }); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) send() {
	o.t.Helper()
	if _, err := o.box.Send(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) state(id string) platform.Shown {
	o.t.Helper()
	x, err := o.Of(o.t.Context(), firm, matter.String(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return x
}

func (o *office) want(id string, state platform.State) {
	o.t.Helper()
	if x := o.state(id); x.State != state {
		o.t.Errorf("%s is %s (%s), want %s", id, x.State, x.Reason, state)
	}
}

func (o *office) behave(id string, m standin.Mode) {
	if !o.platforms[id].Behave(standin.Behaviour{Mode: m}) {
		o.t.Fatalf("no such mode %q", m)
	}
}

func TestEveryPlatformIsToldAndItsPageConfirms(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := setup(t, db, platform.Official, platform.Official, platform.Sector, platform.ThirdParty)
		o.tell(effect(1, false))
		o.send()
		for id := range o.platforms {
			o.want(id, platform.Confirmed)
		}
		o.tell(effect(2, true))
		o.want("p1", platform.Pending)
		o.send()
		o.tell(effect(1, false)) // late
		o.send()
		for id, p := range o.platforms {
			o.want(id, platform.Confirmed)
			if m, _ := p.Matter(matter.String()); !m.End || m.Applied != 2 {
				t.Errorf("%s ends with %+v", id, m)
			}
		}
		if x := o.state("p1"); x.Due != 20260521 || x.Version != 2 || !x.Ended {
			t.Errorf("%+v", x)
		}
	})
}

// Another sector's system is not told.
func TestOnlyPlatformsOfTheSector(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official, platform.Sector)
	e := effect(1, true)
	e.Sector = "fire"
	o.tell(e)
	if all, err := o.OfMatter(t.Context(), firm, matter); err != nil || len(all) != 1 || all[0].Target != "p1" {
		t.Errorf("%+v, %v", all, err)
	}
}

// However a platform misbehaves, the others are not held up, it is not believed to agree, and once it behaves it ends right,
// having done it once.
func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	for mode, during := range map[standin.Mode][]platform.State{
		standin.Down: {platform.Pending}, standin.Garbage: {platform.Pending}, standin.Slow: {platform.Pending}, standin.Deny: {platform.Mismatch},
		standin.Twice: {platform.Confirmed}, standin.FailHalf: {platform.Pending, platform.Confirmed},
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				o := setup(t, db, platform.Official, platform.Official)
				o.tell(effect(1, false))
				o.send()
				o.behave("p2", mode)
				o.tell(effect(2, true))
				o.send()
				o.want("p1", platform.Confirmed)
				if x := o.state("p2"); !slices.Contains(during, x.State) || x.State != platform.Confirmed && x.Reason == "" {
					t.Errorf("%s during %s: %q", x.State, mode, x.Reason)
				}
				o.behave("p2", standin.OK)
				o.pass(2 * time.Hour)
				o.send()
				o.want("p2", platform.Confirmed)
				if m, _ := o.platforms["p2"].Matter(matter.String()); !m.End || m.Applied != 2 {
					t.Errorf("ends with %+v", m)
				}
			})
		})
	}
}

// A matter that one platform does not agree on holds up no other matter there.
func TestADisagreementHoldsUpNoOtherMatter(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official)
	o.tell(effect(1, true))
	o.behave("p1", standin.Deny)
	o.send()
	o.want("p1", platform.Mismatch)
	if silent, err := o.box.Silent(t.Context(), 10); err != nil || len(silent) != 0 {
		t.Errorf("the platform rests: %v, %v", silent, err)
	}
	o.behave("p1", standin.OK)
	e := effect(1, true)
	e.Matter = credit.MatterID{15: 2}
	o.tell(e)
	o.send()
	if x, err := o.Of(t.Context(), firm, e.Matter.String(), "p1"); err != nil || x.State != platform.Confirmed {
		t.Errorf("%+v, %v", x, err)
	}
}

// A platform that denies later what it confirmed is found by reading again, has a new clock and is told again.
func TestALaterDenial(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official, platform.Official)
	o.tell(effect(1, true))
	o.send()
	o.pass(24 * time.Hour)
	o.behave("p1", standin.Deny)
	o.behave("p2", standin.Down)
	if n, err := o.Check(t.Context()); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	o.want("p1", platform.Mismatch)
	o.want("p2", platform.Confirmed) // nobody knows otherwise
	if x := o.state("p1"); x.Due != 20260522 || !strings.Contains(x.Reason, "仍显示") {
		t.Errorf("%+v", x)
	}
	if x := o.state("p2"); !strings.Contains(x.Reason, "没有核对成") {
		t.Errorf("%+v", x)
	}
	o.behave("p1", standin.OK)
	o.pass(time.Hour)
	o.send()
	o.want("p1", platform.Confirmed)
	if m, _ := o.platforms["p1"].Matter(matter.String()); m.Applied != 1 {
		t.Errorf("done %d times", m.Applied)
	}
}

func TestADayPassesOnce(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official, platform.Official)
	o.behave("p1", standin.Down)
	o.tell(effect(1, true))
	o.send()
	if n, err := o.Overdue(t.Context(), 20260521); err != nil || n != 0 { // its last day
		t.Error(n, err)
	}
	for i, want := range []int{1, 0, 0} {
		if n, err := o.Overdue(t.Context(), credit.Date(20260522).AddDays(i)); err != nil || n != want {
			t.Errorf("%d: %d, %v", i, n, err)
		}
	}
	o.want("p1", platform.Overdue)
	if !slices.Equal(o.late, []string{"p1"}) {
		t.Errorf("told of %v", o.late)
	}
	o.behave("p1", standin.OK)
	o.pass(2 * time.Hour)
	o.send()
	o.want("p1", platform.Confirmed)
}
