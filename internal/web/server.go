package web

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

//go:embed migrations
var migrations embed.FS

//go:embed templates
var templates embed.FS

// Migrate makes the tables of the server.
func Migrate(ctx context.Context, db *store.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.Migrate(ctx, "web", files)
}

// Deps is what a server is made of. Store, Accounts, Pages, Assets and Text are required.
type Deps struct {
	Store    *store.DB
	Accounts *account.Service
	Pages    *page.Renderer
	Assets   *page.Assets
	Text     *i18n.Catalogue
	Surfaces []account.Surface
	Demo     *Demo            // nil when the data are real
	Log      *slog.Logger     // nil is slog.Default; identity numbers are masked on the way
	Now      func() time.Time // nil is time.Now
	Ready    func(context.Context) error
	Version  string
	Identity Identity // through which people may sign in besides; nil for none

	Hosts   []string       // host names answered to; empty is any
	Proxies []netip.Prefix // proxies whose X-Forwarded-For and X-Forwarded-Proto are believed
	Secure  bool           // cookies only over TLS, although TLS ends before this server
	Rate    Rate           // requests of one address
	Drain   time.Duration  // how long Serve waits for running requests; 0 is 20 seconds
}

// Demo makes the server a demonstration: a band on every page, and roles changed by one click.
type Demo struct {
	Roles []DemoRole
	Date  func() string // 演示日期 as shown; nil shows none
}

// DemoRole is an account of the demo; Title is a key.
type DemoRole struct{ Login, Title string }

// Route is a mounted route, for the test of all routes against all roles.
type Route struct {
	Method, Pattern string
	Access          account.Access
	API             bool
}

// Server answers requests. It is made by New.
type Server struct {
	Deps
	errors   *problem.Responder
	mux      *http.ServeMux
	handler  http.Handler
	routes   []Route
	faults   []error // of mounting
	nav      []account.Link
	tiles    []account.Tile
	origin   *http.CrossOriginProtection
	limit    *limiter
	api      huma.API
	openapi  openapi
	draining atomic.Bool
}

// New mounts everything and returns the server. It fails when a route has no access, when two collide,
// or when a template or message file is wrong; all faults are reported together.
func New(d Deps) (*Server, error) {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	d.Log = slog.New(Redacted(d.Log.Handler()))
	if d.Now == nil {
		d.Now = time.Now
	}
	s := &Server{Deps: d, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection(), limit: newLimiter(d.Rate, d.Now)}
	s.errors = &problem.Responder{Lang: func(r *http.Request) string { return page.From(r.Context()).Lang }, T: d.Text.T,
		ID: func(r *http.Request) string { return requestID(r.Context()) }, Page: s.errorPage, Known: known, Log: d.Log}
	s.load(templates, nil)
	s.newAPI()
	for _, own := range s.own() {
		s.mount(own, false)
	}
	for _, surface := range d.Surfaces {
		s.add(surface)
	}
	s.mountDescription()
	slices.SortStableFunc(s.nav, func(a, b account.Link) int { return cmp.Compare(a.Order, b.Order) })
	slices.SortStableFunc(s.tiles, func(a, b account.Tile) int { return cmp.Compare(a.Order, b.Order) })
	s.handler = s.chain()
	if err := errors.Join(s.faults...); err != nil {
		return nil, fmt.Errorf("web: mounting: %w", err)
	}
	return s, nil
}

func (s *Server) load(pages, messages fs.FS) {
	if messages != nil {
		s.fault("messages", s.Text.Load(messages))
	}
	if pages != nil {
		s.fault("templates", s.Pages.Add(pages))
	}
}

func (s *Server) add(surface account.Surface) {
	s.load(surface.Templates, surface.Messages)
	for _, r := range surface.Routes {
		s.mount(r, false)
	}
	if surface.API != nil {
		surface.API(s.api)
	}
	s.nav = append(s.nav, surface.Nav...)
	s.tiles = append(s.tiles, surface.Tiles...)
}

func (s *Server) fault(where string, err error) {
	if err != nil {
		s.faults = append(s.faults, fmt.Errorf("%s: %w", where, err))
	}
}

// Routes returns every mounted route.
func (s *Server) Routes() []Route { return slices.Clone(s.routes) }

// Handler returns the handler of all requests.
func (s *Server) Handler() http.Handler { return s.handler }

// Limits of one connection. A body has its own, see bound.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 120 * time.Second
	idleTimeout   = 120 * time.Second
	headerBytes   = 32 << 10
)

// Serve listens on addr until ctx ends, then drains: /readyz says no, no connection is accepted, running
// requests are finished. listening, if not nil, is told the address, which matters when the port is 0.
func (s *Server) Serve(ctx context.Context, addr string, listening func(net.Addr)) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("web: listening on %s: %w", addr, err)
	}
	if listening != nil {
		listening(l.Addr())
	}
	srv := &http.Server{Handler: s.handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug)}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	go s.sweepNowAndThen(ctx)
	select {
	case err := <-done:
		return fmt.Errorf("web: serving on %s: %w", addr, err)
	case <-ctx.Done():
	}
	s.draining.Store(true)
	wait := s.Drain
	if wait == 0 {
		wait = 20 * time.Second
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), wait)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return errors.Join(fmt.Errorf("web: draining: %w", err), srv.Close())
	}
	return nil
}

// sweepEvery is how often what has run out is deleted: sessions, failures, kept answers.
const sweepEvery = 10 * time.Minute

func (s *Server) sweepNowAndThen(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := errors.Join(s.Accounts.Sweep(ctx), s.Sweep(ctx)); err != nil && ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "sweeping", "error", err)
			}
		}
	}
}
