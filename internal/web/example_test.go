package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
	"xinban/internal/web"
)

// lookup is a small capability: a page on which a subject is looked up, the same as an API resource,
// its texts, and an entry in the access log.
type lookup struct {
	db    *store.DB
	pages *page.Renderer
	now   func() time.Time
}

// Surface is what app hands to web.New.
func (l *lookup) Surface() account.Surface {
	staff := account.Only(account.Clerk, account.Centre)
	return account.Surface{
		Name: "lookup",
		Routes: []account.Route{
			{Method: "GET", Pattern: "/lookup", Allow: staff, Handle: l.show},
			{Method: "POST", Pattern: "/lookup", Allow: staff, Handle: l.look},
		},
		API: func(api huma.API) {
			huma.Register(api, staff.On(huma.Operation{Method: "GET", Path: "/lookup/{key}", OperationID: "look-up", Summary: "查一个主体"}), l.resource)
		},
		Nav:       []account.Link{{Href: "/lookup", Title: "lookup.title", Icon: "search", Allow: staff, Order: 20}},
		Tiles:     []account.Tile{{Link: account.Link{Href: "/lookup", Title: "lookup.title", Text: "lookup.text", Icon: "search", Allow: staff, Order: 20}}},
		Templates: lookupTemplates, // //go:embed templates
		Messages:  lookupMessages,  // //go:embed messages
	}
}

var lookupTemplates = fstest.MapFS{"lookup.page.html": {Data: []byte(`
{{define "title"}}{{t "lookup.title"}}{{end}}
{{define "main"}}
{{template "crumbs" (crumbs "home.title" "/" "lookup.title" "")}}
<h1>{{t "lookup.title"}}</h1>
{{with .Data.Name}}<p class="card">{{t "lookup.found" .}}</p>{{end}}
{{template "errors" .Data.Form}}
<form method="post" action="/lookup" class="card form" novalidate>{{idempotency}}
  {{template "field" (.Data.Form.Input "key" "lookup.key" | required)}}
  <button class="btn btn-primary">{{icon "search"}}{{t "lookup.title"}}</button>
</form>
{{end}}`)}}

var lookupMessages = fstest.MapFS{"lookup.yaml": {Data: []byte(`
lookup.title: {zh-CN: 查主体, en: Look up a subject}
lookup.text:  {zh-CN: 按统一社会信用代码查询, en: By unified social credit code}
lookup.key:   {zh-CN: 统一社会信用代码, en: Unified social credit code}
lookup.found: {zh-CN: "查到 {0}", en: "Found {0}"}
problem.no-subject.title:  {zh-CN: 没有这个主体的记录, en: No such subject on record}
problem.no-subject.detail: {zh-CN: "没有 {0} 的登记信息；这不等于没有违法记录。", en: "Nothing is registered under {0}; that does not mean no violations."}
problem.no-subject.next:   {zh-CN: 请核对代码, en: Check the code}
`)}}

// lookupData is what the page shows.
type lookupData struct {
	Form page.Form
	Name string
}

func (l *lookup) show(w http.ResponseWriter, r *http.Request) error {
	return l.pages.Render(w, r, http.StatusOK, "lookup", lookupData{})
}

func (l *lookup) look(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	d := lookupData{Form: page.Form{Values: r.PostForm}}
	name, err := l.find(r.Context(), credit.Key(r.PostForm.Get("key")))
	if d.Form.Take(err) { // what is wrong with a field is shown beside it
		return l.pages.Render(w, r, http.StatusUnprocessableEntity, "lookup", d)
	}
	if err != nil { // everything else becomes an error page
		return err
	}
	d.Name = name
	return l.pages.Render(w, r, http.StatusOK, "lookup", d)
}

// find is the command behind both: it says what is wrong in terms of the user, and notes who looked.
func (l *lookup) find(ctx context.Context, key credit.Key) (string, error) {
	if len(key) != 18 {
		return "", problem.New(http.StatusUnprocessableEntity, "form").At("key", "form.required")
	}
	if key != "91000000MA00000001" {
		return "", problem.New(http.StatusNotFound, "no-subject", string(key))
	}
	err := l.db.Tx(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, audit.Entry{Subject: key, At: l.now(), Actor: audit.Actor(account.From(ctx).Actor()), Action: audit.View, Purpose: "日常监管"})
	})
	return "岚港远洋货代有限公司", err
}

type lookupInput struct {
	Key string `path:"key" doc:"统一社会信用代码"`
}

type lookupOutput struct {
	Body struct {
		Name string `json:"name"`
	}
}

func (l *lookup) resource(ctx context.Context, in *lookupInput) (*lookupOutput, error) {
	name, err := l.find(ctx, credit.Key(in.Key))
	if err != nil {
		return nil, err
	}
	out := &lookupOutput{}
	out.Body.Name = name
	return out, nil
}

// A capability joins the server: a page, an API resource, messages, and an entry in the access log.
func Example() {
	dir, err := os.MkdirTemp("", "xinban-example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, l, session, err := exampleServer(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer l.db.Close()
	ask := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "xinban", Value: session})
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w
	}
	form := url.Values{"key": {"91000000MA00000001"}, page.IdempotencyField: {"7d0c4a1e-example"}}
	w := ask("POST", "/lookup", form.Encode())
	fmt.Println(w.Code, strings.Contains(w.Body.String(), "查到 岚港远洋货代有限公司"))
	fmt.Print(ask("GET", "/api/v1/lookup/91000000MA00000001", "").Body)
	fmt.Print(ask("GET", "/api/v1/lookup/91000000MA00000002", "").Code, "\n")
	entries, _, err := audit.BySubject(context.Background(), l.db, "91000000MA00000001", audit.Cursor{}, 10)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range entries {
		fmt.Println(e.Actor.Name, e.Action, e.Purpose, e.Actor.Channel)
	}
	// Output:
	// 200 true
	// {"name":"岚港远洋货代有限公司"}
	// 404
	// 岚港市交通运输局 view 日常监管 api
	// 岚港市交通运输局 view 日常监管 page
}

// exampleServer is what app does: stores, migrations, accounts, pages, surfaces.
func exampleServer(dir string) (*web.Server, *lookup, string, error) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(dir, "xinban.db"))
	if err != nil {
		return nil, nil, "", err
	}
	if err := errors.Join(account.Migrate(ctx, db), audit.Migrate(ctx, db), web.Migrate(ctx, db)); err != nil {
		return nil, nil, "", err
	}
	quiet := slog.New(slog.DiscardHandler)
	accounts, err := account.New(db, account.Config{Key: bytes.Repeat([]byte{1}, 32), Log: quiet, Hashing: account.Hashing{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		return nil, nil, "", err
	}
	text, err := i18n.New()
	if err != nil {
		return nil, nil, "", err
	}
	assets, err := page.NewAssets()
	if err != nil {
		return nil, nil, "", err
	}
	pages, err := page.New(text, assets)
	if err != nil {
		return nil, nil, "", err
	}
	clock := time.Date(2026, 5, 18, 1, 0, 0, 0, time.UTC)
	l := &lookup{db: db, pages: pages, now: func() time.Time { clock = clock.Add(time.Second); return clock }}
	s, err := web.New(web.Deps{Store: db, Accounts: accounts, Pages: pages, Assets: assets, Text: text, Log: quiet, Surfaces: []account.Surface{l.Surface()}})
	if err != nil {
		return nil, nil, "", err
	}
	_, err = accounts.Create(ctx, account.Account{Login: "jingban", Name: "经办人甲", Roles: []account.Role{account.Clerk},
		Organ: "11000000MB00000001", OrganOf: "岚港市交通运输局"}, "correct horse 42")
	if err != nil {
		return nil, nil, "", err
	}
	session, err := accounts.Open(ctx, "jingban", "example")
	return s, l, session, err
}
