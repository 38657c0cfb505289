package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"xinban/internal/app"
	"xinban/internal/report"
	"xinban/internal/web/webtest"
)

// working does the work of groups in the background, as a server does.
func working(t *testing.T, w *app.Web) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			more, err := w.Group.Work(ctx)
			if err != nil && ctx.Err() == nil {
				t.Errorf("working for groups: %v", err)
				return
			}
			if !more {
				w.Group.Wait(ctx, time.Second)
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

// phone is a page of 390 pixels on which taps are counted.
type phone struct {
	*rod.Page
	t    *testing.T
	taps int
}

func (p *phone) tap(selector string) {
	p.t.Helper()
	el, err := p.Element(selector)
	if err == nil {
		err = el.ScrollIntoView()
	}
	if err != nil {
		p.t.Fatalf("looking for %s: %v", selector, err)
	}
	shape, err := el.Shape()
	if err != nil {
		p.t.Fatalf("looking at %s: %v", selector, err)
	}
	at := shape.OnePointInside()
	if err := p.Touch.Tap(at.X, at.Y); err != nil {
		p.t.Fatalf("tapping %s: %v", selector, err)
	}
	p.taps++
}

// On a phone, from the home page: the first tap to ten signed papers of a group in one download.
func TestTenSignedPapersOfAGroupOnAPhone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser")
	}
	w := setup(t, 200)
	working(t, w)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	b := webtest.Open(t, server.URL)
	b.SignIn(t, visit(t, w, "enterprise").session)
	raw, err := b.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{Page: raw.Timeout(30 * time.Second), t: t}
	if err := p.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: 390, Height: 844, DeviceScaleFactor: 2, Mobile: true}); err != nil {
		t.Fatal(err)
	}
	if err := p.Navigate(server.URL + "/"); err != nil {
		t.Fatal(err)
	}
	if err := p.WaitLoad(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	loaded := b.WaitDownload(dir)
	begin := time.Now()
	p.tap(`.tiles a[href="/groups/new"]`)
	p.tap(`form[action="/groups/check"] .btn-large`)
	p.tap(`form[action="/groups"] .btn-large`)
	if _, err := p.Element(`form[action$="/renew"]`); err != nil { // there when all are through
		t.Fatal(err)
	}
	p.tap(`a[href$="/download"]`)
	file, err := os.ReadFile(filepath.Join(dir, loaded().GUID))
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	papers := genuine(t, w, file)
	t.Logf("%d signed papers of a group after %d taps and %.1f s", papers, p.taps, took.Seconds())
	if papers < 10 || p.taps > 4 || took > 20*time.Second {
		t.Errorf("%d papers after %d taps and %s: want ten after at most 4 taps and 20 s", papers, p.taps, took)
	}
}

// genuine counts the papers in an archive, each of which must verify.
func genuine(t *testing.T, w *app.Web, file []byte) (papers int) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range z.File {
		if !strings.HasSuffix(x.Name, ".pdf") && !strings.HasSuffix(x.Name, ".json") {
			continue
		}
		r, err := x.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Report.VerifyFile(t.Context(), body, nil)
		if err != nil || !v.Unaltered || !v.IssuerTrusted || v.Status != report.Valid {
			t.Errorf("%s does not verify: %+v, %v", x.Name, v, err)
		}
		if strings.HasSuffix(x.Name, ".pdf") {
			papers++
		}
	}
	return papers
}

// Every page of consent and of groups, at both widths: nothing too wide, no complaint, no fault of accessibility.
func TestPagesOfConsentAndGroupsInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser")
	}
	w := setup(t, 200)
	working(t, w)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	v := visit(t, w, "enterprise")
	id := askGroup(t, w, v, "没有这家公司", withdrawnFirm(t, w))
	signed := signGrant(t, visit(t, w, "enterprise2"), "enterprise")
	for _, who := range []struct {
		login string
		pages [][2]string
	}{
		{"enterprise", [][2]string{{"groups", "/groups"}, {"group-new", "/groups/new"}, {"group-new-open", "/groups/new?edition=listing"}, {"group", "/groups/" + id},
			{"group-none", "/groups/none"}, {"mandates-agent", "/mandates"}, {"report-new-agent", "/reports/new?purpose=tender"}}},
		{"enterprise2", [][2]string{{"mandates", "/mandates"}, {"mandate-new", "/mandates/new"}, {"mandate", signed}, {"mandate-none", "/mandates/none"}}},
	} {
		b := webtest.Open(t, server.URL)
		b.SignIn(t, visit(t, w, who.login).session)
		for _, p := range who.pages {
			t.Run(p[0], func(t *testing.T) { b.Look(t, p[0], p[1]) })
		}
	}
}
