package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"xinban/internal/account"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// exchange is what is known of one request from its beginning.
type exchange struct {
	id     string
	ip     string
	tls    bool
	route  string // pattern, once found
	hide   bool   // the path stays out of the log
	who    string // account
	server *Server
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok {
		return &exchange{}
	}
	return x
}

func requestID(ctx context.Context) string { return exchangeOf(ctx).id }

// chain is what every request goes through before its route.
func (s *Server) chain() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.Now()
		x := &exchange{id: strings.ToLower(rand.Text()[:16]), server: s}
		x.ip, x.tls = s.client(r)
		out := &recorder{ResponseWriter: w}
		ctx := context.WithValue(r.Context(), exchangeKey{}, x)
		r = r.WithContext(page.With(ctx, &page.View{Lang: i18n.Choose(r), Request: x.id}))
		// until it is known who asks, a page that says no is one for anybody
		r = r.WithContext(page.With(ctx, s.view(r, account.Principal{})))
		defer func() {
			if p := recover(); p != nil {
				s.panicked(out, r, p)
			}
			s.logRequest(r, x, out, s.Now().Sub(began))
		}()
		s.headers(out, x)
		if err := s.answer(out, r, x); err != nil {
			s.errors.Write(out, r, err)
		}
	})
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, x *exchange) error {
	if err := s.checkHost(r); err != nil {
		return err
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if strings.HasPrefix(r.URL.Path, page.AssetRoot) && s.Assets.Serve(w, r) {
			return nil
		}
	}
	if !s.limit.allow(x.ip) {
		return problem.New(http.StatusTooManyRequests, "too-many").After(1)
	}
	if err := s.origin.Check(r); err != nil {
		return problem.New(http.StatusForbidden, "cross-origin").Because(err)
	}
	h, pattern := s.mux.Handler(r)
	if pattern == "" {
		return s.unmatched(w, r, h)
	}
	x.route = pattern
	s.mux.ServeHTTP(w, r)
	return nil
}

// unmatched says whether the path or only the method is unknown; the multiplexer knows.
func (s *Server) unmatched(w http.ResponseWriter, r *http.Request, h http.Handler) error {
	probe := &discarded{header: http.Header{}}
	h.ServeHTTP(probe, r)
	s.identifyQuietly(r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		return problem.New(http.StatusMethodNotAllowed, "method", cleanToken(r.Method))
	}
	return problem.New(http.StatusNotFound, "not-found")
}

// cleanToken is a method as it may be shown.
func cleanToken(s string) string { return s[:min(len(s), 20)] }

// headers sets what holds for every response. Nothing from elsewhere is loaded and nothing is inline;
// pictures may be data: because the style sheet's are.
func (s *Server) headers(w http.ResponseWriter, x *exchange) {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "+
		"form-action 'self'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("X-Request-Id", x.id)
	if x.tls {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

func (s *Server) checkHost(r *http.Request) error {
	if len(s.Hosts) == 0 || strings.HasPrefix(r.URL.Path, "/healthz") {
		return nil
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if slices.ContainsFunc(s.Hosts, func(h string) bool { return strings.EqualFold(h, host) }) {
		return nil
	}
	return problem.New(http.StatusMisdirectedRequest, "host")
}

// client returns the caller's address and whether it came over TLS, past proxies that are believed.
func (s *Server) client(r *http.Request) (ip string, tls bool) {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "unknown", r.TLS != nil
	}
	from, tls := addr.Addr().Unmap(), r.TLS != nil || s.Secure
	if !s.proxied(from) {
		return from.String(), tls
	}
	tls = tls || r.Header.Get("X-Forwarded-Proto") == "https"
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		if from = a.Unmap(); !s.proxied(from) {
			break
		}
	}
	return from.String(), tls
}

func (s *Server) proxied(a netip.Addr) bool {
	return slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

func (s *Server) panicked(w *recorder, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.Log.ErrorContext(r.Context(), "panic", "request", requestID(r.Context()), "value", fmt.Sprint(p), "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler) // half an answer is out: cut the connection so that nobody takes it for whole
	}
	s.errors.Write(w, r, fmt.Errorf("web: a handler panicked: %v", p))
}

func (s *Server) logRequest(r *http.Request, x *exchange, out *recorder, took time.Duration) {
	path := r.URL.Path
	if x.hide {
		path = x.route
	}
	level := slog.LevelInfo
	if strings.HasPrefix(path, page.AssetRoot) || path == "/healthz" || path == "/readyz" {
		level = slog.LevelDebug
	}
	s.Log.Log(r.Context(), level, "request", "id", x.id, "method", cleanToken(r.Method), "path", path, "route", x.route,
		"status", out.status, "bytes", out.bytes, "ms", float64(took.Microseconds())/1000, "account", x.who, "ip", x.ip)
}

// known recognises errors of the store, the system and the connection.
func known(err error) *problem.Error {
	switch {
	case errors.Is(err, store.ErrDiskFull), errors.Is(err, syscall.ENOSPC):
		return problem.New(http.StatusInsufficientStorage, "disk-full").Because(err)
	case errors.Is(err, store.ErrConflict):
		return problem.New(http.StatusConflict, "conflict").Because(err)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF):
		return problem.New(http.StatusRequestTimeout, "too-slow").Because(err)
	}
	return nil
}

// errorPage shows a problem to a person; to htmx, only the part that goes into the page.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, d *problem.Document) error {
	if page.Partial(r) {
		return s.Pages.Fragment(w, r, d.Status, "problem", "main", d)
	}
	return s.Pages.Render(w, r, d.Status, "problem", d)
}

// identifyQuietly fills the view for an error page outside any route.
func (s *Server) identifyQuietly(r *http.Request) {
	if p, err := s.principal(r); err == nil {
		*r = *s.withPrincipal(r, p)
	}
}

// withPrincipal returns the request with its principal and the view that the shell shows.
func (s *Server) withPrincipal(r *http.Request, p account.Principal) *http.Request {
	exchangeOf(r.Context()).who = p.ID
	ctx := account.WithAddress(account.With(r.Context(), p), exchangeOf(r.Context()).ip)
	return r.WithContext(page.With(ctx, s.view(r, p)))
}
