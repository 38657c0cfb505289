package cardreader

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"xinban/internal/hall"
)

func standIn(t *testing.T) *StandIn {
	t.Helper()
	s, err := NewStandIn([]string{"firm"}, map[string]hall.Card{"firm": {Number: "91000000MA0000001R", Name: "岚港演示有限公司", Licence: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestWhatAReaderAnswers(t *testing.T) {
	t.Parallel()
	s := standIn(t)
	for laid, want := range map[string]error{"": hall.ErrNoCard, "firm": nil, Garbage: hall.ErrBadCard, Fails: hall.ErrReader, Scratch: hall.ErrBadCard, Silent: hall.ErrReader} {
		s.Lay(laid)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		card, err := s.ReadCard(ctx, "kiosk")
		cancel()
		if !errors.Is(err, want) || (want == nil) != (card.Number != "") {
			t.Errorf("%q: %+v, %v", laid, card, err)
		}
	}
	if _, err := s.ReadCard(t.Context(), "kiosk"); !errors.Is(err, hall.ErrNoCard) {
		t.Errorf("a card is read twice: %v", err)
	}
}

func TestAReaderThatIsNotThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	for _, c := range []Client{{}, {map[string]string{"kiosk": addr}}} {
		if _, err := c.ReadCard(t.Context(), "kiosk"); !errors.Is(err, hall.ErrReader) {
			t.Errorf("%v", err)
		}
	}
}

// Whatever a driver sends is a card that can be used or an error, and no error repeats it.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{"OK {}", `OK {"number":"1","name":"甲"}`, "NONE", "FAULT x", "FAULT card x", "FAULT reader", "OK", "\x00", `OK {"number":1}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		card, err := parse(line)
		if err == nil && (card.Number == "" || len(card.Number) > 40) {
			t.Errorf("%q is taken for %+v", line, card)
		}
		if err != nil && len(line) > 20 && strings.Contains(err.Error(), line) {
			t.Errorf("%q is repeated", line)
		}
	})
}
