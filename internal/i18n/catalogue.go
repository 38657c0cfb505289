package i18n

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// The languages (BCP 47). Chinese comes first: it is used when nothing else is asked for.
const (
	Chinese = "zh-CN"
	English = "en"
)

//go:embed messages/*.yaml
var base embed.FS

// message is one text in both languages.
type message struct {
	Chinese string `yaml:"zh-CN"`
	English string `yaml:"en"`
}

// Catalogue is a set of messages, safe for concurrent use.
type Catalogue struct {
	mu       sync.RWMutex
	messages map[string]message
	from     map[string]string // file of each key, for error messages
}

// New returns a catalogue with the messages of the shell, of accounts and of common problems.
func New() (*Catalogue, error) {
	c := &Catalogue{messages: map[string]message{}, from: map[string]string{}}
	return c, c.Load(base)
}

// Load merges every *.yaml file of files, at any depth. A key that exists, a missing language, or
// translations that use different arguments are errors, all reported together.
func (c *Catalogue) Load(files fs.FS) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		errs = append(errs, c.add(name, text)...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("i18n: reading messages: %w", err)
	}
	return errors.Join(errs...)
}

func (c *Catalogue) add(file string, text []byte) (errs []error) {
	var got map[string]message
	if err := yaml.UnmarshalWithOptions(text, &got, yaml.Strict()); err != nil {
		return []error{fmt.Errorf("i18n: %s: %w", file, err)}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		m := got[key]
		switch first, ok := c.from[key]; {
		case ok:
			errs = append(errs, fmt.Errorf("i18n: %s: %q is already in %s", file, key, first))
		case m.Chinese == "" || m.English == "":
			errs = append(errs, fmt.Errorf("i18n: %s: %q needs zh-CN and en", file, key))
		case !slices.Equal(arguments(m.Chinese), arguments(m.English)):
			errs = append(errs, fmt.Errorf("i18n: %s: %q uses other arguments in zh-CN than in en", file, key))
		default:
			c.messages[key], c.from[key] = m, file
		}
	}
	return errs
}

// T returns the message of key in lang, with {0}, {1} … replaced by args. An unknown language is
// Chinese; an unknown key is shown as ⟦key⟧, which the tests look for.
func (c *Catalogue) T(lang, key string, args ...any) string {
	c.mu.RLock()
	m, ok := c.messages[key]
	c.mu.RUnlock()
	if !ok {
		return "⟦" + key + "⟧"
	}
	text := m.Chinese
	if lang == English {
		text = m.English
	}
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", fmt.Sprint(a))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Has tells whether the catalogue knows key.
func (c *Catalogue) Has(key string) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	_, ok := c.messages[key]
	return ok
}

// Keys returns every key in order.
func (c *Catalogue) Keys() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return slices.Sorted(maps.Keys(c.messages))
}

// arguments lists the distinct argument numbers used in text, in order.
func arguments(text string) []string {
	seen := map[string]bool{}
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return slices.Sorted(maps.Keys(seen))
		}
		n, after, ok := strings.Cut(after, "}")
		if _, err := strconv.ParseUint(n, 10, 8); ok && err == nil {
			seen[n] = true
		}
		rest = after
	}
}
