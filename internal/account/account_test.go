package account_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const password = "correct horse 42"

type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time       { return time.UnixMilli(c.at.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.at.Add(d.Milliseconds()) }

type bundle struct {
	*account.Service
	db    *store.DB
	clock *clock
	id    string
}

// setup makes a service with cheap hashing and one clerk, jingban.
func setup(t *testing.T) *bundle {
	t.Helper()
	return setupOn(t, storetest.SQLite(t))
}

func setupOn(t *testing.T, db *store.DB) *bundle {
	t.Helper()
	ctx := context.Background()
	must(t, account.Migrate(ctx, db))
	var err error
	b := &bundle{db: db, clock: &clock{}}
	b.clock.at.Store(time.Date(2026, 5, 18, 1, 0, 0, 0, time.UTC).UnixMilli())
	b.Service, err = account.New(db, account.Config{Key: bytes.Repeat([]byte{7}, 32), Now: b.clock.now,
		Hashing: account.Hashing{MemoryKiB: 64, Passes: 1}, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	b.id, err = b.Create(ctx, account.Account{Login: "JingBan", Name: "经办人甲", Roles: []account.Role{account.Clerk},
		Organ: "11", OrganOf: "岚港市交通运输局", Subjects: []credit.Key{"91000000MA00000001"}}, password)
	must(t, err)
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// kind is the type of a problem, empty for no error.
func kind(err error) string {
	var p *problem.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &p):
		return p.Type
	}
	return err.Error()
}

func (b *bundle) signIn(pass string) (string, bool, error) {
	return b.SignIn(context.Background(), "jingban", pass, "192.0.2.1", "Firefox")
}

func TestSignInCarriesTheAccountsAuthority(t *testing.T) {
	t.Parallel()
	b := setup(t)
	session, second, err := b.SignIn(context.Background(), " ＪＩＮＧＢＡＮ ", password, "192.0.2.1", "Firefox")
	must(t, err)
	p, err := b.Resume(context.Background(), session)
	must(t, err)
	if second || p.ID != b.id || !p.Has(account.Clerk) || p.Has(account.Centre) || !p.ForOrgan("11") || p.ForOrgan("12") ||
		p.MayActFor("91000000MA00000001") { // a clerk acts for no subject
		t.Errorf("principal %+v, second %v", p, second)
	}
	if a := p.Actor(); a.Name != "岚港市交通运输局" || a.Role != "clerk" || a.ID != b.id {
		t.Errorf("the access log would say %+v", a)
	}
	must(t, b.SignOut(context.Background(), session))
	if p, err := b.Resume(context.Background(), session); err != nil || p.SignedIn() {
		t.Errorf("after signing out: %v, %v", p, err)
	}
}

func TestWrongNameAndWrongPasswordLookTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, login := range []string{"jingban", "nobody", "", "' OR 1=1 --", strings.Repeat("x", 5000)} {
		_, _, err := b.SignIn(context.Background(), login, "wrong password 1", "192.0.2.1", "")
		if kind(err) != "sign-in-failed" {
			t.Errorf("%.20q: %v", login, err)
		}
	}
}

// Five failures lock for a minute, each further one twice as long, up to an hour; a lock holds for the
// right password too, and for names that do not exist.
func TestLockGrows(t *testing.T) {
	t.Parallel()
	for _, login := range []string{"jingban", "nobody"} {
		b := setup(t)
		try := func(pass string) string {
			_, _, err := b.SignIn(context.Background(), login, pass, "", "")
			b.clock.pass(time.Millisecond)
			return kind(err)
		}
		for range 5 {
			if got := try("wrong password 1"); got != "sign-in-failed" {
				t.Fatalf("%s: %s before the lock", login, got)
			}
		}
		for n, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour} {
			b.clock.pass(wait - time.Second)
			if got := try(password); got != "locked" {
				t.Errorf("%s: lock %d is over before %v: %s", login, n, wait, got)
			}
			b.clock.pass(time.Second)
			if got := try("wrong password 1"); got != "sign-in-failed" {
				t.Errorf("%s: lock %d is not over after %v: %s", login, n, wait, got)
			}
		}
	}
}

func TestRightPasswordForgetsFailures(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 3 {
		for range 4 {
			if _, _, err := b.signIn("wrong password 1"); kind(err) != "sign-in-failed" {
				t.Fatal(err)
			}
		}
		_, _, err := b.signIn(password)
		must(t, err)
	}
}

// Guesses made at once are all counted: no more than five are looked at.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := setupOn(t, db)
		var looked atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if _, _, err := b.SignIn(context.Background(), "jingban", "wrong password 1", "", ""); kind(err) == "sign-in-failed" {
					looked.Add(1)
				}
			})
		}
		wg.Wait()
		if n := looked.Load(); n != 5 {
			t.Errorf("%d guesses were looked at", n)
		}
	})
}

func TestAnAddressThatFailsOftenIsHeldOff(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 20 {
		_, _, err := b.SignIn(context.Background(), "name"+strings.Repeat("x", i), "wrong password 1", "192.0.2.9", "")
		if kind(err) != "sign-in-failed" {
			t.Fatalf("failure %d: %v", i, err)
		}
	}
	if _, _, err := b.SignIn(context.Background(), "jingban", password, "192.0.2.9", ""); kind(err) != "locked" {
		t.Errorf("the address is not held off: %v", err)
	}
	if _, _, err := b.SignIn(context.Background(), "jingban", password, "192.0.2.10", ""); err != nil {
		t.Errorf("another address is held off: %v", err)
	}
}

func TestClosedAccount(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := setup(t)
	session, _, err := b.signIn(password)
	must(t, err)
	token, err := b.NewToken(ctx, b.id, "load", []account.Role{account.Clerk}, time.Hour)
	must(t, err)
	must(t, b.Close(ctx, b.id))
	if p, err := b.Resume(ctx, session); err != nil || p.SignedIn() {
		t.Errorf("the session lives on: %v", err)
	}
	if _, ok, err := b.ByToken(ctx, token); ok || err != nil {
		t.Errorf("the token lives on: %v", err)
	}
	if _, _, err := b.signIn(password); kind(err) != "account-closed" {
		t.Errorf("the right password says %v", err)
	}
	if _, _, err := b.signIn("wrong password 1"); kind(err) != "sign-in-failed" {
		t.Errorf("a wrong password tells that the account is closed: %v", err)
	}
	if _, err := b.Open(ctx, "jingban", ""); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("a session can be opened: %v", err)
	}
	must(t, b.Reopen(ctx, b.id))
	if _, _, err := b.signIn(password); err != nil {
		t.Errorf("after reopening: %v", err)
	}
	if err := b.Close(ctx, "nobody"); !errors.Is(err, account.ErrNoAccount) {
		t.Errorf("closing nobody: %v", err)
	}
}

func TestSessionEndsIdleAndAbsolutely(t *testing.T) {
	t.Parallel()
	b := setup(t)
	alive := func(session string) bool {
		p, err := b.Resume(context.Background(), session)
		must(t, err)
		return p.SignedIn()
	}
	idle, _, err := b.signIn(password)
	must(t, err)
	b.clock.pass(29 * time.Minute)
	if !alive(idle) {
		t.Error("it ended before 30 idle minutes")
	}
	b.clock.pass(30 * time.Minute)
	if alive(idle) {
		t.Error("it lives after 30 idle minutes")
	}
	busy, _, err := b.signIn(password)
	must(t, err)
	for range 12*60/20 - 1 {
		b.clock.pass(20 * time.Minute)
		if !alive(busy) {
			t.Fatal("a busy session ended before 12 hours")
		}
	}
	b.clock.pass(20 * time.Minute)
	if alive(busy) {
		t.Error("a busy session lives after 12 hours")
	}
	must(t, b.Sweep(context.Background()))
	for _, name := range []string{"", "guess", strings.Repeat("x", 1<<16)} {
		if alive(name) {
			t.Errorf("%.10q is a session", name)
		}
	}
}

func TestPasswordRules(t *testing.T) {
	t.Parallel()
	for pass, want := range map[string]string{
		"correct horse 42":       "",
		"岚港的海风很大 2026":           "",
		"short 1a":               "account.password.short",
		strings.Repeat("a1", 65): "account.password.long",
		"xjingban2026":           "account.password.login",
		"aaaaaaaaaaaa":           "account.password.weak",
		"1212121212121212":       "account.password.weak",
		"onlysmallletters":       "account.password.weak",
		"Password123":            "account.password.weak",
		"bad\x00password 1":      "account.password.characters",
		"bad\xffpassword 1":      "account.password.characters",
	} {
		got := ""
		var p *problem.Error
		if errors.As(account.CheckPassword("jingban", pass), &p) {
			got = p.Fields[0].Text.Key
		}
		if got != want {
			t.Errorf("%.30q: %q, want %q", pass, got, want)
		}
	}
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := setup(t)
	other, _, err := b.signIn(password)
	must(t, err)
	mine, _, err := b.signIn(password)
	must(t, err)
	p, err := b.Resume(ctx, mine)
	must(t, err)
	if err := b.ChangePassword(ctx, p, "wrong password 1", "another horse 43"); kind(err) != "form" {
		t.Errorf("a wrong old password: %v", err)
	}
	must(t, b.ChangePassword(ctx, p, password, "another horse 43"))
	if p, _ := b.Resume(ctx, mine); !p.SignedIn() {
		t.Error("the session that changed it ended")
	}
	if p, _ := b.Resume(ctx, other); p.SignedIn() {
		t.Error("another session lives on")
	}
	if _, _, err := b.signIn(password); kind(err) != "sign-in-failed" {
		t.Errorf("the old password: %v", err)
	}
	if _, _, err := b.signIn("another horse 43"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestAccountsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	good := account.Account{Login: "zhongxin", Name: "中心", Roles: []account.Role{account.Centre}}
	for name, change := range map[string]func(*account.Account){
		"a taken name":               func(a *account.Account) { a.Login = "JINGBAN" },
		"a short name":               func(a *account.Account) { a.Login = "zx" },
		"a name with a space":        func(a *account.Account) { a.Login = "zhong xin" },
		"an identity number as name": func(a *account.Account) { a.Login = "000000199001011234" },
		"no role":                    func(a *account.Account) { a.Roles = nil },
		"an unknown role":            func(a *account.Account) { a.Roles = []account.Role{"king"} },
		"the public's role":          func(a *account.Account) { a.Roles = []account.Role{account.Public} },
		"a region that is no code":   func(a *account.Account) { a.Region = "岚港市" },
		"a region that is too short": func(a *account.Account) { a.Region = "3" },
		"a firm with a region": func(a *account.Account) {
			a.Roles, a.Region = []account.Role{account.Enterprise, account.Centre}, "3702"
		},
		"a clerk without an organ": func(a *account.Account) { a.Roles = []account.Role{account.Clerk} },
	} {
		a := good
		change(&a)
		if _, err := b.Create(context.Background(), a, password); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if _, err := b.Create(context.Background(), good, password); err != nil {
		t.Errorf("a good account: %v", err)
	}
}

func TestTokenHasNoMoreThanItsRoles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := setup(t)
	id, err := b.Create(ctx, account.Account{Login: "both", Name: "两岗", Roles: []account.Role{account.Centre, account.Operator}}, password)
	must(t, err)
	token, err := b.NewToken(ctx, id, "load", []account.Role{account.Centre}, time.Hour)
	must(t, err)
	p, ok, err := b.ByToken(ctx, token)
	if err != nil || !ok || !p.Has(account.Centre) || p.Has(account.Operator) || p.Channel != account.ChannelAPI {
		t.Errorf("principal %+v, %v, %v", p, ok, err)
	}
	if _, err := b.NewToken(ctx, id, "more", []account.Role{account.Auditor}, time.Hour); err == nil {
		t.Error("a token has a role that its account has not")
	}
	tokens, err := b.Tokens(ctx, id)
	must(t, err)
	for _, forged := range []string{"", "xinban_", "xinban_" + tokens[0].ID + "_", "xinban_" + tokens[0].ID + "_AAAA", token + "A", "x" + token, strings.ToLower(token)} {
		if _, ok, err := b.ByToken(ctx, forged); ok || err != nil {
			t.Errorf("%q is a token: %v", forged, err)
		}
	}
	must(t, b.RevokeToken(ctx, b.id, tokens[0].ID)) // another account's
	if _, ok, _ := b.ByToken(ctx, token); !ok {
		t.Error("a stranger revoked the token")
	}
	b.clock.pass(time.Hour)
	if _, ok, _ := b.ByToken(ctx, token); ok {
		t.Error("the token outlives its end")
	}
}

func TestStoreHoldsNoSecretInClear(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := setup(t)
	session, _, err := b.signIn(password)
	must(t, err)
	token, err := b.NewToken(ctx, b.id, "load", []account.Role{account.Clerk}, time.Hour)
	must(t, err)
	var stored string
	must(t, b.db.QueryRow(ctx, `SELECT (SELECT password FROM account LIMIT 1) || (SELECT id FROM session LIMIT 1) || (SELECT digest FROM api_token LIMIT 1)`).Scan(&stored))
	for _, secret := range []string{password, session, token[len(token)-26:]} {
		if strings.Contains(stored, secret) {
			t.Errorf("%q is in the store", secret)
		}
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("the password is kept as %.40q", stored)
	}
}

// Every statement of the package, on every engine.
func TestEveryEngine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		b := setupOn(t, db)
		if _, err := b.Create(ctx, account.Account{Login: "jingban", Name: "x", Roles: []account.Role{account.Centre}}, password); !errors.Is(err, account.ErrLoginTaken) {
			t.Errorf("a taken name: %v", err)
		}
		if _, _, err := b.signIn("wrong password 1"); kind(err) != "sign-in-failed" {
			t.Errorf("a wrong password: %v", err)
		}
		session, _, err := b.signIn(password)
		must(t, err)
		b.clock.pass(2 * time.Minute)
		p, err := b.Resume(ctx, session)
		must(t, err)
		must(t, b.Bind(ctx, b.id, "91000000MA00000001", "91000000MA00000002"))
		if a, err := b.ByID(ctx, b.id); err != nil || len(a.Subjects) != 2 || a.TOTP || a.Closed {
			t.Errorf("account %+v, %v", a, err)
		}
		codes, err := b.ConfirmTOTP(ctx, p, b.Enrol(p).Secret, "no")
		if kind(err) != "form" || codes != nil {
			t.Errorf("a wrong code confirms: %v", err)
		}
		if list, err := b.Sessions(ctx, b.id); err != nil || len(list) != 1 || list[0].Agent != "Firefox" || list[0].ID != p.Session {
			t.Errorf("sessions %+v, %v", list, err)
		}
		if list, err := b.List(ctx, "", 10); err != nil || len(list) != 1 || list[0].Login != "jingban" {
			t.Errorf("accounts %+v, %v", list, err)
		}
		token, err := b.NewToken(ctx, b.id, "load", []account.Role{account.Clerk}, time.Hour)
		must(t, err)
		tokens, err := b.Tokens(ctx, b.id)
		must(t, err)
		must(t, b.RevokeToken(ctx, b.id, tokens[0].ID))
		if _, ok, err := b.ByToken(ctx, token); ok || err != nil {
			t.Errorf("a revoked token: %v, %v", ok, err)
		}
		must(t, b.ChangePassword(ctx, p, password, "another horse 43"))
		must(t, b.SetPassword(ctx, b.id, "a third horse 44"))
		must(t, b.EndSession(ctx, b.id, p.Session))
		must(t, b.ResetTOTP(ctx, b.id))
		must(t, b.Close(ctx, b.id))
		must(t, b.Reopen(ctx, b.id))
		must(t, b.Sweep(ctx))
	})
}

// Without a region an account reaches the whole store, with one the areas that begin with it, and no area that is not
// known; it is kept with the account and comes with the session and the token.
func TestTheRegionOfAnAccount(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, c := range []struct {
		region, area string
		want         bool
	}{
		{"", "370202", true}, {"", "", true}, {"3702", "370202", true}, {"3702", "370200", true}, {"37", "370202", true}, {"370202", "370202", true},
		{"3702", "370302", false}, {"370202", "3702", false}, {"3702", "", false}, {"3702", "1370200", false},
	} {
		if got := (account.Principal{Region: c.region}).Reaches(c.area); got != c.want {
			t.Errorf("region %q reaches %q: %v", c.region, c.area, got)
		}
	}
	b := setup(t)
	id, err := b.Create(ctx, account.Account{Login: "shizhongxin", Name: "市中心", Roles: []account.Role{account.Centre}, Region: "3702"}, password)
	must(t, err)
	session, err := b.Open(ctx, "shizhongxin", "")
	must(t, err)
	token, err := b.NewToken(ctx, id, "load", []account.Role{account.Centre}, time.Hour)
	must(t, err)
	page, err := b.Resume(ctx, session)
	must(t, err)
	api, _, err := b.ByToken(ctx, token)
	must(t, err)
	list, err := b.List(ctx, "jingban", 10)
	must(t, err)
	if page.Region != "3702" || api.Region != "3702" || len(list) != 1 || list[0].Region != "3702" {
		t.Errorf("page %q, token %q, list %+v", page.Region, api.Region, list)
	}
}

// Nobody is there to sign a kiosk in again, so that only the end of its session ends it; a person's ends with half an hour's quiet.
func TestAKiosksSessionHasNoIdleEnd(t *testing.T) {
	t.Parallel()
	for role, stays := range map[account.Role]bool{account.Kiosk: true, account.Window: false} {
		b := setup(t)
		id, err := b.Create(t.Context(), account.Account{Login: "hall", Name: "大厅", Roles: []account.Role{role}}, password)
		must(t, err)
		session, err := b.Open(t.Context(), "hall", "x")
		must(t, err)
		is := func(after time.Duration, want bool) {
			t.Helper()
			b.clock.pass(after)
			p, err := b.Resume(t.Context(), session)
			list, lerr := b.Sessions(t.Context(), id)
			if err != nil || lerr != nil || p.SignedIn() != want || (len(list) == 1) != want {
				t.Errorf("%s: signed in %v, %d listed, %v, %v", role, p.SignedIn(), len(list), err, lerr)
			}
		}
		is(29*time.Minute, true)
		is(40*time.Minute, stays)
		is(11*time.Hour, false)
	}
}
