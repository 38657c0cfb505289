package platform

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// Mode is how the stand-in behaves.
type Mode string

// The modes.
const (
	OK       Mode = "ok"
	Down     Mode = "down"      // breaks every connection
	Slow     Mode = "slow"      // answers when the caller has given up
	Twice    Mode = "twice"     // takes an effect and breaks the connection before it answers, so that it comes twice
	Garbage  Mode = "garbage"   // answers what nobody can read
	Deny     Mode = "deny"      // takes effects, but its page shows what it showed before
	FailHalf Mode = "fail_half" // every second call fails, at random
)

// Behaviour is how the stand-in behaves until it is told otherwise.
type Behaviour struct {
	Mode  Mode `json:"mode"`
	Least int  `json:"least_ms"` // bounds of how long it takes for an answer
	Most  int  `json:"most_ms"`
}

// Behave tells the stand-in how to behave; false when there is no such way.
func (s *StandIn) Behave(b Behaviour) bool {
	switch b.Mode {
	case OK, Down, Slow, Twice, Garbage, Deny, FailHalf:
	default:
		return false
	}
	if b.Least < 0 || b.Most < b.Least {
		return false
	}
	s.behaviour.Store(&b)
	return true
}

func (s *StandIn) now() Behaviour {
	if b := s.behaviour.Load(); b != nil {
		return *b
	}
	return Behaviour{Mode: OK}
}

func (s *StandIn) behave(w http.ResponseWriter, r *http.Request) {
	var b Behaviour
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody)).Decode(&b) != nil || !s.Behave(b) {
		http.Error(w, "请写明 mode：ok、down、slow、twice、garbage、deny 或 fail_half", http.StatusUnprocessableEntity)
		return
	}
	reply(w, http.StatusOK, b)
}

// misbehave wraps what the outside sees.
func (s *StandIn) misbehave(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b := s.now()
		if b.Most > 0 {
			select {
			case <-r.Context().Done():
				return
			case <-time.After(time.Duration(b.Least+rand.IntN(b.Most-b.Least+1)) * time.Millisecond):
			}
		}
		switch b.Mode {
		case Down:
			panic(http.ErrAbortHandler)
		case Slow:
			_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, mostBody)) // only when it is read does the server see the caller leave
			<-r.Context().Done()
			return
		case Garbage:
			_, _ = w.Write([]byte("<html><body>502 Bad Gateway")) // the caller is gone; nothing to do
			return
		case FailHalf:
			if rand.IntN(2) == 0 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		}
		next(w, r)
	}
}
