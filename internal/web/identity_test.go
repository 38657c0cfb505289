package web_test

import (
	"context"
	"encoding/base32"
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/web"
)

// provider is an identity provider that answers at once: a code is the login, "bad" a token that is refused.
type provider struct{ nonce, verifier string }

func (p *provider) Name() string { return "统一身份认证" }

func (p *provider) Begin(_ context.Context, state, nonce, verifier string) (string, error) {
	p.nonce, p.verifier = nonce, verifier
	return "https://province.example/authorize?state=" + state, nil
}

func (p *provider) Finish(_ context.Context, code, nonce, verifier string) (string, error) {
	if code == "bad" || nonce != p.nonce || verifier != p.verifier {
		return "", errors.New("refused")
	}
	return code, nil
}

func (p *provider) SignOut(back string) string { return "https://province.example/end?back=" + back }

func identified(t *testing.T) (*bundle, *provider) {
	t.Helper()
	p := &provider{}
	return setup(t, func(d *web.Deps) { d.Identity = p }), p
}

// begin starts a sign-in and returns its state.
func begin(t *testing.T, b *bundle, back string) string {
	t.Helper()
	w := b.ask("GET", "/login/identity?return="+back, "")
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != 303 || to.Host != "province.example" {
		t.Fatalf("status %d to %s", w.Code, to)
	}
	return to.Query().Get("state")
}

func TestSignInThroughAProvider(t *testing.T) {
	t.Parallel()
	b, _ := identified(t)
	answer := func(state, cookie, code string) *httptest.ResponseRecorder {
		return b.ask("GET", "/login/identity/back?code="+code+"&state="+state, "", header("Cookie", "xinban_flow="+cookie))
	}
	if page := b.ask("GET", "/login", "").Body.String(); !strings.Contains(page, "用统一身份认证登录") {
		t.Error("the sign-in page does not offer it")
	}
	state := begin(t, b, "/account")
	w := answer(state, state, "qiye")
	if w.Code != 303 || w.Header().Get("Location") != "/account" {
		t.Fatalf("status %d to %s", w.Code, w.Header().Get("Location"))
	}
	var session string
	for _, c := range w.Result().Cookies() {
		if c.Name == "xinban" {
			session = c.Value
		}
	}
	if w := b.ask("GET", "/account", "", cookie(session)); w.Code != 200 || !strings.Contains(w.Body.String(), "qiye") {
		t.Errorf("the account page answers %d", w.Code)
	}
	if w := answer(state, state, "qiye"); w.Code != 403 {
		t.Errorf("a state that was used answers %d", w.Code)
	}
	// and signing out offers to sign out there
	w = b.ask("POST", "/logout", post(""), form, header("Cookie", "xinban="+session+"; xinban_identity=1"))
	if to := w.Header().Get("Location"); to != "/login?left=1" || !strings.Contains(b.ask("GET", to, "").Body.String(), "https://province.example/end?back=") {
		t.Errorf("signed out to %s", to)
	}
}

func TestAnswersOfAProviderThatAreRefused(t *testing.T) {
	t.Parallel()
	b, _ := identified(t)
	closed, err := b.accounts.ByLogin(t.Context(), "yunwei")
	must(t, err)
	must(t, b.accounts.Close(t.Context(), closed.ID))
	for name, c := range map[string]struct {
		code   string
		cookie func(state string) string
		wait   time.Duration
		say    string
	}{
		"a token that is refused": {code: "bad", say: "统一身份认证没有通过"},
		"another browser's state": {code: "qiye", cookie: func(string) string { return "ANOTHER" }, say: "统一身份认证没有通过"},
		"no cookie":               {code: "qiye", cookie: func(string) string { return "" }, say: "统一身份认证没有通过"},
		"too late":                {code: "qiye", wait: 11 * time.Minute, say: "统一身份认证没有通过"},
		"refused there":           {code: "", say: "统一身份认证没有通过"},
		"nobody's account":        {code: "nobody", say: "没有与您对应的账号"},
		"a closed account":        {code: "yunwei", say: "没有与您对应的账号"},
	} {
		state := begin(t, b, "/")
		b.clock.pass(c.wait)
		own := state
		if c.cookie != nil {
			own = c.cookie(state)
		}
		w := b.ask("GET", "/login/identity/back?code="+c.code+"&state="+state, "", header("Cookie", "xinban_flow="+own), header("Accept", "text/html"))
		if w.Code != 403 || !strings.Contains(w.Body.String(), c.say) {
			t.Errorf("%s: status %d", name, w.Code)
		}
		for _, got := range w.Result().Cookies() {
			if got.Name == "xinban" && got.Value != "" {
				t.Errorf("%s: a session was opened", name)
			}
		}
	}
}

// A provider takes the place of the password, not of the second factor.
func TestTheSecondFactorIsAskedForAfterAProvider(t *testing.T) {
	t.Parallel()
	b, _ := identified(t)
	a, err := b.accounts.ByLogin(t.Context(), b.logins[account.Centre])
	must(t, err)
	p := account.Principal{ID: a.ID, Login: a.Login}
	e := b.accounts.Enrol(p)
	_, err = b.accounts.ConfirmTOTP(t.Context(), p, e.Secret, codeOf(t, e.Secret, b))
	must(t, err)
	state := begin(t, b, "/account")
	w := b.ask("GET", "/login/identity/back?code="+a.Login+"&state="+state, "", header("Cookie", "xinban_flow="+state))
	if to := w.Header().Get("Location"); to != "/login/totp?return=%2Faccount" {
		t.Errorf("to %q", to)
	}
}

func TestWithoutAProviderThereIsNoSuchSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/login/identity", "/login/identity/back?code=qiye&state=x"} {
		if w := b.ask("GET", path, ""); w.Code != 404 {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

func codeOf(t *testing.T, secret string, b *bundle) string {
	t.Helper()
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	must(t, err)
	return account.TOTP(raw, account.Step(b.clock.now()))
}
