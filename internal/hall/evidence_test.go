package hall

import (
	"errors"
	"strings"
	"testing"
	"time"

	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// While a report is made and printed nothing is forgotten, however near its end the screen was; afterwards who reads has the
// full time.
func TestNothingIsForgottenWhileItIsDone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		must(t, l.readCard(ctx, machine))
		must(t, l.choosePurpose(ctx, machine.ID, l.running(), tender.ID))
		r := l.running()
		l.pass(Forget - time.Millisecond)
		l.meanwhile = func() {
			l.pass(printTime / 2)
			must(t, l.ForgetAll(ctx))
		}
		must(t, l.agree(ctx, machine, r))
		l.meanwhile = nil
		l.pass(Forget - time.Millisecond)
		if r = l.running(); r == nil || r.State != Issued || !r.Printed {
			t.Fatalf("%+v", r)
		}
		l.pass(time.Millisecond)
		if l.running() != nil {
			t.Error("it is not forgotten afterwards")
		}
	})
}

// A visit that was forgotten is not brought back by a screen that was still there.
func TestAForgottenVisitIsNotGoneOnWith(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		must(t, l.readCard(ctx, machine))
		must(t, l.choosePurpose(ctx, machine.ID, l.running(), tender.ID))
		r := l.running()
		must(t, l.forget(ctx, machine.ID, r.Visit))
		var p *problem.Error
		if err := l.agree(ctx, machine, r); !errors.As(err, &p) || p.Type != "hall-state" || l.made != 0 {
			t.Errorf("%v, %d made", err, l.made)
		}
	})
}

// One visit that cannot be read keeps no other from being forgotten, and no ticket from being swept.
func TestOneBadRowStopsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		must(t, l.readCard(ctx, machine))
		good := l.running()
		a, _ := l.registered("掌上岚海")
		_, err := l.ticket(ctx, a, firm)
		must(t, err)
		must(t, l.db.Tx(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec("INSERT INTO hall_kiosk (machine, visit, subject, printed, deadline) VALUES ('a-broken', 'gone', 'gone', 0, 1)")
			return err
		}))
		l.pass(ticketLife)
		if err := l.ForgetAll(ctx); err == nil {
			t.Error("the bad row is not told of")
		}
		if v := l.again(good.Visit); v.State != Closed {
			t.Errorf("the good visit is %s", v.State)
		}
		var n int
		must(t, l.db.QueryRow(ctx, "SELECT count(*) FROM hall_ticket").Scan(&n))
		if n != 0 {
			t.Errorf("%d tickets are left", n)
		}
	})
}

// A licence says who the firm is, and not who stands there: for the listing edition an identity card or a PIN is asked for too.
func TestALicenceAloneIsNoIdentity(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		own := l.card
		must(t, l.readCard(ctx, machine))
		r := l.running()
		if r.Person.Capacity != Bearer || !strings.Contains(r.Person.signed(), "未核验身份") {
			t.Errorf("%+v", r.Person)
		}
		if err := l.choosePurpose(ctx, machine.ID, r, listing.ID); !errors.Is(err, errIdentity) {
			t.Fatalf("the listing edition by a licence alone: %v", err)
		}
		for name, c := range map[string]Card{"the licence again": own, "a number with a slip": {Number: ownID, Name: "演示甲子"}, "no name": {Number: "00000019900101123X"}} {
			l.card = c
			if err := l.showIdentity(ctx, machine, l.running()); !errors.Is(err, ErrBadCard) {
				t.Errorf("%s: %v", name, err)
			}
		}
		l.card = Card{Number: "00000019900101123X", Name: "演示甲子"}
		must(t, l.showIdentity(ctx, machine, l.running()))
		must(t, l.choosePurpose(ctx, machine.ID, l.running(), listing.ID))
		must(t, l.agree(ctx, machine, l.running()))
		grants, err := l.Consent.Given(ctx, firm)
		if err != nil || len(grants) != 1 || !strings.Contains(grants[0].Signature.Text, "持照人（已读取身份证）演＊＊＊") {
			t.Errorf("%+v, %v", grants, err)
		}
		l.card = own
		l.card.PIN = true
		must(t, l.readCard(ctx, machine))
		must(t, l.choosePurpose(ctx, machine.ID, l.running(), listing.ID))
		l.card.Name = "岚港演示另一有限公司"
		if err := l.readCard(ctx, machine); !errors.Is(err, errOtherName) {
			t.Errorf("a licence with another name: %v", err)
		}
	})
}

// Of a day with more services than a page, the latest stand first, and each is on one page.
func TestTheDayIsListedFromItsLatestService(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		var last *Visit
		for range perPage + 7 {
			l.pass(time.Second)
			v, err := l.begin(ctx, clerk, AtWindow, firm, Person{}, nil)
			must(t, err)
			last = v
		}
		for _, of := range []string{clerk.ID, ""} {
			seen, before, pages, after := map[string]bool{}, last.Begun+1, 0, ""
			for {
				list, next, err := l.ofDay(ctx, l.today(), of, after)
				must(t, err)
				for _, v := range list {
					if v.Begun > before || seen[v.ID] {
						t.Errorf("%s stands late or twice", v.ID)
					}
					seen[v.ID], before = true, v.Begun
				}
				if pages++; pages == 1 && list[0].ID != last.ID {
					t.Error("the running service is not first")
				}
				if after = next; next == "" {
					break
				}
			}
			if len(seen) != perPage+7 || pages != 2 {
				t.Errorf("%d services on %d pages", len(seen), pages)
			}
		}
	})
}

// An app asks for natural persons only where it was registered so, and so often a day.
func TestBoundsOfApps(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		person, err := l.Ledger.PersonKey(ctx, "00000019900101123X")
		must(t, err)
		ask := func(a *App, key credit.Key, want string) {
			t.Helper()
			_, err := l.ticket(ctx, a, key)
			var p *problem.Error
			if want == "" && err != nil || want != "" && (!errors.As(err, &p) || p.Type != want) {
				t.Errorf("%s: %v, want %q", key, err, want)
			}
		}
		firms := &App{Name: "甲", Origins: []string{"https://a.example"}, Daily: 2}
		_, err = l.Register(ctx, firms)
		must(t, err)
		ask(firms, person, "app-persons")
		ask(firms, firm, "")
		ask(firms, firm, "")
		ask(firms, firm, "app-daily")
		l.pass(24 * time.Hour)
		ask(firms, firm, "")
		all := &App{Name: "乙", Origins: []string{"https://b.example"}, Persons: true}
		_, err = l.Register(ctx, all)
		must(t, err)
		ask(all, person, "")
		if a := all.actor(person); a.Role != "public" || all.actor(firm).Role != "enterprise" {
			t.Errorf("a person's role is %q", a.Role)
		}
		if list, err := l.Apps(ctx, "", 10); err != nil || len(list) != 2 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// Inside an app a report is made with a consent and read while that stands.
func TestAReportInAnAppStandsOnItsConsent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		a, _ := l.registered("掌上岚海")
		other, _ := l.registered("掌上青梧")
		e := &embedded{App: a, Subject: firm}
		reads := func(of *App, want int) {
			t.Helper()
			if may, err := l.readable(ctx, &embedded{App: of, Subject: firm}); err != nil || len(may) != want {
				t.Errorf("%s reads %v, %v", of.Name, may, err)
			}
		}
		l.fail = errors.New("busy")
		if _, err := l.issueInApp(ctx, e, tender); !errors.Is(err, l.fail) {
			t.Fatal(err)
		}
		if grants, err := l.Consent.Given(ctx, firm); err != nil || len(grants) != 0 {
			t.Errorf("without a report a consent is left: %+v, %v", grants, err)
		}
		l.fail = nil
		_, err := l.issueInApp(ctx, e, tender)
		must(t, err)
		grants, err := l.Consent.Given(ctx, firm)
		must(t, err)
		if g := grants[0]; len(grants) != 1 || g.Used != 1 || g.Grantee != a.grantee() || g.Signature.Method != consent.ByTouch || !strings.Contains(g.Signature.Text, "同意人身份由掌上岚海确认") {
			t.Errorf("%+v", grants)
		}
		reads(a, 1)
		reads(other, 0)
		must(t, l.db.Tx(ctx, func(tx *store.Tx) error { return l.Consent.Withdraw(tx, firm, grants[0].ID) }))
		reads(a, 0)
		_, err = l.issueInApp(ctx, e, tender) // agreed to anew
		must(t, err)
		reads(a, 1)
		l.pass(32 * 24 * time.Hour)
		reads(a, 0)
	})
}

// An agent's authorisation is asked for where somebody signs as an agent, and nowhere else.
func TestAnAgentDoesNotSignWithoutItsAuthority(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx, paper := t.Context(), &Paper{"application/pdf", []byte("%PDF-1.4")}
		agent := walkIn
		agent.Capacity = Agent
		v, err := l.begin(ctx, clerk, AtWindow, firm, Person{}, nil)
		must(t, err)
		must(t, l.identify(ctx, v, agent, tender.ID))
		var p *problem.Error
		if err := l.sign(ctx, l.again(v), consent.OnPaper, paper, nil); !errors.As(err, &p) || p.Fields[0].Name != "authority" {
			t.Errorf("without an authorisation: %v", err)
		}
		must(t, l.sign(ctx, l.again(v), consent.OnPaper, paper, &Paper{"image/png", []byte("seal")}))
		if got, err := l.authority(ctx, v); err != nil || got == nil || string(got.Body) != "seal" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
