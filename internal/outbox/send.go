package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"xinban/internal/store"
)

// Sender hands a message to its target. An error that wraps [ErrRefused] is final; any other is tried again.
type Sender func(ctx context.Context, m Message) error

// Waits between tries: the first, twice as long each time, at most the last.
const (
	firstWait = 2 * time.Second
	lastWait  = time.Hour
)

// sendTime bounds one try, so that a target that hangs holds up nobody else's for long.
const sendTime = 10 * time.Second

// batch is how many messages are sent at once.
const batch = 32

// idle is how long the sender rests before it looks for what another process wrote.
const idle = 5 * time.Second

// Wake tells the sender that something was written.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends.
func (o *Outbox) Run(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		n, err := o.Send(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("sending messages", "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-o.wake:
		case <-time.After(idle):
		}
	}
}

// Send tries what is due once and returns how many it tried.
func (o *Outbox) Send(ctx context.Context) (int, error) {
	list, err := o.due(ctx, batch)
	if err != nil {
		return 0, err
	}
	errs := make([]error, len(list))
	var all sync.WaitGroup
	for i := range list {
		all.Go(func() { errs[i] = o.try(ctx, &list[i]) })
	}
	all.Wait()
	return len(list), errors.Join(errs...)
}

// try sends one message and notes what came of it. Another that took its place meanwhile has another
// version and is left alone.
func (o *Outbox) try(ctx context.Context, m *Message) error {
	sending, cancel := context.WithTimeout(ctx, sendTime)
	err := o.send(sending, m)
	cancel()
	if ctx.Err() != nil {
		return ctx.Err() // stopped: whether it arrived is not known, and it is sent again
	}
	next, text, failed := Sent, "", int64(1)
	due := m.Due
	if err != nil {
		text = err.Error()
		if next = Waiting; errors.Is(err, ErrRefused) {
			next = Refused
		}
		due = o.now().Add(wait(m.Tries)).UnixMilli()
		if later := (Later{}); errors.As(err, &later) {
			due, failed = later.Until.UnixMilli(), 0
		}
	}
	err = o.db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE outbox_message SET state = $1, tries = tries + $2, due = $3, error = $4
			WHERE subject = $5 AND target = $6 AND topic = $7 AND version = $8 AND state = 'waiting'`,
			string(next), failed, due, text, string(m.Subject), m.Target, m.Topic, m.Version)
		return err
	})
	if err != nil {
		return fmt.Errorf("outbox: noting a try: %w", err)
	}
	return nil
}

func (o *Outbox) send(ctx context.Context, m *Message) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("发送程序出错：%v", r)
		}
	}()
	scheme, _, _ := strings.Cut(m.Target, ":")
	sender := o.senders[scheme]
	if sender == nil {
		return fmt.Errorf("%w：没有“%s”这种发送方式", ErrRefused, cmp.Or(scheme, m.Target))
	}
	return sender(ctx, *m)
}

// wait is how long to wait after so many tries.
func wait(tries int64) time.Duration {
	return min(lastWait, firstWait<<min(tries, 20))
}
