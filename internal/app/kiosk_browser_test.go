package app_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/proto"

	"xinban/internal/app"
	"xinban/internal/hall"
	"xinban/internal/web/webtest"
)

func TestTheHallInABrowser(t *testing.T) {
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
	for _, size := range []struct{ wide, high int }{{1280, 1024}, {1080, 1920}} {
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
	if n := len(w.Printer.Printed()); n != 2 {
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
		b.SignIn(t, v.session)
		return b, v
	}
	b, clerk := look("window")
	at := clerk.post("/hall", url.Values{"q": {string(key)}}).Header().Get("Location")
	b.Look(t, "hall", "/hall?done=1")
	b.Look(t, "hall-person", at)
	clerk.post(at+"/person", walkIn())
	b.Look(t, "hall-sign", at)
	clerk.post(at+"/pad", url.Values{"drawing": {signature()}})
	b.Look(t, "hall-report", at)
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
	b, _ = look("auditor")
	b.Look(t, "hall-log", "/hall/log")
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
	b.Look(t, "embed", "/embed")
}
