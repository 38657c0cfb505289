package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"xinban/internal/report"
)

// followBatch is how many entries are followed before the queue is read again, where what a person did goes first: well
// under a second of work.
const followBatch = 1000

// followPause is how long the follower rests when there is nothing to follow.
const followPause = time.Second

// Follower brings the public pages and the statuses of documents up to date with the facts.
func (a *App) Follower() *report.Follower {
	all := []report.Projection{a.Report, a.Publicity, a.Repair}
	if a.accounts != nil { // who follows is asked of the accounts
		all = append(all, a.Following)
	}
	return report.NewFollower(a.Ledger, a.Intake, all...)
}

// FollowAll follows until nothing is left, as a fresh demo does before it is shown.
func (a *App) FollowAll(ctx context.Context) error {
	f := a.Follower()
	for {
		n, err := f.Follow(ctx, followBatch)
		if err != nil || n == 0 {
			return err
		}
	}
}

// follow keeps the projections up to date until ctx ends. A failure is logged and tried again: the
// queue keeps what was not followed, and the rest goes on. It rests when nothing got further.
func (a *App) follow(ctx context.Context, log *slog.Logger) {
	f := a.Follower()
	for ctx.Err() == nil {
		n, err := f.Follow(ctx, followBatch)
		more, rerr := a.Publicity.Refresh(ctx)
		if err = errors.Join(err, rerr); err == nil && n == 0 && !more {
			err = a.Publicity.UpToDate(ctx)
		}
		if n == 0 && !more {
			more, rerr = a.Publicity.Sweep(ctx)
			err = errors.Join(err, rerr)
		}
		if err != nil && ctx.Err() == nil {
			log.Error("following changed facts", "error", err)
		}
		if n == 0 && !more {
			select {
			case <-ctx.Done():
			case <-time.After(followPause):
			}
		}
	}
}
