package app

import (
	"context"

	"xinban/internal/accesslog"
	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/follow"
	"xinban/internal/intake"
	"xinban/internal/objection"
	"xinban/internal/page"
	"xinban/internal/repair"
	"xinban/internal/report"
	"xinban/internal/ruleset"
	"xinban/internal/statement"
)

// surfaces is what the capabilities show, in the order in which they are mounted.
func (a *Web) surfaces(pages *page.Renderer) []account.Surface {
	all := []account.Surface{
		a.Report.Surface(report.Deps{Pages: pages, Desk: desk{a.Intake}, Queue: a.Intake, Papers: otherPapers{papers{a.Statement}, consents{a.App}}, Agents: a.Mandate}),
		a.Publicity.Surface(pages),
		a.Following.Surface(follow.Deps{Pages: pages, Names: a.nameOf}),
		a.Statement.Surface(statement.Deps{Pages: pages, Accounts: a.Accounts, Names: a.nameOf}),
		a.Repair.Surface(repair.Deps{Pages: pages, Accounts: a.Accounts, Names: a.nameOf}),
		a.Objection.Surface(objection.Deps{Pages: pages, Names: a.nameOf}),
		a.Receive.Surface(pages),
		a.Livecode.Surface(pages),
		a.Intake.Surface(pages),
		a.Results.Surface(pages),
		(&ruleset.Desk{Books: a.Books, Pages: pages, Now: a.Now}).Surface(),
		(&accesslog.Desk{DB: a.DB, Subjects: a.Ledger, Accounts: a.Accounts, Pages: pages, Now: a.Now}).Surface(),
		a.Hall.Surface(pages),
	}
	all = append(all, a.undelivered(pages).Surface(), a.mandateSurface(pages), a.groupSurface(pages))
	if a.Nature == Demo {
		all = append(all, a.clockSurface())
	}
	return all
}

// desk tells the pages on subjects what intake knows.
type desk struct{ s *intake.Service }

// SourceNames returns the names of the sources by their number.
func (d desk) SourceNames(ctx context.Context) (map[int64]string, error) {
	sources, err := d.s.Sources(ctx)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, s := range sources {
		names[s.ID] = s.Name
	}
	return names, nil
}

// Questions returns the rows that may belong to a subject and await a person's answer.
func (d desk) Questions(ctx context.Context, key credit.Key) ([]report.Question, error) {
	items, err := d.s.Attachments(ctx, key)
	if err != nil {
		return nil, err
	}
	var all []report.Question
	for _, it := range items {
		all = append(all, report.Question{Detail: it.Detail, Other: it.Other, Load: it.Load, Row: it.Row, Opened: it.Opened})
	}
	return all, nil
}
