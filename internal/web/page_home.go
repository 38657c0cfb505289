package web

import (
	"net/http"

	"xinban/internal/account"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// home shows the tiles that the caller may open.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	s.rememberLang(w, r)
	p := account.From(r.Context())
	var tiles []page.Link
	for _, t := range s.tiles {
		if !t.Allow.Admits(p) {
			continue
		}
		l := page.Link{Href: t.Href, Title: t.Title, Text: t.Text, Icon: t.Icon}
		if t.Figure != nil {
			figure, err := t.Figure(r.Context(), p)
			if err != nil { // the way to everything else stays open
				s.Log.ErrorContext(r.Context(), "the figure of a tile", "href", t.Href, "request", requestID(r.Context()), "error", err)
			}
			l.Figure = figure
		}
		tiles = append(tiles, l)
	}
	return s.Pages.Render(w, r, http.StatusOK, "home", struct{ Tiles []page.Link }{tiles})
}

// explain shows what a problem type means; the address stands in problem documents.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) error {
	key := "problem." + r.PathValue("type")
	if !s.Text.Has(key + ".title") {
		return problem.New(http.StatusNotFound, "not-found")
	}
	return s.Pages.Render(w, r, http.StatusOK, "problem_type", struct{ Key string }{key})
}

// healthy says that the program runs.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, http.StatusOK, "ok\n")
}

// ready says whether requests should be sent here.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) error {
	if s.draining.Load() {
		return plain(w, http.StatusServiceUnavailable, "draining\n")
	}
	if s.Ready != nil {
		if err := s.Ready(r.Context()); err != nil {
			s.Log.ErrorContext(r.Context(), "not ready", "error", err)
			return plain(w, http.StatusServiceUnavailable, "not ready\n")
		}
	}
	return plain(w, http.StatusOK, "ready\n")
}

func plain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the client is gone; nothing to do
	return nil
}

// prefer sets how the caller wants to see the pages, and goes back.
func (s *Server) prefer(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	for _, name := range []string{largeCookie, contrastCookie} {
		if v := r.PostForm.Get(name); v == "1" || v == "0" {
			s.setCookie(w, r, name, v, year)
		}
	}
	switch l := r.PostForm.Get("lang"); l {
	case "zh-CN", "en":
		s.setCookie(w, r, "lang", l, year)
	}
	http.Redirect(w, r, page.SafePath(r.PostForm.Get("return")), http.StatusSeeOther)
	return nil
}
