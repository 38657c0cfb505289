package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/web"
)

const password = "correct horse 42"

// clock is a clock that tests move.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time       { return time.UnixMilli(c.at.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.at.Add(d.Milliseconds()) }

// lockedBuffer is a log that tests read.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// bundle is a server with one account of each role and routes to try things on.
type bundle struct {
	*web.Server
	db       *store.DB
	accounts *account.Service
	clock    *clock
	log      *lockedBuffer
	logins   map[account.Role]string
	counted  atomic.Int64
	hold     chan struct{} // POST /probe/count?hold=1 waits for it
	held     chan struct{} // and tells here that it waits
}

func setup(t testing.TB, change ...func(*web.Deps)) *bundle {
	t.Helper()
	return setupOn(t, storetest.SQLite(t), change...)
}

func setupOn(t testing.TB, db *store.DB, change ...func(*web.Deps)) *bundle {
	t.Helper()
	ctx := context.Background()
	b := &bundle{clock: &clock{}, log: &lockedBuffer{}, hold: make(chan struct{}), held: make(chan struct{}, 8)}
	b.clock.at.Store(time.Date(2026, 5, 18, 1, 0, 0, 0, time.UTC).UnixMilli())
	b.db = db
	must(t, errors.Join(account.Migrate(ctx, db), web.Migrate(ctx, db)))
	var err error
	b.accounts, err = account.New(db, account.Config{Key: bytes.Repeat([]byte{7}, 32), Now: b.clock.now,
		Hashing: account.Hashing{MemoryKiB: 64, Passes: 1}, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	b.logins = makeAccounts(t, b.accounts)
	text, err := i18n.New()
	must(t, err)
	assets, err := page.NewAssets()
	must(t, err)
	pages, err := page.New(text, assets)
	must(t, err)
	d := web.Deps{Store: db, Accounts: b.accounts, Pages: pages, Assets: assets, Text: text, Now: b.clock.now,
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Rate: web.Rate{PerSecond: -1},
		Demo:     &web.Demo{Roles: demoRoles(b.logins), Date: func() string { return "2026-05-18" }},
		Surfaces: []account.Surface{b.probe(pages)}, Version: "test"}
	for _, c := range change {
		c(&d)
	}
	b.Server, err = web.New(d)
	must(t, err)
	return b
}

func makeAccounts(t testing.TB, s *account.Service) map[account.Role]string {
	t.Helper()
	logins := map[account.Role]string{}
	for _, a := range []account.Account{
		{Login: "qiye", Name: "岚港远洋货代有限公司", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{"91000000MA00000001"}},
		{Login: "jingban", Name: "经办人甲", Roles: []account.Role{account.Clerk}, Organ: "11000000MB00000001", OrganOf: "岚港市交通运输局"},
		{Login: "zhongxin", Name: "岚海省信用中心", Roles: []account.Role{account.Centre}},
		{Login: "yunwei", Name: "运维员", Roles: []account.Role{account.Operator}},
		{Login: "shenji", Name: "审计员", Roles: []account.Role{account.Auditor}},
		{Login: "jieshou", Name: "岚港演示银行", Roles: []account.Role{account.Receiver}, Subjects: []credit.Key{"91000000MA00000028"}},
		{Login: "chuangkou", Name: "综合窗口", Roles: []account.Role{account.Window}},
		{Login: "zizhuji", Name: "自助机", Roles: []account.Role{account.Kiosk}},
	} {
		_, err := s.Create(context.Background(), a, password)
		must(t, err)
		logins[a.Roles[0]] = a.Login
	}
	return logins
}

func demoRoles(logins map[account.Role]string) []web.DemoRole {
	var roles []web.DemoRole
	for _, r := range account.Roles() {
		if logins[r] != "" {
			roles = append(roles, web.DemoRole{Login: logins[r], Title: "role." + string(r)})
		}
	}
	return roles
}

type probeInput struct {
	ID string `path:"id" maxLength:"20"`
}

type probeBody struct {
	Body struct {
		Name string `json:"name" minLength:"2"`
	}
}

type probeOutput struct {
	Body struct {
		Said string `json:"said"`
		N    int64  `json:"n"`
	}
}

// probe is a capability that only tests have.
func (b *bundle) probe(pages *page.Renderer) account.Surface {
	organ := func(p account.Principal, r *http.Request) error {
		if p.Has(account.Centre) || p.ForOrgan(r.PathValue("organ")) {
			return nil
		}
		return account.ErrForbidden()
	}
	ok := func(w http.ResponseWriter, _ *http.Request) error { _, err := io.WriteString(w, "ok"); return err }
	get := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: "GET", Pattern: pattern, Allow: allow, Handle: h}
	}
	return account.Surface{
		Name: "probe",
		Routes: []account.Route{
			get("/probe/clerk", account.Only(account.Clerk, account.Centre), ok),
			get("/probe/organ/{organ}", account.Only(account.Clerk, account.Centre).Where(organ), ok),
			get("/probe/name", account.Anyone(), func(w http.ResponseWriter, r *http.Request) error {
				return pages.Render(w, r, http.StatusOK, "probe", r.URL.Query().Get("name"))
			}),
			get("/probe/panic/{how}", account.Anyone(), func(w http.ResponseWriter, r *http.Request) error {
				switch r.PathValue("how") {
				case "panic":
					panic("secret of the database 370000199001011234")
				case "error":
					return fmt.Errorf("secret of the database 370000199001011234")
				}
				return nil
			}),
			{Method: "POST", Pattern: "/probe/count", Allow: account.Anyone(), Handle: b.count},
			{Method: "POST", Pattern: "/probe/upload", Allow: account.Anyone(), MaxBody: 8 << 20, Handle: b.upload},
			{Method: "POST", Pattern: "/probe/large", Allow: account.Anyone(), Handle: func(w http.ResponseWriter, _ *http.Request) error {
				b.counted.Add(1)
				_, err := w.Write(bytes.Repeat([]byte("x"), 3<<20))
				return err
			}},
		},
		API: func(api huma.API) {
			huma.Register(api, account.SignedIn().On(huma.Operation{Method: "GET", Path: "/probe/{id}", OperationID: "get-probe"}),
				func(_ context.Context, in *probeInput) (*probeOutput, error) {
					out := &probeOutput{}
					switch in.ID {
					case "missing":
						return nil, problem.New(http.StatusNotFound, "not-found")
					case "broken":
						return nil, errors.New("secret of the database")
					}
					out.Body.Said = in.ID
					return out, nil
				})
			huma.Register(api, account.Only(account.Centre).On(huma.Operation{Method: "POST", Path: "/probe", OperationID: "add-probe"}),
				func(_ context.Context, in *probeBody) (*probeOutput, error) {
					out := &probeOutput{}
					out.Body.Said, out.Body.N = in.Body.Name, b.counted.Add(1)
					return out, nil
				})
		},
		Nav:   []account.Link{{Href: "/probe/clerk", Title: "role.clerk", Icon: "list", Allow: account.Only(account.Clerk, account.Centre), Order: 5}},
		Tiles: []account.Tile{{Link: account.Link{Href: "/probe/name", Title: "role.public", Text: "home.lead", Icon: "verify", Allow: account.Anyone()}}},
		Templates: fstest.MapFS{"probe.page.html": {Data: []byte(
			`{{define "title"}}{{.Data}}{{end}}{{define "main"}}<p id="name" title="{{.Data}}">{{.Data}}</p><a href="/x?q={{.Data}}">x</a>{{end}}`)}},
	}
}

// count counts how often it really runs. ?hold=1 waits; ?fail=1 fails after counting nothing.
func (b *bundle) count(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Has("fail") {
		return errors.New("the disk is on fire")
	}
	if r.URL.Query().Has("hold") {
		b.held <- struct{}{}
		<-b.hold
	}
	if account.IdempotencyKey(r.Context()) == "" {
		return errors.New("no idempotency key in the context")
	}
	n := b.counted.Add(1)
	w.Header().Set("Location", fmt.Sprintf("/counted/%d", n))
	w.Header().Set("Set-Cookie", "secret=1")
	w.WriteHeader(http.StatusCreated)
	_, err := fmt.Fprintf(w, "counted %d for %s", n, r.PostFormValue("who"))
	return err
}

func (b *bundle) upload(w http.ResponseWriter, r *http.Request) error {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		return err
	}
	b.counted.Add(1)
	_, err = fmt.Fprint(w, n)
	return err
}

// ask makes a request and returns the answer. with changes the request before it is sent.
func (b *bundle) ask(method, target, body string, with ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Accept", "text/html")
	for _, f := range with {
		f(r)
	}
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, r)
	return w
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func form(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }

func js(r *http.Request) {
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
}

// as signs the request in with a role.
func (b *bundle) as(t testing.TB, role account.Role) func(*http.Request) {
	t.Helper()
	session, err := b.accounts.Open(context.Background(), b.logins[role], "test")
	must(t, err)
	return cookie(session)
}

func cookie(session string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "xinban", Value: session}) }
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
