package results

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type resultsData struct {
	*Figures
	Period page.Form
	Form   page.Form
	Inside bool // the centre and the operator see more
	Editor bool // the centre sets the hours
	Now    Hours
	Past   []pastHours
	Query  string // of the period, for the CSV
	Done   bool
}

// ShownHours is the hours saved with the thousands set apart.
func (d *resultsData) ShownHours() string { return grouped(d.Hours) }

// pastHours is a value with when it was entered.
type pastHours struct {
	Hours
	At time.Time
}

func inside(ctx context.Context) bool {
	return account.From(ctx).Has(account.Centre, account.Operator)
}

// period is the days asked for, by default all.
func (s *Service) period(v url.Values, f *page.Form) (from, to credit.Date) {
	from, to = begun, s.today()
	for _, x := range []struct {
		field string
		day   *credit.Date
	}{{"from", &from}, {"to", &to}} {
		text := strings.TrimSpace(v.Get(x.field))
		if text == "" {
			continue
		}
		d, err := credit.ParseDate(text)
		if err != nil {
			f.Fail(x.field, "results.date.wrong")
			continue
		}
		*x.day = d
	}
	if from > to && len(f.Wrong) == 0 {
		f.Fail("to", "results.date.order")
		to = from
	}
	return from, to
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.page(w, r, page.Form{Values: url.Values{}})
}

func (p *pages) page(w http.ResponseWriter, r *http.Request, form page.Form) error {
	v := r.URL.Query()
	d := resultsData{Period: page.Form{Values: v}, Form: form, Inside: inside(r.Context()), Editor: account.From(r.Context()).Has(account.Centre), Done: v.Get("done") == "hours"}
	from, to := p.period(v, &d.Period)
	var err error
	if d.Figures, err = p.Figures(r.Context(), from, to, d.Inside); err != nil {
		return err
	}
	d.name()
	for _, h := range d.PerCertificate {
		if h.From <= p.today() {
			d.Now = h
		}
		x := pastHours{Hours: h}
		if h.Known != 0 {
			x.At = time.UnixMilli(h.Known)
		}
		d.Past = append(d.Past, x)
	}
	slices.Reverse(d.Past)
	d.Query = url.Values{"from": {from.String()}, "to": {to.String()}}.Encode()
	status := http.StatusOK
	if len(d.Period.Wrong)+len(d.Form.Wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return p.render.Render(w, r, status, "results", &d)
}

// known are the values of facets that the catalogue has words for.
var known = map[string][]string{
	"edition": {"general", "administration", "listing"},
	"purpose": {"listing", "tender", "fund", "loan", "approval", "other", "none"},
}

// name gives each value the key of its words; what is not known goes under other.
func (f *Figures) name() {
	for facet, shares := range map[string][]Share{"edition": f.Editions, "purpose": f.Purposes} {
		for i := range shares {
			id := shares[i].ID
			if !slices.Contains(known[facet], id) {
				id = "other"
			}
			shares[i].Name = "results." + facet + "." + id
		}
	}
	for i := range f.Channels {
		f.Channels[i].Name = audit.Channel(f.Channels[i].ID).Key()
	}
}

// setHours takes a new value for how long a certificate takes.
func (p *pages) setHours(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	form := page.Form{Values: r.PostForm}
	h := Hours{Source: strings.TrimSpace(r.PostForm.Get("source")), Author: account.From(r.Context()).Actor().Name}
	hours, err := strconv.ParseFloat(strings.TrimSpace(r.PostForm.Get("hours")), 64)
	if h.Minutes = int64(math.Round(hours * 60)); err != nil || !(hours >= 0.1 && hours <= 200) {
		form.Fail("hours", "results.hours.wrong")
	}
	if h.From, err = credit.ParseDate(strings.TrimSpace(r.PostForm.Get("effective"))); err != nil || h.From < begun {
		form.Fail("effective", "results.date.wrong")
	}
	if n := utf8.RuneCountInString(h.Source); n < 5 || n > 200 || problem.HasIdentityNumber(h.Source) {
		form.Fail("source", "results.source.wrong")
	}
	if len(form.Wrong) > 0 {
		return p.page(w, r, form)
	}
	if err := p.SetHours(r.Context(), h); err != nil {
		return err
	}
	http.Redirect(w, r, "/results?done=hours", http.StatusSeeOther)
	return nil
}
