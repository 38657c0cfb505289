package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/web/webtest"
)

var typedCode = regexp.MustCompile(`id="code">([A-Z2-7 ]+)<`)

// shown makes a live code and returns it as it is typed.
func shown(t *testing.T, v visitor, fields, uses string) string {
	t.Helper()
	rec := v.post("/livecode", url.Values{"fields": {fields}, "edition": {"administration"}, "uses": {uses}})
	m := typedCode.FindStringSubmatch(rec.Body.String())
	if rec.Code != http.StatusOK || m == nil {
		t.Fatalf("status %d: %.400s", rec.Code, rec.Body)
	}
	return strings.ReplaceAll(m[1], " ", "")
}

// A code is scanned by anybody once, shows what was consented to and no more, and the subject sees the scan.
func TestLiveCodeIsScannedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm, anybody := visit(t, w, "enterprise"), visit(t, w, "")
	code := shown(t, firm, "conclusion", "1")
	rec := anybody.get("/c/" + code)
	if body := rec.Body.String(); rec.Code != http.StatusOK || !strings.Contains(body, "查看时间") || strings.Contains(body, "各领域条数") || strings.Contains(body, "报告所列记录") {
		t.Errorf("status %d: %.400s", rec.Code, body)
	}
	if rec := anybody.get("/c/" + code); rec.Code != http.StatusNotFound {
		t.Errorf("a second scan answers %d", rec.Code)
	}
	key, _ := showcase()
	if body := firm.get("/livecode/scans?since=0&subject=" + string(key)).Body.String(); !strings.Contains(body, "社会公众于") {
		t.Errorf("the subject sees no scan: %s", body)
	}
	if body := firm.get("/access").Body.String(); !strings.Contains(body, "社会公众") {
		t.Error("the access log names no scan")
	}
}

// With counts and records it shows those; typed with spaces and in small letters it is the same code; several scans
// when so chosen, and a name where the scanner has signed in.
func TestLiveCodeShowsWhatWasChosen(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm, bank := visit(t, w, "enterprise"), visit(t, w, "receiver")
	for fields, want := range map[string][2]bool{"counts": {true, false}, "records": {true, true}} {
		code := shown(t, firm, fields, "2")
		for range 2 {
			rec := bank.post("/c", url.Values{"code": {strings.ToLower(code[:4] + " " + code[4:])}})
			body := rec.Body.String()
			if rec.Code != http.StatusOK || strings.Contains(body, "各领域条数") != want[0] || strings.Contains(body, "<h2>报告所列记录") != want[1] {
				t.Errorf("%s: status %d: %.300s", fields, rec.Code, body)
			}
		}
		if rec := bank.get("/c/" + code); rec.Code != http.StatusNotFound {
			t.Errorf("a third scan answers %d", rec.Code)
		}
	}
	key, _ := showcase()
	if body := firm.get("/livecode/scans?since=0&subject=" + string(key)).Body.String(); strings.Count(body, "于20") < 4 || strings.Contains(body, "社会公众") {
		t.Errorf("the subject sees: %s", body)
	}
}

// Nobody shows another's code; what is chosen must be on the list; a browser that looks ahead uses nothing up; who
// guesses is made to wait.
func TestLiveCodeRefuses(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm, anybody := visit(t, w, "enterprise"), visit(t, w, "")
	if rec := visit(t, w, "enterprise2").post("/livecode", url.Values{"fields": {"counts"}, "edition": {"general"}, "uses": {"1"}, "subject": {firmKey()}}); rec.Code != http.StatusForbidden {
		t.Errorf("another's code: %d", rec.Code)
	}
	for _, v := range []url.Values{{"fields": {"all"}, "edition": {"general"}, "uses": {"1"}}, {"fields": {"counts"}, "edition": {"x"}, "uses": {"1"}},
		{"fields": {"counts"}, "edition": {"general"}, "uses": {"21"}}, {"fields": {"counts"}, "edition": {"general"}, "uses": {"0"}}} {
		if rec := firm.post("/livecode", v); rec.Code != http.StatusUnprocessableEntity {
			t.Errorf("%v answers %d", v, rec.Code)
		}
	}
	code := shown(t, firm, "counts", "1")
	if rec := anybody.send(http.MethodHead, "/c/"+code, "", nil); rec.Code != http.StatusOK {
		t.Errorf("looking ahead answers %d", rec.Code)
	}
	for range 19 {
		anybody.get("/c/" + strings.Repeat("A", 20))
	}
	if rec := anybody.get("/c/" + code); rec.Code != http.StatusOK {
		t.Errorf("looking ahead used the code up: %d", rec.Code)
	}
	anybody.get("/c/short")
	if rec := anybody.get("/c/" + shown(t, firm, "counts", "1")); rec.Code != http.StatusTooManyRequests {
		t.Errorf("after twenty wrong codes: %d", rec.Code)
	}
}

func firmKey() string { key, _ := showcase(); return string(key) }

// The pages of the live code at both widths; a scan that fails and one that shows everything among them.
func TestPagesOfTheLiveCodeInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a browser and half a minute")
	}
	w := setup(t, 200)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	code := shown(t, visit(t, w, "enterprise"), "records", "2") // looked at once at each width
	b := webtest.Open(t, server.URL)
	for _, p := range [][2]string{{"scanned", "/c/" + code}, {"scan", "/c"}} {
		t.Run(p[0], func(t *testing.T) { b.Look(t, "livecode-"+p[0], p[1]) })
	}
	b = webtest.Open(t, server.URL)
	b.SignIn(t, visit(t, w, "enterprise").session)
	t.Run("choose", func(t *testing.T) { b.Look(t, "livecode-choose", "/livecode") })
}
