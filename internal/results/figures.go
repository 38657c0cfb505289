package results

import (
	"context"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/tally"
)

// What is counted, as those note it who make it happen.
const (
	reports               = "report"
	certificates          = "report.certificate"
	withdrawn             = "report.withdrawn"
	withdrawnCertificates = "report.withdrawn.certificate"
	rowsGathered          = "intake.row"
	mattersPublished      = "public.matter"
	reportsShown          = "report.shown"
)

// Figures are the results of a period.
type Figures struct {
	From                  credit.Date `json:"from" format:"date"`
	To                    credit.Date `json:"to" format:"date"`
	Reports               int64       `json:"reports" doc:"reports issued, those withdrawn later among them"`
	Certificates          int64       `json:"certificates" doc:"for each report the domains that gave an answer"`
	Minutes               int64       `json:"minutes_saved" doc:"certificates multiplied by the minutes that one takes"`
	Hours                 string      `json:"hours_saved" doc:"the same in hours"`
	Withdrawn             int64       `json:"withdrawn" doc:"reports withdrawn in the period, whenever they were issued"`
	WithdrawnCertificates int64       `json:"withdrawn_certificates"`
	Rows                  int64       `json:"rows" doc:"rows gathered (归集量)"`
	Published             int64       `json:"published" doc:"matters that entered the public pages (公示量)"`
	Shown                 int64       `json:"shown" doc:"reports made to be shown by a live code (亮码); they replace no certificate and are not among reports"`
	Editions              []Share     `json:"editions"`
	Domains               []Share     `json:"domains"`
	Channels              []Share     `json:"channels,omitempty" doc:"for the credit centre"`
	Purposes              []Share     `json:"purposes,omitempty" doc:"for the credit centre"`
	Days                  []Day       `json:"days" doc:"days on which reports were issued, the last 31 of them"`
	PerCertificate        []Hours     `json:"hours_per_certificate"`
}

// Share is what falls on one value of a facet.
type Share struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Reports      int64  `json:"reports"` // 0 for domains, where a certificate is counted for each
	Certificates int64  `json:"certificates"`
}

// Day is what fell on one day.
type Day struct {
	Date         credit.Date `json:"date" format:"date"`
	Reports      int64       `json:"reports"`
	Certificates int64       `json:"certificates"`
}

// shownDays is how many days the chart of days shows.
const shownDays = 31

// Figures reads the results of a period, both days included; inside adds what only the centre sees.
func (s *Service) Figures(ctx context.Context, from, to credit.Date, inside bool) (*Figures, error) {
	f := &Figures{From: from, To: to}
	for _, x := range []struct {
		kind string
		n    *int64
	}{{reports, &f.Reports}, {certificates, &f.Certificates}, {withdrawn, &f.Withdrawn}, {withdrawnCertificates, &f.WithdrawnCertificates},
		{rowsGathered, &f.Rows}, {mattersPublished, &f.Published}, {reportsShown, &f.Shown}} {
		var err error
		if *x.n, err = s.c.Tally.Total(ctx, x.kind, from, to); err != nil {
			return nil, err
		}
	}
	if err := s.saved(ctx, f); err != nil {
		return nil, err
	}
	if err := s.days(ctx, f); err != nil {
		return nil, err
	}
	if !inside { // who entered a value is for those within
		for i := range f.PerCertificate {
			f.PerCertificate[i].Author = ""
		}
	}
	return f, s.facets(ctx, f, inside)
}

// saved multiplies the certificates of each span with the minutes in force.
func (s *Service) saved(ctx context.Context, f *Figures) (err error) {
	if f.PerCertificate, err = s.hours(ctx); err != nil {
		return err
	}
	for _, x := range spans(f.PerCertificate, f.From, f.To) {
		n, err := s.c.Tally.Total(ctx, certificates, x.from, x.to)
		if err != nil {
			return err
		}
		f.Minutes += n * x.minutes
	}
	f.Hours = hoursText(f.Minutes)
	return nil
}

func (s *Service) days(ctx context.Context, f *Figures) error {
	from := max(f.From, f.To.AddDays(1-shownDays))
	issued, err := s.c.Tally.Days(ctx, reports, "", from, f.To)
	if err != nil {
		return err
	}
	replaced, err := s.c.Tally.Days(ctx, certificates, "", from, f.To)
	if err != nil {
		return err
	}
	for _, x := range issued {
		f.Days = append(f.Days, Day{Date: x.Day, Reports: x.N})
	}
	for _, x := range replaced {
		if i := slices.IndexFunc(f.Days, func(d Day) bool { return d.Date == x.Day }); i >= 0 {
			f.Days[i].Certificates = x.N
		}
	}
	return nil
}

func (s *Service) facets(ctx context.Context, f *Figures, inside bool) (err error) {
	if f.Editions, err = s.shares(ctx, f, "edition"); err != nil {
		return err
	}
	if f.Domains, err = s.shares(ctx, f, "domain"); err != nil {
		return err
	}
	for i := range f.Domains {
		f.Domains[i].Name = s.c.Names.Domain(f.Domains[i].ID)
	}
	if !inside {
		return nil
	}
	if f.Channels, err = s.shares(ctx, f, "channel"); err != nil {
		return err
	}
	f.Purposes, err = s.shares(ctx, f, "purpose")
	return err
}

// shares are reports and certificates by the values of a facet, the most certificates first.
func (s *Service) shares(ctx context.Context, f *Figures, facet string) ([]Share, error) {
	replaced, err := s.c.Tally.By(ctx, certificates, facet, f.From, f.To)
	if err != nil {
		return nil, err
	}
	issued, err := s.c.Tally.By(ctx, reports, facet, f.From, f.To)
	if err != nil {
		return nil, err
	}
	all := make([]Share, 0, len(replaced))
	for _, x := range replaced {
		sh := Share{ID: x.Value, Name: x.Value, Certificates: x.N}
		if i := slices.IndexFunc(issued, func(y tally.Sum) bool { return y.Value == x.Value }); i >= 0 {
			sh.Reports = issued[i].N
		}
		all = append(all, sh)
	}
	return all, nil
}
