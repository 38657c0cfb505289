package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/web"
)

func document(t *testing.T, text string) problem.Document {
	t.Helper()
	var d problem.Document
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return d
}

func TestAPISpeaksTheCallersLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	centre := b.as(t, account.Centre)
	for lang, want := range map[string]string{"": "请求内容不符合要求 长度至少为 2", "en": "The request does not meet the description Must have at least 2 characters"} {
		w := b.ask("POST", "/api/v1/probe", `{"name":"a"}`, js, centre, header("Idempotency-Key", "key-of-"+lang+"-language"), header("Accept-Language", lang))
		d := document(t, w.Body.String())
		if w.Code != 422 || w.Header().Get("Content-Type") != "application/problem+json" || len(d.Errors) != 1 || d.Title+" "+d.Errors[0].Message != want || d.Errors[0].Field != "body.name" {
			t.Errorf("%q: status %d, %s", lang, w.Code, w.Body)
		}
	}
	for path, want := range map[string]int{"/api/v1/probe/missing": 404, "/api/v1/probe/broken": 500, "/api/v1/nothing": 404, "/api/v1/probe/123456789012345678901": 422} {
		w := b.ask("GET", path, "", js, centre)
		d := document(t, w.Body.String())
		if w.Code != want || d.Status != want || d.Title == "" || d.Next == "" || !strings.HasPrefix(d.Type, "/problems/") || strings.Contains(w.Body.String(), "⟦") {
			t.Errorf("%s: status %d, %s", path, w.Code, w.Body)
		}
	}
}

// What is wrong with a value is said without the value: it may be an identity number.
func TestAPIDoesNotEchoValues(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.ask("POST", "/api/v1/probe", `{"name":"ab","extra":"000000199001011234"}`, js, b.as(t, account.Centre), header("Idempotency-Key", "key-of-extra"))
	if w.Code != 422 || strings.Contains(w.Body.String(), "000000199001011234") {
		t.Errorf("status %d, %s", w.Code, w.Body)
	}
}

func TestAPIWithAToken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a, err := b.accounts.ByLogin(t.Context(), "zhongxin")
	must(t, err)
	token, err := b.accounts.NewToken(t.Context(), a.ID, "load", a.Roles, time.Hour)
	must(t, err)
	ask := func(auth string) int {
		return b.ask("POST", "/api/v1/probe", `{"name":"ab"}`, js, header("Authorization", auth), header("Idempotency-Key", "key-of-token")).Code
	}
	for auth, want := range map[string]int{"Bearer " + token: 200, "Bearer wrong": 401, "Basic eDp5": 401, "Bearer ": 401} {
		if got := ask(auth); got != want {
			t.Errorf("%.12q: status %d, want %d", auth, got, want)
		}
	}
	for _, path := range []string{"/account/token", "/account/totp", "/account/session/end"} {
		if w := b.ask("POST", path, post("name=more"), form, header("Authorization", "Bearer "+token)); w.Code != 403 {
			t.Errorf("%s with a token: status %d", path, w.Code)
		}
	}
	// a bad token is refused even where anybody may come, and a session beside it does not help
	if w := b.ask("GET", "/", "", header("Authorization", "Bearer wrong"), b.as(t, account.Centre)); w.Code != 401 {
		t.Errorf("a bad token at an open door: status %d", w.Code)
	}
}

func TestOpenAPIDescribesEveryOperation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.ask("GET", "/openapi.yaml", "")
	text := w.Body.String()
	for _, want := range []string{"openapi: 3.1.0", "/probe/{id}:", "Idempotency-Key", "application/problem+json", "scheme: bearer", "operationId: add-probe"} {
		if !strings.Contains(text, want) {
			t.Errorf("the description lacks %q", want)
		}
	}
	if w.Code != 200 || strings.Contains(text, "$schema") {
		t.Errorf("status %d", w.Code)
	}
	w = b.ask("GET", "/openapi.json", "")
	var any map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &any); err != nil {
		t.Error(err)
	}
}

func TestServerRefusesToMount(t *testing.T) {
	t.Parallel()
	ok := func(http.ResponseWriter, *http.Request) error { return nil }
	for name, s := range map[string]account.Surface{
		"a route without access":    {Routes: []account.Route{{Method: "GET", Pattern: "/x", Handle: ok}}},
		"a route for nobody":        {Routes: []account.Route{{Method: "GET", Pattern: "/x", Handle: ok, Allow: account.Only()}}},
		"a route without a handler": {Routes: []account.Route{{Method: "GET", Pattern: "/x", Allow: account.Anyone()}}},
		"a route twice": {Routes: []account.Route{{Method: "GET", Pattern: "/x/{a}", Handle: ok, Allow: account.Anyone()},
			{Method: "GET", Pattern: "/x/{b}", Handle: ok, Allow: account.Anyone()}}},
		"an operation without access": {API: func(api huma.API) {
			huma.Get(api, "/naked", func(_ context.Context, _ *struct{}) (*struct{}, error) { return nil, nil })
		}},
	} {
		d := setup(t).Deps
		d.Surfaces, d.Pages = []account.Surface{s}, freshPages(t)
		if _, err := web.New(d); err == nil {
			t.Errorf("%s is mounted", name)
		}
	}
}

func freshPages(t *testing.T) *page.Renderer {
	t.Helper()
	text, err := i18n.New()
	must(t, err)
	assets, err := page.NewAssets()
	must(t, err)
	pages, err := page.New(text, assets)
	must(t, err)
	return pages
}
