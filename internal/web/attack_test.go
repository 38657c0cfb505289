package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/web"
)

// post is a form with a fresh key.
func post(values string) string {
	return fmt.Sprintf("_idempotency=form-key-%d&%s", keys.Add(1), values)
}

func TestPostFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	clerk := b.as(t, account.Clerk)
	for name, c := range map[string]struct {
		with func(*http.Request)
		want int
	}{
		"another site":               {header("Sec-Fetch-Site", "cross-site"), 403},
		"a sister site":              {header("Sec-Fetch-Site", "same-site"), 403},
		"an old browser's origin":    {header("Origin", "https://evil.example"), 403},
		"an origin that is null":     {header("Origin", "null"), 403},
		"our own page":               {header("Sec-Fetch-Site", "same-origin"), 303},
		"our own origin":             {header("Origin", "http://example.com"), 303},
		"a program without a origin": {func(*http.Request) {}, 303},
	} {
		w := b.ask("POST", "/account/session/end", post("id=x"), form, clerk, c.with)
		if w.Code != c.want {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.want)
		}
	}
}

func TestNamesAreTextAndNeverMarkup(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, name := range []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`,
		`</title><svg onload=alert(1)>`, `{{.View}}`, `javascript:alert(1)`} {
		w := b.ask("GET", "/probe/name?name="+escape(name), "")
		body := w.Body.String()
		if w.Code != 200 || strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || strings.Contains(body, "<svg onload") ||
			strings.Contains(body, "' onmouseover='") {
			t.Errorf("%s: status %d, %s", name, w.Code, body[strings.Index(body, `<p id="name"`):][:200])
		}
	}
	csp := b.ask("GET", "/", "").Header().Get("Content-Security-Policy")
	if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'self'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("policy %q", csp)
	}
}

func TestAccountNamesAreTextToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.accounts.Create(context.Background(), account.Account{Login: "evil", Name: `<b onclick=x>恶意</b>`, Roles: []account.Role{account.Enterprise}}, password)
	must(t, err)
	session, err := b.accounts.Open(context.Background(), "evil", `<script>agent</script>`)
	must(t, err)
	body := b.ask("GET", "/account", "", cookie(session)).Body.String()
	if strings.Contains(body, "<b onclick") || strings.Contains(body, "<script>agent") || !strings.Contains(body, "&lt;b onclick=x&gt;恶意") {
		t.Error("a name or a browser's name is markup")
	}
}

func TestSQLInParametersIsText(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, evil := range []string{`' OR '1'='1`, `'; DROP TABLE account; --`, `" UNION SELECT password FROM account --`, "$1", "%00", `\`} {
		w := b.ask("POST", "/login", post("login="+escape(evil)+"&password="+escape(evil)), form)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%q: status %d", evil, w.Code)
		}
		b.ask("GET", "/account", "", cookie(strings.Map(cookieSafe, evil)))
		b.ask("POST", "/account/session/end", post("id="+escape(evil)), form, b.as(t, account.Clerk))
	}
	if _, err := b.accounts.ByLogin(context.Background(), "jingban"); err != nil {
		t.Errorf("the account is gone: %v", err)
	}
	if w := b.ask("GET", "/account", "", b.as(t, account.Clerk)); w.Code != 200 {
		t.Errorf("status %d afterwards", w.Code)
	}
}

func cookieSafe(r rune) rune {
	if strings.ContainsRune(`";\ ,`, r) {
		return '_'
	}
	return r
}

func TestPathsLeadNowhereElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/static/../go.mod", "/static/..%2f..%2fgo.mod", "/static/%2e%2e/web/server.go", "/static//etc/passwd",
		"/static/vendor/", "/static/", "/static/app.css", "/..%2f..%2fetc%2fpasswd", "/static/..\\..\\go.mod", "/static/app.0000000000000000.css"} {
		w := b.ask("GET", path, "")
		if w.Code == 200 || strings.Contains(w.Body.String(), "module xinban") || strings.Contains(w.Body.String(), "root:") {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

func TestAssetsAreKeptForEver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	url, err := b.Assets.URL("app.css")
	must(t, err)
	w := b.ask("GET", url, "", header("Accept-Encoding", "gzip"))
	if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Encoding") != "gzip" ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("status %d, header %v", w.Code, w.Header())
	}
	if w := b.ask("GET", url, "", header("If-None-Match", w.Header().Get("ETag"))); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("asked again: status %d", w.Code)
	}
	if w := b.ask("GET", "/", ""); w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a page may be kept: %q", w.Header().Get("Cache-Control"))
	}
}

// A session name that somebody planted in the browser is worth nothing after signing in.
func TestSessionFixation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	planted, err := b.accounts.Open(context.Background(), "qiye", "attacker")
	must(t, err)
	w := b.ask("POST", "/login", post("login=jingban&password="+escape(password)), form, cookie(planted))
	c := cookieOf(t, w)
	if w.Code != 303 || c.Value == planted || c.Value == "" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("status %d, cookie %v", w.Code, c)
	}
	if p, err := b.accounts.Resume(context.Background(), planted); err != nil || p.SignedIn() {
		t.Errorf("the planted session lives on: %v", err)
	}
	if w := b.ask("GET", "/account", "", cookie(c.Value)); w.Code != 200 || !strings.Contains(w.Body.String(), "jingban") {
		t.Errorf("the new session: status %d", w.Code)
	}
}

func cookieOf(t *testing.T, w *httptest.ResponseRecorder) *http.Cookie {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if strings.HasSuffix(c.Name, "xinban") {
			return c
		}
	}
	t.Fatalf("no session cookie: %v", w.Header())
	return nil
}

func TestCookieOverTLS(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) { d.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	tls := header("X-Forwarded-Proto", "https")
	w := b.ask("POST", "/login", post("login=jingban&password="+escape(password)), form, tls)
	if c := cookieOf(t, w); c.Name != "__Host-xinban" || !c.Secure {
		t.Errorf("cookie %v", c)
	}
	if h := w.Header().Get("Strict-Transport-Security"); h == "" {
		t.Error("no HSTS over TLS")
	}
	plain := setup(t)
	if w := plain.ask("GET", "/", "", tls); w.Header().Get("Strict-Transport-Security") != "" {
		t.Error("a header from anybody is believed")
	}
}

func TestHeaderInjection(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, back := range []string{"/x\r\nSet-Cookie: a=b", "/x%0d%0aSet-Cookie: a=b", "//evil.example", "https://evil.example/", `/\evil.example`,
		"/%2f/evil.example/..", "javascript:alert(1)", "", "evil", "/\tevil", "/a/../../b\x00"} {
		w := b.ask("POST", "/preference", post("large=1&return="+escape(back)), form)
		to := w.Header().Get("Location")
		if w.Code != 303 || strings.ContainsAny(to, "\r\n") || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) ||
			strings.Contains(w.Header().Get("Set-Cookie"), "a=b") {
			t.Errorf("%q leads to %q, status %d", back, to, w.Code)
		}
	}
	if w := b.ask("POST", "/preference", post("large=1&return="+escape("/report?number=1")), form); w.Header().Get("Location") != "/report?number=1" {
		t.Errorf("a good address leads to %q", w.Header().Get("Location"))
	}
}

func TestSigningInLeadsBackOnlyToUs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.ask("GET", "/account?x=1", "")
	if to := w.Header().Get("Location"); w.Code != 303 || to != "/login?return=%2Faccount%3Fx%3D1" {
		t.Errorf("not signed in: %d to %q", w.Code, to)
	}
	// an identity number in an address goes no further
	w = b.ask("GET", "/account?x=1&q=000000199001011234", "")
	if to := w.Header().Get("Location"); w.Code != 303 || to != "/login?return=%2Faccount" {
		t.Errorf("with an identity number: %d to %q", w.Code, to)
	}
	for back, want := range map[string]string{"/account?x=1": "/account?x=1", "//evil.example": "/", "https://evil.example": "/"} {
		w := b.ask("POST", "/login", post("login=jingban&password="+escape(password)+"&return="+escape(back)), form)
		if to := w.Header().Get("Location"); w.Code != 303 || to != want {
			t.Errorf("back to %q: %d to %q", back, w.Code, to)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		path string
		size int
		want int
	}{
		{"/probe/count", 1 << 10, 201}, {"/probe/count", 1<<20 + 1, 413}, {"/probe/upload", 3 << 20, 200}, {"/probe/upload", 8<<20 + 1, 413},
	} {
		body := strings.Repeat("x", c.size)
		for name, length := range map[string]int64{"with its length": int64(c.size), "without": -1} {
			w := b.ask("POST", c.path, body, header("Idempotency-Key", fmt.Sprintf("size-%d-%d", c.size, length)), header("Content-Type", "text/plain"),
				func(r *http.Request) { r.ContentLength = length })
			if w.Code != c.want {
				t.Errorf("%s of %d bytes %s: status %d, want %d", c.path, c.size, name, w.Code, c.want)
			}
		}
	}
}

func TestMethodTampering(t *testing.T) {
	t.Parallel()
	b := setup(t)
	clerk := b.as(t, account.Clerk)
	for _, c := range []struct{ method, path string }{{"GET", "/logout"}, {"PUT", "/account"}, {"DELETE", "/account/session/end"}, {"TRACE", "/"},
		{"PATCH", "/api/v1/probe"}, {"BREW", "/"}} {
		w := b.ask(c.method, c.path, "", clerk)
		if w.Code != 405 || w.Header().Get("Allow") == "" {
			t.Errorf("%s %s: status %d, allow %q", c.method, c.path, w.Code, w.Header().Get("Allow"))
		}
	}
	// what a form says about its method is not listened to
	w := b.ask("POST", "/account", post("_method=DELETE"), form, clerk, header("X-HTTP-Method-Override", "GET"))
	if w.Code != 405 {
		t.Errorf("an override: status %d", w.Code)
	}
	if w := b.ask("HEAD", "/account", "", clerk); w.Code != 200 {
		t.Errorf("HEAD: status %d", w.Code)
	}
	if w := b.ask("HEAD", "/account", ""); w.Code == 200 {
		t.Error("HEAD gets past the access of GET")
	}
}

func TestErrorsTellNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/probe/panic/panic", "/probe/panic/error", "/api/v1/probe/broken"} {
		w := b.ask("GET", path, "", b.as(t, account.Clerk))
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "goroutine") {
			t.Errorf("%s: status %d, %.200s", path, w.Code, w.Body)
		}
	}
	log := b.log.String()
	if !strings.Contains(log, "secret of the database 370*************34") || strings.Contains(log, "370000199001011234") {
		t.Error("the log lacks the cause, or has the identity number")
	}
}

func TestLogHasNoQueryAndNoIdentityNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.ask("GET", "/nothing/000000199001011234?code=000000199001011235&name=%E6%9F%90", "")
	b.ask("POST", "/login", post("login=jingban&password="+escape(password)), form)
	log := b.log.String()
	if strings.Contains(log, "00000019900101123") || strings.Contains(log, "name=") || strings.Contains(log, "horse") || !strings.Contains(log, "/nothing/000***") {
		t.Errorf("log %s", log)
	}
}

func TestHostIsChecked(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) { d.Hosts = []string{"xinyong.example"} })
	for host, want := range map[string]int{"xinyong.example": 200, "XINYONG.example:8080": 200, "evil.example": 421, "": 421} {
		if w := b.ask("GET", "/login", "", func(r *http.Request) { r.Host = host }); w.Code != want {
			t.Errorf("host %q: status %d, want %d", host, w.Code, want)
		}
	}
}

func TestRateIsLimitedByAddress(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *web.Deps) { d.Rate = web.Rate{PerSecond: 1, Burst: 3} })
	from := func(ip string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = ip + ":99" } }
	for i, want := range []int{200, 200, 200, 429, 429} {
		if w := b.ask("GET", "/healthz", "", from("192.0.2.1"), header("X-Forwarded-For", fmt.Sprint("10.0.0.", i))); w.Code != want {
			t.Errorf("request %d: status %d, want %d", i, w.Code, want)
		}
	}
	if w := b.ask("GET", "/healthz", "", from("192.0.2.2")); w.Code != 200 {
		t.Errorf("another address: status %d", w.Code)
	}
	b.clock.pass(time.Second)
	if w := b.ask("GET", "/healthz", "", from("192.0.2.1")); w.Code != 200 {
		t.Errorf("a second later: status %d", w.Code)
	}
}

func TestLockAndClosedAccountOnThePage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sign := func(pass string) string {
		return b.ask("POST", "/login", post("login=jingban&password="+escape(pass)), form).Body.String()
	}
	a, err := b.accounts.ByLogin(context.Background(), "jingban")
	must(t, err)
	must(t, b.accounts.Close(context.Background(), a.ID))
	if body := sign(password); !strings.Contains(body, "账号已停用") || !strings.Contains(body, "请联系本单位管理员") {
		t.Error("a closed account does not say so, or not what to do")
	}
	for range 5 {
		if body := sign("wrong password 1"); !strings.Contains(body, "账号或密码不正确") {
			t.Error("a wrong password does not say so")
		}
	}
	if body := sign(password); !strings.Contains(body, "请在 1 分钟后再试") {
		t.Error("a lock does not say how long")
	}
}

func TestDemoRoleSwitchIsOnlyInADemo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.ask("POST", "/demo/role", post("login=zhongxin"), form)
	if w.Code != 303 || !strings.Contains(b.ask("GET", "/account", "", cookie(cookieOf(t, w).Value)).Body.String(), "岚海省信用中心") {
		t.Errorf("one click does not change the role: status %d", w.Code)
	}
	_, err := b.accounts.Create(context.Background(), account.Account{Login: "hidden", Name: "x", Roles: []account.Role{account.Operator}}, password)
	must(t, err)
	if w := b.ask("POST", "/demo/role", post("login=hidden"), form); w.Code != 403 {
		t.Errorf("an account that is not the demo's: status %d", w.Code)
	}
	real := setup(t, func(d *web.Deps) { d.Demo = nil })
	if w := real.ask("POST", "/demo/role", post("login=zhongxin"), form); w.Code != 404 {
		t.Errorf("a real server: status %d", w.Code)
	}
	if body := real.ask("GET", "/", "").Body.String(); strings.Contains(body, "演示") {
		t.Error("a real server speaks of a demo")
	}
	if body := b.ask("GET", "/nothing", "").Body.String(); !strings.Contains(body, "演示数据") {
		t.Error("an error page of the demo does not say 演示数据")
	}
}

// Error pages show what every page shows; htmx gets only the part that it puts into a page.
func TestErrorPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.ask("POST", "/login", post("x=1"), form, header("Sec-Fetch-Site", "cross-site"), header("Cookie", "lang=en; contrast=1"))
	if body := w.Body.String(); w.Code != 403 || !strings.Contains(body, "Demo data") || !strings.Contains(body, `class="contrast"`) || !strings.Contains(body, "What to do now") {
		t.Errorf("status %d, %.300s", w.Code, body)
	}
	w = b.ask("GET", "/nothing", "", header("HX-Request", "true"))
	if body := w.Body.String(); w.Code != 404 || strings.Contains(body, "<html") || !strings.Contains(body, "没有这个页面") {
		t.Errorf("for htmx: status %d, %.300s", w.Code, body)
	}
}
