package outbox

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Cursor is the place of a message in a list that is paged by key.
func (m *Message) Cursor() string {
	return strings.Join([]string{strconv.FormatInt(m.Due, 36), string(m.Subject), m.Target, m.Topic}, "\n")
}

// parseCursor reads a cursor; what is none begins with the first.
func parseCursor(text string) Message {
	p := strings.Split(text, "\n")
	due, err := strconv.ParseInt(p[0], 36, 64)
	if err != nil || len(p) != 4 {
		return Message{Due: math.MinInt64}
	}
	return Message{Due: due, Subject: credit.Key(p[1]), Target: p[2], Topic: p[3]}
}

// Stuck lists up to limit messages that a person must look at, after the cursor of a page before (empty: from the first):
// those that were refused, or those that were tried [Alarm] times and wait. The longest waiting come first.
func (o *Outbox) Stuck(ctx context.Context, state State, after string, limit int) ([]Message, error) {
	where := "state = 'refused'"
	if state == Waiting {
		where = "state = 'waiting' AND tries >= 5" // [Alarm], spelled out for the index
	}
	c := parseCursor(after)
	return scan(o.db.Query(ctx, "SELECT "+columns+" FROM outbox_message WHERE "+where+" AND (due, subject, target, topic) > ($1, $2, $3, $4) ORDER BY due, subject, target, topic LIMIT $5",
		c.Due, string(c.Subject), c.Target, c.Topic, int64(limit)))
}

// Silent is a target that did not answer [Alarm] times or more in a row: all its messages wait.
type Silent struct {
	Target string
	Fails  int64
	Until  int64 // UTC ms of the next try
	Error  string
}

// Silent lists up to limit targets that do not answer, the worst first.
func (o *Outbox) Silent(ctx context.Context, limit int) (all []Silent, err error) {
	rows, err := o.db.Query(ctx, "SELECT target, fails, until, error FROM outbox_target WHERE fails >= $1 ORDER BY fails DESC, target DESC LIMIT $2", int64(Alarm), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("outbox: listing silent targets: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x Silent
		if err := rows.Scan(&x.Target, &x.Fails, &x.Until, &x.Error); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, rows.Err()
}

// Revive lets all that was not delivered to a target be tried at once, in the caller's transaction: the target has said
// that it wants it now, such as at a new address. Call [Outbox.Wake] after it has committed. What was kept so long that its
// body is gone stays as it is.
func (o *Outbox) Revive(tx *store.Tx, target string) error {
	_, err := tx.Exec("UPDATE outbox_message SET state = 'waiting', tries = 0, due = $1, error = '' WHERE target = $2 AND state <> 'sent' AND body <> ''", o.now().UnixMilli(), target)
	if err == nil {
		err = answered(tx, target)
	}
	if err != nil {
		return fmt.Errorf("outbox: reviving messages: %w", err)
	}
	return nil
}

// TryTarget lets what waits for a target be tried at once, by a person's decision; what was refused or ended stays so.
func (o *Outbox) TryTarget(ctx context.Context, target string) error {
	err := o.db.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec("UPDATE outbox_message SET due = $1 WHERE target = $2 AND state = 'waiting'", o.now().UnixMilli(), target); err != nil {
			return err
		}
		return answered(tx, target)
	})
	if err != nil {
		return fmt.Errorf("outbox: trying a target again: %w", err)
	}
	o.Wake()
	return nil
}
