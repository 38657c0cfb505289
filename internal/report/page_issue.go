package report

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// issueReport makes the report that the form asks for.
func (p *pages) issueReport(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f := page.Form{Values: r.PostForm}
	key := credit.Key(r.PostForm.Get("subject"))
	if key == "" {
		var err error
		if _, key, _, err = p.forWhom(r.Context(), "", "", ""); err != nil {
			return err
		}
	}
	q := p.request(&f, key)
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	doc, err := p.askFor(r.Context(), q)
	if refused(&f, err) {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return seeReport(w, r, doc)
}

func seeReport(w http.ResponseWriter, r *http.Request, doc *Issued) error {
	to := "/reports/" + doc.Content.Number + "?made=new"
	if doc.Again {
		to = "/reports/" + doc.Content.Number + "?made=again"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// request reads the form. A period or selection that is left alone has its default.
func (p *pages) request(f *page.Form, key credit.Key) Request {
	v := f.Values
	chosen, ok := purposeByID(v.Get("purpose"))
	if !ok {
		f.Fail("purpose", "form.required")
	}
	q := Request{Key: key, Edition: v.Get("edition"), Purpose: chosen.Printed, Paper: true}
	if q.Edition == "" {
		q.Edition = chosen.Edition
	}
	p.period(f, v, &q)
	if v.Get("scope") == "some" || len(v["domain"]) > 0 { // what is ticked is meant
		if q.Domains = v["domain"]; len(q.Domains) == 0 {
			f.Fail("domain", "report.domain.none")
		}
	}
	return q
}

func (p *pages) period(f *page.Form, v url.Values, q *Request) {
	switch span := v.Get("span"); {
	case span == "own" || v.Get("from") != "" || v.Get("to") != "": // what is filled in is meant
		q.From, q.To = dateField(f, "from"), dateField(f, "to")
	case span == "1" || span == "3":
		years, _ := strconv.Atoi(span)
		q.From, q.To = p.LastYears(years)
	}
}

// notBeforeData moves the first day of a preset period to the first day of the data.
func (s *Service) notBeforeData(from, today credit.Date) credit.Date {
	rules, err := s.rulesInForce(s.book(), today)
	if err != nil {
		return from
	}
	return max(from, s.periodRule(rules, today).DataStart)
}

func dateField(f *page.Form, name string) credit.Date {
	d, err := credit.ParseDate(f.Values.Get(name))
	if err != nil {
		f.Fail(name, "report.date.wrong")
	}
	return d
}

// refused puts what is wrong with a request beside its field.
func refused(f *page.Form, err error) bool {
	var bad *RequestError
	if !errors.As(err, &bad) {
		return false
	}
	field := "edition"
	var period *law.PeriodError
	if errors.As(err, &period) {
		field = "from"
	}
	f.Wrong = append(f.Wrong, page.Wrong{Field: field, Text: bad.Error()})
	return true
}

// issueAgain makes a report with the settings of an earlier one: up to today, or, in place of one that was
// withdrawn, for what that one answered.
func (p *pages) issueAgain(w http.ResponseWriter, r *http.Request) error {
	old, err := p.reportFor(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	was, err := p.settingsOf(r.Context(), old.Content.Subject, old.Content.Number)
	if err != nil {
		return err
	}
	q := p.renewed(old.Content.Subject, was)
	if r.PostForm.Get("instead") != "" {
		q = instead(old.Content.Subject, was)
	}
	doc, err := p.askFor(r.Context(), q)
	var bad *RequestError
	if errors.As(err, &bad) {
		return problem.New(http.StatusUnprocessableEntity, "form").AtText("from", bad.Error())
	}
	if err != nil {
		return err
	}
	return seeReport(w, r, doc)
}

// instead is the request whose document takes the place of one that was withdrawn: the same purpose,
// domains and chosen period, by the rules in force now.
func instead(key credit.Key, was *settings) Request {
	q := Request{Key: key, Edition: was.Edition, Purpose: was.Purpose, Domains: was.Domains, Paper: true}
	if was.Chosen {
		q.From, q.To = was.From, was.To
	}
	return q
}

// renewed is a request made before with its period moved so that it ends today.
func (p *Service) renewed(key credit.Key, was *settings) Request {
	q := instead(key, was)
	q.RuleSet = was.RuleSet
	if !was.Chosen { // the longest moves by itself
		return q
	}
	today := credit.DateOf(p.c.Now())
	q.From, q.To = was.From.AddDays(was.To.DaysUntil(today)), today
	if rules, err := p.book().ReportRulesByID(was.RuleSet, today); err == nil {
		longest, _ := p.periodRule(rules, today).Default(today, q.Domains)
		q.From = max(q.From, longest)
	}
	return q
}
