package app

import (
	"context"
	"errors"
	"path/filepath"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/follow"
	"xinban/internal/outbox"
	"xinban/internal/report"
)

// followers opens what tells subjects' users. It goes before the outbox, which is opened with its senders.
func (a *App) followers(ctx context.Context) error {
	key, err := secret(filepath.Join(a.Config.Data, "keys", "follow.key"))
	if err != nil {
		return err
	}
	gateway := &follow.Gateway{}
	if gateway.Providers, err = a.messengers(); err != nil {
		return err
	}
	a.Following, err = follow.New(ctx, follow.Config{DB: a.DB, Outbox: func() *outbox.Outbox { return a.Outbox }, Subjects: followed{a}, Gateway: gateway,
		Key: key, Now: a.Now})
	return err
}

// followed tells the followers what the report knows of a subject, and who belongs to it.
type followed struct{ a *App }

// followedReports is how many of the newest reports of a subject the sweep looks at, for what time alone changes. What
// ends a report is told in that transaction, however old the report is.
const followedReports = 20

func (f followed) Matters(ctx context.Context, key credit.Key) ([]follow.Matter, error) {
	own, _, err := f.a.Report.OwnMatters(ctx, key)
	if err != nil {
		return nil, err
	}
	var all []follow.Matter
	for i := range own {
		m := &own[i]
		all = append(all, follow.Matter{ID: m.ID.String(), HiddenFrom: m.PublicUntil(), ApplyFrom: m.RepairFrom(), Done: m.Repaired != 0 || m.Removed != 0 || m.Annulled != 0})
	}
	return all, nil
}

func (f followed) Reports(ctx context.Context, key credit.Key) ([]follow.Report, error) {
	lines, err := f.a.Report.Standings(ctx, key, followedReports)
	if err != nil {
		return nil, err
	}
	var all []follow.Report
	for number, st := range lines {
		all = append(all, follow.Report{Number: number, Changed: st == report.Changed, Withdrawn: st == report.Withdrawn})
	}
	return all, nil
}

func (f followed) Bound(ctx context.Context, id string, key credit.Key) (bool, error) {
	x, err := f.a.accounts.ByID(ctx, id)
	if errors.Is(err, account.ErrNoAccount) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, k := range x.Subjects {
		if k == key {
			return !x.Closed, nil
		}
	}
	return false, nil
}

// sweep is the chore that tells followers what a day brings.
func (a *App) sweep(ctx context.Context) (bool, error) { return a.Following.Sweep(ctx) }
