package webtest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

//go:embed static/axe.js
var axe string

// chromiums are where Debian and others put the browser.
var chromiums = []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"}

// Widths at which pages are looked at, in pixels: a desk and a phone.
var Widths = []int{1280, 390}

// Browser looks at pages in headless Chromium. It skips the test when there is none.
type Browser struct {
	*rod.Browser
	base, shots string
	wanted      func(name string) bool // nil for all
	// Also, if not nil, is called with every page looked at, after the other checks.
	Also func(t *testing.T, where string, p *rod.Page)
	// Height is the most of a page that a picture shows, in pixels; 0 for all.
	Height int
}

// Keep stores pictures of the pages looked at in a folder, of those for whose names wanted is true.
func (b *Browser) Keep(folder string, wanted func(name string) bool) {
	b.shots, b.wanted = folder, wanted
}

// Prepare, if not nil, is called with every browser that is opened: what a test binary asks of all pages.
var Prepare func(*testing.T, *Browser)

// Open starts a browser for the server at base, such as http://127.0.0.1:1234. With XINBAN_SHOTS naming
// a folder, every page looked at is also stored there as a picture.
func Open(t *testing.T, base string) *Browser {
	t.Helper()
	bin := ""
	for _, c := range chromiums {
		if _, err := os.Stat(c); err == nil {
			bin = c
			break
		}
	}
	if bin == "" {
		t.Skip("no Chromium: apt-get install chromium fonts-noto-cjk")
	}
	l := launcher.New().Bin(bin).Headless(true).NoSandbox(true).Leakless(false).UserDataDir(t.TempDir()).
		Set("disable-gpu").Set("disable-quic").Set("no-first-run").Set("disable-background-networking").
		Set("disable-component-update").Set("disable-sync").Set("disable-dev-shm-usage").
		Set("lang", "zh-CN").Set("accept-lang", "zh-CN")
	control, err := l.Launch()
	if err != nil {
		t.Fatalf("starting %s: %v", bin, err)
	}
	b := rod.New().ControlURL(control).NoDefaultDevice()
	if err := b.Connect(); err != nil {
		t.Fatalf("reaching the browser: %v", err)
	}
	t.Cleanup(func() {
		_ = b.Close() // it may be gone already
		l.Cleanup()
	})
	own := &Browser{Browser: b, base: base, shots: os.Getenv("XINBAN_SHOTS")}
	if Prepare != nil {
		Prepare(t, own)
	}
	return own
}

// SignIn gives the browser a session.
func (b *Browser) SignIn(t *testing.T, session string) {
	t.Helper()
	b.Set(t, "xinban", session)
}

// Set sets a cookie, such as large or contrast.
func (b *Browser) Set(t *testing.T, name, value string) {
	t.Helper()
	// a cookie without an end would go with the last page
	end := proto.TimeSinceEpoch(time.Now().Add(time.Hour).Unix())
	if err := b.SetCookies([]*proto.NetworkCookieParam{{Name: name, Value: value, URL: b.base, Expires: end}}); err != nil {
		t.Fatalf("setting %s: %v", name, err)
	}
}

// Look opens a path at every width and reports what is wrong: the console complains (which includes
// breaches of the content security policy), something is wider than the screen, or axe finds a fault of
// accessibility. axe takes as long as all the rest: it looks at one width, half of the pages at each, and at both when
// pictures are kept. name names the pictures.
func (b *Browser) Look(t *testing.T, name, path string) {
	t.Helper()
	b.look(t, name, path, func(*rod.Page) error { return nil })
}

func (b *Browser) look(t *testing.T, name, path string, then func(*rod.Page) error) {
	t.Helper()
	for _, width := range Widths {
		p := b.visit(t, path, width)
		if err := then(p.page); err != nil {
			t.Fatalf("%s at %d: %v", path, width, err)
		}
		where := fmt.Sprintf("%s at %d", path, width)
		b.check(t, p.page, where)
		if b.shots != "" || width == Widths[len(name)%len(Widths)] {
			accessible(t, p.page, where)
		}
		b.shoot(t, p.page, name, width)
		for _, c := range p.complaints() {
			t.Errorf("%s at %d: console: %s", path, width, c)
		}
		_ = p.page.Close() // nothing depends on it
	}
}

// Judge reports what is wrong with a page as it stands after some steps, as Look does of one that it opens.
func (b *Browser) Judge(t *testing.T, p *rod.Page, name string, width int) {
	t.Helper()
	where := fmt.Sprintf("%s at %d", name, width)
	b.check(t, p, where)
	accessible(t, p, where)
	b.shoot(t, p, name, width)
}

type visit struct {
	page *rod.Page
	said chan string
}

func (v visit) complaints() []string {
	var list []string
	for {
		select {
		case s := <-v.said:
			list = append(list, s)
		default:
			return list
		}
	}
}

// visit opens the page and listens to its console from the start.
func (b *Browser) visit(t *testing.T, path string, width int) visit {
	t.Helper()
	p, err := b.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatalf("opening a page: %v", err)
	}
	p = p.Timeout(30 * time.Second)
	v := visit{p, make(chan string, 64)}
	say := func(s string) {
		select {
		case v.said <- s:
		default:
		}
	}
	go p.EachEvent(func(e *proto.LogEntryAdded) {
		// an error page is answered with its status, which the browser notes
		if e.Entry.Level == proto.LogLogEntryLevelError && !strings.Contains(e.Entry.Text, "status of") {
			say(e.Entry.Text)
		}
	}, func(e *proto.RuntimeExceptionThrown) { say(e.ExceptionDetails.Text) })()
	steps := []error{
		proto.LogEnable{}.Call(p), proto.RuntimeEnable{}.Call(p),
		p.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600}),
		p.Navigate(b.base + path), p.WaitLoad(), p.WaitIdle(5 * time.Second),
	}
	for _, err := range steps {
		if err != nil {
			t.Fatalf("opening %s: %v", path, err)
		}
	}
	return v
}

// overflow names the elements that make the page wider than the screen.
const overflow = `() => document.documentElement.scrollWidth <= innerWidth ? "" :
	Array.from(document.querySelectorAll("body *")).filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
	.slice(-3).map((e) => e.tagName + "." + e.className).join(", ")`

const runAxe = `async () => {
	const found = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
	return JSON.stringify(found.violations.map((v) => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map((n) => n.html).join(" | ")));
}`

func (b *Browser) check(t *testing.T, p *rod.Page, where string) {
	t.Helper()
	if b.Also != nil {
		b.Also(t, where, p)
	}
	wide, err := p.Eval(overflow)
	if err != nil {
		t.Fatalf("%s: measuring: %v", where, err)
	}
	if s := wide.Value.Str(); s != "" {
		t.Errorf("%s: wider than the screen: %s", where, s)
	}
}

// accessible runs axe on a page.
func accessible(t *testing.T, p *rod.Page, where string) {
	t.Helper()
	// the protocol evaluates it, so the page's policy does not forbid it
	if _, err := (proto.RuntimeEvaluate{Expression: axe}).Call(p); err != nil {
		t.Fatalf("%s: loading axe: %v", where, err)
	}
	found, err := p.Eval(runAxe)
	if err != nil {
		t.Fatalf("%s: running axe: %v", where, err)
	}
	var list []string
	if err := json.Unmarshal([]byte(found.Value.Str()), &list); err != nil {
		t.Fatalf("%s: reading what axe said: %v", where, err)
	}
	for _, v := range list {
		t.Errorf("%s: accessibility: %s", where, v)
	}
}

// picture takes the page from its top, down to Height.
func (b *Browser) picture(p *rod.Page) ([]byte, error) {
	size, err := proto.PageGetLayoutMetrics{}.Call(p)
	if err != nil || b.Height == 0 || size.CSSContentSize.Height <= float64(b.Height) {
		return p.Screenshot(true, nil)
	}
	return p.Screenshot(false, &proto.PageCaptureScreenshot{CaptureBeyondViewport: true,
		Clip: &proto.PageViewport{Width: size.CSSContentSize.Width, Height: float64(b.Height), Scale: 1}})
}

func (b *Browser) shoot(t *testing.T, p *rod.Page, name string, width int) {
	t.Helper()
	if b.shots == "" || b.wanted != nil && !b.wanted(name) {
		return
	}
	png, err := b.picture(p)
	if err == nil {
		png, err = paletted(png)
	}
	if err != nil {
		t.Fatalf("taking a picture: %v", err)
	}
	if err := os.WriteFile(filepath.Join(b.shots, fmt.Sprintf("%s-%d.png", name, width)), png, 0o644); err != nil {
		t.Fatalf("keeping a picture: %v", err)
	}
}
