package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/exchange/cardreader"
	"xinban/internal/exchange/printer"
	"xinban/internal/hall"
	"xinban/internal/problem"
	"xinban/internal/report"
)

// openHall opens windows, kiosks and embedded pages. A demo has a reader and a printer that stand in.
func (a *App) openHall(ctx context.Context) (err error) {
	c := hall.Config{Ledger: a.Ledger, Consent: a.Consent, Reports: sheets{a}, Now: a.Now}
	if a.Nature == Demo {
		if a.Reader, err = cardreader.NewStandIn(demoCards()); err != nil {
			return err
		}
		a.Printer = &printer.StandIn{}
		c.Reader, c.Printer = a.Reader, a.Printer
	} else {
		if len(a.Config.Readers) > 0 {
			c.Reader = &cardreader.Client{Addrs: a.Config.Readers}
		}
		if len(a.Config.Printers) > 0 {
			c.Printer = &printer.Network{Addrs: a.Config.Printers}
		}
	}
	a.Hall, err = hall.New(ctx, c)
	return err
}

// demoCards are what the demo lays on the reader.
func demoCards() (names []string, cards map[string]hall.Card) {
	p := demo.Default()
	cards = map[string]hall.Card{}
	for _, c := range p.Cards() {
		names = append(names, c.ID)
		cards[c.ID] = hall.Card{Number: c.Number, Name: c.Name, Licence: c.Licence, PIN: c.PIN}
	}
	return names, cards
}

// sheets makes reports for the hall.
type sheets struct{ a *App }

func (s sheets) Purposes() (all []hall.Purpose) {
	for _, p := range report.Purposes() {
		all = append(all, hall.Purpose{ID: p.ID, Printed: p.Printed, Edition: p.Edition})
	}
	return all
}

func (s sheets) Issue(ctx context.Context, o hall.Order, who audit.Actor) (*hall.Sheet, error) {
	d, err := s.a.Report.Issue(ctx, report.Request{Key: o.Key, Edition: o.Purpose.Edition, Purpose: o.Purpose.Printed, Paper: true, Within: o.Within}, who)
	var bad *report.RequestError
	switch {
	case errors.As(err, &bad):
		return nil, problem.New(http.StatusUnprocessableEntity, "form").AtText("purpose", bad.Error())
	case errors.Is(err, report.ErrNoSubject):
		return nil, problem.New(http.StatusUnprocessableEntity, "form").AtText("purpose", err.Error())
	case err != nil:
		return nil, err
	}
	return sheet(d)
}

func (s sheets) Sheet(ctx context.Context, number string) (*hall.Sheet, error) {
	d, err := s.a.Report.Printed(ctx, number)
	if errors.Is(err, report.ErrNoDocument) {
		return nil, hall.ErrNoReport
	}
	if err != nil {
		return nil, err
	}
	return sheet(d)
}

func (s sheets) ByCode(ctx context.Context, number, code string) (*hall.Sheet, error) {
	v, err := s.a.Report.LookUp(ctx, number, code)
	if errors.Is(err, report.ErrNoDocument) {
		return nil, hall.ErrNoReport
	}
	if err != nil {
		return nil, err
	}
	found, err := s.Sheet(ctx, v.Number)
	if err == nil {
		found.Withdrawn = v.Status == report.Withdrawn
	}
	return found, err
}

func (s sheets) Numbers(ctx context.Context, key credit.Key, limit int) (all []hall.Line, err error) {
	lines, err := s.a.Report.Documents(ctx, key, "", limit)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		all = append(all, hall.Line{Number: l.Number, Edition: l.Edition, Purpose: l.Purpose, Issued: time.UnixMilli(l.Issued).UTC()})
	}
	return all, nil
}

func sheet(d *report.Issued) (*hall.Sheet, error) {
	c := &d.Content
	issued, err := time.Parse(time.RFC3339, c.IssuedAt)
	s := &hall.Sheet{Number: c.Number, Code: c.Code, Subject: c.Subject, Name: c.Name, Edition: c.Edition, Purpose: c.Purpose, Conclusion: string(c.Conclusion),
		From: c.From, To: c.To, Issued: issued, Asked: c.Asked(), Unanswered: c.Unanswered, PDF: d.Paper}
	s.Answered = s.Asked - len(c.Unanswered)
	for _, x := range c.Domains {
		if x.Records > 0 {
			s.FoundIn++
			s.Found = append(s.Found, hall.Found{Domain: x.Name, Records: x.Records})
		}
	}
	return s, err
}
