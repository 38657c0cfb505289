package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/group"
	"xinban/internal/mandate"
	"xinban/internal/objection"
	"xinban/internal/outbox"
	"xinban/internal/platform"
	"xinban/internal/receive"
	"xinban/internal/repair"
	"xinban/internal/statement"
	"xinban/internal/tally"
)

// machines are the kinds of cases that the capabilities work on.
func machines() []*casework.Machine {
	return slices.Concat(group.Machines(), repair.Machines(), []*casework.Machine{statement.Machine(), objection.Machine(), mandate.Machine()})
}

// senders are how messages leave, by the scheme of their target.
func (a *App) senders() map[string]outbox.Sender {
	return map[string]outbox.Sender{
		"person":        a.Following.Send,
		"desk":          a.Following.DeliverDesk,
		platform.Scheme: func(ctx context.Context, m outbox.Message) error { return a.Platform.Send(ctx, m) },
		receive.Scheme:  func(ctx context.Context, m outbox.Message) error { return a.Receive.Send(ctx, m) },
	}
}

// work opens what several capabilities stand on: cases, messages, consent and counts.
func (a *App) work(ctx context.Context) (err error) {
	if a.Casework, err = casework.New(ctx, a.DB, a.Now, machines()...); err != nil {
		return err
	}
	if err = a.followers(ctx); err != nil {
		return err
	}
	if a.Outbox, err = outbox.New(ctx, a.DB, a.Now, a.senders()); err != nil {
		return err
	}
	if a.Consent, err = consent.New(ctx, a.DB, a.Now); err != nil {
		return err
	}
	a.Consent.SealWith(sealer{a.Keys})
	if a.Mandate, err = mandate.New(ctx, a.DB, a.Consent, a.Now); err != nil {
		return err
	}
	a.Mandate.ServeRequests(mandate.Requests{Cases: a.Casework, Outbox: a.Outbox, Bound: a.boundTo})
	a.Tally, err = tally.New(ctx, a.DB)
	return err
}

// chore is something done again and again; more says that it is to be done again at once.
type chore struct {
	name string
	do   func(ctx context.Context) (more bool, err error)
}

// chores are what a server does besides answering.
func (a *App) chores() []chore {
	return append(a.platformChores(), []chore{
		{"issuing for groups", a.workGroups},
		{"adding up counts", func(ctx context.Context) (bool, error) {
			n, err := a.Tally.Roll(ctx)
			return n > 0, err
		}},
		{"filling in initials", a.Ledger.FillInitials},
		{"reminding of statements", a.remind},
		{"reminding of repairs", func(ctx context.Context) (bool, error) { return a.Repair.Sweep(ctx) }},
		{"telling of overdue objections", func(ctx context.Context) (bool, error) { return a.Objection.Sweep(ctx) }},
		{"ending requests for consent", a.Mandate.Lapse},
		{"noting consent that does not verify", a.NoteBroken},
		{"telling followers", a.sweep},
		{"telling who looked", func(ctx context.Context) (bool, error) { return a.Following.Looks(ctx) }},
		{"asking for receipts", func(ctx context.Context) (bool, error) { return a.Following.AskReceipts(ctx) }},
		{"forgetting at kiosks", func(ctx context.Context) (bool, error) { return false, a.Hall.ForgetAll(ctx) }},
		{"deleting what receivers keep no longer", func(ctx context.Context) (bool, error) { return a.Receive.Purge(ctx) }},
		{"looking at papers that receivers hold", a.Receive.Look},
		{"dropping the words of messages that were sent", a.Outbox.Forget},
		{"deleting live codes that are over", func(ctx context.Context) (bool, error) { return a.Livecode.Purge(ctx) }},
	}...)
}

// chorePause is how long a chore rests when there is nothing to do.
const chorePause = 2 * time.Second

// keepUp does the chores and sends messages until ctx ends. A failure is logged and tried again.
func (a *App) keepUp(ctx context.Context, log *slog.Logger) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { a.Outbox.Run(ctx, log) })
	for _, c := range a.chores() {
		all.Go(func() { c.run(ctx, log) })
	}
}

// once does a chore, where a panic is an error: what one chore stumbles over must not stop the server.
func (c *chore) once(ctx context.Context) (more bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			more, err = false, fmt.Errorf("app: a panic: %v\n%s", r, debug.Stack())
		}
	}()
	return c.do(ctx)
}

func (c *chore) run(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		more, err := c.once(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error(c.name, "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(chorePause):
		}
	}
}
