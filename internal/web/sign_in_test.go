package web_test

import (
	"encoding/base32"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"xinban/internal/account"
)

var shownSecret = regexp.MustCompile(`name="secret" value="([A-Z2-7]{32})"`)

// From setting up the second factor to signing in with it, a code that was seen, and turning it off.
func TestSecondFactorFromEndToEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	signIn := func() *httptest.ResponseRecorder {
		return b.ask("POST", "/login", post("login=jingban&password="+escape(password)+"&return=/account"), form)
	}
	session := cookie(cookieOf(t, signIn()).Value)
	m := shownSecret.FindStringSubmatch(b.ask("GET", "/account/totp", "", session).Body.String())
	if m == nil {
		t.Fatal("the page shows no secret")
	}
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(m[1])
	must(t, err)
	code := func() string { return account.TOTP(secret, account.Step(b.clock.now())) }

	w := b.ask("POST", "/account/totp", post("secret="+m[1]+"&code=abcdef"), form, session)
	if w.Code != 422 || !strings.Contains(w.Body.String(), m[1]) || !strings.Contains(w.Body.String(), "动态口令不正确") {
		t.Errorf("a wrong code: status %d; the same secret must be shown again", w.Code)
	}
	w = b.ask("POST", "/account/totp", post("secret="+m[1]+"&code="+code()), form, session)
	if w.Code != 200 || strings.Count(w.Body.String(), "<li>") < 8 {
		t.Errorf("the right code: status %d, no recovery codes", w.Code)
	}

	b.clock.pass(time.Minute)
	w = signIn()
	half := cookie(cookieOf(t, w).Value)
	if to := w.Header().Get("Location"); to != "/login/totp?return=%2Faccount" {
		t.Errorf("after the password: to %q", to)
	}
	if w := b.ask("GET", "/account", "", half); w.Code != 303 {
		t.Errorf("half signed in, the account page answers %d", w.Code)
	}
	seen := code()
	w = b.ask("POST", "/login/totp", post("code="+seen+"&return=/account"), form, half)
	full := cookieOf(t, w).Value
	if w.Code != 303 || w.Header().Get("Location") != "/account" || b.ask("GET", "/account", "", cookie(full)).Code != 200 {
		t.Errorf("after the code: status %d to %q", w.Code, w.Header().Get("Location"))
	}
	again := cookie(cookieOf(t, signIn()).Value)
	if w := b.ask("POST", "/login/totp", post("code="+seen), form, again); w.Code != 422 || !strings.Contains(w.Body.String(), "已用过") {
		t.Errorf("the code again: status %d", w.Code)
	}
	b.ask("POST", "/account/totp/drop", post("password="+escape(password)), form, cookie(full))
	if to := signIn().Header().Get("Location"); to != "/account" {
		t.Errorf("after turning it off: to %q", to)
	}
}

func TestSigningOutEndsTheSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := cookieOf(t, b.ask("POST", "/login", post("login=jingban&password="+escape(password)), form))
	w := b.ask("POST", "/logout", post(""), form, cookie(c.Value))
	if gone := cookieOf(t, w); w.Code != 303 || gone.MaxAge >= 0 {
		t.Errorf("status %d, cookie %v", w.Code, gone)
	}
	if w := b.ask("GET", "/account", "", cookie(c.Value)); w.Code != 303 {
		t.Errorf("the old cookie still opens the account: %d", w.Code)
	}
}

func TestChangingThePasswordOnThePage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	clerk := b.as(t, account.Clerk)
	for values, want := range map[string]string{
		"old=wrong+password+1&password=another+horse+43&again=another+horse+43": "密码不正确",
		"old=correct+horse+42&password=another+horse+43&again=another+horse+44": "两次输入的新密码不一致",
		"old=correct+horse+42&password=short&again=short":                       "密码至少 10 个字符",
	} {
		w := b.ask("POST", "/account/password", post(values), form, clerk)
		if w.Code != 422 || !strings.Contains(w.Body.String(), want) || strings.Contains(w.Body.String(), "another horse") {
			t.Errorf("%s: status %d, lacks %q", values, w.Code, want)
		}
	}
	w := b.ask("POST", "/account/password", post("old=correct+horse+42&password=another+horse+43&again=another+horse+43"), form, clerk)
	if w.Code != 303 || !strings.Contains(b.ask("GET", w.Header().Get("Location"), "", clerk).Body.String(), "密码已修改") {
		t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
	}
}
