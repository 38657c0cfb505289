package identity

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config is a provider as it was registered there. Issuer, Client, Redirect and Claim are required.
type Config struct {
	Issuer   string
	Client   string
	Secret   string
	Redirect string           // address of our callback
	Claim    string           // claim that names the account's login; one that the provider's users cannot set themselves
	Plain    bool             // the issuer is a demo's stand-in, which may be reached without TLS wherever it is
	Name     string           // as shown on the sign-in page; empty is 统一身份认证
	Now      func() time.Time // nil is time.Now
}

// Provider is the other side. It is safe for concurrent use.
type Provider struct {
	c    Config
	http *http.Client

	mu     sync.Mutex // never held while the provider is asked
	found  *discovered
	asking chan struct{} // closed when the request that runs is answered; nil when none runs
	failed error         // of the last request
	again  time.Time     // from when on it is asked again
}

// discovered is what the provider says of itself.
type discovered struct {
	oauth2.Config
	verifier *oidc.IDTokenVerifier
	end      string // where one signs out there, empty when it has no such place
}

// restTime is how long a provider that did not answer is left alone: who signs in meanwhile is told at once.
const restTime = 15 * time.Second

// answerTime is how long the provider may take to answer one request.
const answerTime = 10 * time.Second

// New checks the configuration. The provider is asked at the first sign-in, so that our start does not hang on it.
func New(c Config) (*Provider, error) {
	switch {
	case c.Issuer == "" || c.Client == "" || c.Redirect == "":
		return nil, errors.New("统一身份认证须同时设置签发者地址、客户端编号和本站地址")
	case c.Claim == "":
		return nil, errors.New("请用 --identity-claim 写明用哪一项声明对应本站登录名：应选只有认证方能设置的，用户自己能改的（很多认证方的preferred_username、email、name）不能用")
	case !c.Plain && !safe(c.Issuer):
		return nil, fmt.Errorf("统一身份认证的签发者地址“%s”应以https://开头：明文连接上的答复可以被改写", c.Issuer)
	}
	if c.Name == "" {
		c.Name = "统一身份认证"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Provider{c: c, http: &http.Client{Timeout: answerTime}}, nil
}

// safe tells whether an issuer is reached over TLS, or on this machine.
func safe(issuer string) bool {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return false
	}
	address := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || address != nil && address.IsLoopback())
}

// Name is what the provider is called on the sign-in page.
func (p *Provider) Name() string { return p.c.Name }

// known returns what is discovered already; nil when nothing is.
func (p *Provider) known() *discovered {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found
}

// discover asks the provider where things are, once for all who wait for it. Who gives up goes, and leaves the request to the
// others; after a failure the provider is left alone for [restTime].
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	if p.found != nil || p.failed != nil && p.asking == nil && p.c.Now().Before(p.again) {
		defer p.mu.Unlock()
		return p.found, p.failed
	}
	if p.asking == nil {
		p.asking = make(chan struct{})
		go p.answer(p.asking)
	}
	asking := p.asking
	p.mu.Unlock()
	select {
	case <-asking:
	case <-ctx.Done():
		return nil, fmt.Errorf("identity: waiting for %s: %w", p.c.Issuer, ctx.Err())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found, p.failed
}

// answer asks the provider and keeps what it says, or that it failed.
func (p *Provider) answer(asking chan struct{}) {
	found, err := p.ask()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found, p.failed, p.asking = found, err, nil
	if err != nil {
		p.again = p.c.Now().Add(restTime)
	}
	close(asking)
}

func (p *Provider) ask() (*discovered, error) {
	// its keys are fetched again later, under this context and not under that of the first request
	ctx := oidc.ClientContext(context.Background(), p.http)
	there, err := oidc.NewProvider(ctx, p.c.Issuer)
	if err != nil {
		return nil, fmt.Errorf("identity: asking %s where it is: %w", p.c.Issuer, err)
	}
	var more struct {
		End string `json:"end_session_endpoint"`
	}
	if err := there.Claims(&more); err != nil {
		return nil, fmt.Errorf("identity: reading what %s says of itself: %w", p.c.Issuer, err)
	}
	return &discovered{
		Config: oauth2.Config{ClientID: p.c.Client, ClientSecret: p.c.Secret, Endpoint: there.Endpoint(), RedirectURL: p.c.Redirect,
			Scopes: []string{oidc.ScopeOpenID, "profile"}},
		verifier: there.VerifierContext(ctx, &oidc.Config{ClientID: p.c.Client, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}, Now: p.c.Now}),
		end:      more.End,
	}, nil
}

// Begin is the address there to which the browser is sent.
func (p *Provider) Begin(ctx context.Context, state, nonce, verifier string) (string, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return d.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// errNonce says that the token belongs to another sign-in.
var errNonce = errors.New("identity: the token has another nonce")

// Finish exchanges the code and returns the login that the token's claim names.
func (p *Provider) Finish(ctx context.Context, code, nonce, verifier string) (login string, err error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, p.http)
	tokens, err := d.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return "", fmt.Errorf("identity: exchanging the code: %w", err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return "", errors.New("identity: there is no ID token")
	}
	token, err := d.verifier.Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("identity: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1 {
		return "", errNonce
	}
	claims := map[string]any{}
	if err := token.Claims(&claims); err != nil {
		return "", fmt.Errorf("identity: reading the claims: %w", err)
	}
	login, ok = claims[p.c.Claim].(string)
	if !ok || login == "" {
		return "", fmt.Errorf("identity: the token has no claim %q", p.c.Claim)
	}
	return login, nil
}

// SignOut is the address there at which one signs out, empty when there is none or nobody has signed in through it yet. It asks
// nobody: the page that shows it is public.
func (p *Provider) SignOut(back string) string {
	d := p.known()
	if d == nil || d.end == "" {
		return ""
	}
	return d.end + "?" + url.Values{"client_id": {p.c.Client}, "post_logout_redirect_uri": {back}}.Encode()
}
