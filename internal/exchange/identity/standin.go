package identity

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"math/big"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Ways in which the stand-in misbehaves.
const (
	WrongNonce    = "nonce"
	WrongAudience = "audience"
	WrongIssuer   = "issuer"
	Expired       = "expired"
	Forged        = "forged" // signed with a key that it does not publish
)

// StandIn is an OpenID provider whose people are named by who stands before it. Issuer must be set before it is used.
type StandIn struct {
	Issuer, Client, Secret string
	Logins                 []string // who may be chosen
	Now                    func() time.Time

	key, other *rsa.PrivateKey
	mux        *http.ServeMux

	mu    sync.Mutex
	codes map[string]grant
	wrong string // how it misbehaves, empty for well
}

// grant is what a code stands for.
type grant struct{ login, nonce, challenge, redirect string }

// NewStandIn makes a provider with a fresh key.
func NewStandIn(client, secret string, logins ...string) (*StandIn, error) {
	s := &StandIn{Client: client, Secret: secret, Logins: logins, Now: time.Now, mux: http.NewServeMux(), codes: map[string]grant{}}
	for _, k := range []**rsa.PrivateKey{&s.key, &s.other} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, fmt.Errorf("identity: making a key: %w", err)
		}
		*k = key
	}
	s.mux.HandleFunc("GET /.well-known/openid-configuration", s.describe)
	s.mux.HandleFunc("GET /keys", s.keys)
	s.mux.HandleFunc("GET /authorize", s.authorize)
	s.mux.HandleFunc("POST /token", s.token)
	s.mux.HandleFunc("GET /end", s.end)
	return s, nil
}

// ServeHTTP answers as the provider.
func (s *StandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client is gone; nothing to do
}

func (s *StandIn) describe(w http.ResponseWriter, _ *http.Request) {
	reply(w, map[string]any{"issuer": s.Issuer, "authorization_endpoint": s.Issuer + "/authorize", "token_endpoint": s.Issuer + "/token",
		"jwks_uri": s.Issuer + "/keys", "end_session_endpoint": s.Issuer + "/end", "response_types_supported": []string{"code"},
		"subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"RS256"}})
}

func coded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (s *StandIn) keys(w http.ResponseWriter, _ *http.Request) {
	reply(w, map[string]any{"keys": []map[string]string{{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1",
		"n": coded(s.key.N.Bytes()), "e": coded(big.NewInt(int64(s.key.E)).Bytes())}}})
}

var chooser = template.Must(template.New("").Parse(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>统一身份认证（演示）</title></head><body><h1>统一身份认证（演示）</h1><p>演示数据。请选择以谁的身份登录：</p><ul>{{range .}}<li><a href="{{.Href}}">{{.Login}}</a></li>{{end}}</ul></body></html>`))

// authorize lets one choose who one is, and leads back with a code.
func (s *StandIn) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	login := q.Get("as")
	if login == "" {
		type choice struct{ Login, Href string }
		var all []choice
		for _, l := range s.Logins {
			q.Set("as", l)
			all = append(all, choice{l, "/authorize?" + q.Encode()})
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = chooser.Execute(w, all) // the client is gone; nothing to do
		return
	}
	if q.Get("client_id") != s.Client || q.Get("code_challenge_method") != "S256" {
		http.Error(w, "unknown client or no PKCE", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	s.mu.Lock()
	s.codes[code] = grant{login, q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri")}
	s.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

// token exchanges a code, once, for a token.
func (s *StandIn) token(w http.ResponseWriter, r *http.Request) {
	client, secret, ok := r.BasicAuth()
	if !ok {
		client, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	s.mu.Lock()
	g, known := s.codes[r.FormValue("code")]
	delete(s.codes, r.FormValue("code"))
	how := s.wrong
	s.mu.Unlock()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if client != s.Client || secret != s.Secret || !known || coded(sum[:]) != g.challenge || r.FormValue("redirect_uri") != g.redirect {
		w.WriteHeader(http.StatusBadRequest)
		reply(w, map[string]string{"error": "invalid_grant"})
		return
	}
	text, err := s.sign(g, how)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	reply(w, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": text})
}

func (s *StandIn) sign(g grant, how string) (string, error) {
	now, key := s.Now(), s.key
	claims := map[string]any{"iss": s.Issuer, "aud": s.Client, "sub": "u-" + g.login, "preferred_username": g.login, "nonce": g.nonce,
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	switch how {
	case WrongNonce:
		claims["nonce"] = "another"
	case WrongAudience:
		claims["aud"] = "another"
	case WrongIssuer:
		claims["iss"] = "https://another.example"
	case Expired:
		claims["exp"] = now.Add(-time.Minute).Unix()
	case Forged:
		key = s.other
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := coded([]byte(`{"alg":"RS256","kid":"1","typ":"JWT"}`)) + "." + coded(body)
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return text + "." + coded(sig), err
}

// Misbehave decides how the next tokens are wrong.
func (s *StandIn) Misbehave(how string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = how
}

// end signs out and leads back.
func (s *StandIn) end(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, r.URL.Query().Get("post_logout_redirect_uri"), http.StatusFound)
}
