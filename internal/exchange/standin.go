package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"xinban/internal/follow"
)

// Mode is how a stand-in behaves.
type Mode string

// The modes.
const (
	Up      Mode = "up"
	Down    Mode = "down"    // refuses every connection
	Slow    Mode = "slow"    // answers when the caller has given up
	Garbage Mode = "garbage" // answers what nobody can read
	Strange Mode = "strange" // answers about another text
)

// StandIn takes the place of a provider: it writes each text as a line of JSON to a file. How it behaves stands in
// the file Path+".mode", so that a person can change it while the program runs; without the file it is up.
type StandIn struct {
	Path string
	mu   sync.Mutex
}

// Set tells the stand-in how to behave.
func (s *StandIn) Set(m Mode) error { return os.WriteFile(s.Path+".mode", []byte(m), 0o640) }

func (s *StandIn) mode() Mode {
	b, err := os.ReadFile(s.Path + ".mode")
	if err != nil {
		return Up
	}
	return Mode(strings.TrimSpace(string(b)))
}

// Carry answers as a provider would.
func (s *StandIn) Carry(ctx context.Context, t follow.Text) ([]byte, error) {
	switch s.mode() {
	case Down:
		return nil, errors.New("连接被拒绝")
	case Slow:
		<-ctx.Done()
		return nil, ctx.Err()
	case Garbage:
		return []byte("<html>502"), nil
	case Strange:
		return json.Marshal(receipt{ID: "another", Accepted: true})
	}
	if err := s.write(t); err != nil {
		return nil, err
	}
	return json.Marshal(receipt{ID: t.ID, Accepted: true})
}

func (s *StandIn) write(t follow.Text) error {
	line, err := json.Marshal(t)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := os.OpenFile(s.Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("exchange: writing a text: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// Texts are those that were taken, the oldest first.
func (s *StandIn) Texts() ([]follow.Text, error) {
	b, err := os.ReadFile(s.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []follow.Text
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		var t follow.Text
		if err := json.Unmarshal([]byte(line), &t); err != nil {
			return nil, fmt.Errorf("exchange: reading a text: %w", err)
		}
		all = append(all, t)
	}
	return all, nil
}
