package objection

import (
	"context"
	"errors"
	"net/http"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// stepView is one entry of the history.
type stepView struct {
	casework.Step
	When time.Time
}

type caseData struct {
	casework.Case
	Data        data
	Name        string
	Organ       string // that answers today
	Due         casework.Deadline
	Overdue     bool
	Accepted    bool // and open
	Steps       []stepView
	Mine        bool // of the objector
	May         bool // the caller's body answers
	Form        page.Form
	Refusals    []page.Option
	Outcomes    []page.Option
	Corrections []page.Option
	Longer      string // which longer limit the region has: consult, extend, or none
	Longest     limit
	Done        string
}

// find returns a case to one who may see it: its objector, or a clerk of the body that answers.
func (p *pages) find(ctx context.Context, id string) (*casework.Case, error) {
	c, err := p.c.Cases.Find(ctx, id)
	if errors.Is(err, casework.ErrNoCase) || err == nil && c.Kind != Kind {
		return nil, problem.New(http.StatusNotFound, "no-objection")
	}
	if err != nil {
		return nil, err
	}
	me := account.From(ctx)
	if !me.MayActFor(c.Subject) && p.may(me, &c) != nil {
		return nil, problem.New(http.StatusNotFound, "no-objection")
	}
	return &c, nil
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	c, err := p.find(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.page(w, r, http.StatusOK, c, page.Form{Values: r.URL.Query()})
}

func (p *pages) page(w http.ResponseWriter, r *http.Request, status int, c *casework.Case, f page.Form) error {
	ctx := r.Context()
	me := account.From(ctx)
	d := caseData{Case: *c, Form: f, Mine: me.MayActFor(c.Subject), May: p.may(me, c) == nil, Accepted: accepted(c.State), Done: r.URL.Query().Get("done")}
	var err error
	if d.Data, err = dataOf(c); err != nil {
		return err
	}
	d.Name = shownName(c.Subject, d.Data.Name)
	if o, err := p.responsible(d.Data.Organ, d.Data.Domain); err == nil {
		d.Organ = o.Name
	}
	if d.Due, err = p.due(ctx, c); err != nil {
		return err
	}
	d.Overdue = overdue(d.Due, p.today())
	steps, err := p.c.Cases.Steps(ctx, c)
	if err != nil {
		return err
	}
	for _, s := range steps {
		d.Steps = append(d.Steps, stepView{s, time.UnixMilli(s.At)})
	}
	if err := p.choices(ctx, c, &d); err != nil {
		return err
	}
	if !d.Mine {
		if err := p.c.DB.Tx(ctx, func(tx *store.Tx) error { return p.log(tx, me, c.Subject, audit.View) }); err != nil {
			return err
		}
	}
	return p.Pages.Render(w, r, status, "objection", d)
}

// choices are what a clerk may choose from.
func (p *pages) choices(ctx context.Context, c *casework.Case, d *caseData) error {
	if !d.May || c.Closed != 0 {
		return nil
	}
	chosen := func(name, value, label string) page.Option {
		return page.Option{Value: value, Label: label, Chosen: d.Form.Values.Get(name) == value}
	}
	for _, x := range []Refusal{Repeated, NotSubject, Gone} {
		d.Refusals = append(d.Refusals, chosen("refusal", string(x), x.Chinese()))
	}
	d.Outcomes = []page.Option{chosen("outcome", "correct", "更正：异议成立，记录已改"), chosen("outcome", "uphold", "维持：异议不成立")}
	all, err := p.Corrections(ctx, c)
	if err != nil {
		return err
	}
	for _, x := range all {
		d.Corrections = append(d.Corrections, chosen("correction", x.Ref, x.On.Chinese()+" "+x.What+"："+x.Reason))
	}
	region, err := p.region()
	if err != nil || d.Data.Extended {
		return err
	}
	for _, x := range [][2]string{{"consult", clockConsult}, {"extend", clockMost}} {
		if l, ok := limitOf(region, x[1]); ok && l.Days > d.Data.Clock.Days {
			d.Longer, d.Longest = x[0], l
			break
		}
	}
	return nil
}
