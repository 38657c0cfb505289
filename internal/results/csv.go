package results

import (
	"encoding/csv"
	"fmt"
	"net/http"

	"xinban/internal/page"
	"xinban/internal/problem"
)

// download gives the figures of the page as CSV, with a byte order mark for spreadsheet programs.
func (p *pages) download(w http.ResponseWriter, r *http.Request) error {
	form := page.Form{}
	from, to := p.period(r.URL.Query(), &form)
	if len(form.Wrong) > 0 {
		return problem.New(http.StatusBadRequest, "bad-request")
	}
	f, err := p.Figures(r.Context(), from, to, inside(r.Context()))
	if err != nil {
		return err
	}
	f.name()
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="results.csv"`)
	if _, err := w.Write([]byte("\ufeff")); err != nil {
		return nil // the client is gone
	}
	out := csv.NewWriter(w)
	_ = out.WriteAll(f.table(func(key string) string { return p.render.Say(page.From(r.Context()).Lang, key) }))
	return nil
}

// table is the figures in rows: what, by what, value, reports, certificates.
func (f *Figures) table(t func(key string) string) [][]string {
	number := func(n int64) string { return fmt.Sprint(n) }
	rows := [][]string{
		{t("results.csv.what"), t("results.csv.value"), t("results.reports"), t("results.certificates")},
		{t("results.csv.period"), f.From.String() + "/" + f.To.String(), number(f.Reports), number(f.Certificates)},
		{t("results.hours"), f.Hours, "", ""},
		{t("results.withdrawn"), "", number(f.Withdrawn), number(f.WithdrawnCertificates)},
		{t("results.rows"), number(f.Rows), "", ""},
		{t("results.published"), number(f.Published), "", ""},
	}
	for _, x := range []struct {
		key    string
		shares []Share
		named  bool
	}{{"results.by.edition", f.Editions, false}, {"results.by.domain", f.Domains, true}, {"results.by.channel", f.Channels, false}, {"results.by.purpose", f.Purposes, false}} {
		for _, s := range x.shares {
			name, reports := s.Name, number(s.Reports)
			if x.named {
				reports = ""
			} else {
				name = t(s.Name)
			}
			rows = append(rows, []string{t(x.key), name, reports, number(s.Certificates)})
		}
	}
	for _, d := range f.Days {
		rows = append(rows, []string{t("results.by.day"), d.Date.String(), number(d.Reports), number(d.Certificates)})
	}
	return rows
}
