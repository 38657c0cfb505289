package i18n_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"xinban/internal/i18n"
)

func catalogue(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMessageTakesArgumentsInAnyOrder(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	err := c.Load(fstest.MapFS{"m.yaml": {Data: []byte(`test.rows: {zh-CN: "第 {1} 行，共 {0} 行", en: "{0} rows, row {1}"}`)}})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"zh-CN": "第 3 行，共 {0} 行", "en": "{0} rows, row 3", "fr": "第 3 行，共 {0} 行"} {
		if got := c.T(lang, "test.rows", "{0}", 3); got != want { // an argument is not read for arguments
			t.Errorf("T(%s) = %q, want %q", lang, got, want)
		}
	}
	if got := c.T("en", "no.such.key"); got != "⟦no.such.key⟧" {
		t.Errorf("an unknown key shows %q", got)
	}
}

func TestCatalogueRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a key of another file":     "form.errors: {zh-CN: x, en: x}",
		"a key twice in a file":     "a.b: {zh-CN: x, en: x}\na.b: {zh-CN: y, en: y}",
		"a message without English": "a.b: {zh-CN: x}",
		"a message without Chinese": "a.b: {en: x}",
		"an unknown language":       "a.b: {zh-CN: x, en: x, de: x}",
		"arguments that differ":     `a.b: {zh-CN: "{0}", en: "{1}"}`,
		"damaged YAML":              "a.b: {zh-CN: x",
	} {
		if err := catalogue(t).Load(fstest.MapFS{"m.yaml": {Data: []byte(text)}}); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestLanguageOfARequest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, cookie, accept, want string }{
		{"", "", "", "zh-CN"},
		{"", "", "en-GB,en;q=0.9", "en"},
		{"", "", "fr, de;q=0.5", "zh-CN"},
		{"", "", "zh;q=0.8, en;q=0.9", "en"},
		{"", "", "en;q=0.8, zh-Hans-CN", "zh-CN"},
		{"", "", "en;q=0", "zh-CN"},
		{"", "", "en;q=much", "zh-CN"},
		{"", "en", "zh-CN", "en"},
		{"?lang=zh", "en", "en", "zh-CN"},
		{"?lang=klingon", "en", "zh-CN", "en"},
	} {
		r := httptest.NewRequest("GET", "/api/v1/reports"+c.query, nil)
		if c.cookie != "" {
			r.Header.Set("Cookie", "lang="+c.cookie)
		}
		r.Header.Set("Accept-Language", c.accept)
		if got := i18n.Choose(r); got != c.want {
			t.Errorf("query %q, cookie %q, header %q: %s, want %s", c.query, c.cookie, c.accept, got, c.want)
		}
	}
}

func TestPagesAreChineseUntilAReaderAsks(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/public", nil)
	r.Header.Set("Accept-Language", "en-GB")
	if got := i18n.Choose(r); got != "zh-CN" {
		t.Errorf("a browser installed in English gets %s", got)
	}
	r = httptest.NewRequest("GET", "/public?lang=en", nil)
	if got := i18n.Choose(r); got != "en" {
		t.Errorf("a reader who asks for English gets %s", got)
	}
}

// Every key that a template or the code of any package names is in the catalogue, in both languages.
func TestEveryKeyUsedExists(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	root := ".." // all packages
	used := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return filepath.SkipDir
		case d.IsDir() && d.Name() == "messages" && path != filepath.Join(root, "i18n", "messages"):
			return c.Load(os.DirFS(path))
		case strings.HasSuffix(path, ".html"):
			return keysOfTemplate(path, used)
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			return keysOfCode(path, used)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(used) < 100 {
		t.Fatalf("only %d keys were found in use; the search is broken", len(used))
	}
	for key, where := range used {
		if !c.Has(key) {
			t.Errorf("%s uses %q, which is not in the catalogue", where, key)
		}
	}
}

var (
	templateT     = regexp.MustCompile(`[({|\s]t "([^"]+)"`)
	templateHint  = regexp.MustCompile(`\bhint "([^"]+)"`)
	templateInput = regexp.MustCompile(`\.Input "[^"]+" "([^"]+)"`)
	templateCrumb = regexp.MustCompile(`\(crumbs ((?:"[^"]*" ?)+)\)`)
	quoted        = regexp.MustCompile(`"([^"]*)"`)
	comment       = regexp.MustCompile(`(?s)\{\{-?\s*/\*.*?\*/\s*-?\}\}`)
)

func keysOfTemplate(path string, used map[string]string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	plain := comment.ReplaceAllString(string(text), "")
	for _, find := range []*regexp.Regexp{templateT, templateHint, templateInput} {
		for _, m := range find.FindAllStringSubmatch(plain, -1) {
			used[m[1]] = path
		}
	}
	for _, m := range templateCrumb.FindAllStringSubmatch(plain, -1) {
		for i, q := range quoted.FindAllStringSubmatch(m[1], -1) {
			if i%2 == 0 {
				used[q[1]] = path
			}
		}
	}
	return nil
}

// keysOfCode finds problem.New(status, "type"), .At(field, "key"), .Fail(field, "key"), T(lang, "key")
// and the Title and Text of account.Link.
func keysOfCode(path string, used map[string]string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parsing %s: %w", path, err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			keysOfCall(n, path, used)
		case *ast.CompositeLit:
			keysOfLink(n, path, used)
		}
		return true
	})
	return nil
}

func keysOfCall(call *ast.CallExpr, path string, used map[string]string) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) < 2 {
		return
	}
	text, ok := literal(call.Args[1])
	if !ok || text == "" {
		return
	}
	pkg, _ := f.X.(*ast.Ident)
	switch f.Sel.Name {
	case "New":
		if pkg != nil && pkg.Name == "problem" {
			for _, part := range []string{"title", "detail", "next"} {
				used["problem."+text+"."+part] = path
			}
		}
	case "At", "Fail", "T":
		used[text] = path
	}
}

func keysOfLink(lit *ast.CompositeLit, path string, used map[string]string) {
	if name, ok := lit.Type.(*ast.SelectorExpr); !ok || name.Sel.Name != "Link" {
		return
	}
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, _ := kv.Key.(*ast.Ident)
		if text, ok := literal(kv.Value); ok && text != "" && key != nil && (key.Name == "Title" || key.Name == "Text") {
			used[text] = path
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
