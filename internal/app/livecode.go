package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/livecode"
	"xinban/internal/report"
)

// liveCodes opens the live codes on the report. verify is the address of the page that verifies: codes are looked at on
// the same server.
func (a *App) liveCodes(ctx context.Context, verify string) (err error) {
	a.Livecode, err = livecode.New(ctx, livecode.Config{DB: a.DB, Reports: snapshots{a.Report}, Name: a.shownName, Domains: a.domainChoices,
		Base: strings.TrimSuffix(strings.TrimSuffix(verify, "/verify"), "/"), Now: a.Now})
	return err
}

// snapshots is the report as a live code shows it.
type snapshots struct{ s *report.Service }

func (x snapshots) Snapshot(ctx context.Context, key credit.Key, choice livecode.Choice, who audit.Actor) (livecode.Snapshot, error) {
	d, err := x.s.Issue(ctx, report.Request{Key: key, Edition: choice.Edition, Domains: choice.Domains, Shown: true}, who)
	var wrong *report.RequestError
	if errors.As(err, &wrong) {
		return livecode.Snapshot{}, &livecode.ChoiceError{Err: wrong}
	}
	if err != nil {
		return livecode.Snapshot{}, err
	}
	c := &d.Content
	issued, err := time.Parse(time.RFC3339, c.IssuedAt)
	if err != nil {
		return livecode.Snapshot{}, err
	}
	s := livecode.Snapshot{Name: c.ShownName(), Code: c.Subject.Code(), Edition: c.Edition, Conclusion: string(c.Conclusion), From: c.From, To: c.To,
		Issuer: c.Issuer, Number: c.Number, IssuedAt: issued, Unanswered: c.Unanswered, Asked: c.Asked(), Demo: c.Demo}
	if len(choice.Domains) > 0 {
		s.Domains = c.DomainNames()
	}
	for _, d := range c.Domains {
		if d.Records > 0 {
			s.Counts = append(s.Counts, livecode.Count{Domain: d.Name, Records: d.Records})
		}
	}
	for i := range c.Records {
		s.Records = append(s.Records, livecode.Line(lineOf(&c.Records[i])))
	}
	return s, nil
}

func (x snapshots) InForce(ctx context.Context, key credit.Key, number string) (bool, error) {
	status, err := x.s.Ended(ctx, key, number)
	return status == report.Valid, err
}

// domainChoices are the domains of the list in force, by identifier and name.
func (a *App) domainChoices() (all [][2]string) {
	book, err := a.Books.Book("")
	if err != nil {
		return nil // the report, which is asked next, says what is wrong
	}
	for _, d := range book.Domains(credit.DateOf(a.Now())).All() {
		all = append(all, [2]string{d.ID, d.Name})
	}
	return all
}
