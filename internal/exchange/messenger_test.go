package exchange

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xinban/internal/follow"
)

var secret = []byte("shared with the provider")

// provider is a stand-in that answers, and how it is reached.
func provider(t *testing.T, name string) (*StandIn, *Messenger) {
	t.Helper()
	s := &StandIn{Path: filepath.Join(t.TempDir(), name), Secret: secret}
	address, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, &Messenger{Label: name, URL: address, Secret: secret}
}

// send gives a text to a provider that behaves in a way.
func send(t *testing.T, s *StandIn, m *Messenger, mode Mode, text follow.Text) error {
	t.Helper()
	if err := s.Set(mode); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	return m.Send(ctx, text)
}

// Only a receipt that names the text and accepts it counts as sent. A text that is sent again is taken once.
func TestProvidersThatMisbehaveHaveNotSent(t *testing.T) {
	t.Parallel()
	s, m := provider(t, "甲")
	text := follow.Text{ID: "1", To: "13812345678", Body: "有消息"}
	for _, mode := range []Mode{Down, Slow, Garbage, Strange, Twice, Up, Up} {
		if err := send(t, s, m, mode, text); (err == nil) != (mode == Up) {
			t.Errorf("%s: %v", mode, err)
		} else if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s tells where: %v", mode, err)
		}
	}
	if all, err := s.Texts(); err != nil || len(all) != 1 || all[0] != text {
		t.Errorf("%v, %v", all, err)
	}
}

// The provider tells whether a text arrived; of one that it did not take it knows nothing.
func TestDeliveryIsAskedFor(t *testing.T) {
	t.Parallel()
	s, m := provider(t, "甲")
	if err := send(t, s, m, Up, follow.Text{ID: "1", To: "13812345678", Body: "有消息"}); err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[Mode]follow.Delivery{Up: follow.Arrived, Lost: follow.Failed} {
		if err := s.Set(mode); err != nil {
			t.Fatal(err)
		}
		if state, err := m.Delivery(t.Context(), "1"); err != nil || state != want {
			t.Errorf("%s: %s, %v", mode, state, err)
		}
	}
	if _, err := m.Delivery(t.Context(), "2"); err == nil {
		t.Error("a text that was never sent has a receipt")
	}
}

// A request with another secret, or changed on its way, is refused.
func TestProvidersRefuseWhatIsNotSigned(t *testing.T) {
	t.Parallel()
	s, m := provider(t, "甲")
	other := *m
	other.Secret = []byte("of somebody else, too")
	if err := send(t, s, &other, Up, follow.Text{ID: "1", To: "1", Body: "x"}); err == nil || !strings.Contains(err.Error(), "签名") {
		t.Errorf("another secret: %v", err)
	}
	changed := *m
	changed.Client = &http.Client{Transport: late{}}
	if err := send(t, s, &changed, Up, follow.Text{ID: "1", To: "1", Body: "x"}); err == nil {
		t.Error("a request of yesterday is taken")
	}
	if all, err := s.Texts(); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

// late gives a request another time than the signed one.
type late struct{}

func (late) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set(timeHeader, "1000000000")
	return http.DefaultTransport.RoundTrip(r)
}

// When the first provider is down, slow or talks nonsense, the second sends.
func TestTheSecondProviderTakesOver(t *testing.T) {
	t.Parallel()
	for _, mode := range []Mode{Down, Slow, Garbage, Strange} {
		a, first := provider(t, "甲")
		b, second := provider(t, "乙")
		if err := a.Set(mode); err != nil {
			t.Fatal(err)
		}
		g := follow.Gateway{Providers: []follow.Provider{first, second}, Wait: time.Second}
		if err := g.Send(t.Context(), follow.Text{ID: "1", To: "1", Body: "x"}); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		if all, err := b.Texts(); err != nil || len(all) != 1 {
			t.Errorf("%s: the second sent %d, %v", mode, len(all), err)
		}
		if err := b.Set(Down); err != nil {
			t.Fatal(err)
		}
		if g.Send(t.Context(), follow.Text{ID: "2", To: "1", Body: "x"}) == nil {
			t.Errorf("%s and down: the text counts as sent", mode)
		}
	}
}

// Codes and numbers of phones leave the machine by TLS only, signed with a secret worth the name.
func TestProvidersAreSetUpWell(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{"https://sms.example/v1": true, "http://127.0.0.1:9000": true, "http://[::1]:9000": true,
		"http://sms.example": false, "sms.example": false, "ftp://sms.example": false, "": false} {
		m := Messenger{Label: "甲", URL: address, Secret: secret}
		if err := m.Check(); (err == nil) != good || err != nil && !errors.Is(err, ErrMessenger) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if err := (&Messenger{URL: "https://sms.example", Secret: []byte("short")}).Check(); err == nil {
		t.Error("a short secret is taken")
	}
}
