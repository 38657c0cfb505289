package exchange

import (
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"xinban/internal/follow"
)

// Mode is how a stand-in behaves.
type Mode string

// The modes.
const (
	Up      Mode = "up"
	Down    Mode = "down"    // breaks every connection
	Slow    Mode = "slow"    // answers when the caller has given up
	Garbage Mode = "garbage" // answers what nobody can read
	Strange Mode = "strange" // answers about another text
	Twice   Mode = "twice"   // takes the text and breaks the connection before it answers, so that it comes twice
	Lost    Mode = "lost"    // takes texts that never arrive
)

// StandIn takes the place of a provider and speaks its protocol: it writes each text as a line of JSON to a file. How it
// behaves stands in the file Path+".mode", so that a person can change it while the program runs; without the file it is
// up.
type StandIn struct {
	Path   string
	Secret []byte

	mu     sync.Mutex
	server *http.Server
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

// Listen answers on a port of this machine and returns where.
func (s *StandIn) Listen() (address string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("exchange: a stand-in for a provider of messages: %w", err)
	}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	go s.server.Serve(l) //nolint:errcheck // it ends with Close
	return "http://" + l.Addr().String(), nil
}

// Close stops answering.
func (s *StandIn) Close() error {
	if s.server == nil {
		return nil
	}
	return s.server.Close()
}

// ServeHTTP answers as a provider would.
func (s *StandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, mostAnswer))
	if err != nil || !s.signed(r, body) {
		answer(w, http.StatusUnauthorized, Receipt{Reason: "签名不符或者时间相差过大"})
		return
	}
	mode := s.mode()
	switch mode {
	case Down:
		panic(http.ErrAbortHandler)
	case Slow:
		<-r.Context().Done()
		return
	case Garbage:
		fmt.Fprint(w, "<html>502")
		return
	case Strange:
		answer(w, http.StatusOK, Receipt{ID: "another", Accepted: true, Receipt: "x", State: follow.OnTheWay})
		return
	}
	if id, asks := strings.CutPrefix(r.URL.Path, "/messages/"); asks && r.Method == http.MethodGet {
		s.delivery(w, id, mode)
		return
	}
	s.take(w, body, mode)
}

// skew is how much the clocks of the two may differ.
const skew = 5 * time.Minute

func (s *StandIn) signed(r *http.Request, body []byte) bool {
	at, err := strconv.ParseInt(r.Header.Get(timeHeader), 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > skew {
		return false
	}
	want := signature(s.Secret, r.Method, r.URL.Path, r.Header.Get(timeHeader), body)
	return hmac.Equal([]byte(want), []byte(r.Header.Get(signatureHeader)))
}

func (s *StandIn) take(w http.ResponseWriter, body []byte, mode Mode) {
	var l letter
	if json.Unmarshal(body, &l) != nil || l.ID == "" || l.To == "" || l.Text == "" {
		answer(w, http.StatusUnprocessableEntity, Receipt{ID: l.ID, Reason: "缺少编号、接收地址或者内容"})
		return
	}
	if err := s.write(follow.Text{ID: l.ID, To: l.To, Body: l.Text}); err != nil {
		answer(w, http.StatusInternalServerError, Receipt{ID: l.ID, Reason: "无法保存"})
		return
	}
	if mode == Twice {
		panic(http.ErrAbortHandler)
	}
	answer(w, http.StatusAccepted, Receipt{ID: l.ID, Accepted: true, Receipt: "R-" + l.ID, State: follow.OnTheWay})
}

func (s *StandIn) delivery(w http.ResponseWriter, id string, mode Mode) {
	all, err := s.Texts()
	if err != nil {
		answer(w, http.StatusInternalServerError, Receipt{ID: id, Reason: "无法读取"})
		return
	}
	for _, t := range all {
		if t.ID != id {
			continue
		}
		state := follow.Arrived
		if mode == Lost {
			state = follow.Failed
		}
		answer(w, http.StatusOK, Receipt{ID: id, Accepted: true, Receipt: "R-" + id, State: state})
		return
	}
	answer(w, http.StatusNotFound, Receipt{ID: id, Reason: "没有这条消息"})
}

func answer(w http.ResponseWriter, status int, r Receipt) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(r) // the caller is gone; nothing to do
}

// write keeps a text. One that came before is kept once.
func (s *StandIn) write(t follow.Text) error {
	line, err := json.Marshal(t)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := s.Texts()
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.ID == t.ID {
			return nil
		}
	}
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
