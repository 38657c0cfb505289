package identity

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Config is a provider as it was registered there. Issuer, Client and Redirect are required.
type Config struct {
	Issuer   string
	Client   string
	Secret   string
	Redirect string           // address of our callback
	Claim    string           // claim that names the account's login; empty is preferred_username
	Name     string           // as shown on the sign-in page; empty is 统一身份认证
	Now      func() time.Time // nil is time.Now
}

// Provider is the other side. It is safe for concurrent use.
type Provider struct {
	c    Config
	http *http.Client

	mu    sync.Mutex
	found *discovered
}

// discovered is what the provider says of itself.
type discovered struct {
	oauth2.Config
	verifier *oidc.IDTokenVerifier
	end      string // where one signs out there, empty when it has no such place
}

// answerTime is how long the provider may take to answer one request.
const answerTime = 10 * time.Second

// New checks the configuration. The provider is asked at the first sign-in, so that our start does not hang on it.
func New(c Config) (*Provider, error) {
	if c.Issuer == "" || c.Client == "" || c.Redirect == "" {
		return nil, errors.New("统一身份认证须同时设置签发者地址、客户端编号和本站地址")
	}
	if c.Claim == "" {
		c.Claim = "preferred_username"
	}
	if c.Name == "" {
		c.Name = "统一身份认证"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Provider{c: c, http: &http.Client{Timeout: answerTime}}, nil
}

// Name is what the provider is called on the sign-in page.
func (p *Provider) Name() string { return p.c.Name }

// discover asks the provider where things are, once.
func (p *Provider) discover() (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
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
	p.found = &discovered{
		Config: oauth2.Config{ClientID: p.c.Client, ClientSecret: p.c.Secret, Endpoint: there.Endpoint(), RedirectURL: p.c.Redirect,
			Scopes: []string{oidc.ScopeOpenID, "profile"}},
		verifier: there.VerifierContext(ctx, &oidc.Config{ClientID: p.c.Client, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}, Now: p.c.Now}),
		end:      more.End,
	}
	return p.found, nil
}

// Begin is the address there to which the browser is sent.
func (p *Provider) Begin(_ context.Context, state, nonce, verifier string) (string, error) {
	d, err := p.discover()
	if err != nil {
		return "", err
	}
	return d.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// errNonce says that the token belongs to another sign-in.
var errNonce = errors.New("identity: the token has another nonce")

// Finish exchanges the code and returns the login that the token's claim names.
func (p *Provider) Finish(ctx context.Context, code, nonce, verifier string) (login string, err error) {
	d, err := p.discover()
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

// SignOut is the address there at which one signs out, empty when there is none.
func (p *Provider) SignOut(back string) string {
	d, err := p.discover()
	if err != nil || d.end == "" {
		return ""
	}
	return d.end + "?" + url.Values{"client_id": {p.c.Client}, "post_logout_redirect_uri": {back}}.Encode()
}
