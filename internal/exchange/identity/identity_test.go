package identity

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// there is a provider, how we know it, and what its page answers for somebody.
func there(t *testing.T) (*StandIn, *Provider, func(nonce, verifier string) (code string)) {
	t.Helper()
	s, err := NewStandIn("xinban", "secret", "qiye")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.Issuer = server.URL
	p, err := New(Config{Issuer: server.URL, Client: "xinban", Secret: "secret", Redirect: "http://here/login/identity/back", Claim: "preferred_username"})
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s, p, func(nonce, verifier string) string {
		t.Helper()
		to, err := p.Begin(t.Context(), "state", nonce, verifier)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Get(to + "&as=qiye")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		back, err := url.Parse(answer.Header.Get("Location"))
		if err != nil || back.Query().Get("state") != "state" || !strings.HasPrefix(back.String(), "http://here/login/identity/back?") {
			t.Fatalf("led back to %s, %v", back, err)
		}
		return back.Query().Get("code")
	}
}

const verifier = "a-verifier-that-is-long-enough-for-the-standard-43"

func TestSigningInAtAProvider(t *testing.T) {
	t.Parallel()
	_, p, ask := there(t)
	code := ask("nonce", verifier)
	if login, err := p.Finish(t.Context(), code, "nonce", verifier); err != nil || login != "qiye" {
		t.Fatalf("%q, %v", login, err)
	}
	if _, err := p.Finish(t.Context(), code, "nonce", verifier); err == nil {
		t.Error("a code is taken twice")
	}
	if to := p.SignOut("http://here/login"); !strings.Contains(to, "/end?client_id=xinban&post_logout_redirect_uri=http%3A%2F%2Fhere%2Flogin") {
		t.Errorf("signing out leads to %s", to)
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, how := range []string{WrongNonce, WrongAudience, WrongIssuer, Expired, Forged} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s, p, ask := there(t)
			s.Misbehave(how)
			if login, err := p.Finish(t.Context(), ask("nonce", verifier), "nonce", verifier); err == nil {
				t.Errorf("let in as %q", login)
			}
			s.Misbehave("")
			if _, err := p.Finish(t.Context(), ask("nonce", verifier), "nonce", verifier); err != nil {
				t.Errorf("not let in by a good token: %v", err)
			}
		})
	}
}

func TestACodeIsWorthNothingWithoutItsVerifier(t *testing.T) {
	t.Parallel()
	_, p, ask := there(t)
	if _, err := p.Finish(t.Context(), ask("nonce", verifier), "nonce", verifier+"x"); err == nil {
		t.Error("a stolen code is taken")
	}
}

func TestAClaimThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, p, ask := there(t)
	p.c.Claim = "staff_number"
	if login, err := p.Finish(t.Context(), ask("nonce", verifier), "nonce", verifier); err == nil {
		t.Errorf("let in as %q", login)
	}
}

func TestAProviderThatIsAwayAsksAgain(t *testing.T) {
	t.Parallel()
	s, p, _ := there(t)
	was := s.Issuer
	s.Issuer = "http://another.example" // it says that it is somebody else
	if _, err := p.Begin(t.Context(), "s", "n", verifier); err == nil {
		t.Error("a provider that says it is another is believed")
	}
	s.Issuer = was
	if _, err := p.Begin(t.Context(), "s", "n", verifier); err == nil {
		t.Error("it is asked again at once")
	}
	p.c.Now = func() time.Time { return time.Now().Add(restTime) }
	if _, err := p.Begin(t.Context(), "s", "n", verifier); err != nil {
		t.Errorf("after it came back: %v", err)
	}
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	t.Parallel()
	good := Config{Issuer: "https://id.example", Client: "c", Redirect: "https://here/back", Claim: "staff_number"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	with := func(change func(*Config)) Config { c := good; change(&c); return c }
	for _, c := range []Config{{}, {Issuer: "https://x"}, {Issuer: "https://x", Client: "c"},
		with(func(c *Config) { c.Claim = "" }), with(func(c *Config) { c.Issuer = "http://id.example" }), with(func(c *Config) { c.Issuer = "http://10.0.0.1" }),
		with(func(c *Config) { c.Issuer = "http://127.0.0.1.example" }), with(func(c *Config) { c.Issuer = "ftp://127.0.0.1" }), with(func(c *Config) { c.Issuer = "https://" })} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}

// Of a provider that hangs, signing out hears nothing, who gives up goes at once, and all who wait ask it once.
func TestAProviderThatHangsHoldsNobody(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	reached, release := make(chan struct{}, 9), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		reached <- struct{}{}
		<-release
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer server.Close()
	p, err := New(Config{Issuer: server.URL, Client: "c", Redirect: "http://here/back", Claim: "staff_number"})
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan error)
	go func() {
		_, err := p.Begin(t.Context(), "s", "n", verifier)
		first <- err
	}()
	<-reached
	if to := p.SignOut("http://here/login"); to != "" {
		t.Errorf("signing out leads to %s", to)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Begin(gone, "s", "n", verifier); !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up is answered %v", err)
	}
	close(release)
	if err := <-first; err == nil {
		t.Error("a provider that is broken is believed")
	}
	if _, err := p.Begin(t.Context(), "s", "n", verifier); err == nil || asked.Load() != 1 {
		t.Errorf("afterwards: %v, asked %d times", err, asked.Load())
	}
}
