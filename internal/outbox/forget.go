package outbox

import (
	"context"
	"fmt"

	"xinban/internal/store"
)

// BodyKept is for how many days the words of a message are kept after it was sent or ended. That there was one, to whom, on
// what and of which version is kept for good: a target is told each thing once.
const BodyKept = 30

// forgotten is how many bodies one step drops.
const forgotten = 200

// Forget drops the bodies that are over; more says that there may be more of them.
func (o *Outbox) Forget(ctx context.Context) (more bool, err error) {
	list, err := scan(o.db.Query(ctx, "SELECT "+columns+" FROM outbox_message WHERE state IN ('sent', 'cancelled') AND body <> '' AND due < $1 ORDER BY due, subject, target, topic LIMIT $2",
		o.now().AddDate(0, 0, -BodyKept).UnixMilli(), int64(forgotten)))
	if err != nil || len(list) == 0 {
		return false, err
	}
	err = o.db.Bulk(ctx, func(tx *store.Tx) error {
		for i := range list {
			m := &list[i]
			if _, err := tx.Exec("UPDATE outbox_message SET body = '' WHERE subject = $1 AND target = $2 AND topic = $3 AND version = $4 AND state IN ('sent', 'cancelled')",
				string(m.Subject), m.Target, m.Topic, m.Version); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("outbox: dropping what was said: %w", err)
	}
	return len(list) == forgotten, nil
}
