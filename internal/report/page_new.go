package report

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

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
	Agent   bool // by a grant, not its own
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
	More     bool // the caller acts for others than those listed
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

// CheckUp is where the check-up of the subject chosen is; empty for a subject that the caller only acts for, which
// checks itself.
func (d newData) CheckUp() string {
	for _, h := range d.Holders {
		if h.Current && !h.Agent {
			return "/reports/checkup?" + url.Values{"subject": {string(h.Key)}}.Encode()
		}
	}
	return ""
}

// newReport asks for the purpose first, then shows everything preset.
func (p *pages) newReport(w http.ResponseWriter, r *http.Request) error {
	return p.form(w, r, http.StatusOK, page.Form{Values: r.URL.Query()})
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	d := newData{Form: f, Purposes: purposes, Adjust: len(f.Wrong) > 0 || f.Values.Has("edition")}
	var err error
	chosen, ok := purposeByID(f.Values.Get("purpose"))
	if d.Holders, _, d.More, err = p.forWhom(r.Context(), f.Values.Get("subject"), chosen.Printed, f.Values.Get("find")); err != nil {
		return err
	}
	if !ok {
		return p.Pages.Render(w, r, status, "report_purpose", d)
	}
	d.Purpose = &chosen
	if err := p.choices(&d); err != nil {
		return err
	}
	return p.Pages.Render(w, r, status, "report_new", d)
}

// choices fills what the form offers, with what the rules in force allow.
func (p *pages) choices(d *newData) error {
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
	d.Today, d.Start, d.RuleSet = today, p.periodRule(rules, today).DataStart, rules.Set.ID
	return nil
}

func (s *Service) rulesInForce(book *law.Book, today credit.Date) (*law.ReportRules, error) {
	region, err := book.Region(s.c.Region, today)
	if err != nil {
		return nil, err
	}
	return book.ReportRules(region, today)
}
