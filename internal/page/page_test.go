package page_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xinban/internal/credit"
	"xinban/internal/page"
)

// keys is a catalogue that shows the key, language and arguments.
type keys struct{}

func (keys) T(lang, key string, args ...any) string {
	if len(args) > 0 {
		return lang + ":" + key + "!"
	}
	return lang + ":" + key
}

func renderer(t *testing.T) (*page.Renderer, *page.Assets) {
	t.Helper()
	assets, err := page.NewAssets()
	must(t, err)
	r, err := page.New(keys{}, assets)
	must(t, err)
	return r, assets
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// show renders main of a page in a language.
func show(t *testing.T, lang, main string, data any) string {
	t.Helper()
	r, _ := renderer(t)
	must(t, r.Add(fstest.MapFS{"x.page.html": {Data: []byte(`{{define "title"}}x{{end}}{{define "main"}}` + main + `{{end}}`)}}))
	req := httptest.NewRequest("GET", "/", nil)
	w := httptest.NewRecorder()
	must(t, r.Fragment(w, req.WithContext(page.With(req.Context(), &page.View{Lang: lang})), 200, "x", "main", data))
	return strings.TrimSpace(regexp.MustCompile(`\s+`).ReplaceAllString(w.Body.String(), " "))
}

func TestValuesAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	data := map[string]any{"fen": credit.Fen(-123456789), "date": credit.Date(20260401), "none": credit.Date(0),
		"at": time.Date(2026, 5, 17, 16, 30, 0, 0, time.UTC), "never": time.Time{}, "n": 1234567, "small": int64(-999), "share": 0.9734}
	for main, want := range map[string][2]string{
		`{{money .Data.fen}}`:       {"-1,234,567.89 元", "CNY -1,234,567.89"},
		`{{date .Data.date}}`:       {"2026年4月1日", "2026-04-01"},
		`[{{date .Data.none}}]`:     {"[]", "[]"},
		`{{instant .Data.at}}`:      {"2026-05-18 00:30", "2026-05-18 00:30"}, // Shanghai, the next day
		`[{{instant .Data.never}}]`: {"[]", "[]"},
		`{{number .Data.n}}`:        {"1,234,567", "1,234,567"},
		`{{number .Data.small}}`:    {"-999", "-999"},
		`{{percent .Data.share}}`:   {"97.3%", "97.3%"},
		`{{t "a.b" 1}}`:             {"zh-CN:a.b!", "en:a.b!"},
	} {
		for i, lang := range []string{"zh-CN", "en"} {
			if got := show(t, lang, main, data); got != want[i] {
				t.Errorf("%s in %s: %q, want %q", main, lang, got, want[i])
			}
		}
	}
}

func TestWrongFieldSaysSoToEverybody(t *testing.T) {
	t.Parallel()
	var f page.Form
	f.Values = map[string][]string{"code": {`"><b>`}}
	f.Fail("code", "code.length", 18)
	got := show(t, "en", `{{template "errors" .Data}}{{template "field" (.Data.Input "code" "code.label" | hint "code.hint" | required)}}`, f)
	for _, want := range []string{
		`role="alert"`, `<a href="#f-code">en:code.length!</a>`, `<label class="form-label" for="f-code">en:code.label</label>`,
		`id="f-code-hint">en:code.hint`, `aria-describedby="f-code-hint f-code-wrong"`, `aria-invalid="true"`, ` required`, `value="&#34;&gt;&lt;b&gt;"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the form lacks %s: %s", want, got)
		}
	}
	good := show(t, "en", `{{template "errors" .Data}}{{template "field" (.Data.Input "name" "name.label")}}`, page.Form{})
	if strings.Contains(good, "alert") || strings.Contains(good, "aria-invalid") || !strings.Contains(good, "form.optional") {
		t.Errorf("a good form shows %s", good)
	}
}

func TestPasswordIsNeverPutBack(t *testing.T) {
	t.Parallel()
	f := page.Form{Values: map[string][]string{"password": {"horse"}}}
	if got := show(t, "en", `{{template "field" (.Data.Input "password" "x" | kind "password")}}`, f); strings.Contains(got, "horse") {
		t.Errorf("the page has the password: %s", got)
	}
}

func TestChoicesKeepWhatWasChosen(t *testing.T) {
	t.Parallel()
	data := map[string]any{"f": page.Form{Values: map[string][]string{"p": {"b"}}}, "o": []page.Option{{Value: "a", Label: "甲"}, {Value: "b", Label: "乙"}}}
	for kind, want := range map[string]string{"select": `<option value="b" selected>乙`, "radio": `value="b" checked`} {
		got := show(t, "en", `{{template "field" (.Data.f.Input "p" "x" | kind "`+kind+`" | options .Data.o)}}`, data)
		if !strings.Contains(got, want) || strings.Contains(got, `value="a" checked`) || strings.Contains(got, `value="a" selected`) {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

// A template that fails in the middle sends nothing.
func TestHalfAPageIsNeverSent(t *testing.T) {
	t.Parallel()
	r, _ := renderer(t)
	must(t, r.Add(fstest.MapFS{"x.page.html": {Data: []byte(`{{define "title"}}x{{end}}{{define "main"}}<p>half</p>{{.Data.Missing}}{{end}}`)}}))
	w := httptest.NewRecorder()
	err := r.Render(w, httptest.NewRequest("GET", "/", nil), 200, "x", struct{}{})
	if err == nil || w.Body.Len() > 0 || w.Flushed || len(w.Header()) > 0 {
		t.Errorf("error %v, %d bytes, header %v", err, w.Body.Len(), w.Header())
	}
	if err := r.Render(w, httptest.NewRequest("GET", "/", nil), 200, "no-such-page", nil); err == nil {
		t.Error("a page that does not exist is rendered")
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	t.Parallel()
	ok := `{{define "title"}}x{{end}}{{define "main"}}`
	for name, text := range map[string]string{
		"an inline script":         ok + `<script>alert(1)</script>{{end}}`,
		"an inline style sheet":    ok + `<style>p{}</style>{{end}}`,
		"a style attribute":        ok + `<p style="color:red">x</p>{{end}}`,
		"an event handler":         ok + `<p onclick="x()">x</p>{{end}}`,
		"an htmx event handler":    ok + `<p hx-on:click="x()">x</p>{{end}}`,
		"a script address":         ok + `<a href="javascript:x()">x</a>{{end}}`,
		"a picture from elsewhere": ok + `<img src="https://evil.example/x.png">{{end}}`,
		"a form without a key":     ok + `<form method="post" action="/x"></form>{{end}}`,
		"two forms with one key":   ok + `<form method="post">{{idempotency}}</form><form method="POST"></form>{{end}}`,
		"no title":                 `{{define "main"}}x{{end}}`,
		"an unknown function":      ok + `{{nonsense}}{{end}}`,
		"an unclosed action":       ok + `{{if .Data}}{{end}}`,
	} {
		r, _ := renderer(t)
		if err := r.Add(fstest.MapFS{"x.page.html": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	for name, files := range map[string]fstest.MapFS{
		"a page of that name":    {"problem.page.html": {Data: []byte(ok + `{{end}}`)}},
		"a file of neither kind": {"x.html": {Data: []byte(ok + `{{end}}`)}},
	} {
		r, _ := renderer(t)
		if err := r.Add(files); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	r, _ := renderer(t)
	if err := r.Add(fstest.MapFS{"x.page.html": {Data: []byte(ok + `{{/* style="no" <script>no */}}<form method="get"></form>{{end}}`)}}); err != nil {
		t.Errorf("a good page is refused: %v", err)
	}
}

func TestSafePath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/a/b?c=d": "/a/b?c=d", "/": "/", "": "/", "a": "/", "//x": "/", "///x": "/", `/\x`: "/", "http://x/": "/",
		"/%2fx": "/%2fx", "/\n": "/", "javascript:x": "/", "/" + strings.Repeat("x", 3000): "/"} {
		if got := page.SafePath(path); got != want {
			t.Errorf("SafePath(%.40q) = %q, want %q", path, got, want)
		}
	}
}

// Whatever is asked, the way back is a path on this server.
func FuzzSafePath(f *testing.F) {
	f.Add("/a")
	f.Add("//evil")
	f.Fuzz(func(t *testing.T, s string) {
		got := page.SafePath(s)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t") {
			t.Errorf("SafePath(%q) = %q", s, got)
		}
	})
}

// The style sheets ask for nothing from outside, and everything that the vendored files say they are is there.
func TestNothingComesFromElsewhere(t *testing.T) {
	t.Parallel()
	remote := regexp.MustCompile(`url\(\s*["']?(https?:)?//|@import`)
	for _, name := range []string{"static/app.css", "static/vendor/tabler.css"} {
		text, err := os.ReadFile(filepath.FromSlash(name))
		must(t, err)
		if m := remote.Find(text); m != nil {
			t.Errorf("%s has %q", name, m)
		}
	}
	_, assets := renderer(t)
	for _, name := range []string{"app.css", "app.js", "mark.svg", "vendor/tabler.css", "vendor/htmx.js", "vendor/echarts.js"} {
		if _, err := assets.URL(name); err != nil {
			t.Error(err)
		}
	}
}

// The stored files are those that scripts/vendor.sh fetched.
func TestVendoredFilesAreUnchanged(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("static/vendor/VENDOR")
	must(t, err)
	n := 0
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) != 4 {
			t.Fatalf("line %q", line)
		}
		if got := sha256Of(t, "static/vendor/"+f[1]); got != f[0] {
			t.Errorf("%s has digest %s, VENDOR says %s", f[1], got, f[0])
		}
		n++
	}
	if n < 6 {
		t.Errorf("VENDOR names %d files", n)
	}
}
