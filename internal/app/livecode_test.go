package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"xinban/internal/web/webtest"
)

var (
	typedCode = regexp.MustCompile(`id="code">([A-Z2-7 ]+)<`)
	showingOf = regexp.MustCompile(`action="(/livecode/[A-Z2-7]+)/end"`)
)

// shown makes a live code and returns it as it is typed.
func shown(t *testing.T, v visitor, fields, uses string) string {
	t.Helper()
	code, _ := showing(t, v, fields, uses)
	return code
}

// showing is shown with the address of the showing.
func showing(t *testing.T, v visitor, fields, uses string) (code, address string) {
	t.Helper()
	rec := v.post("/livecode", url.Values{"fields": {fields}, "edition": {"administration"}, "uses": {uses}})
	m, at := typedCode.FindStringSubmatch(rec.Body.String()), showingOf.FindStringSubmatch(rec.Body.String())
	if rec.Code != http.StatusOK || m == nil || at == nil {
		t.Fatalf("status %d: %.400s", rec.Code, rec.Body)
	}
	return strings.ReplaceAll(m[1], " ", ""), at[1]
}

// A code is scanned by anybody once, shows what was consented to and no more, and the subject sees the scan.
func TestLiveCodeIsScannedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm, anybody := visit(t, w, "enterprise"), visit(t, w, "")
	code, address := showing(t, firm, "conclusion", "1")
	rec := anybody.get("/c/" + code)
	if body := rec.Body.String(); rec.Code != http.StatusOK || !strings.Contains(body, "查看时间") || strings.Contains(body, "各领域条数") || strings.Contains(body, "报告所列记录") {
		t.Errorf("status %d: %.400s", rec.Code, body)
	}
	if rec := anybody.get("/c/" + code); rec.Code != http.StatusNotFound {
		t.Errorf("a second scan answers %d", rec.Code)
	}
	if body := firm.get(address + "/scans").Body.String(); !strings.Contains(body, "社会公众于") || !strings.Contains(body, "已扫完") || strings.Contains(body, "every 2s") {
		t.Errorf("the subject sees no scan, or the page goes on: %s", body)
	}
	if body := firm.post(address+"/renew", url.Values{}).Body.String(); typedCode.MatchString(body) || !strings.Contains(body, "已扫完") {
		t.Errorf("a code that is used up is renewed: %.400s", body)
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
		code, address := showing(t, firm, fields, "2")
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
		if body := firm.get(address).Body.String(); strings.Count(body, "于20") != 2 || strings.Contains(body, "社会公众于") {
			t.Errorf("the subject sees: %s", body)
		}
	}
}

// Where the subject chose some domains, whoever scans sees those and no others, and that they were chosen.
func TestLiveCodeShowsTheDomainsThatWereChosen(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm, anybody := visit(t, w, "enterprise"), visit(t, w, "")
	v := url.Values{"fields": {"records"}, "edition": {"administration"}, "uses": {"1"}, "domain": {"transport", "tax"}}
	m := typedCode.FindStringSubmatch(firm.post("/livecode", v).Body.String())
	if m == nil {
		t.Fatal("no code")
	}
	body := anybody.get("/c/" + strings.ReplaceAll(m[1], " ", "")).Body.String()
	if !strings.Contains(body, "对方只选了：交通运输、税务") || strings.Contains(body, "生态环境") || !strings.Contains(body, "岚港交") {
		t.Errorf("the scan shows %s", body)
	}
	v.Set("domain", "x")
	if rec := firm.post("/livecode", v); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "没有名为“x”的领域") {
		t.Errorf("a domain that is none: %d", rec.Code)
	}
}

// A showing is one entry of the access log however often its code is renewed; who stops it shows no more; nobody
// else reaches it.
func TestLiveCodeIsRenewedAndStopped(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm, anybody := visit(t, w, "enterprise"), visit(t, w, "")
	made := func() int { return strings.Count(firm.get("/access").Body.String(), "亮码") }
	before := made()
	code, address := showing(t, firm, "counts", "5")
	one := made()
	next := typedCode.FindStringSubmatch(firm.post(address+"/renew", url.Values{}).Body.String())
	if next == nil || one == before || made() != one {
		t.Errorf("no other code, or another entry in the log: %d, %d, %d", before, one, made())
	}
	other := visit(t, w, "enterprise2")
	for _, rec := range []*httptest.ResponseRecorder{other.get(address), other.get(address + "/scans"), other.post(address+"/renew", url.Values{}), other.post(address+"/end", url.Values{})} {
		if rec.Code != http.StatusNotFound {
			t.Errorf("another's showing answers %d", rec.Code)
		}
	}
	if rec := firm.post(address+"/end", url.Values{}); rec.Code != http.StatusSeeOther {
		t.Errorf("stopping answers %d", rec.Code)
	}
	for _, c := range []string{code, strings.ReplaceAll(next[1], " ", "")} {
		if rec := anybody.get("/c/" + c); rec.Code != http.StatusNotFound {
			t.Errorf("after the stop: %d", rec.Code)
		}
	}
	if body := firm.get(address).Body.String(); !strings.Contains(body, "已停止出示") {
		t.Errorf("the page after the stop: %.400s", body)
	}
}

// Programs show, renew, stop and read the scans as persons do.
func TestLiveCodeByAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm, anybody := visit(t, w, "enterprise"), visit(t, w, "")
	var d struct {
		ID, State string
		Left      int
		Code      *struct{ Text, Address string }
		Scans     []struct{ Who string }
	}
	call := func(method, path, body string, status int) {
		t.Helper()
		rec := firm.send(method, "/api/v1/livecodes"+path, "application/json", strings.NewReader(body))
		d.Code = nil
		if err := json.Unmarshal(rec.Body.Bytes(), &d); rec.Code != status || err != nil {
			t.Fatalf("%s %s: status %d, %v: %.400s", method, path, rec.Code, err, rec.Body)
		}
	}
	call(http.MethodPost, "", `{"subject":"`+firmKey()+`","edition":"general","fields":"counts","uses":3}`, http.StatusCreated)
	id, one := d.ID, d.Code.Text
	if rec := anybody.get("/c/" + one); rec.Code != http.StatusOK || !strings.HasSuffix(d.Code.Address, "/c/"+one) {
		t.Errorf("%s scans with %d", d.Code.Address, rec.Code)
	}
	call(http.MethodPost, "/"+id+"/renew", "", http.StatusOK)
	if d.Left != 2 || d.Code == nil || d.Code.Text == one {
		t.Errorf("renewed: %+v", d)
	}
	call(http.MethodPost, "/"+id+"/end", "", http.StatusOK)
	call(http.MethodGet, "/"+id, "", http.StatusOK)
	if d.State != "stopped" || d.Code != nil || len(d.Scans) != 1 || d.Scans[0].Who != "社会公众" {
		t.Errorf("stopped: %+v", d)
	}
	call(http.MethodPost, "/"+id+"/renew", "", http.StatusOK)
	if d.Code != nil {
		t.Error("renewed after its end")
	}
	for body, status := range map[string]int{`{"subject":"91000000MA0000026X","edition":"general","fields":"counts","uses":3}`: http.StatusForbidden,
		`{"subject":"` + firmKey() + `","edition":"general","fields":"all","uses":3}`:    http.StatusUnprocessableEntity,
		`{"subject":"` + firmKey() + `","edition":"general","fields":"counts","uses":0}`: http.StatusUnprocessableEntity} {
		call(http.MethodPost, "", body, status)
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
	if rec := anybody.get("/c/" + code); rec.Code != http.StatusOK {
		t.Errorf("looking ahead used the code up: %d", rec.Code)
	}
	// A used-up code that a page loads again and again is no guessing: a whole carrier's phones share one address.
	for range 40 {
		if rec := anybody.get("/c/" + code); rec.Code != http.StatusNotFound {
			t.Fatalf("a code that was used up answers %d", rec.Code)
		}
	}
	for range 20 {
		if rec := anybody.get("/c/" + strings.Repeat("A", 20)); rec.Code != http.StatusNotFound {
			t.Fatalf("a code that never was answers %d", rec.Code)
		}
	}
	if rec := anybody.get("/c/short"); rec.Code != http.StatusTooManyRequests {
		t.Errorf("after twenty wrong codes: %d", rec.Code)
	}
	if rec := anybody.get("/c/" + shown(t, firm, "counts", "1")); rec.Code != http.StatusOK {
		t.Errorf("a good code from the address of one that guesses: %d", rec.Code)
	}
}

func firmKey() string { key, _ := showcase(); return string(key) }

// The pages of the live code at both widths; a scan that fails and one that shows everything among them.
func TestPagesOfTheLiveCodeInABrowser(t *testing.T) {
	t.Parallel()
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
	_, address := showing(t, visit(t, w, "enterprise"), "counts", "3")
	t.Run("reloaded", func(t *testing.T) { b.Look(t, "livecode-reloaded", address) })
	visit(t, w, "enterprise").post(address+"/end", url.Values{})
	t.Run("stopped", func(t *testing.T) { b.Look(t, "livecode-stopped", address) })
	t.Run("choose", func(t *testing.T) { b.Look(t, "livecode-choose", "/livecode") })
}

// The page with the code itself, from the form to the scan and to the stop, at both widths: the scan takes the code off
// the page by itself, and so does the button.
func TestTheCodeInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser and half a minute")
	}
	w := setup(t, 200)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	b := webtest.Open(t, server.URL)
	b.SignIn(t, visit(t, w, "enterprise").session)
	anybody := visit(t, w, "")
	for _, width := range webtest.Widths {
		page := b.MustPage().Timeout(time.Minute)
		page.MustSetViewport(width, 900, 1, width < 600)
		begin := func() (code string) {
			page.MustNavigate(server.URL + "/livecode").MustWaitLoad()
			page.MustElement("form[action='/livecode'] button.btn-primary").MustClick()
			code = strings.ReplaceAll(page.MustElement("#code").MustText(), " ", "")
			page.MustWaitLoad()
			return code
		}
		code := begin()
		b.Judge(t, page, "livecode-code", width)
		if rec := anybody.get("/c/" + code); rec.Code != http.StatusOK {
			t.Errorf("the code on the screen answers %d", rec.Code)
		}
		page.MustElementR("#livecode-card", "已扫完")
		page.MustElementR("#scans", "社会公众于")
		b.Judge(t, page, "livecode-used", width)
		code = begin()
		page.MustElement("form[action$='/end'] button").MustClick()
		page.MustElementR("#livecode-card", "已停止出示")
		if rec := anybody.get("/c/" + code); rec.Code != http.StatusNotFound || page.MustHas("#code") {
			t.Errorf("after the stop the code answers %d", rec.Code)
		}
		page.MustClose()
	}
}
