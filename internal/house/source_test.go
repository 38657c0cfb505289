package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// root is the top of the repository, seen from this package.
const root = "../.."

// source is one Go file of ours.
type source struct {
	path string // from the top of the repository, with slashes
	pkg  string // folder, such as internal/law/adopted
	test bool
	text string
	file *ast.File
	fset *token.FileSet
}

// line is where a node begins.
func (s *source) line(n ast.Node) int { return s.fset.Position(n.Pos()).Line }

var sources = sync.OnceValues(func() ([]source, error) {
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s := source{path: rel(path), text: string(text), test: strings.HasSuffix(path, "_test.go"), fset: token.NewFileSet()}
		s.pkg = filepath.ToSlash(filepath.Dir(s.path))
		s.file, err = parser.ParseFile(s.fset, path, text, parser.ParseComments)
		all = append(all, s)
		return err
	})
	return all, err
})

func rel(path string) string {
	r, err := filepath.Rel(root, path)
	if err != nil {
		panic(err)
	}
	return filepath.ToSlash(r)
}

// ours reads every Go file of the repository once.
func ours(t *testing.T) []source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d Go files found: is this the repository?", len(all))
	}
	return all
}

// files are all files under the top whose name ends in one of the given ways, from the top with slashes.
func files(t *testing.T, ends ...string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == ".git" || name == "bin" || strings.HasPrefix(name, "xinban-")) {
			return filepath.SkipDir
		}
		for _, end := range ends {
			if !d.IsDir() && strings.HasSuffix(name, end) {
				all = append(all, rel(path))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
