package app

import (
	"context"
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
	a.Livecode, err = livecode.New(ctx, livecode.Config{DB: a.DB, Reports: snapshots{a.Report}, Name: a.shownName,
		Base: strings.TrimSuffix(strings.TrimSuffix(verify, "/verify"), "/"), Now: a.Now})
	return err
}

// snapshots is the report as a live code shows it.
type snapshots struct{ s *report.Service }

func (x snapshots) Snapshot(ctx context.Context, key credit.Key, edition string, who audit.Actor) (livecode.Snapshot, error) {
	d, err := x.s.Issue(ctx, report.Request{Key: key, Edition: edition, Shown: true}, who)
	if err != nil {
		return livecode.Snapshot{}, err
	}
	c := &d.Content
	issued, err := time.Parse(time.RFC3339, c.IssuedAt)
	if err != nil {
		return livecode.Snapshot{}, err
	}
	s := livecode.Snapshot{Name: c.ShownName(), Code: c.Subject.Code(), Edition: c.Edition, Conclusion: string(c.Conclusion), From: c.From, To: c.To,
		Issuer: c.Issuer, Number: c.Number, IssuedAt: issued, Unanswered: c.Unanswered, Asked: len(c.Domains), Demo: c.Demo}
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
