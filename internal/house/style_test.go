package house

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// longest is the number of lines from which a file says more than one thing.
const longest = 700

func TestFilesStayShort(t *testing.T) {
	for _, s := range ours(t) {
		if n := strings.Count(s.text, "\n"); n > longest {
			t.Errorf("%s has %d lines", s.path, n)
		}
	}
}

// Every package says what it is for, in exactly one place.
func TestPackagesHaveOneDocComment(t *testing.T) {
	docs, seen := map[string]int{}, map[string]bool{}
	for _, s := range ours(t) {
		if s.test {
			continue
		}
		seen[s.pkg] = true
		if s.file.Doc != nil && strings.TrimSpace(s.file.Doc.Text()) != "" {
			docs[s.pkg]++
		}
	}
	for pkg := range seen {
		if docs[pkg] != 1 {
			t.Errorf("%s has %d package comments, want one", pkg, docs[pkg])
		}
	}
}

// Every exported name says what it means; of a group, the group may say it.
func TestExportedNamesAreExplained(t *testing.T) {
	for _, s := range ours(t) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !obvious[d.Name.Name] {
					t.Errorf("%s:%d: %s has no doc comment", s.path, s.line(d), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if name := unexplained(d, spec); name != "" {
						t.Errorf("%s:%d: %s has no doc comment", s.path, s.line(spec), name)
					}
				}
			}
		}
	}
}

// obvious are methods that the standard library's interfaces explain.
var obvious = map[string]bool{"Error": true, "Unwrap": true, "String": true, "Len": true, "Less": true, "Swap": true, "Run": true,
	"MarshalJSON": true, "UnmarshalJSON": true, "MarshalText": true, "UnmarshalText": true, "UnmarshalYAML": true, "Write": true, "Read": true,
	"Close": true, "Scan": true, "Value": true, "ServeHTTP": true, "Is": true}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	for {
		switch x := typ.(type) {
		case *ast.StarExpr:
			typ = x.X
		case *ast.IndexExpr:
			typ = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

// unexplained is the first exported name of a declaration that nothing explains.
func unexplained(d *ast.GenDecl, spec ast.Spec) string {
	switch x := spec.(type) {
	case *ast.TypeSpec:
		if x.Name.IsExported() && d.Doc == nil && x.Doc == nil && x.Comment == nil {
			return x.Name.Name
		}
	case *ast.ValueSpec:
		for _, name := range x.Names {
			if name.IsExported() && d.Doc == nil && x.Doc == nil && x.Comment == nil {
				return name.Name
			}
		}
	}
	return ""
}

// What is unfinished is not written down as a wish. The pattern is spelt so that it does not find itself.
var wish = regexp.MustCompile(`\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b`)

func TestNothingIsLeftAsAWish(t *testing.T) {
	for _, path := range files(t, ".go", ".sql", ".yaml", ".sh", ".html", ".md", "Makefile") {
		for i, line := range strings.Split(read(t, path), "\n") {
			if wish.MatchString(line) {
				t.Errorf("%s:%d: %s", path, i+1, strings.TrimSpace(line))
			}
		}
	}
}

func TestNoInitAndNoCommonPackages(t *testing.T) {
	for _, s := range ours(t) {
		switch s.file.Name.Name {
		case "util", "utils", "common", "helper", "helpers", "misc", "base":
			t.Errorf("%s: package %s says nothing", s.path, s.file.Name.Name)
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s:%d: init registers behind the reader's back", s.path, s.line(f))
			}
		}
	}
}

// clocks are the files of floors 0 to 3 that may read the machine's clock, each with its reason. Everything else
// takes the date, or a clock, from its caller: a rule and a replay must not depend on when they run.
var clocks = map[string]string{
	"internal/account/service.go":     "the default of the injected clock",
	"internal/report/follow_write.go": "how long a transaction has run, which is not the field's time",
	"internal/intake/domain.go":       "the age of a cache in memory",
	"internal/intake/inbox.go":        "the age of files left over in the folder for uploads",
	"internal/intake/lease.go":        "how long the owner of a load has been silent, which is not the field's time",
	"internal/intake/loading.go":      "rows a second and time left, shown while a file is taken in",
	"internal/intake/progress.go":     "rows a second and time left, shown while a file is taken in",
}

func TestClocksAreInjected(t *testing.T) {
	used := map[string]bool{}
	for _, s := range ours(t) {
		pkg, in := strings.CutPrefix(s.pkg, "internal/")
		if s.test || !in || floors[top(pkg)] > capabilities {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			x, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if id, ok := x.X.(*ast.Ident); ok && id.Name == "time" && (x.Sel.Name == "Now" || x.Sel.Name == "Since" || x.Sel.Name == "Until") {
				used[s.path] = true
				if clocks[s.path] == "" {
					t.Errorf("%s:%d reads the clock: take it from the caller", s.path, s.line(x))
				}
			}
			return true
		})
	}
	for path := range clocks {
		if !used[path] {
			t.Errorf("%s reads no clock any more: strike it from the list", path)
		}
	}
}

// Money and dates have types of their own; floating point is for measuring and drawing.
func TestMoneyIsNeverFloat(t *testing.T) {
	money := regexp.MustCompile(`(?i)(fen|fine|amount|yuan|money)`)
	for _, s := range ours(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if f, ok := n.(*ast.Field); ok {
				if id, ok := f.Type.(*ast.Ident); ok && strings.HasPrefix(id.Name, "float") {
					for _, name := range f.Names {
						if money.MatchString(name.Name) {
							t.Errorf("%s:%d: %s is money in floating point", s.path, s.line(f), name.Name)
						}
					}
				}
			}
			return true
		})
	}
}

// strings of SQL in Go code
func TestStatementsListTheirColumnsAndPageByKey(t *testing.T) {
	star, offset := regexp.MustCompile(`(?i)select\s+(\w+\.)?\*\s`), regexp.MustCompile(`\bOFFSET\b`)
	for _, s := range ours(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if ok && l.Kind == token.STRING && (star.MatchString(l.Value) || offset.MatchString(l.Value)) {
				t.Errorf("%s:%d: %s", s.path, s.line(l), l.Value)
			}
			return true
		})
	}
}
