package intake

import (
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/page"
)

// zeroView is a zero report with the name of its feed.
type zeroView struct {
	ZeroReport
	Label string
}

type zeroData struct {
	Form    page.Form
	Feeds   []page.Option
	Reports []zeroView
	Done    bool
}

// zeroList is how many zero reports the page lists.
const zeroList = 20

// showZero is the form for a zero report, with those made before.
func (d *desk) showZero(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	day := d.today()
	form := page.Form{Values: url.Values{"feed": {q.Get("feed")}, "from": {day.AddDays(-6).String()}, "to": {day.String()}}}
	return d.zeroPage(w, r, http.StatusOK, zeroData{Form: form, Done: q.Get("done") == "1"})
}

func (d *desk) zeroPage(w http.ResponseWriter, r *http.Request, status int, data zeroData) error {
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	lines, err := d.lines(r.Context(), sc)
	if err != nil {
		return err
	}
	data.Feeds = choices(lines, data.Form.Values.Get("feed"), language(r))
	for _, src := range sc.sources {
		reports, err := d.ZeroReports(r.Context(), src.ID, zeroList)
		if err != nil {
			return err
		}
		for _, z := range reports {
			data.Reports = append(data.Reports, zeroView{z, line{Feed{Kind: z.Kind}, src}.Label()})
		}
	}
	return d.pages.Render(w, r, status, "intake_zero", data)
}

// zero records a zero report.
func (d *desk) zero(w http.ResponseWriter, r *http.Request) error {
	f, err := parse(r)
	if err != nil {
		return err
	}
	form := page.Form{Values: f}
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	lines, err := d.lines(r.Context(), sc)
	if err != nil {
		return err
	}
	l, ok := pick(lines, f.Get("feed"))
	if !ok {
		if err := sc.refusesFeed(f.Get("feed")); err != nil {
			return err
		}
		form.Fail("feed", "intake.error.feed")
		return d.zeroPage(w, r, http.StatusUnprocessableEntity, zeroData{Form: form})
	}
	err = d.ReportZero(r.Context(), ZeroReport{Source: l.Source.ID, Kind: l.Kind, From: day(f.Get("from")), To: day(f.Get("to")),
		By: account.From(r.Context()).Login})
	if err == nil {
		return see(w, r, "/intake/zero?done=1")
	}
	if !take(&form, language(r), err) {
		return err
	}
	return d.zeroPage(w, r, http.StatusUnprocessableEntity, zeroData{Form: form})
}
