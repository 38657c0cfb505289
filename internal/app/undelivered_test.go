package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"xinban/internal/app"
	"xinban/internal/demo"
	"xinban/internal/outbox"
	"xinban/internal/report"
	"xinban/internal/web/webtest"
)

// A message that a receiver's program refuses stands on the centre's desk with the receiver's name, the paper and the
// reason, and arrives when it is sent again by hand.
func TestTheCentreSeesWhatDidNotArrive(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	var refuses atomic.Bool
	refuses.Store(true)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		if refuses.Load() {
			rw.WriteHeader(http.StatusGone)
		}
	}))
	defer server.Close()
	d := refused(t, w, server.URL)
	province, centre := demo.Default(), visit(t, w, centreLogin)
	body := centre.get("/outbox").Body.String()
	for _, want := range []string{"接收方：" + province.ShowcaseSubjects()[2].Subject.Name, "报告状态变化：" + d.Content.Number, "不再接收", "再次发送"} {
		if !strings.Contains(body, want) {
			t.Errorf("the desk does not say %s", want)
		}
	}
	stuck, err := w.Outbox.Stuck(t.Context(), outbox.Refused, "", 10)
	if err != nil || len(stuck) != 1 {
		t.Fatalf("%+v %v", stuck, err)
	}
	refuses.Store(false)
	form := url.Values{"subject": {string(stuck[0].Subject)}, "target": {stuck[0].Target}, "topic": {stuck[0].Topic}}
	if rec := centre.post("/outbox/again", form); rec.Code != http.StatusSeeOther {
		t.Fatalf("sending again answers %d", rec.Code)
	}
	send(t, w)
	if m, _, err := w.Outbox.Of(t.Context(), stuck[0].Subject, stuck[0].Target, stuck[0].Topic); err != nil || m.State != outbox.Sent {
		t.Errorf("%+v %v", m, err)
	}
	if body := centre.get("/outbox?tab=waiting").Body.String(); !strings.Contains(body, "没有未送达的消息") {
		t.Error("something is still shown")
	}
	form.Set("topic", "none")
	if rec := centre.post("/outbox/again", form); rec.Code != http.StatusNotFound {
		t.Errorf("no such message answers %d", rec.Code)
	}
}

// refused is a document of whose end the receiver was told at an address that answers as it will.
func refused(t *testing.T, w *app.Web, address string) *report.Issued {
	t.Helper()
	key, _ := showcase()
	d := issueFor(t, w, report.Request{Key: key, Edition: "administration", Purpose: loan})
	bank := visit(t, w, "receiver")
	bank.post("/receive/hook", url.Values{"address": {address}})
	bank.drop("/receive", nil, dropFile{"a.json", d.Envelope})
	annul(t, w, d)
	send(t, w)
	return d
}

// The desk with a refused message and a silent target, at both widths.
func TestTheDeskOfUndeliveredInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser")
	}
	w := setup(t, 200)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	gone := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusGone) }))
	defer gone.Close()
	refused(t, w, gone.URL)
	b := webtest.Open(t, server.URL)
	b.SignIn(t, visit(t, w, centreLogin).session)
	b.Look(t, "undelivered-full", "/outbox")
}
