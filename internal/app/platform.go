package app

import (
	"context"
	"path/filepath"
	"time"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/platform"
	"xinban/internal/repair"
	"xinban/internal/report"
	"xinban/internal/store"
)

// platforms opens what tells the platforms that show matters. It goes after the outbox, which sends through it.
func (a *App) platforms(ctx context.Context) error {
	key, err := secret(filepath.Join(a.Config.Data, "keys", "platform.key"))
	if err != nil {
		return err
	}
	a.Platform, err = platform.New(ctx, platform.Config{DB: a.DB, Outbox: a.Outbox, Calendar: a.Calendar, Now: a.Now, Key: key, Origin: a.issuer, Rest: pageRest,
		Says: a.says, Repaired: a.repairedElsewhere})
	return err
}

// tellPlatforms writes, in the transaction of a grant or a revocation, what every platform is told of it.
func (a *App) tellPlatforms(tx *store.Tx, e repair.Effect) error {
	return a.Platform.Tell(tx, platform.Effect{Subject: e.Subject, Matter: e.Matter, Version: e.Seq, End: e.Ends, Sector: e.Domain, DocNo: e.DocNo, Name: e.Name,
		Authority: e.Authority, Case: e.Item, Decided: e.Decided, Reason: e.Reason})
}

// says is what the ledger says of a document of a subject, for comparing with what a platform shows.
func (a *App) says(ctx context.Context, code, docNo string) (platform.Said, error) {
	key, today := credit.OrgKey(credit.NormalCode(code)), credit.DateOf(a.Now())
	st, _, err := a.Ledger.Standing(ctx, key, today, nil)
	if err != nil {
		return platform.Said{}, err
	}
	book, err := a.Books.Book("")
	if err != nil {
		return platform.Said{}, err
	}
	for i := range st.Matters {
		m := &st.Matters[i]
		if credit.NormalDocNo(m.Record.DocNo) != credit.NormalDocNo(docNo) {
			continue
		}
		j := report.Assess(book, a.Organs, m, today)
		ended := m.Withdrawn || j.Window.Over(today)
		for _, d := range []credit.Date{m.Repaired, m.Removed, m.Annulled} {
			ended = ended || d != 0 && d <= today
		}
		return platform.Said{Known: true, Subject: m.Subject, Matter: m.ID, Ended: ended, EndsOn: j.Window.MaxEnd}, nil
	}
	return platform.Said{}, nil
}

// repairedElsewhere honours a repair that another platform granted: it is a fact here, and the other platforms are told.
func (a *App) repairedElsewhere(ctx context.Context, x platform.Arrival) error {
	st, _, err := a.Ledger.Standing(ctx, x.Subject, credit.DateOf(a.Now()), nil)
	if err != nil {
		return err
	}
	for i := range st.Matters {
		m := &st.Matters[i]
		if m.ID != x.Matter || m.Subject != x.Subject || m.Repaired != 0 || m.Removed != 0 {
			continue
		}
		return a.Ledger.Change(ctx, func(tx *store.Tx) error { return a.takeRepair(tx, m, x) })
	}
	return nil // a crash came between: it is a fact already
}

func (a *App) takeRepair(tx *store.Tx, m *ledger.Matter, x platform.Arrival) error {
	what := ledger.Repaired
	if m.Kind.Listing() {
		what = ledger.Removed
	}
	f, err := ledger.NewEvent(x.Subject, m.Kind, x.Matter, ledger.Event{Type: what, Reason: x.Authority + "准予修复", Ref: x.Decision, On: x.Repaired}, a.Now().UnixMilli())
	if err != nil {
		return err
	}
	seq, err := a.Ledger.Append(tx, ledger.Subject{Key: x.Subject}, f)
	if err != nil {
		return err
	}
	if err := a.Intake.Touch(tx, x.Subject); err != nil {
		return err
	}
	return a.Platform.Tell(tx, platform.Effect{Subject: x.Subject, Matter: x.Matter, Version: seq, End: true, Sector: m.Record.Domain, DocNo: m.Record.DocNo, Name: m.Record.Name,
		Authority: x.Authority, Case: x.Decision, Decided: m.Record.Decided, Reason: "在其他平台修复"})
}

// pageRest is after how long a page that agreed is read again.
const pageRest = time.Hour

// platformChores reads pages again and notes days that passed.
func (a *App) platformChores() []chore {
	return []chore{
		{"reading platforms' pages again", func(ctx context.Context) (bool, error) {
			n, err := a.Platform.Check(ctx)
			return n > 0, err
		}},
		{"noting platforms that are late", func(ctx context.Context) (bool, error) {
			n, err := a.Platform.Overdue(ctx, credit.DateOf(a.Now()))
			return n > 0, err
		}},
	}
}

// onPlatforms is how a matter stands on each platform, for the page of its repair.
func (a *App) onPlatforms(ctx context.Context, subject credit.Key, matter credit.MatterID) (all []repair.OnPlatform, err error) {
	targets, err := a.Platform.Targets(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, t := range targets {
		names[t.ID] = t.Name
	}
	shown, err := a.Platform.OfMatter(ctx, subject, matter)
	for _, x := range shown {
		all = append(all, repair.OnPlatform{Name: names[x.Target], State: string(x.State), Since: x.Since, Confirmed: x.Confirmed, Why: x.Reason})
	}
	return all, err
}
