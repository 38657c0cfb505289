package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// Identity is an identity provider through which people may sign in (统一身份认证).
type Identity interface {
	Name() string
	// Begin is the address there to which the browser is sent.
	Begin(ctx context.Context, state, nonce, verifier string) (string, error)
	// Finish checks what the provider answers and returns the login of the account that it names.
	Finish(ctx context.Context, code, nonce, verifier string) (login string, err error)
	// SignOut is the address there at which one signs out; empty when there is none.
	SignOut(back string) string
}

// A sign-in through the provider lives so long. Its cookie ties it to the browser that began it.
const (
	flowLife   = 10 * time.Minute
	flowCookie = "xinban_flow"
	// cameCookie remembers that one came from the provider, to offer signing out there too.
	cameCookie = "xinban_identity"
)

func flowID(state string) string {
	sum := sha256.Sum256([]byte("xinban sign-in flow\x00" + state))
	return hex.EncodeToString(sum[:])
}

// beginIdentity keeps what the answer must fit and sends the browser to the provider.
func (s *Server) beginIdentity(w http.ResponseWriter, r *http.Request) error {
	if s.Identity == nil {
		return problem.New(http.StatusNotFound, "not-found")
	}
	state, nonce, verifier := rand.Text(), rand.Text(), rand.Text()+rand.Text()
	to, err := s.Identity.Begin(r.Context(), state, nonce, verifier)
	if err != nil {
		return problem.New(http.StatusBadGateway, "identity-away").Because(err)
	}
	err = s.Store.Tx(r.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO sign_in_flow (id, nonce, verifier, return_to, expires_at) VALUES ($1, $2, $3, $4, $5)`,
			flowID(state), nonce, verifier, page.SafePath(r.URL.Query().Get("return")), s.Now().Add(flowLife).UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("web: keeping a sign-in: %w", err)
	}
	s.setCookie(w, r, flowCookie, state, flowLife)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// flow is a sign-in under way.
type flow struct{ nonce, verifier, back string }

// takeFlow returns the sign-in of a state and ends it: an answer counts once.
func (s *Server) takeFlow(ctx context.Context, state string) (f flow, ok bool, err error) {
	id := flowID(state)
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		err := tx.QueryRow(`SELECT nonce, verifier, return_to FROM sign_in_flow WHERE id = $1 AND expires_at > $2`, id, s.Now().UnixMilli()).Scan(&f.nonce, &f.verifier, &f.back)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM sign_in_flow WHERE id = $1`, id)
		ok = n == 1
		return err
	})
	if err != nil {
		return f, false, fmt.Errorf("web: reading a sign-in: %w", err)
	}
	return f, ok, nil
}

// endIdentity takes the provider's answer and signs in the account that it names, if there is one. An account's second factor is asked
// for as ever.
func (s *Server) endIdentity(w http.ResponseWriter, r *http.Request) error {
	if s.Identity == nil {
		return problem.New(http.StatusNotFound, "not-found")
	}
	q := r.URL.Query()
	c, err := r.Cookie(flowCookie)
	s.setCookie(w, r, flowCookie, "", 0)
	if err != nil || subtle.ConstantTimeCompare([]byte(c.Value), []byte(q.Get("state"))) != 1 {
		return identityFailed(errors.New("web: the state is not this browser's"))
	}
	f, ok, err := s.takeFlow(r.Context(), q.Get("state"))
	if err != nil {
		return err
	}
	if !ok || q.Get("code") == "" {
		return identityFailed(fmt.Errorf("web: the sign-in is unknown, over or was refused: %.40q", q.Get("error")))
	}
	login, err := s.Identity.Finish(r.Context(), q.Get("code"), f.nonce, f.verifier)
	if err != nil {
		return identityFailed(err)
	}
	session, second, err := s.Accounts.OpenIdentified(r.Context(), login, exchangeOf(r.Context()).ip, r.UserAgent())
	if errors.Is(err, account.ErrNoAccount) {
		return problem.New(http.StatusForbidden, "identity-unknown")
	}
	if err != nil {
		return err
	}
	if err := s.startSession(w, r, session); err != nil {
		return err
	}
	s.setCookie(w, r, cameCookie, "1", 0)
	to := f.back
	if second {
		to = "/login/totp?return=" + url.QueryEscape(f.back)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func identityFailed(err error) error {
	return problem.New(http.StatusForbidden, "identity-failed").Because(err)
}

// leaveIdentity offers, after signing out here, to sign out at the provider too; it returns where to go.
func (s *Server) leaveIdentity(w http.ResponseWriter, r *http.Request) string {
	if _, err := r.Cookie(cameCookie); err != nil || s.Identity == nil {
		return "/"
	}
	s.setCookie(w, r, cameCookie, "", 0)
	return "/login?left=1"
}

// leftAt is the address at which one signs out at the provider, for who has just signed out here.
func (s *Server) leftAt(r *http.Request) string {
	if s.Identity == nil || !r.URL.Query().Has("left") {
		return ""
	}
	scheme := "http://"
	if s.secure(r) {
		scheme = "https://"
	}
	to := s.Identity.SignOut(scheme + r.Host + "/login")
	if !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") {
		return ""
	}
	return to
}
