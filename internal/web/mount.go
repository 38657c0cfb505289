package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"xinban/internal/account"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// usualBody is the largest body where a route does not say otherwise, in bytes.
const usualBody = 1 << 20

// mount adds a route. What is wrong with it is kept for New to report.
func (s *Server) mount(route account.Route, api bool) {
	name := route.Method + " " + route.Pattern
	switch {
	case route.Handle == nil:
		s.fault(name, fmt.Errorf("no handler"))
		return
	case len(route.Allow.Roles()) == 0:
		s.fault(name, fmt.Errorf("no access: say who may use it"))
		return
	case route.Method == "" || !strings.HasPrefix(route.Pattern, "/"):
		s.fault(name, fmt.Errorf("a route needs a method and a path"))
		return
	}
	defer func() {
		if p := recover(); p != nil {
			s.fault(name, fmt.Errorf("%v", p)) // the multiplexer panics for patterns that collide
		}
	}()
	s.mux.HandleFunc(name, func(w http.ResponseWriter, r *http.Request) {
		if err := s.run(w, &r, route, api); err != nil {
			s.refuse(w, r, err)
		}
	})
	s.routes = append(s.routes, Route{route.Method, route.Pattern, route.Allow, api})
}

// run takes a request through its route. It replaces *r, so that the error page knows who asks.
func (s *Server) run(w http.ResponseWriter, r **http.Request, route account.Route, api bool) error {
	exchangeOf((*r).Context()).hide = route.Sensitive
	p, err := s.principal(*r)
	if err != nil {
		return err
	}
	if api {
		p.Channel = account.ChannelAPI
	}
	*r = s.withPrincipal(*r, p)
	if err := route.Allow.Admit(p, *r); err != nil {
		return err
	}
	if (*r).Method == http.MethodGet || (*r).Method == http.MethodHead {
		return route.Handle(w, *r)
	}
	body, err := s.bound(w, *r, route.MaxBody)
	if err != nil {
		return err
	}
	defer body.close()
	defer func() { removeForm(*r) }() // of the request that the handler got
	if (*r).Method != http.MethodPost {
		return route.Handle(w, *r)
	}
	return s.once(w, r, p, route, body, api)
}

// removeForm deletes the files in which a large upload was read. The standard library does so for the request that it
// made itself only, and a handler gets a copy.
func removeForm(r *http.Request) {
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // a handler may have done so
	}
}

// refuse answers with a problem, or leads a person who is not signed in to the sign-in page.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := s.errors.From(err)
	if e.Type == "sign-in" && r.Method == http.MethodGet && !page.Partial(r) && !strings.HasPrefix(r.URL.Path, "/api/") &&
		strings.Contains(r.Header.Get("Accept"), "text/html") {
		to := "/login"
		if back := backTo(r); back != "/" {
			to += "?return=" + url.QueryEscape(back)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	if e.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="xinban"`)
	}
	s.errors.Write(w, r, err)
}

// principal finds out who makes the request: by token, else by session, else anybody.
func (s *Server) principal(r *http.Request) (account.Principal, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		token, ok := strings.CutPrefix(header, "Bearer ")
		if !ok {
			return account.Principal{}, problem.New(http.StatusUnauthorized, "token")
		}
		p, ok, err := s.Accounts.ByToken(r.Context(), strings.TrimSpace(token))
		if err == nil && !ok {
			err = problem.New(http.StatusUnauthorized, "token")
		}
		return p, err
	}
	c, err := r.Cookie(s.sessionCookie(r))
	if err != nil {
		return account.Principal{Channel: account.ChannelPage}, nil
	}
	p, err := s.Accounts.Resume(r.Context(), c.Value)
	p.Channel = account.ChannelPage
	return p, err
}
