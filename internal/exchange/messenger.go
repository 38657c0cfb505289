package exchange

import (
	"context"
	"encoding/json"
	"fmt"

	"xinban/internal/follow"
)

// Carrier is what a provider of messages answers to a text: a receipt in JSON.
type Carrier interface {
	Carry(ctx context.Context, t follow.Text) (answer []byte, err error)
}

// receipt is a provider's answer. A text is taken only when it names the text and accepts it.
type receipt struct {
	ID       string `json:"id"`
	Accepted bool   `json:"accepted"`
	Reason   string `json:"reason"`
}

// Messenger is a provider of messages.
type Messenger struct {
	Label   string // what people call it
	Carrier Carrier
}

// Name is what people call it.
func (m *Messenger) Name() string { return m.Label }

// Send gives a text to the provider and reads its receipt.
func (m *Messenger) Send(ctx context.Context, t follow.Text) error {
	answer, err := m.Carrier.Carry(ctx, t)
	if err != nil {
		return err
	}
	var r receipt
	if err := json.Unmarshal(answer, &r); err != nil {
		return fmt.Errorf("答复无法识别")
	}
	if r.ID != t.ID || !r.Accepted {
		return fmt.Errorf("没有受理：%s", r.Reason)
	}
	return nil
}
