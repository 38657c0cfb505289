package receive

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// A webhook is public and https; on stores whose data are not real also a program on the same machine.
func TestAddressesOfWebhooks(t *testing.T) {
	for _, c := range []struct {
		address    string
		demo, live bool // may be registered
	}{
		{"https://bank.example/hook", true, true},
		{"https://bank.example:8443/a?b=c", true, true},
		{"https://8.8.8.8/", true, true},
		{"http://127.0.0.1:9000/hook", true, false},
		{"http://localhost/hook", true, false},
		{"http://[::1]/hook", true, false},
		{"https://127.0.0.1/hook", true, false},
		{"https://localhost/hook", true, false},
		{"http://bank.example/hook", false, false},
		{"https://10.0.0.8/", false, false},
		{"https://192.168.1.1/", false, false},
		{"https://169.254.169.254/latest", false, false},
		{"https://100.64.0.1/", false, false},
		{"https://[fd00::1]/", false, false},
		{"https://[::ffff:10.0.0.1]/", false, false},
		{"https://[64:ff9b::a00:1]/", false, false},
		{"https://0.0.0.0/", false, false},
		{"https://u:p@bank.example/", false, false},
		{"https://bank.example/#x", false, false},
		{"ftp://bank.example/", false, false},
		{"bank.example", false, false},
		{"", false, false},
		{"https://bank.example/" + strings.Repeat("x", 500), false, false},
	} {
		if got := checkAddress(c.address, false) == nil; got != c.demo {
			t.Errorf("%s on a demo store: %v", c.address, got)
		}
		if got := checkAddress(c.address, true) == nil; got != c.live {
			t.Errorf("%s on a live store: %v", c.address, got)
		}
	}
	for _, ip := range []string{"224.0.0.1", "255.255.255.255", "198.18.0.1", "fe80::1", "::"} {
		if mayCall(netip.MustParseAddr(ip), false) {
			t.Errorf("%s may be called", ip)
		}
	}
}

// listener is a receiver's program that answers as it is told.
type listener struct {
	mu     sync.Mutex
	answer http.HandlerFunc
	got    []*http.Request
	bodies []string
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	l.mu.Lock()
	l.got, l.bodies = append(l.got, r), append(l.bodies, string(body))
	answer := l.answer
	l.mu.Unlock()
	answer(w, r)
}

// hooked is a desk whose bank has checked paper 1 and has a webhook.
func hooked(t *testing.T, d *desk) (l *listener, server *httptest.Server, secret string) {
	t.Helper()
	l = &listener{answer: func(http.ResponseWriter, *http.Request) {}}
	server = httptest.NewServer(l)
	t.Cleanup(server.Close)
	secret, err := d.Register(t.Context(), bank("bank"), server.URL+"/hook")
	must(t, err)
	d.check(bank("bank"), paper("1", nil))
	return l, server, secret
}

func (d *desk) change(number, status string) {
	d.t.Helper()
	must(d.t, d.tx(func(tx *store.Tx) error { return d.Changed(tx, firm, number, status) }))
}

func (d *desk) delivery() Delivery {
	d.t.Helper()
	all, err := d.Deliveries(d.t.Context(), bank("bank"), "", 10)
	must(d.t, err)
	if len(all) != 1 {
		d.t.Fatalf("%d deliveries", len(all))
	}
	return all[0]
}

// A change reaches the receiver signed, with the present state and its version; only worse states follow, and a
// transaction that is undone tells nobody.
func TestAChangeIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		l, _, secret := hooked(t, d)
		undone := d.tx(func(tx *store.Tx) error {
			must(t, d.Changed(tx, firm, "1", Withdrawn))
			return errTest
		})
		if n, err := d.outbox.Send(t.Context()); !errors.Is(undone, errTest) || err != nil || n != 0 {
			t.Fatalf("an undone change: %v, sent %d, %v", undone, n, err)
		}
		d.change("2", Withdrawn) // nobody holds it
		d.change("1", Changed)
		d.change("1", Changed)
		d.change("1", Withdrawn)
		d.change("1", Replaced)
		if n, err := d.outbox.Send(t.Context()); n != 1 || err != nil {
			t.Fatalf("sent %d, %v", n, err)
		}
		var m Message
		must(t, json.Unmarshal([]byte(l.bodies[0]), &m))
		h := l.got[0].Header
		if m.Number != "1" || m.Status != Withdrawn || m.Text != "已作废" || m.Version <= 0 || h.Get(SignatureHeader) != Sign(secret, h.Get(TimestampHeader), l.bodies[0]) {
			t.Errorf("%+v, %v", m, h)
		}
		if x := d.delivery(); x.State() != "sent" || x.Status != Withdrawn || x.Open() {
			t.Errorf("%+v", x)
		}
	})
}

// What is down, slow or answers garbage is tried again; what answers twice is told once; 410 is for good, and a
// person may have it tried again; a redirect is not followed.
func TestReceiversThatMisbehave(t *testing.T) {
	t.Parallel()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	raw := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				io.WriteString(c, text)
				c.Close()
			}
		}
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		state  string
		why    string
	}{
		{"taken", status(204), "sent", ""},
		{"fails", status(500), "waiting", "接收方答复500"},
		{"not found", status(404), "waiting", "接收方答复404"},
		{"gone", status(410), "refused", "不再接收"},
		{"sends elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "waiting", "接收方答复307"},
		{"answers garbage", raw("\x00\x01garbage\r\n\r\n"), "waiting", "不是HTTP"},
		{"answers twice", raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), "sent", ""},
		{"hangs up", raw(""), "waiting", "连接不上"},
		{"answers without end", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}, "sent", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := setup(t, storetest.SQLite(t), false)
			l, _, _ := hooked(t, d)
			l.answer = c.answer
			d.change("1", Withdrawn)
			if _, err := d.outbox.Send(t.Context()); err != nil {
				t.Fatal(err)
			}
			x := d.delivery()
			if x.State() != c.state || !strings.Contains(x.Message.Error, c.why) || len(l.got) != 1 {
				t.Errorf("%s %q after %d calls", x.State(), x.Message.Error, len(l.got))
			}
			if n, err := d.outbox.Send(t.Context()); n != 0 || err != nil {
				t.Errorf("tried again at once: %d, %v", n, err)
			}
			if c.state == "sent" {
				return
			}
			l.mu.Lock()
			l.answer = status(200)
			l.mu.Unlock()
			must(t, d.Again(t.Context(), bank("bank"), "1"))
			if _, err := d.outbox.Send(t.Context()); err != nil {
				t.Fatal(err)
			}
			if x := d.delivery(); x.State() != "sent" {
				t.Errorf("by hand: %s %q", x.State(), x.Message.Error)
			}
		})
	}
}

// One that is down or slow holds up nobody: the message waits, with the reason.
func TestReceiverThatIsDownOrSlow(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	l, server, _ := hooked(t, d)
	l.answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	d.change("1", Replaced)
	began := time.Now()
	if _, err := d.outbox.Send(t.Context()); err != nil || time.Since(began) > 20*time.Second {
		t.Fatalf("%v after %v", err, time.Since(began))
	}
	if x := d.delivery(); x.State() != "waiting" || !strings.Contains(x.Message.Error, "没有及时答复") {
		t.Errorf("%+v", x.Message)
	}
	server.CloseClientConnections()
	server.Close()
	d.change("1", Withdrawn)
	d.pass(time.Minute) // the target has rested
	if _, err := d.outbox.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if x := d.delivery(); x.State() != "waiting" || !strings.Contains(x.Message.Error, "连接不上") {
		t.Errorf("%+v", x.Message)
	}
}

// A name that leads inside is not called even where it looked public; what was registered on a store that has become live
// is refused.
func TestNoCallGoesInside(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	l, server, _ := hooked(t, d)
	d.change("1", Withdrawn)
	d.Service.c.Live = true
	h, _, err := d.HookOf(t.Context(), bank("bank"))
	must(t, err)
	if err := d.Send(t.Context(), outbox.Message{Target: Scheme + ":" + h.ID}); !errors.Is(err, outbox.ErrRefused) {
		t.Errorf("http on a live store: %v", err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, nil)
	must(t, err)
	if err := call(d.client(), r); !errors.Is(err, errInner) || len(l.got) != 0 {
		t.Errorf("the connection itself: %v, %d calls", err, len(l.got))
	}
}

// One webhook a receiver: what the old address refused goes to the new one, and what ended because there was none comes when
// there is one again; without one the change is still listed. Secrets are kept encrypted.
func TestOneWebhookAReceiver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		l, server, secret := hooked(t, d)
		l.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
		d.change("1", Replaced)
		if _, err := d.outbox.Send(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.answer = func(http.ResponseWriter, *http.Request) {}
		next, err := d.Register(t.Context(), bank("bank"), server.URL+"/next")
		must(t, err)
		if next == secret {
			t.Error("the secret is the same")
		}
		if _, err := d.outbox.Send(t.Context()); err != nil {
			t.Fatal(err)
		}
		if x := d.delivery(); x.State() != "sent" || len(l.got) != 2 || l.got[1].URL.Path != "/next" || l.got[1].Header.Get(SignatureHeader) != Sign(next, l.got[1].Header.Get(TimestampHeader), l.bodies[1]) {
			t.Errorf("what the old address refused: %s, %d calls", x.State(), len(l.got))
		}
		var kept []byte
		must(t, d.db.QueryRow(t.Context(), "SELECT secret FROM receive_hook WHERE receiver = $1", "subject:bank").Scan(&kept))
		if strings.Contains(string(kept), next) {
			t.Error("the secret is kept in clear")
		}
		d.check(bank("bank"), paper("2", nil))
		d.change("2", Replaced)
		must(t, d.Unregister(t.Context(), bank("bank")))
		if _, err := d.outbox.Send(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := d.Deliveries(t.Context(), bank("bank"), "", 10)
		must(t, err)
		if all[0].Number != "2" || all[0].State() != "cancelled" || len(l.got) != 2 {
			t.Errorf("after it was taken away: %+v", all[0])
		}
		d.change("1", Withdrawn)
		if all, err = d.Deliveries(t.Context(), bank("bank"), "", 10); err != nil || all[0].Number+all[1].Number != "21" && all[0].Number+all[1].Number != "12" {
			t.Errorf("%+v %v", all, err)
		}
		_, err = d.Register(t.Context(), bank("bank"), server.URL+"/again")
		must(t, err)
		if _, err := d.outbox.Send(t.Context()); err != nil || len(l.got) != 3 || !strings.Contains(l.bodies[2], `"number":"2"`) {
			t.Errorf("registered again: %d calls, %v", len(l.got), err)
		}
		if all, err = d.Deliveries(t.Context(), bank("bank"), "", 10); err != nil || len(all) != 2 {
			t.Errorf("what was noted without an address is listed: %+v %v", all, err)
		}
	})
}

// A paper that ended while its table was being made is told as well; one whose table was deleted is not.
func TestWhatEndsMeanwhileIsTold(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	_, _, _ = hooked(t, d)
	d.reports.ended["7"] = Withdrawn
	b := d.check(bank("bank"), paper("7", nil))
	if x := d.delivery(); x.Number != "7" || x.Status != Withdrawn {
		t.Errorf("%+v", x)
	}
	must(t, d.Delete(t.Context(), bank("bank"), b.ID))
	if all, err := d.Deliveries(t.Context(), bank("bank"), "", 10); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

// When the key of secrets is lost the message is refused with the reason, and the receiver registers again.
func TestALostKey(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	l, server, _ := hooked(t, d)
	d.Service.c.Key = []byte(strings.Repeat("x", 32))
	d.change("1", Replaced)
	if _, err := d.outbox.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if x := d.delivery(); x.State() != "refused" || !strings.Contains(x.Message.Error, "重新登记") || len(l.got) != 0 {
		t.Errorf("%+v", x.Message)
	}
	_, err := d.Register(t.Context(), bank("bank"), server.URL)
	must(t, err)
	d.change("1", Withdrawn)
	if _, err := d.outbox.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if x := d.delivery(); x.State() != "sent" {
		t.Errorf("registered again: %s", x.State())
	}
}

// Changes of one moment are paged without a gap.
func TestDeliveriesArePagedByKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		numbers := []string{"1", "2", "3", "4", "5"}
		var files [][]byte
		for _, n := range numbers {
			files = append(files, paper(n, nil))
		}
		d.check(bank("bank"), files...)
		for _, n := range numbers {
			d.change(n, Withdrawn)
		}
		var got []string
		for after := ""; ; {
			page, err := d.Deliveries(t.Context(), bank("bank"), after, 2)
			must(t, err)
			for _, x := range page {
				got = append(got, x.Number)
			}
			if len(page) < 2 {
				break
			}
			after = page[1].cursor()
		}
		if strings.Join(got, "") != "54321" {
			t.Errorf("%v", got)
		}
	})
}

// Whoever checked a paper learns that it was replaced or withdrawn. That something newer is known of the subject is told and
// listed only while the subject allows this receiver to read it, asked when it is told and again before it leaves.
func TestNewerIsToldOnlyWithAGrant(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		l, _, _ := hooked(t, d)
		_, err := d.Check(t.Context(), bank("bank"), headers(t, paper("1", nil)), Need{Purpose: "贷款"}, false)
		must(t, err)
		d.reports.now["1"] = Changed
		step := func() (heard, listed int) {
			d.change("1", Changed)
			for more := true; more; {
				more, err = d.Look(t.Context())
				must(t, err)
			}
			_, err = d.outbox.Send(t.Context())
			must(t, err)
			all, err := d.Deliveries(t.Context(), bank("bank"), "", 10)
			must(t, err)
			return len(l.got), len(all)
		}
		if heard, listed := step(); heard+listed != 0 || strings.Contains(d.log(firm), "出具后有变化") {
			t.Errorf("without a grant: heard %d, listed %d, %s", heard, listed, d.log(firm))
		}
		d.allow(bank("another"), 0)
		d.allowEditions(bank("bank"), 0, "listing")
		if heard, listed := step(); heard+listed != 0 {
			t.Errorf("with another's and another edition's grant: heard %d, listed %d", heard, listed)
		}
		d.allow(bank("bank"), 0)
		if heard, listed := step(); heard != 1 || listed != 1 || !strings.Contains(d.log(firm), "bank view 按授权得知所持报告出具后有变化") {
			t.Errorf("with a grant: heard %d, listed %d, %s", heard, listed, d.log(firm))
		}
		if heard, _ := step(); heard != 1 {
			t.Errorf("told again: %d", heard)
		}
	})
}

// A grant that is withdrawn while the message waits stops it.
func TestAWithdrawalStopsWhatWaits(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	l, _, _ := hooked(t, d)
	_, err := d.Check(t.Context(), bank("bank"), headers(t, paper("1", nil)), Need{Purpose: "贷款"}, false)
	must(t, err)
	g := d.allow(bank("bank"), 0)
	d.reports.now["1"] = Changed
	d.change("1", Changed)
	_, err = d.Look(t.Context())
	must(t, err)
	must(t, d.tx(func(tx *store.Tx) error { return d.grants.Withdraw(tx, firm, g.ID) }))
	_, err = d.outbox.Send(t.Context())
	must(t, err)
	if x := d.delivery(); x.State() != "cancelled" || len(l.got) != 0 {
		t.Errorf("%s after %d calls", x.State(), len(l.got))
	}
}

// What the passing of time alone changes is found within a day and told with a grant.
func TestTimeChangesPapers(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	l, _, _ := hooked(t, d)
	_, err := d.Check(t.Context(), bank("bank"), headers(t, paper("1", nil)), Need{Purpose: "贷款"}, false)
	must(t, err)
	d.allow(bank("bank"), 0)
	d.reports.now["1"] = Changed // nobody says so
	for i, want := range []int{0, 1, 1} {
		_, err = d.Look(t.Context())
		must(t, err)
		_, err = d.outbox.Send(t.Context())
		must(t, err)
		if len(l.got) != want {
			t.Errorf("on day %d: %d calls, want %d", i, len(l.got), want)
		}
		d.pass(lookEvery)
	}
}

// A paper that two tables list is watched until both are deleted, as long as each says.
func TestDeletingATableKeepsTheWatchOfAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		first := d.check(bank("bank"), paper("1", nil))
		d.pass(time.Hour)
		second := d.check(bank("bank"), paper("1", nil), paper("2", nil))
		must(t, d.Delete(t.Context(), bank("bank"), second.ID))
		d.change("1", Replaced)
		d.change("2", Replaced)
		if x := d.delivery(); x.Number != "1" {
			t.Errorf("%+v", x)
		}
		must(t, d.Delete(t.Context(), bank("bank"), first.ID))
		if all, err := d.Deliveries(t.Context(), bank("bank"), "", 10); err != nil || len(all) != 0 {
			t.Errorf("%+v %v", all, err)
		}
	})
}

// A paper that cannot be looked at is tried again later, and the others are looked at meanwhile.
func TestAPaperThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t), false)
	d.check(bank("bank"), paper("1", nil), paper("2", nil))
	d.reports.now["1"], d.reports.now["2"] = "fault", Withdrawn
	d.pass(lookEvery)
	if _, err := d.Look(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("the fault is not said: %v", err)
	}
	if x := d.delivery(); x.Number != "2" {
		t.Errorf("%+v", x)
	}
	if _, err := d.Look(t.Context()); err != nil {
		t.Errorf("tried again at once: %v", err)
	}
	d.reports.now["1"] = Withdrawn
	d.pass(lookFailed)
	if _, err := d.Look(t.Context()); err != nil {
		t.Error(err)
	}
	if all, err := d.Deliveries(t.Context(), bank("bank"), "", 10); err != nil || len(all) != 2 {
		t.Errorf("%+v %v", all, err)
	}
}
