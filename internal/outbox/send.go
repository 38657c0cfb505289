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

// Sender hands a message to its target. An error that wraps [ErrRefused] is final, one that wraps [ErrUnwanted] ends the
// message, and any other is tried again.
type Sender func(ctx context.Context, m Message) error

// Waits between tries: the first, twice as long each time, at most the last.
const (
	firstWait = 2 * time.Second
	lastWait  = time.Hour
)

// sendTime bounds one try.
const sendTime = 10 * time.Second

// idle is how long the sender rests before it looks for what another process wrote.
const idle = 5 * time.Second

// Wake tells the sender that something was written.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends, and then waits for what is under way. A message whose target hangs holds one place of
// [workers] and nobody else's.
func (o *Outbox) Run(ctx context.Context, log *slog.Logger) {
	places := make(chan struct{}, workers)
	var all sync.WaitGroup
	defer all.Wait()
	for ctx.Err() == nil {
		list, err := o.claim(ctx, workers-len(places))
		if err != nil && ctx.Err() == nil {
			log.Error("claiming messages", "error", err)
		}
		for i := range list {
			places <- struct{}{} // there is room: only this loop fills it
			all.Go(func() {
				defer func() { <-places; o.Wake() }()
				o.work(ctx, &list[i], log)
			})
		}
		if len(list) > 0 && len(places) < workers && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-o.wake:
		case <-time.After(idle):
		}
	}
}

func (o *Outbox) work(ctx context.Context, m *Message, log *slog.Logger) {
	defer o.free([]Message{*m})
	came, err := o.try(ctx, m)
	if err != nil && ctx.Err() == nil {
		log.Error("sending a message", "error", err)
	}
	if came.State == Refused || came.State == Waiting && came.Tries == Alarm {
		log.Warn("a message does not reach its target; the centre is shown it", "target", m.Target, "topic", m.Topic, "state", came.State, "tries", came.Tries, "error", came.Error)
	}
}

// Send tries what is due once and returns how many it tried.
func (o *Outbox) Send(ctx context.Context) (n int, err error) {
	for {
		list, err := o.claim(ctx, workers)
		if err != nil || len(list) == 0 {
			return n, err
		}
		n += len(list)
		if err := o.sendAll(ctx, list); err != nil {
			return n, err
		}
	}
}

func (o *Outbox) sendAll(ctx context.Context, list []Message) error {
	errs := make([]error, len(list))
	var all sync.WaitGroup
	for i := range list {
		all.Go(func() {
			defer o.free(list[i : i+1])
			_, errs[i] = o.try(ctx, &list[i])
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// try sends one message and notes what came of it. Another that took its place meanwhile has another
// version and is left alone.
func (o *Outbox) try(ctx context.Context, m *Message) (came Message, err error) {
	sending, cancel := context.WithTimeout(ctx, sendTime)
	err = o.send(sending, m)
	cancel()
	if ctx.Err() != nil {
		return *m, ctx.Err() // stopped: whether it arrived is not known, and it is sent again
	}
	now := o.now()
	came = outcome(m, err, now)
	silent := came.State == Waiting && came.Tries > m.Tries
	err = o.db.Tx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(`UPDATE outbox_message SET state = $1, tries = $2, due = $3, error = $4
			WHERE subject = $5 AND target = $6 AND topic = $7 AND version = $8 AND state = 'waiting'`,
			string(came.State), came.Tries, came.Due, came.Error, string(m.Subject), m.Target, m.Topic, m.Version); err != nil {
			return err
		}
		switch {
		case silent:
			return o.failed(tx, m.Target, came.Error, now)
		case came.State == Sent:
			return answered(tx, m.Target)
		}
		return nil
	})
	if err != nil {
		return came, fmt.Errorf("outbox: noting a try: %w", err)
	}
	return came, nil
}

// outcome is the message after a try.
func outcome(m *Message, err error, now time.Time) Message {
	came := *m
	came.State, came.Error, came.Due, came.Tries = Sent, "", now.UnixMilli(), m.Tries+1
	if err == nil {
		return came
	}
	came.Error = err.Error()
	switch later := (Later{}); {
	case errors.Is(err, ErrRefused):
		came.State = Refused
	case errors.Is(err, ErrUnwanted):
		came.State = Cancelled
	case errors.As(err, &later):
		came.State, came.Due, came.Tries = Waiting, later.Until.UnixMilli(), m.Tries
	default:
		came.State, came.Due = Waiting, now.Add(wait(m.Tries)).UnixMilli()
	}
	return came
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
