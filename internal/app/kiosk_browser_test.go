package app_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"

	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/hall"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/web/webtest"
)

func TestTheHallInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser and a minute")
	}
	w := setup(t, 40)
	t.Run("a kiosk forgets", func(t *testing.T) { aKioskForgets(t, w) })
	t.Run("every page", func(t *testing.T) { everyPageOfTheHall(t, w) })
}

// At a kiosk, from the card to the paper and out: after that nothing of the person is on the screen, in the history, in a cookie or in
// what the browser keeps. It works by touch, and by keyboard alone.
func aKioskForgets(t *testing.T, w *app.Web) {
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	_, name := showcaseFirm()
	sizes := []struct{ wide, high int }{{1280, 1024}, {1080, 1920}, {390, 844}}
	for _, size := range sizes {
		b := webtest.Open(t, server.URL)
		b.SignIn(t, visit(t, w, "kiosk").session)
		page := b.MustPage().Timeout(2 * time.Minute)
		page.MustSetViewport(size.wide, size.high, 1, false)
		k := kioskScreen{t, page}
		page.MustNavigate(server.URL + "/kiosk").MustWaitLoad()
		k.large()
		k.press("a.kiosk-button")
		k.press("button[value=licence]")
		k.shows(name)
		k.large()
		k.press("button[value=loan]")
		k.shows(name + "授权")
		k.keyboard(".kiosk-main button.big") // agreeing by keyboard
		k.shows("正在打印")
		k.shows(name)
		k.large()
		if size.wide > size.high {
			k.press(".kiosk-button.end")
		} else { // who walks away is forgotten all the same
			page.MustElement(`a[href="/kiosk/card"]`)
			page.MustWaitLoad()
		}
		k.gone(name)
		page.MustNavigateBack()
		page.MustWaitLoad()
		k.gone(name)
		page.MustReload().MustWaitLoad()
		k.gone(name)
		k.nothingKept(name)
		if err := page.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := len(w.Printer.Printed()); n != len(sizes) {
		t.Errorf("%d papers were printed", n)
	}
}

type kioskScreen struct {
	t *testing.T
	*rod.Page
}

func (k kioskScreen) press(selector string) {
	k.t.Helper()
	wait := k.MustWaitNavigation()
	k.MustElement(selector).MustClick()
	wait()
	k.MustWaitLoad()
}

// keyboard reaches the control with Tab from the top of the page and presses Enter.
func (k kioskScreen) keyboard(selector string) {
	k.t.Helper()
	for range 12 {
		if err := k.Keyboard.Type(input.Tab); err != nil {
			k.t.Fatal(err)
		}
		if k.MustEval(`(s) => document.activeElement?.matches(s) ?? false`, selector).Bool() {
			wait := k.MustWaitNavigation()
			if err := k.Keyboard.Type(input.Enter); err != nil {
				k.t.Fatal(err)
			}
			wait()
			k.MustWaitLoad()
			return
		}
	}
	k.t.Errorf("%s is not reached by keyboard", selector)
}

func (k kioskScreen) text() string { return k.MustElement("body").MustText() }

func (k kioskScreen) shows(s string) {
	k.t.Helper()
	if !strings.Contains(k.text(), s) {
		k.t.Errorf("the screen does not show %q: %.300s", s, k.text())
	}
}

// gone tells that the screen is the start page's and knows nobody.
func (k kioskScreen) gone(name string) {
	k.t.Helper()
	if body := k.MustHTML(); strings.Contains(body, name) || strings.Contains(body, "正在打印") {
		k.t.Errorf("the last person is still there: %.300s", k.text())
	}
}

// large: nothing on the screen is smaller than 28 px, and nothing is wider than it.
func (k kioskScreen) large() {
	k.t.Helper()
	small := k.MustEval(`() => Array.from(document.querySelectorAll("body *")).filter((e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim()) &&
		e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 28).map((e) => e.tagName + " " + e.textContent.trim().slice(0, 20)).join(", ")`).Str()
	if small != "" {
		k.t.Errorf("too small to read: %s", small)
	}
	if k.MustEval(`() => document.documentElement.scrollWidth > innerWidth`).Bool() {
		k.t.Error("wider than the screen")
	}
}

// nothingKept looks into everything a browser keeps.
func (k kioskScreen) nothingKept(name string) {
	k.t.Helper()
	if n := k.MustEval(`() => localStorage.length + sessionStorage.length`).Int(); n != 0 {
		k.t.Errorf("%d things are in the browser's storage", n)
	}
	cookies, err := proto.NetworkGetAllCookies{}.Call(k)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, c := range cookies.Cookies {
		if c.Name != "xinban" { // the machine's own
			k.t.Errorf("a cookie %q is left", c.Name)
		}
	}
	history, err := proto.PageGetNavigationHistory{}.Call(k)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, e := range history.Entries {
		if strings.Contains(e.Title+e.URL, name) || strings.ContainsAny(e.URL, "?") {
			k.t.Errorf("the history holds %s %s", e.Title, e.URL)
		}
	}
}

// Every page of the hall at a desk's and a phone's width: no complaint, nothing wider than the screen, no fault of accessibility.
func everyPageOfTheHall(t *testing.T, w *app.Web) {
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	key, _ := showcaseFirm()
	look := func(login string) (*webtest.Browser, visitor) {
		b, v := webtest.Open(t, server.URL), visit(t, w, login)
		if v.session != "" {
			b.SignIn(t, v.session)
		}
		b.Also = judgeText
		return b, v
	}
	b, clerk := look("window")
	at := clerk.post("/hall", url.Values{"q": {string(key)}}).Header().Get("Location")
	b.Look(t, "hall", "/hall?done=1")
	b.Look(t, "hall-person", at)
	b.Look(t, "hall-reprint", "/hall/reprint")
	clerk.post(at+"/person", walkIn())
	b.Look(t, "hall-sign", at)
	clerk.post(at+"/pad", url.Values{"drawing": {signature()}})
	b.Look(t, "hall-report", at)
	b.Look(t, "hall-paper", at+"?paper=1")
	agent := clerk.post("/hall", url.Values{"q": {string(key)}}).Header().Get("Location")
	clerk.post(agent+"/person", walkIn("capacity", "agent", "authorised", "yes"))
	b.Look(t, "hall-sign-agent", agent)
	again := generalReport(t, w, key)
	reprinted := clerk.post("/hall/reprint", url.Values{"number": {again.Content.Number}, "code": {again.Content.Code}}).Header().Get("Location")
	b.Look(t, "hall-reprint-person", reprinted)
	b.Look(t, "hall-today", "/hall/today")
	b, machine := look("kiosk")
	b.Look(t, "kiosk-start", "/kiosk")
	b.Look(t, "kiosk-card", "/kiosk/card")
	machine.post("/kiosk/card", url.Values{"lay": {"licence"}})
	b.Look(t, "kiosk-purpose", "/kiosk")
	machine.post("/kiosk/purpose", url.Values{"purpose": {"loan"}})
	b.Look(t, "kiosk-consent", "/kiosk")
	machine.post("/kiosk/consent", url.Values{})
	b.Look(t, "kiosk-report", "/kiosk")
	b, _ = look("")
	b.Look(t, "kiosk-paused", "/kiosk")
	afterAForm(t, w, server.URL)
	b, _ = look("auditor")
	b.Look(t, "hall-log", "/hall/log")
	b.Look(t, "hall-audit", "/audit")
	b, _ = look("enterprise")
	b.Look(t, "hall-access", "/access")
	secret, err := w.Hall.Register(t.Context(), &hall.App{Name: "掌上岚海", Origins: []string{server.URL}, Persons: true})
	if err != nil {
		t.Fatal(err)
	}
	_, start := ticket(t, w, secret, map[string]string{"code": key.Code()})
	session := visit(t, w, "").get(start).Result().Cookies()[0]
	b = webtest.Open(t, server.URL)
	b.Look(t, "embed-refused", "/embed/start?ticket=x")
	end := proto.TimeSinceEpoch(time.Now().Add(time.Hour).Unix())
	if err := b.SetCookies([]*proto.NetworkCookieParam{{Name: session.Name, Value: session.Value, URL: server.URL + "/embed", Path: "/embed", Expires: end}}); err != nil {
		t.Fatal(err)
	}
	b.Also = judgeText
	b.Look(t, "embed", "/embed")
	number := issuedInApp(t, w, session)
	b.Look(t, "embed-report", "/embed/reports/"+number)
	b.Look(t, "embed-fault", "/embed/reports/20260101000000AAAAAAAA")
	b.LookAfter(t, "embed-consent", "/embed", "button[value=loan]")
}

// afterAForm looks at what only a form leads to: the kiosk's fault, its question for an identity card, and several firms of one name.
func afterAForm(t *testing.T, w *app.Web, base string) {
	t.Helper()
	machine, window := webtest.Open(t, base), webtest.Open(t, base)
	machine.Also, window.Also = judgeText, judgeText
	machine.SignIn(t, visit(t, w, "kiosk").session)
	window.SignIn(t, visit(t, w, "window").session)
	machine.LookAfter(t, "kiosk-fault", "/kiosk/card", "button[value=fails]")
	visit(t, w, "kiosk").post("/kiosk/card", url.Values{"lay": {"licence"}})
	machine.LookAfter(t, "kiosk-identity", "/kiosk", "button[value=listing]")
	name := sameName(t, w)
	window.LookAfter(t, "hall-several", "/hall", "main form button.btn-primary", webtest.Fill{Field: "[name=q]", Text: name})
}

// sameName gives two firms one name and returns it.
func sameName(t *testing.T, w *app.Web) string {
	t.Helper()
	const name = "岚港演示同名有限公司"
	for _, key := range []credit.Key{"91000000MA0000018G", "91000000MA0000001R"} {
		r := credit.Record{Kind: credit.Registration, Class: credit.Organisation, Name: name, Decided: 20200101, Authority: "岚港市市场监督管理局"}
		id, _ := credit.IdentifyMatter(&r, r.Authority)
		err := w.Ledger.Change(t.Context(), func(tx *store.Tx) error {
			_, err := w.Ledger.Append(tx, ledger.Subject{Key: key, Class: credit.Organisation, Name: name}, w.Ledger.NewAssertion(key, id, 1, &r, nil, 1))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return name
}

// issuedInApp has a report made in an app's session and returns its number.
func issuedInApp(t *testing.T, w *app.Web, session *http.Cookie) string {
	t.Helper()
	form := url.Values{"_idempotency": {rand.Text()}, "purpose": {"tender"}, "agree": {"yes"}}
	r := httptest.NewRequest(http.MethodPost, "/embed/reports", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(session)
	rec := httptest.NewRecorder()
	w.Server.Handler().ServeHTTP(rec, r)
	number, ok := strings.CutPrefix(rec.Header().Get("Location"), "/embed/reports/")
	if !ok {
		t.Fatalf("issuing answers %d: %.300s", rec.Code, rec.Body)
	}
	return number
}
