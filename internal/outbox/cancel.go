package outbox

import (
	"fmt"
	"time"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Cancelled is a message that its target no longer wants: it was not sent and is not stuck.
const Cancelled State = "cancelled"

// Cancel ends the waiting messages about a subject to a target, in the caller's transaction: the target has said
// that it wants no more. One that is being sent at this moment may still arrive.
func (o *Outbox) Cancel(tx *store.Tx, subject credit.Key, target string) error {
	_, err := tx.Exec("UPDATE outbox_message SET state = 'cancelled' WHERE subject = $1 AND target = $2 AND state <> 'sent'", string(subject), target)
	if err != nil {
		return fmt.Errorf("outbox: cancelling messages: %w", err)
	}
	return nil
}

// Later is what a [Sender] returns for a message that must not be sent yet, such as at night. It waits until then,
// and is no failed try.
type Later struct{ Until time.Time }

// Error says until when.
func (l Later) Error() string {
	return "暂缓至" + l.Until.In(credit.Shanghai).Format("2006-01-02 15:04")
}
