package webtest

import (
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/goccy/go-yaml"

	"xinban/internal/account"
	"xinban/internal/page"
	"xinban/internal/web"
)

// Own are the expectations for the server's own routes, as it is in a demo.
//
//go:embed access.yaml
var Own []byte

// Expectation is who is let in by a route. Path is a sample address for a pattern with variable parts;
// without one, each part is "sample".
type Expectation struct {
	Roles []string `yaml:"roles"`
	Path  string   `yaml:"path"`
}

// UnmarshalYAML reads either a list of roles or roles with a path.
func (e *Expectation) UnmarshalYAML(text []byte) error {
	if err := yaml.Unmarshal(text, &e.Roles); err == nil {
		return nil
	}
	type plain Expectation
	return yaml.UnmarshalWithOptions(text, (*plain)(e), yaml.Strict())
}

// groups are names for several roles.
var groups = map[string][]account.Role{
	"all":       account.Roles(),
	"signed-in": {account.Enterprise, account.Clerk, account.Centre, account.Operator, account.Auditor, account.Receiver, account.Window, account.Kiosk},
}

// Parse reads expectations: a map from "METHOD /pattern" to roles. A route in two texts is an error.
func Parse(texts ...[]byte) (map[string]Expectation, error) {
	all := map[string]Expectation{}
	for _, text := range texts {
		var some map[string]Expectation
		if err := yaml.Unmarshal(text, &some); err != nil {
			return nil, fmt.Errorf("webtest: reading expectations: %w", err)
		}
		for k, v := range some {
			if _, ok := all[k]; ok {
				return nil, fmt.Errorf("webtest: %q is expected twice", k)
			}
			all[k] = v
		}
	}
	return all, nil
}

// Access makes one request for every route and role and compares who is refused with what is
// expected. logins names an account for every role but the public. A refusal is 401, 403 or being sent
// to sign in; any other answer below 500 is being let in.
func Access(t *testing.T, s *web.Server, accounts *account.Service, logins map[account.Role]string, expected map[string]Expectation) {
	t.Helper()
	left := maps.Clone(expected)
	for _, route := range s.Routes() {
		name := route.Method + " " + route.Pattern
		want, ok := expected[name]
		if !ok {
			t.Errorf("%s is mounted, but the expectations do not name it", name)
			continue
		}
		delete(left, name)
		allowed := map[account.Role]bool{}
		for _, r := range want.Roles {
			for _, role := range rolesOf(t, name, r) {
				allowed[role] = true
			}
		}
		for _, role := range account.Roles() {
			tryRoute(t, s, accounts, route, want, role, logins[role], allowed[role])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		t.Errorf("%s is expected, but not mounted", name)
	}
}

func rolesOf(t *testing.T, route, name string) []account.Role {
	t.Helper()
	if g, ok := groups[name]; ok {
		return g
	}
	if !slices.Contains(account.Roles(), account.Role(name)) {
		t.Errorf("%s: %q is not a role", route, name)
	}
	return []account.Role{account.Role(name)}
}

func tryRoute(t *testing.T, s *web.Server, accounts *account.Service, route web.Route, want Expectation, role account.Role, login string, allowed bool) {
	t.Helper()
	r := request(route, want)
	r.RemoteAddr = caller() // or the limit of one address would answer for the route
	if role != account.Public {
		if login == "" {
			t.Fatalf("there is no account for the role %s", role)
		}
		session, err := accounts.Open(context.Background(), login, "webtest")
		if err != nil {
			t.Fatalf("opening a session for %s: %v", login, err)
		}
		r.AddCookie(&http.Cookie{Name: "xinban", Value: session})
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	refused := w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden ||
		w.Code == http.StatusSeeOther && (w.Header().Get("Location") == "/login" || strings.HasPrefix(w.Header().Get("Location"), "/login?return=")) &&
			!strings.HasPrefix(route.Pattern, "/login")
	switch {
	case w.Code >= 500:
		t.Errorf("%s %s as %s: status %d: %.300s", route.Method, r.URL.Path, role, w.Code, w.Body)
	case refused == allowed:
		t.Errorf("%s %s as %s: status %d, but allowed should be %v", route.Method, r.URL.Path, role, w.Code, allowed)
	}
}

var callers atomic.Uint32

// caller is an address that nobody has used.
func caller() string {
	n := callers.Add(1)
	return fmt.Sprintf("10.%d.%d.%d:1000", n>>16&255, n>>8&255, n&255)
}

func request(route web.Route, want Expectation) *http.Request {
	path := want.Path
	if path == "" {
		path = sample(route.Pattern)
	}
	var r *http.Request
	if route.Method == http.MethodPost && !route.API {
		form := url.Values{page.IdempotencyField: {rand.Text()}}
		r = httptest.NewRequest(route.Method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		r = httptest.NewRequest(route.Method, path, strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", rand.Text())
	}
	accept := "text/html"
	if route.API {
		accept = "application/json"
	}
	r.Header.Set("Accept", accept)
	return r
}

// sample fills the variable parts of a pattern.
func sample(pattern string) string {
	pattern = strings.ReplaceAll(pattern, "{$}", "")
	parts := strings.Split(pattern, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = "sample"
		}
	}
	return strings.Join(parts, "/")
}
