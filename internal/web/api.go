package web

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xinban/internal/account"
	"xinban/internal/problem"
)

// APIRoot is the path under which the JSON API lies.
const APIRoot = "/api/v1"

var apiErrors sync.Once

// newAPI makes the JSON API. Its operations are mounted as routes like all others, so access, bounds,
// idempotency and the log are the same.
func (s *Server) newAPI() {
	apiErrors.Do(setAPIErrors)
	cfg := huma.DefaultConfig(s.Text.T("zh-CN", "product"), "1.0.0")
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath, cfg.CreateHooks = "", "", "", nil
	cfg.Servers = []*huma.Server{{URL: APIRoot}}
	cfg.Info.Description = "公共信用信息接口。每个 POST 须带 Idempotency-Key；错误为 RFC 9457 问题详情，语言随 Accept-Language。\n\n" +
		"Public credit information. Every POST carries an Idempotency-Key; errors are RFC 9457 problem documents in the language of Accept-Language."
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "API token made on the account page"},
		"session": {Type: "apiKey", In: "cookie", Name: "xinban", Description: "session of a signed-in page"},
	}
	cfg.Transformers = append(cfg.Transformers, localise)
	cfg.OnAddOperation = append(cfg.OnAddOperation, describePost)
	s.api = huma.NewAPI(cfg, apiAdapter{s})
}

// describePost puts the Idempotency-Key into the description of every POST.
func describePost(_ *huma.OpenAPI, op *huma.Operation) {
	if op.Method != http.MethodPost {
		return
	}
	low, high := 8, 200
	op.Parameters = append(op.Parameters, &huma.Param{Name: keyHeader, In: "header", Required: true,
		Description: "8 to 200 visible characters, new for each operation; the same key again gives the same answer",
		Schema:      &huma.Schema{Type: huma.TypeString, MinLength: &low, MaxLength: &high}})
}

// apiAdapter mounts operations of the API library.
type apiAdapter struct{ s *Server }

// Handle mounts one operation; without access it is a fault.
func (a apiAdapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	access, ok := account.AccessOf(op)
	if !ok {
		a.s.fault(op.Method+" "+APIRoot+op.Path, errors.New("no access: use account.Access.On"))
		return
	}
	// its own limit would stop a body that the route allows; the route's limit is what holds
	limit := op.MaxBodyBytes
	repeatable, _ := op.Metadata[account.Repeatable].(bool)
	a.s.mount(account.Route{Method: op.Method, Pattern: APIRoot + op.Path, Allow: access, MaxBody: limit, Repeatable: repeatable,
		Handle: func(w http.ResponseWriter, r *http.Request) error {
			handler(humago.NewContext(op, r, w))
			return nil
		}}, true)
}

// ServeHTTP answers a request of the API; the API library's tests use it.
func (a apiAdapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.s.handler.ServeHTTP(w, r) }

// localise puts a problem that a handler returned into the caller's language.
func localise(ctx huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*problem.Error)
	if !ok {
		return v, nil
	}
	r, w := humago.Unwrap(ctx)
	x := exchangeOf(r.Context())
	if x.server == nil {
		return v, nil
	}
	x.server.errors.Note(r, e)
	if e.Retry > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(e.Retry))
	}
	w.Header().Set("Cache-Control", "no-store")
	return x.server.errors.Document(r, e), nil
}

// setAPIErrors makes the API library's own errors problem documents too. The library keeps these
// functions in variables of its own, so they find the server through the request.
func setAPIErrors() {
	huma.NewError = func(status int, message string, _ ...error) huma.StatusError {
		return &problem.Document{Type: "about:blank", Status: status, Title: message}
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		if ctx == nil {
			return huma.NewError(status, message, errs...)
		}
		r, w := humago.Unwrap(ctx)
		x := exchangeOf(r.Context())
		if x.server == nil {
			return huma.NewError(status, message, errs...)
		}
		w.Header().Set("Cache-Control", "no-store")
		e := x.server.apiProblem(status, message, errs)
		x.server.errors.Note(r, e)
		return x.server.errors.Document(r, e)
	}
}

// apiProblem is the problem for an error of the API library or for any other error of a handler.
func (s *Server) apiProblem(status int, message string, errs []error) *problem.Error {
	switch {
	case status == http.StatusUnprocessableEntity:
		e := problem.New(status, "validation")
		for _, err := range errs {
			if d, ok := err.(huma.ErrorDetailer); ok {
				detail := d.ErrorDetail()
				key, args := validationMessage(detail.Message)
				e.At(detail.Location, key, args...)
			}
		}
		return e
	case status >= 500 && len(errs) > 0:
		return s.errors.From(errors.Join(errs...))
	case status == http.StatusRequestEntityTooLarge:
		return problem.New(status, "too-large", usualBody>>10)
	case status >= 500:
		return problem.New(status, "internal").Because(errors.New(message))
	}
	return problem.New(status, "bad-request").Because(errors.Join(append(errs, errors.New(message))...))
}

// openapi is the description, written once.
type openapi struct {
	once       sync.Once
	yaml, json []byte
	err        error
}

// OpenAPI returns the description of the API as YAML (OpenAPI 3.1).
func (s *Server) OpenAPI() ([]byte, error) {
	s.openapi.once.Do(func() {
		if s.openapi.yaml, s.openapi.err = s.api.OpenAPI().YAML(); s.openapi.err == nil {
			s.openapi.json, s.openapi.err = s.api.OpenAPI().MarshalJSON()
		}
	})
	return s.openapi.yaml, s.openapi.err
}

// mountDescription serves the description once all operations are known.
func (s *Server) mountDescription() {
	serve := func(media string, body func() []byte) account.Handler {
		return func(w http.ResponseWriter, r *http.Request) error {
			if _, err := s.OpenAPI(); err != nil {
				return fmt.Errorf("web: describing the API: %w", err)
			}
			w.Header().Set("Content-Type", media)
			w.Header().Set("Cache-Control", "public, max-age=300")
			_, _ = w.Write(body()) // the client is gone; nothing to do
			return nil
		}
	}
	s.mount(account.Route{Method: http.MethodGet, Pattern: "/openapi.yaml", Allow: account.Anyone(),
		Handle: serve("application/yaml; charset=utf-8", func() []byte { return s.openapi.yaml })}, false)
	s.mount(account.Route{Method: http.MethodGet, Pattern: "/openapi.json", Allow: account.Anyone(),
		Handle: serve("application/json", func() []byte { return s.openapi.json })}, false)
}

// API returns the API, for tests that register operations of their own.
func (s *Server) API() huma.API { return s.api }
