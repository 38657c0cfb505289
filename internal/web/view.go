package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// Cookies that remember how a person wants to see the pages.
const (
	largeCookie    = "large"
	contrastCookie = "contrast"
)

const year = 365 * 24 * time.Hour

// view is what the shell shows to a principal.
func (s *Server) view(r *http.Request, p account.Principal) *page.View {
	old := page.From(r.Context())
	v := &page.View{Lang: old.Lang, Path: r.URL.Path, Return: "/", Request: old.Request, Version: s.Version,
		Large: flag(r, largeCookie), Contrast: flag(r, contrastCookie)}
	if r.Method == http.MethodGet {
		v.Return = backTo(r)
	}
	if p.SignedIn() {
		v.User = &page.User{Name: p.Name, Role: "role." + string(p.Roles[0]), For: p.OrganOf}
	}
	for _, l := range s.nav {
		if l.Allow.Admits(p) {
			v.Nav = append(v.Nav, page.Link{Href: l.Href, Title: l.Title, Icon: l.Icon, Current: under(r.URL.Path, l.Href)})
		}
	}
	onlyNearest(v.Nav)
	if s.Demo != nil {
		v.Demo = s.demoView(p)
	}
	return v
}

// onlyNearest leaves one link as where the reader is: of 窗口办理 and 今日办理 below it, the second.
func onlyNearest(nav []page.Link) {
	nearest := ""
	for _, l := range nav {
		if l.Current && len(l.Href) > len(nearest) {
			nearest = l.Href
		}
	}
	for i := range nav {
		nav[i].Current = nav[i].Current && nav[i].Href == nearest
	}
}

func (s *Server) demoView(p account.Principal) *page.Demo {
	d := &page.Demo{Roles: []page.DemoRole{{Login: "", Title: "role.public", Current: !p.SignedIn()}}}
	if s.Demo.Date != nil {
		d.Date = s.Demo.Date()
	}
	for _, role := range s.Demo.Roles {
		d.Roles = append(d.Roles, page.DemoRole{Login: role.Login, Title: role.Title, Current: p.Login == role.Login})
	}
	return d
}

// under tells whether path is the link's or below it.
func under(path, href string) bool {
	if href == "/" {
		return path == "/"
	}
	return path == href || strings.HasPrefix(path, href+"/")
}

// backTo is the address to come back to. What was asked is left out of it when an identity number is in it:
// nobody's number is to travel in one address more.
func backTo(r *http.Request) string {
	for _, values := range r.URL.Query() {
		if slices.ContainsFunc(values, problem.HasIdentityNumber) {
			return page.SafePath(r.URL.EscapedPath())
		}
	}
	return page.SafePath(withoutLang(r))
}

// withoutLang is the request's address without ?lang, so that a change of language is not undone by it.
func withoutLang(r *http.Request) string {
	q := r.URL.Query()
	if !q.Has("lang") {
		return r.URL.RequestURI()
	}
	q.Del("lang")
	u := *r.URL
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

func flag(r *http.Request, cookie string) bool {
	c, err := r.Cookie(cookie)
	return err == nil && c.Value == "1"
}

// secure tells whether the request came over TLS, so that cookies may be bound to it.
func (s *Server) secure(r *http.Request) bool { return exchangeOf(r.Context()).tls }

// sessionCookie is the name of the session's cookie. Over TLS the prefix makes browsers refuse one that
// another host or an unprotected page has set.
func (s *Server) sessionCookie(r *http.Request) string {
	if s.secure(r) {
		return "__Host-xinban"
	}
	return "xinban"
}

func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode}
	switch {
	case value == "":
		c.MaxAge = -1
	case life > 0:
		c.MaxAge = int(life / time.Second)
	}
	http.SetCookie(w, c)
}

// startSession puts a new session in the place of the one that the browser had, which ends: a session
// name that somebody planted before signing in is worth nothing after it.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, session string) error {
	if c, err := r.Cookie(s.sessionCookie(r)); err == nil {
		if err := s.Accounts.SignOut(r.Context(), c.Value); err != nil {
			return err
		}
	}
	s.setCookie(w, r, s.sessionCookie(r), session, 0)
	return nil
}

// rememberLang keeps the language that ?lang asked for.
func (s *Server) rememberLang(w http.ResponseWriter, r *http.Request) {
	if l := i18n.Asked(r); l != "" {
		s.setCookie(w, r, i18n.Cookie, l, year)
	}
}
