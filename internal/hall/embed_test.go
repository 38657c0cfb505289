package hall

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func (l *lobby) registered(name string) (*App, string) {
	l.t.Helper()
	secret, err := l.Register(l.t.Context(), &App{Name: name, Origins: []string{"https://app.example"}})
	must(l.t, err)
	a, err := l.bySecret(l.t.Context(), secret)
	must(l.t, err)
	if a == nil || a.Name != name {
		l.t.Fatalf("the secret leads to %+v", a)
	}
	return a, secret
}

func TestATicketIsGoodOnceAndForAMinute(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		a, _ := l.registered("掌上岚海")
		ticket := func() string {
			s, err := l.ticket(ctx, a, firm)
			must(t, err)
			return s
		}
		good := ticket()
		session, from, err := l.redeem(ctx, good)
		if err != nil || from.ID != a.ID {
			t.Fatal(err)
		}
		if e, err := l.resume(ctx, session); err != nil || e == nil || e.Subject != firm {
			t.Fatalf("%+v, %v", e, err)
		}
		late, foreign := ticket(), ticket()
		refused := func(what, s string) {
			t.Helper()
			if _, _, err := l.redeem(ctx, s); !errors.Is(err, errTicket) {
				t.Errorf("%s: %v", what, err)
			}
		}
		refused("used", good)
		refused("tampered with", foreign[:len(foreign)-1]+"!")
		refused("empty", "")
		refused("long", strings.Repeat("A", 200))
		refused("a session for a ticket", session)
		l.pass(ticketLife - time.Millisecond)
		if _, _, err := l.redeem(ctx, foreign); err != nil {
			t.Errorf("within the minute: %v", err)
		}
		l.pass(time.Millisecond)
		refused("late", late)
		if got := l.channels(); !strings.HasPrefix(got, "search embed") {
			t.Errorf("the access log has %q", got)
		}
	})
}

func TestASessionInAnAppEnds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		ctx := t.Context()
		a, secret := l.registered("掌上岚海")
		begin := func() string {
			ticket, err := l.ticket(ctx, a, firm)
			must(t, err)
			session, _, err := l.redeem(ctx, ticket)
			must(t, err)
			return session
		}
		is := func(what, session string, want bool) {
			t.Helper()
			if e, err := l.resume(ctx, session); err != nil || (e != nil) != want {
				t.Errorf("%s: %+v, %v", what, e, err)
			}
		}
		left, timed := begin(), begin()
		must(t, l.leave(ctx, left))
		is("after leaving", left, false)
		l.pass(embedLife - time.Millisecond)
		is("just before its end", timed, true)
		l.pass(time.Millisecond)
		is("at its end", timed, false)
		open, waiting := begin(), ""
		waiting, err := l.ticket(ctx, a, firm)
		must(t, err)
		must(t, l.CloseApp(ctx, a.ID))
		is("of a closed app", open, false)
		if _, _, err := l.redeem(ctx, waiting); !errors.Is(err, errTicket) {
			t.Errorf("a ticket of a closed app: %v", err)
		}
		if got, err := l.bySecret(ctx, secret); err != nil || got != nil {
			t.Errorf("the secret of a closed app leads to %+v, %v", got, err)
		}
		if err := l.CloseApp(ctx, a.ID); err == nil {
			t.Error("closed twice")
		}
		must(t, l.ForgetAll(ctx))
	})
}

func TestSecretsOfApps(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l *lobby) {
		_, one := l.registered("甲")
		_, two := l.registered("乙")
		id, _, _ := strings.Cut(strings.TrimPrefix(two, appPrefix), "_")
		_, tail, _ := strings.Cut(strings.TrimPrefix(one, appPrefix), "_")
		for _, s := range []string{"", "x", one + "x", appPrefix + id + "_" + tail, appPrefix + id, strings.Repeat("x", 300)} {
			if a, err := l.bySecret(t.Context(), s); err != nil || a != nil {
				t.Errorf("%.40q leads to %+v, %v", s, a, err)
			}
		}
		var kept string
		must(t, l.db.QueryRow(t.Context(), "SELECT secret FROM hall_app WHERE id = $1", id).Scan(&kept))
		if strings.Contains(two, kept) || len(kept) != 64 {
			t.Error("the secret is kept in clear")
		}
	})
}

func TestOriginsOfApps(t *testing.T) {
	t.Parallel()
	for _, o := range []string{"https://app.example.cn", "https://app.example.cn:8443", "http://127.0.0.1:8090", "http://localhost:3000"} {
		if err := checkOrigin(o); err != nil {
			t.Errorf("%s: %v", o, err)
		}
	}
	for _, o := range []string{"", "*", "https://*", "https://*.example.cn", "http://app.example.cn", "https://app.example.cn/", "https://app.example.cn/x", "https://a b",
		"https://app.example.cn; script-src *", "https://app.example.cn https://other", "app.example.cn", "javascript:alert(1)", "https://u@app.example.cn"} {
		if err := checkOrigin(o); err == nil {
			t.Errorf("%q is taken", o)
		}
	}
}
