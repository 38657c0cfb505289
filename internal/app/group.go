package app

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/group"
	"xinban/internal/mandate"
	"xinban/internal/page"
	"xinban/internal/report"
	"xinban/internal/store"
)

// mandateSurface is the pages of consent, with the purposes of reports.
func (a *Web) mandateSurface(pages *page.Renderer) account.Surface {
	var purposes []string
	for _, p := range report.Presets() {
		purposes = append(purposes, p.Purpose)
	}
	return a.Mandate.Surface(mandate.Deps{Pages: pages, Ledger: a.Ledger, Accounts: a.Accounts, Purposes: purposes, Domains: a.consentDomains})
}

func (a *Web) groupSurface(pages *page.Renderer) account.Surface {
	var presets []group.Preset
	for _, p := range report.Presets() {
		presets = append(presets, group.Preset(p))
	}
	return a.Group.Surface(group.Deps{Pages: pages, Books: a.Books.Book, Presets: presets})
}

func (a *App) newGroup(ctx context.Context, accounts *account.Service) (*group.Service, error) {
	return group.New(ctx, group.Config{DB: a.DB, Cases: a.Casework, Ledger: a.Ledger, Reports: groupReports{a}, Mandates: a.Mandate, Accounts: accounts,
		Now: a.Now, Area: a.platformArea, Asking: a.askedFor, AtOnce: 4 * runtime.GOMAXPROCS(0)}) // while some are signed, others are written
}

// askedFor tells how a request of the caller for a subject's consent stands.
func (a *App) askedFor(ctx context.Context, me account.Principal, subject credit.Key, purpose string) (group.Asking, error) {
	state, q, ok, err := a.Mandate.LastAsked(ctx, me, subject, consent.Ask, purpose)
	if err != nil || !ok {
		return group.Asking{}, err
	}
	switch state {
	case mandate.Asked:
		return group.Asking{State: group.Asked}, nil
	case mandate.Given:
		return group.Asking{State: group.Given}, nil
	case mandate.Declined:
		return group.Asking{State: group.Declined, Reason: q.Reason}, nil
	}
	return group.Asking{}, nil // lapsed or withdrawn: it may be asked again
}

// platformArea is where the areas lie whose data the platform gathers, by the profile of the region. The demo's province has
// codes of its own.
func (a *App) platformArea() (string, error) {
	if a.Nature == Demo {
		return demo.LanhaiProvince.Area[:2], nil
	}
	book, err := a.Books.Book("")
	if err != nil {
		return "", err
	}
	region, err := book.Region(a.region, credit.DateOf(a.Now()))
	if err != nil {
		return "", err
	}
	return region.Area, nil
}

// workGroups issues for groups until nothing waits, then waits for a request.
func (a *App) workGroups(ctx context.Context) (more bool, err error) {
	if a.Group == nil {
		return false, nil
	}
	if more, err = a.Group.Work(ctx); more || err != nil {
		return more, err
	}
	return a.Group.Wait(ctx, chorePause), nil
}

// groupReports lets the requests for a group issue reports.
type groupReports struct{ a *App }

func (g groupReports) request(s group.Settings) report.Request {
	r := report.Request{Edition: s.Edition, From: s.From, To: s.To, Domains: s.Domains, Purpose: s.Purpose, Paper: true}
	if s.Years > 0 {
		r.From, r.To = g.a.Report.LastYears(s.Years)
	}
	return r
}

func refusal(err error) error {
	var bad *report.RequestError
	if errors.As(err, &bad) || errors.Is(err, report.ErrNoSubject) {
		return &group.Refusal{Text: err.Error()}
	}
	return err
}

// Check tells whether a report with the settings may be asked for today.
func (g groupReports) Check(s group.Settings) error {
	return refusal(g.a.Report.CheckRequest(g.request(s)))
}

// Issue issues one report.
func (g groupReports) Issue(ctx context.Context, key credit.Key, s group.Settings, who audit.Actor, within func(*store.Tx, string) error) (string, error) {
	r := g.request(s)
	r.Key, r.Within = key, within
	doc, err := g.a.Report.Issue(ctx, r, who)
	if err != nil {
		return "", refusal(err)
	}
	return doc.Content.Number, nil
}

// Paper reads a report that was issued.
func (g groupReports) Paper(ctx context.Context, number string) (group.Paper, error) {
	doc, err := g.a.Report.Document(ctx, number)
	if err != nil {
		return group.Paper{}, err
	}
	c := &doc.Content
	status, why, err := g.a.Report.StatusOf(ctx, c.Subject, number)
	if err != nil {
		return group.Paper{}, err
	}
	return group.Paper{Name: c.Name, From: c.From, To: c.To, Conclusion: conclusion(c), Status: group.Status(status), Why: why, PDF: doc.Paper, JSON: doc.Envelope}, nil
}

// Ended tells which of many reports were replaced or withdrawn.
func (g groupReports) Ended(ctx context.Context, papers []group.Place) (map[string]group.Status, error) {
	places := make([]report.Place, len(papers))
	for i, p := range papers {
		places[i] = report.Place{Subject: p.Key, Number: p.Number}
	}
	ended, err := g.a.Report.EndedOf(ctx, places)
	all := make(map[string]group.Status, len(ended))
	for number, status := range ended {
		all[number] = group.Status(status)
	}
	return all, err
}

// conclusion is what a report says in all, for a table.
func conclusion(c *report.Content) string {
	switch c.Conclusion {
	case report.ConcludesNone:
		return "未查见违法违规记录"
	case report.ConcludesFound:
		n := 0
		for _, d := range c.Domains {
			n += d.Records
		}
		return fmt.Sprintf("查见记录%d条", n)
	}
	return "部分领域不作结论"
}
