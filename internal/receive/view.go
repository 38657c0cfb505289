package receive

import "time"

// Tone of the row's badge.
func (r *Row) Tone() string { return [...]string{"bad", "notice", "good"}[r.Rank] }

// ConclusionTone is the tone of what the paper concludes.
func (r *Row) ConclusionTone() string {
	return map[string]string{ConcludesNone: "good", ConcludesFound: "bad", Incomplete: "notice"}[r.Conclusion]
}

// MadeAt is when the papers were checked.
func (b *Batch) MadeAt() time.Time { return at(b.Made) }

// UntilAt is until when the table is kept.
func (b *Batch) UntilAt() time.Time { return at(b.Until) }

// MadeAt is when the address was registered.
func (h *Hook) MadeAt() time.Time { return at(h.Made) }

// MadeAt is when the report was asked for.
func (m *Made) MadeAt() time.Time { return at(m.At) }

// ChangedAt is when the status changed.
func (d *Delivery) ChangedAt() time.Time { return at(d.At) }

// State is what became of the message: none, waiting, sent, refused or cancelled.
func (d *Delivery) State() string {
	if d.Message == nil {
		return "none"
	}
	return string(d.Message.State)
}

// Tone of the state's badge.
func (d *Delivery) Tone() string {
	return map[string]string{"none": "neutral", "waiting": "notice", "sent": "good", "refused": "bad", "cancelled": "neutral"}[d.State()]
}

// StatusText is the status in Chinese.
func (p *Paper) StatusText() string { return statusText[p.Status] }
