package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed templates/*.html
var shell embed.FS

// languages are those for which every page is prepared.
var languages = [...]string{"zh-CN", "en"}

// Text gives messages; i18n.Catalogue does.
type Text interface {
	T(lang, key string, args ...any) string
}

// Renderer renders pages. Add everything first; after that it is safe for concurrent use.
type Renderer struct {
	text   Text
	assets *Assets
	base   map[string]*template.Template            // shell and parts, by language
	pages  map[string]map[string]*template.Template // by language, then name
}

// New returns a renderer with the shell, the components and the error page.
func New(text Text, assets *Assets) (*Renderer, error) {
	r := &Renderer{text: text, assets: assets, base: map[string]*template.Template{}, pages: map[string]map[string]*template.Template{}}
	for _, lang := range languages {
		r.base[lang] = template.New("").Funcs(funcs(lang, text, assets)).Option("missingkey=error")
		r.pages[lang] = map[string]*template.Template{}
	}
	return r, r.Add(shell)
}

// Say returns a message in a language, for what is no page, such as a file of figures.
func (r *Renderer) Say(lang, key string, args ...any) string { return r.text.T(lang, key, args...) }

// Add prepares the templates of files: first every *.part.html, then every *.page.html.
func (r *Renderer) Add(files fs.FS) error {
	var parts, pages []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
		case strings.HasSuffix(name, ".part.html"):
			parts = append(parts, name)
		case strings.HasSuffix(name, ".page.html"):
			pages = append(pages, name)
		case strings.HasSuffix(name, ".html"):
			err = fmt.Errorf("page: %s is neither *.page.html nor *.part.html", name)
		}
		return err
	})
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range parts {
		errs = append(errs, r.addPart(files, name))
	}
	for _, name := range pages {
		errs = append(errs, r.addPage(files, name))
	}
	return errors.Join(errs...)
}

func (r *Renderer) addPart(files fs.FS, name string) error {
	text, err := source(files, name)
	if err != nil {
		return err
	}
	for _, lang := range languages {
		if _, err := r.base[lang].New(name).Parse(text); err != nil {
			return fmt.Errorf("page: %w", err)
		}
	}
	return nil
}

func (r *Renderer) addPage(files fs.FS, file string) error {
	text, err := source(files, file)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(path.Base(file), ".page.html")
	for _, lang := range languages {
		if r.pages[lang][name] != nil {
			return fmt.Errorf("page: %s: there is already a page %q", file, name)
		}
		set, err := r.base[lang].Clone()
		if err != nil {
			return fmt.Errorf("page: %w", err)
		}
		if _, err := set.New(file).Parse(text); err != nil {
			return fmt.Errorf("page: %w", err)
		}
		if set.Lookup("main") == nil || set.Lookup("title") == nil {
			return fmt.Errorf(`page: %s must define "title" and "main"`, file)
		}
		r.pages[lang][name] = set
	}
	return nil
}

// Pages returns the names of the pages.
func (r *Renderer) Pages() []string {
	var names []string
	for name := range r.pages[languages[0]] {
		names = append(names, name)
	}
	return names
}

// root is the dot of a page.
type root struct {
	View *View
	Data any
}

// Render answers with a page. Nothing is sent when it returns an error.
func (r *Renderer) Render(w http.ResponseWriter, req *http.Request, status int, name string, data any) error {
	return r.render(w, req, status, name, "shell", data)
}

// Fragment answers with one template of a page, for htmx. Its dot is the same as the page's.
func (r *Renderer) Fragment(w http.ResponseWriter, req *http.Request, status int, name, fragment string, data any) error {
	return r.render(w, req, status, name, fragment, data)
}

func (r *Renderer) render(w http.ResponseWriter, req *http.Request, status int, name, tmpl string, data any) error {
	v := From(req.Context())
	set := r.pages[v.Lang][name]
	if set == nil {
		return fmt.Errorf("page: there is no page %q in %q", name, v.Lang)
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, tmpl, root{v, data}); err != nil {
		return fmt.Errorf("page: rendering %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client is gone; nothing to do
	return nil
}
