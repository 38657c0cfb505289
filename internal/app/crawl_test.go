package app_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/credit"
)

// crawlPages bounds how many pages one person opens.
const crawlPages = 400

var (
	hrefs     = regexp.MustCompile(`(?:href|action|src|hx-get)="([^"]*)"`)
	formPosts = regexp.MustCompile(`<form[^>]*method="post"[^>]*action="([^"]*)"`)
	// what a template or the catalogue leaves behind when something is missing
	leftovers = regexp.MustCompile(`%!\w?\(|&lt;no value&gt;|<no value>|&lt;nil&gt;|\bNaN\b|>\s*[a-z]+(\.[a-z-]+){2,}\s*<`)
	numbers   = regexp.MustCompile(`\b\d{17}[\dX]\b`)
)

// Whoever follows the links of the demo finds no dead end: every link on every page that a role can reach leads to
// an answer, and no page shows what a template left behind or a person's number in clear.
func TestNoLinkOfTheDemoIsDead(t *testing.T) {
	if testing.Short() {
		t.Skip("makes the demo and opens hundreds of pages")
	}
	t.Parallel()
	w := setup(t, 200)
	people := logins()
	people[""] = "" // nobody has signed in
	for role, login := range people {
		name := string(role)
		if name == "" {
			name = "anybody"
		}
		t.Run(name, func(t *testing.T) {
			crawl(t, w, login)
		})
	}
}

func crawl(t *testing.T, w *app.Web, login string) {
	session := ""
	if login != "" {
		var err error
		if session, err = w.Accounts.Open(context.Background(), login, "crawl"); err != nil {
			t.Fatal(err)
		}
	}
	queue, from := []string{"/"}, map[string]string{"/": "the beginning"}
	shapes := map[string]int{}
	opened := 0
	for len(queue) > 0 && opened < crawlPages {
		path := queue[0]
		queue = queue[1:]
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = fmt.Sprintf("192.0.2.%d:443", opened%250) // many people, so that none is too quick
		r.Header.Set("Accept-Language", "zh-CN")
		r.Header.Set("Accept", "text/html")
		if session != "" {
			r.AddCookie(&http.Cookie{Name: "xinban", Value: session})
		}
		rec := httptest.NewRecorder()
		w.Server.Handler().ServeHTTP(rec, r)
		opened++
		body := rec.Body.String()
		if rec.Code >= 400 {
			t.Errorf("%s, linked from %s: %d", path, from[path], rec.Code)
			continue
		}
		if location := rec.Header().Get("Location"); location != "" {
			body = `href="` + html.EscapeString(location) + `"`
		} else if !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/html") {
			continue
		}
		if m := leftovers.FindString(body); m != "" {
			t.Errorf("%s shows %q", path, m)
		}
		for _, n := range numbers.FindAllString(body, -1) {
			if kind, check := credit.CheckCode(n); kind == "rid" && check.Verdict == credit.Valid {
				t.Errorf("%s shows a person's number in clear", path)
			}
		}
		for _, m := range formPosts.FindAllStringSubmatch(body, -1) {
			if !mounted(w, http.MethodPost, html.UnescapeString(m[1]), path) {
				t.Errorf("%s posts to %s, which is not mounted", path, m[1])
			}
		}
		for _, next := range links(body, path) {
			if shape := shapeOf(next); from[next] == "" && shapes[shape] < 4 {
				shapes[shape]++
				from[next] = path
				queue = append(queue, next)
			}
		}
	}
	if opened < 5 {
		t.Errorf("only %d pages opened", opened)
	}
	t.Logf("%d pages opened", opened)
}

// links are the addresses of our own that a page leads to, without those that change something.
func links(body, path string) []string {
	base := &url.URL{Path: path}
	var all []string
	for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
		u, err := base.Parse(html.UnescapeString(m[1]))
		if err != nil || u.Host != "" || u.Scheme != "" || strings.HasPrefix(m[1], "#") {
			continue
		}
		u.Fragment = ""
		if strings.Contains(body, `action="`+m[1]+`"`) && !strings.Contains(body, `href="`+m[1]+`"`) {
			continue // a form's
		}
		all = append(all, u.String())
	}
	return all
}

var (
	given   = regexp.MustCompile(`=[^&]*`)
	varying = regexp.MustCompile(`[^/]*[0-9A-F][0-9A-Za-z%:.-]*`)
)

// shapeOf is what addresses of one kind share: of many alike, a few are opened.
func shapeOf(address string) string {
	path, query, _ := strings.Cut(address, "?")
	return varying.ReplaceAllString(path, "*") + "?" + given.ReplaceAllString(query, "=")
}

func mounted(w *app.Web, method, action, page string) bool {
	u, err := (&url.URL{Path: page}).Parse(action)
	if err != nil {
		return false
	}
	mux := http.NewServeMux()
	for _, r := range w.Server.Routes() {
		if r.Method == method {
			mux.HandleFunc(r.Method+" "+r.Pattern, func(http.ResponseWriter, *http.Request) {})
		}
	}
	_, pattern := mux.Handler(httptest.NewRequest(method, u.Path, nil))
	return pattern != ""
}
