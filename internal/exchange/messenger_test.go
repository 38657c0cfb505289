package exchange

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"xinban/internal/follow"
)

// Only a receipt that names the text and accepts it counts as sent.
func TestProvidersThatMisbehaveHaveNotSent(t *testing.T) {
	t.Parallel()
	s := &StandIn{Path: filepath.Join(t.TempDir(), "a.jsonl")}
	m := &Messenger{Label: "甲", Carrier: s}
	text := follow.Text{ID: "1", To: "13812345678", Body: "有消息"}
	for _, mode := range []Mode{Down, Slow, Garbage, Strange, Up} {
		if err := s.Set(mode); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		err := m.Send(ctx, text)
		cancel()
		if (err == nil) != (mode == Up) {
			t.Errorf("%s: %v", mode, err)
		}
	}
	if all, err := s.Texts(); err != nil || len(all) != 1 || all[0] != text {
		t.Errorf("%v, %v", all, err)
	}
}

// When the first provider is down, slow or talks nonsense, the second sends.
func TestTheSecondProviderTakesOver(t *testing.T) {
	t.Parallel()
	for _, mode := range []Mode{Down, Slow, Garbage, Strange} {
		a, b := &StandIn{Path: filepath.Join(t.TempDir(), "a")}, &StandIn{Path: filepath.Join(t.TempDir(), "b")}
		if err := a.Set(mode); err != nil {
			t.Fatal(err)
		}
		g := follow.Gateway{Providers: []follow.Provider{&Messenger{"甲", a}, &Messenger{"乙", b}}, Wait: 20 * time.Millisecond}
		if err := g.Send(t.Context(), follow.Text{ID: "1"}); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
		if all, err := b.Texts(); err != nil || len(all) != 1 {
			t.Errorf("%s: the second sent %d, %v", mode, len(all), err)
		}
		if err := b.Set(Down); err != nil {
			t.Fatal(err)
		}
		if g.Send(t.Context(), follow.Text{ID: "2"}) == nil {
			t.Errorf("%s and down: the text counts as sent", mode)
		}
	}
}
