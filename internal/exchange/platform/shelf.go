package platform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"xinban/internal/platform"
)

// Matter is what the stand-in keeps of a matter.
type Matter struct {
	platform.Push
	Applied int `json:"applied"` // how many effects changed it
}

// shelf is the stand-in's store: a file with one line of JSON for each effect that it took.
type shelf struct {
	mu      sync.Mutex
	file    *os.File
	matters map[string]*Matter
	keys    map[string]bool // attempts that it took
}

// openShelf reads what was kept. A last line that was cut off by a kill was never confirmed, and is cut away.
func openShelf(path string) (*shelf, error) {
	s := &shelf{matters: map[string]*Matter{}, keys: map[string]bool{}}
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("platform: opening the stand-in's store: %w", err)
	}
	whole := b[:bytes.LastIndexByte(b, '\n')+1]
	for line := range bytes.Lines(whole) {
		var p platform.Push
		if err := json.Unmarshal(line, &p); err != nil {
			return nil, fmt.Errorf("platform: reading the stand-in's store: %w", err)
		}
		s.put(p)
	}
	if s.file, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o640); err != nil {
		return nil, fmt.Errorf("platform: opening the stand-in's store: %w", err)
	}
	if err := s.file.Truncate(int64(len(whole))); err != nil {
		return nil, err
	}
	_, err = s.file.Seek(0, 2)
	return s, err
}

// take keeps an effect durably; one that came before or is older than what is there changes nothing.
func (s *shelf) take(p platform.Push) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys[p.Key] {
		return nil
	}
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if _, err := s.file.Write(append(line, '\n')); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	s.put(p)
	return nil
}

func (s *shelf) put(p platform.Push) {
	s.keys[p.Key] = true
	m := s.matters[p.ID]
	switch {
	case m == nil:
		s.matters[p.ID] = &Matter{p, 1}
	case p.Version > m.Version:
		m.Push = p
		m.Applied++
	}
}

// get is a copy of a matter.
func (s *shelf) get(id string) (Matter, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.matters[id]
	if m == nil {
		return Matter{}, false
	}
	return *m, true
}

// all lists copies of the matters, by their identifiers.
func (s *shelf) all() []Matter {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Matter, 0, len(s.matters))
	for _, m := range s.matters {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b Matter) int { return strings.Compare(a.ID, b.ID) })
	return all
}
