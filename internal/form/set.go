package form

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"xinban/internal/credit"
)

//go:embed templates/*.yaml
var files embed.FS

// defaults are the templates that come with the program.
var defaults = sync.OnceValues(func() ([]*Template, error) {
	names, err := fs.Glob(files, "templates/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("form: listing the templates: %w", err)
	}
	var all []*Template
	for _, name := range names {
		body, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("form: %w", err)
		}
		t, err := Read(body)
		if err != nil {
			return nil, fmt.Errorf("form: %s: %w", name, err)
		}
		all = append(all, t)
	}
	return all, nil
})

// Set is the templates of a house, in all their dated states.
type Set struct{ byID map[string][]*Template }

// NewSet holds the program's templates and the centre's own after them: of two states of one template with the same
// date the later one given is used.
func NewSet(own ...*Template) (*Set, error) {
	all, err := defaults()
	if err != nil {
		return nil, err
	}
	s := &Set{byID: map[string][]*Template{}}
	for _, t := range slices.Concat(all, own) {
		s.byID[t.ID] = append(s.byID[t.ID], t)
	}
	for _, states := range s.byID {
		slices.SortStableFunc(states, func(a, b *Template) int { return int(a.From) - int(b.From) })
	}
	return s, nil
}

// IDs are the names of all templates, sorted.
func (s *Set) IDs() []string { return slices.Sorted(maps.Keys(s.byID)) }

// On is the template in the state that is used on a date.
func (s *Set) On(id string, on credit.Date) (*Template, error) {
	states := s.byID[id]
	if len(states) == 0 {
		return nil, fmt.Errorf("没有名为“%s”的表单模板", id)
	}
	for _, t := range slices.Backward(states) {
		if t.From <= on {
			return t, nil
		}
	}
	return nil, fmt.Errorf("表单模板“%s”自%s起使用，%s还不能用", states[0].Title, states[0].From.Chinese(), on.Chinese())
}
