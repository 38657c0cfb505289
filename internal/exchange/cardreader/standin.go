package cardreader

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"xinban/internal/hall"
)

// Ways in which the stand-in misbehaves when laid on it.
const (
	Fails   = "fails"   // says that it is broken
	Scratch = "scratch" // says that the card is
	Silent  = "silent"  // never answers
	Garbage = "garbage" // answers with nonsense
)

// StandIn is a reader without a machine. A card laid on it is read once and is then gone, as one that is taken up.
type StandIn struct {
	Client
	listener net.Listener
	done     chan struct{}

	mu    sync.Mutex
	names []string
	cards map[string]hall.Card
	laid  string
}

// NewStandIn listens on a port of this machine. Cards are laid by their name, or by a way to misbehave.
func NewStandIn(names []string, cards map[string]hall.Card) (*StandIn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("cardreader: listening: %w", err)
	}
	s := &StandIn{Client: Client{map[string]string{"": l.Addr().String()}}, listener: l, done: make(chan struct{}), names: names, cards: cards}
	go s.serve()
	return s, nil
}

// Close ends it.
func (s *StandIn) Close() error {
	close(s.done)
	return s.listener.Close()
}

// Cards are the names of what can be laid.
func (s *StandIn) Cards() []string { return slices.Concat(s.names, []string{Garbage, Fails}) }

// Lay lays a card down, or decides how the next reading goes wrong.
func (s *StandIn) Lay(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.laid = name
}

func (s *StandIn) serve() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		go s.answer(conn)
	}
}

func (s *StandIn) answer(conn net.Conn) {
	defer conn.Close()
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || line != "READ\n" {
		return
	}
	s.mu.Lock()
	laid := s.laid
	card, ok := s.cards[laid]
	s.laid = ""
	s.mu.Unlock()
	switch {
	case laid == Silent:
		select {
		case <-s.done:
		case <-time.After(time.Minute):
		}
	case laid == Fails:
		fmt.Fprintln(conn, "FAULT reader antenna")
	case laid == Scratch:
		fmt.Fprintln(conn, "FAULT card checksum")
	case laid == Garbage:
		fmt.Fprintln(conn, "\x1b[0m OK }{ \x00\xff")
	case ok:
		text, err := json.Marshal(card)
		if err == nil {
			fmt.Fprintf(conn, "OK %s\n", text)
		}
	default:
		fmt.Fprintln(conn, "NONE")
	}
}
