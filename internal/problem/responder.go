package problem

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
)

// Document is a problem document (RFC 9457) in one language.
type Document struct {
	Type     string          `json:"type" doc:"Names the kind of problem; a page under this address explains it"`
	Title    string          `json:"title" doc:"What is wrong, in short"`
	Status   int             `json:"status" doc:"HTTP status"`
	Detail   string          `json:"detail,omitempty" doc:"What is wrong this time"`
	Next     string          `json:"next,omitempty" doc:"What to do now"`
	Instance string          `json:"instance,omitempty" doc:"Identifies this request in the log"`
	Errors   []DocumentField `json:"errors,omitempty" doc:"What is wrong with which field"`
}

// DocumentField is what is wrong with one field.
type DocumentField struct {
	Field   string `json:"field" doc:"Name or path of the field"`
	Message string `json:"message" doc:"What is wrong with it"`
}

// Error makes a Document usable where the API library wants an error.
func (d *Document) Error() string { return d.Title }

// GetStatus returns the HTTP status.
func (d *Document) GetStatus() int { return d.Status }

// ContentType returns the media type of problem documents for JSON.
func (d *Document) ContentType(ct string) string {
	if ct == "application/json" {
		return MediaType
	}
	return ct
}

// MediaType is the media type of a problem document.
const MediaType = "application/problem+json"

// TypeRoot is where the pages that explain problem types lie.
const TypeRoot = "/problems/"

// Responder writes errors as responses. Every field must be set.
type Responder struct {
	// Lang returns the language of a request, and T a message in it.
	Lang func(*http.Request) string
	T    func(lang, key string, args ...any) string
	// ID returns the request's identifier, which the log also has.
	ID func(*http.Request) string
	// Page writes an error page for people.
	Page func(http.ResponseWriter, *http.Request, *Document) error
	// Known recognises errors of other packages, such as a full disk; it returns nil for others.
	Known func(error) *Error
	Log   *slog.Logger
}

// From returns err as a problem: itself when it is one, as Known has it, or "internal".
func (s *Responder) From(err error) *Error {
	var p *Error
	if !errors.As(err, &p) {
		if known := s.Known(err); known != nil {
			return known
		}
	}
	return From(err)
}

// Document puts a problem into the reader's language.
func (s *Responder) Document(r *http.Request, e *Error) *Document {
	lang := s.Lang(r)
	text := func(part string) string { return s.T(lang, "problem."+e.Type+"."+part, e.Args...) }
	d := &Document{Type: TypeRoot + e.Type, Title: text("title"), Status: e.Status,
		Detail: text("detail"), Next: text("next"), Instance: "urn:request:" + s.ID(r)}
	for _, f := range e.Fields {
		m := f.Text.Literal
		if f.Text.Key != "" {
			m = s.T(lang, f.Text.Key, f.Text.Args...)
		}
		d.Errors = append(d.Errors, DocumentField{f.Name, m})
	}
	return d
}

// Write answers the request with the problem that err is. Nothing may have been written before.
func (s *Responder) Write(w http.ResponseWriter, r *http.Request, err error) {
	e := s.From(err)
	s.Note(r, e)
	if e.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.Retry))
	}
	w.Header().Set("Cache-Control", "no-store")
	d := s.Document(r, e)
	if wantsPage(r) {
		perr := s.Page(w, r, d)
		if perr == nil {
			return
		}
		s.Log.ErrorContext(r.Context(), "rendering an error page", "error", perr)
	}
	w.Header().Set("Content-Type", MediaType)
	w.WriteHeader(e.Status)
	_ = json.NewEncoder(w).Encode(d) // the client is gone; nothing to do
}

// Note logs a problem: as an error when it is ours, otherwise briefly.
func (s *Responder) Note(r *http.Request, e *Error) {
	level := slog.LevelDebug
	if e.Status >= 500 {
		level = slog.LevelError
	}
	s.Log.Log(r.Context(), level, "problem", "type", e.Type, "status", e.Status, "request", s.ID(r), "error", e.Error())
}

// wantsPage tells whether the caller is a browser that shows pages, and not a program.
func wantsPage(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return false
	}
	accept := r.Header.Get("Accept")
	html := strings.Index(accept, "text/html")
	js := strings.Index(accept, "json")
	return html >= 0 && (js < 0 || html < js) || r.Header.Get("HX-Request") == "true"
}
