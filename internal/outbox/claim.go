package outbox

import (
	"context"
	"fmt"
	"time"

	"xinban/internal/store"
)

// Bounds of what is under way.
const (
	workers   = 32 // messages sent at once by one process
	perTarget = 4  // of them to one target, so that one that hangs leaves room for the others
)

// lease is how long a claimed message is its claimer's: longer than a try lasts. When the claimer is killed
// the message is due again after it.
const lease = 6 * sendTime

// looked bounds how many due messages one claim looks at past those of targets that are at their limit.
const (
	lookStep = 200
	looked   = 20 * lookStep
)

// claim takes up to room due messages for this process: it moves their time forward in a transaction before they are sent,
// so that another process leaves them alone. Those of a target that rests are put off until it has rested.
func (o *Outbox) claim(ctx context.Context, room int) ([]Message, error) {
	resting, err := o.resting(ctx)
	if err != nil {
		return nil, err
	}
	var mine, later []Message
	var after *Message
	for seen := 0; seen < looked && len(mine) < room; seen += lookStep {
		list, err := o.due(ctx, after, lookStep)
		if err != nil {
			o.free(mine)
			return nil, err
		}
		for i := range list {
			m := &list[i]
			switch _, rests := resting[m.Target]; {
			case rests:
				later = append(later, *m)
			case len(mine) < room && o.reserve(m.Target):
				mine = append(mine, *m)
			}
		}
		if len(list) < lookStep {
			break
		}
		after = &list[len(list)-1]
	}
	won, err := o.take(ctx, mine)
	if err != nil {
		return nil, err
	}
	return won, o.putOff(ctx, later, resting)
}

// take moves the time of the messages forward and returns those of which no other process was first.
func (o *Outbox) take(ctx context.Context, mine []Message) (won []Message, err error) {
	if len(mine) == 0 {
		return nil, nil
	}
	until := o.now().Add(lease).UnixMilli()
	var lost []Message
	err = o.db.Tx(ctx, func(tx *store.Tx) error {
		won, lost = won[:0], lost[:0]
		for _, m := range mine {
			n, err := tx.Exec(`UPDATE outbox_message SET due = $1 WHERE subject = $2 AND target = $3 AND topic = $4 AND version = $5 AND due = $6 AND state = 'waiting'`,
				until, string(m.Subject), m.Target, m.Topic, m.Version, m.Due)
			if err != nil {
				return err
			}
			if n == 0 {
				lost = append(lost, m)
				continue
			}
			m.Due = until
			won = append(won, m)
		}
		return nil
	})
	if err != nil {
		o.free(mine)
		return nil, fmt.Errorf("outbox: claiming messages: %w", err)
	}
	o.free(lost)
	return won, nil
}

// rest is until when a target is left alone, and why.
type rest struct {
	until int64 // UTC ms
	why   string
}

func (o *Outbox) resting(ctx context.Context) (map[string]rest, error) {
	rows, err := o.db.Query(ctx, "SELECT target, until, error FROM outbox_target WHERE until > $1", o.now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("outbox: looking which targets rest: %w", err)
	}
	defer rows.Close()
	all := map[string]rest{}
	for rows.Next() {
		var target string
		var r rest
		if err := rows.Scan(&target, &r.until, &r.why); err != nil {
			return nil, err
		}
		all[target] = r
	}
	return all, rows.Err()
}

// putOff lets messages wait until their target has rested. They were not tried.
func (o *Outbox) putOff(ctx context.Context, later []Message, resting map[string]rest) error {
	for len(later) > 0 {
		n := min(len(later), lookStep)
		err := o.db.Tx(ctx, func(tx *store.Tx) error {
			for _, m := range later[:n] {
				r := resting[m.Target]
				if _, err := tx.Exec(`UPDATE outbox_message SET due = $1, error = $2 WHERE subject = $3 AND target = $4 AND topic = $5 AND version = $6 AND due = $7 AND state = 'waiting'`,
					r.until, r.why, string(m.Subject), m.Target, m.Topic, m.Version, m.Due); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("outbox: putting messages off: %w", err)
		}
		later = later[n:]
	}
	return nil
}

// reserve takes one of the places of a target; false when all are taken.
func (o *Outbox) reserve(target string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy[target] >= perTarget {
		return false
	}
	o.busy[target]++
	return true
}

func (o *Outbox) free(list []Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range list {
		if o.busy[list[i].Target]--; o.busy[list[i].Target] == 0 {
			delete(o.busy, list[i].Target)
		}
	}
}

// failed notes in the transaction of a try that the target did not answer, and lets it rest.
func (o *Outbox) failed(tx *store.Tx, target, why string, now time.Time) error {
	var fails int64
	rows, err := tx.Query("SELECT fails FROM outbox_target WHERE target = $1", target)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := rows.Scan(&fails); err != nil {
			rows.Close()
			return err
		}
	}
	if err := rows.Close(); err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO outbox_target (target, fails, until, error) VALUES ($1, $2, $3, $4)
		ON CONFLICT (target) DO UPDATE SET fails = excluded.fails, until = excluded.until, error = excluded.error WHERE outbox_target.until <= $5`,
		target, fails+1, now.Add(wait(fails)).UnixMilli(), why, now.UnixMilli())
	return err
}

// answered notes that a target works: it rests no longer.
func answered(tx *store.Tx, target string) error {
	_, err := tx.Exec("DELETE FROM outbox_target WHERE target = $1", target)
	return err
}
