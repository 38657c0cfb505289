package objection

import (
	"errors"
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/workday"
)

type newData struct {
	Form    page.Form
	Key     credit.Key
	Matter  Matter
	Matters []Matter // to choose from, when none is chosen
	Organ   string
	Clock   limit
	Due     workday.Result
	Options []page.Option
}

// showNew lets the objector choose a matter, and then say what is wrong with it.
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
	id := f.Values.Get("matter")
	if id == "" {
		if d.Matters, err = p.c.Matters.Matters(ctx, key); err != nil {
			return err
		}
		return p.Pages.Render(w, r, status, "objection_choose", d)
	}
	if d.Matter, err = p.c.Matters.Matter(ctx, key, id); err != nil {
		return missing(err)
	}
	d.Matter.Subject = shownName(key, d.Matter.Subject)
	organ, err := p.responsible(d.Matter.Organ, d.Matter.Domain)
	if err != nil {
		return problem.New(http.StatusUnprocessableEntity, "objection-organ").Because(err)
	}
	region, err := p.region()
	if err != nil {
		return err
	}
	d.Organ = organ.Name
	d.Clock, _ = limitOf(region, clockPlain)
	d.Due = d.Clock.due(p.c.Calendar, p.today())
	for _, g := range Grounds() {
		d.Options = append(d.Options, page.Option{Value: string(g), Label: g.Chinese(), Chosen: f.Values.Get("ground") == string(g)})
	}
	return p.Pages.Render(w, r, status, "objection_new", d)
}

func missing(err error) error {
	if errors.Is(err, ErrNoMatter) {
		return problem.New(http.StatusNotFound, "objection-matter").Because(err)
	}
	return err
}

// The most characters of what is written.
const maxText, maxFile = 1000, 100

// file opens an objection.
func (p *pages) file(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	ctx := r.Context()
	f := page.Form{Values: r.PostForm}
	_, key, err := p.mine(ctx, f.Values.Get("subject"))
	if err != nil {
		return err
	}
	x := Filing{Matter: f.Values.Get("matter"), Ground: Ground(f.Values.Get("ground")), Reasons: text(&f, "reasons", maxText, true),
		Text: text(&f, "evidence", maxText, false), File: text(&f, "file", maxFile, false)}
	if x.Ground.Chinese() == "" {
		f.Fail("ground", "form.required")
	}
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	c, err := p.File(ctx, account.From(ctx), key, x)
	if told(&f, "reasons", err) {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return missing(err)
	}
	done := "filed"
	if c.State == Refused {
		done = "refused"
	}
	http.Redirect(w, r, "/objections/"+url.PathEscape(c.ID)+"?done="+done, http.StatusSeeOther)
	return nil
}
