package report

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// holderOf is one subject that the caller acts for.
type holderOf struct {
	Key     credit.Key
	Name    string
	Current bool
}

// mine lists the subjects bound to the caller and chooses one: the one asked for, else the first.
func (p *pages) mine(ctx context.Context, asked string) (all []holderOf, key credit.Key, err error) {
	me := account.From(ctx)
	for _, k := range me.Subjects {
		name, err := p.nameOf(ctx, k)
		if err != nil {
			return nil, "", err
		}
		all = append(all, holderOf{Key: k, Name: shownName(k, name)})
	}
	if len(all) == 0 {
		return nil, "", problem.New(http.StatusForbidden, "no-subject")
	}
	i := 0
	if asked != "" {
		if i = slices.IndexFunc(all, func(h holderOf) bool { return string(h.Key) == asked }); i < 0 {
			return nil, "", account.ErrForbidden()
		}
	}
	all[i].Current = true
	return all, all[i].Key, nil
}

// nameOf is a subject's present name: the directory of names keeps every name, the standing knows the last.
func (p *pages) nameOf(ctx context.Context, key credit.Key) (string, error) {
	s, _, err := p.ledger.Subject(ctx, key)
	if err != nil {
		return "", err
	}
	st, _, err := p.ledger.Standing(ctx, key, credit.DateOf(p.c.Now()), nil)
	if err != nil {
		return "", err
	}
	return cmp.Or(st.Name, s.Name), nil
}

type newData struct {
	Form     page.Form
	Purposes []purpose
	Purpose  *purpose
	Holders  []holderOf
	Editions []page.Option
	Spans    []page.Option
	Groups   []domainGroup
	All      int
	Working  bool // the list of domains is a working list
	Start    credit.Date
	Today    credit.Date
	RuleSet  string
	Adjust   bool // show what can be changed
}

// newReport asks for the purpose first, then shows everything preset.
func (p *pages) newReport(w http.ResponseWriter, r *http.Request) error {
	return p.form(w, r, http.StatusOK, page.Form{Values: r.URL.Query()})
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	d := newData{Form: f, Purposes: purposes, Adjust: len(f.Wrong) > 0 || f.Values.Has("edition")}
	var err error
	if d.Holders, _, err = p.mine(r.Context(), f.Values.Get("subject")); err != nil {
		return err
	}
	chosen, ok := purposeByID(f.Values.Get("purpose"))
	if !ok {
		return p.Pages.Render(w, r, status, "report_purpose", d)
	}
	d.Purpose = &chosen
	if err := p.choices(&d, page.From(r.Context()).Lang); err != nil {
		return err
	}
	return p.Pages.Render(w, r, status, "report_new", d)
}

// choices fills what the form offers, with what the rules in force allow.
func (p *pages) choices(d *newData, _ string) error {
	book, today := p.book(), credit.DateOf(p.c.Now())
	rules, err := p.rulesInForce(book, today)
	if err != nil {
		return err
	}
	edition := d.Form.Values.Get("edition")
	if edition == "" {
		edition = d.Purpose.Edition
	}
	for _, e := range rules.Editions() {
		d.Editions = append(d.Editions, page.Option{Value: e.ID, Label: e.Name, Note: "report.edition." + e.ID + ".note", Chosen: e.ID == edition})
	}
	span := d.Form.Values.Get("span")
	if span == "" {
		span = "5"
	}
	for _, y := range []string{"5", "3", "1", "own"} {
		d.Spans = append(d.Spans, page.Option{Value: y, Label: "report.span." + y, Chosen: y == span})
	}
	domains := book.Domains(today)
	d.Groups, d.All, d.Working = groupDomains(domains.All(), d.Form.Values["domain"]), len(domains.IDs()), domains.WorkingList
	d.Today, d.Start, d.RuleSet = today, rules.Period().DataStart, rules.Set.ID
	return nil
}

func (p *pages) rulesInForce(book *law.Book, today credit.Date) (*law.ReportRules, error) {
	region, err := book.Region(p.c.Region, today)
	if err != nil {
		return nil, err
	}
	return book.ReportRules(region, today)
}

// issueReport makes the report that the form asks for.
func (p *pages) issueReport(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f := page.Form{Values: r.PostForm}
	_, key, err := p.mine(r.Context(), r.PostForm.Get("subject"))
	if err != nil {
		return err
	}
	q := p.request(&f, key)
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	doc, err := p.Issue(r.Context(), q, actor(account.From(r.Context())))
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
	today := credit.DateOf(p.c.Now())
	switch span := v.Get("span"); {
	case span == "own" || v.Get("from") != "" || v.Get("to") != "": // what is filled in is meant
		q.From, q.To = dateField(f, "from"), dateField(f, "to")
	case span == "1" || span == "3":
		years, _ := strconv.Atoi(span)
		q.From, q.To = p.notBeforeData(today.AddMonths(-12*years).AddDays(1), today), today
	}
}

// notBeforeData moves the first day of a preset period to the first day of the data.
func (p *pages) notBeforeData(from, today credit.Date) credit.Date {
	rules, err := p.rulesInForce(p.book(), today)
	if err != nil {
		return from
	}
	return max(from, rules.Period().DataStart)
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

// issueAgain makes a report with the settings of an earlier one up to today.
func (p *pages) issueAgain(w http.ResponseWriter, r *http.Request) error {
	old, err := p.reportFor(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	doc, err := p.Issue(r.Context(), p.renewed(&old.Content), actor(account.From(r.Context())))
	var bad *RequestError
	if errors.As(err, &bad) {
		return problem.New(http.StatusUnprocessableEntity, "form").AtText("from", bad.Error())
	}
	if err != nil {
		return err
	}
	return seeReport(w, r, doc)
}

// renewed is the request of a document, its period moved so that it ends today.
func (p *pages) renewed(c *Content) Request {
	today := credit.DateOf(p.c.Now())
	q := Request{Key: c.Subject, Edition: c.Edition, RuleSet: c.RuleSet, Purpose: c.Purpose, Paper: true, To: today}
	for _, d := range c.Domains {
		if d.ID != law.DomainUnknown {
			q.Domains = append(q.Domains, d.ID)
		}
	}
	q.From = c.From.AddDays(c.To.DaysUntil(today))
	if rules, err := p.book().ReportRulesByID(c.RuleSet, today); err == nil {
		period := rules.Period()
		longest, _ := period.Default(today, q.Domains)
		q.From = max(q.From, longest)
	}
	return q
}
