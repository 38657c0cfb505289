package statement

import (
	"errors"
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/workday"
)

type newData struct {
	Form    page.Form
	Key     credit.Key
	Name    string
	Penalty Penalty
	Organ   law.Organ
	Limit   int
	Working bool
	Source  string
	Law     bool // the time limit is law, else it is said that it is not
	Due     workday.Result
}

// showNew shows which penalty the request is about, who answers and until when.
func (p *pages) showNew(w http.ResponseWriter, r *http.Request) error {
	return p.form(w, r, http.StatusOK, page.Form{Values: r.URL.Query()})
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	ctx := r.Context()
	_, key, err := p.mine(ctx, f.Values.Get("subject"))
	if err != nil {
		return err
	}
	d := newData{Form: f, Key: key}
	if d.Penalty, err = p.c.Matters.Penalty(ctx, key, f.Values.Get("matter")); errors.Is(err, ErrNoPenalty) {
		return problem.New(http.StatusNotFound, "no-penalty").Because(err)
	} else if err != nil {
		return err
	}
	d.Name = shownName(key, d.Penalty.Subject)
	if d.Organ, err = p.responsible(d.Penalty.Organ, d.Penalty.Domain); err != nil {
		return problem.New(http.StatusUnprocessableEntity, "no-organ").Because(err)
	}
	book, err := p.c.Books("")
	if err != nil {
		return err
	}
	region, err := book.Region(p.c.Region, p.today())
	if err != nil {
		return err
	}
	l := limitOf(region, p.c.Days)
	d.Limit, d.Working, d.Source, d.Law, d.Due = l.days, l.working, l.source, l.sureness.Citable(), l.due(p.c.Calendar, p.today())
	return p.Pages.Render(w, r, status, "statement_new", d)
}

// ask opens a request.
func (p *pages) ask(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	ctx := r.Context()
	f := page.Form{Values: r.PostForm}
	_, key, err := p.mine(ctx, f.Values.Get("subject"))
	if err != nil {
		return err
	}
	why := text(&f, "why", maxAsk, false)
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	c, err := p.Ask(ctx, account.From(ctx), key, f.Values.Get("matter"), why)
	if told(&f, "why", err) {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	if errors.Is(err, ErrNoPenalty) {
		return problem.New(http.StatusNotFound, "no-penalty").Because(err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/statements/"+url.PathEscape(c.ID)+"?done=asked", http.StatusSeeOther)
	return nil
}
