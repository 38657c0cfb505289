package repair

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

type newData struct {
	Form    page.Form
	Holders []account.Holder
	Key     credit.Key
	Name    string
	Matters []Matter // that can be asked for
	Others  []Matter // that cannot now
	Chosen  []string
	Today   credit.Date
	Bodies  int
}

// Ticked tells that a matter is chosen.
func (d newData) Ticked(id string) bool { return slices.Contains(d.Chosen, id) }

// Commit is the commitment as a box to tick.
func (d newData) Commit() []page.Option {
	return []page.Option{{Value: "1", Label: "本单位承诺：提交的内容和材料真实、合法、有效，已改正失信行为并履行完毕相关义务；如有虚假或者违反承诺，愿意承担相应后果，并同意将本承诺公示。"}}
}

// defaultCorrected is what most subjects say; it can be changed.
const defaultCorrected = "已停止并改正违法行为，已履行完毕决定书、列入决定载明的全部义务。"

func (p *pages) showNew(w http.ResponseWriter, r *http.Request) error {
	f := page.Form{Values: r.URL.Query()}
	me := account.From(r.Context())
	f.Values.Set("contact", me.Actor().Name)
	f.Values.Set("corrected", defaultCorrected)
	if again := f.Values.Get("again"); again != "" {
		if err := p.refill(r, &f, again); err != nil {
			return err
		}
	}
	return p.form(w, r, http.StatusOK, f)
}

// refill takes over what was filled in for an item that ended without repair.
func (p *pages) refill(r *http.Request, f *page.Form, id string) error {
	c, err := p.find(r.Context(), id, ItemKind)
	if err != nil {
		return err
	}
	d, err := itemOf(c)
	if err != nil {
		return err
	}
	f.Values.Set("subject", string(c.Subject))
	f.Values["matter"] = []string{d.Matter}
	f.Values.Set("corrected", d.Corrected)
	f.Values.Set("contact", d.Contact)
	if d.On != 0 {
		f.Values.Set("on", d.On.String())
	}
	return nil
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	ctx := r.Context()
	d := newData{Form: f, Chosen: f.Values["matter"], Today: p.today()}
	var err error
	if d.Holders, d.Key, err = p.mine(ctx, f.Values.Get("subject")); err != nil {
		return err
	}
	all, name, err := p.Matters(ctx, d.Key)
	if err != nil {
		return err
	}
	d.Name = shownName(d.Key, name)
	bodies := map[string]bool{}
	for _, m := range all {
		if m.Can() {
			d.Matters = append(d.Matters, m)
			bodies[m.Authority] = true
		} else {
			d.Others = append(d.Others, m)
		}
	}
	d.Bodies = len(bodies)
	if err := p.c.DB.Tx(ctx, func(tx *store.Tx) error { return p.log(tx, account.From(ctx), d.Key, audit.View) }); err != nil {
		return err
	}
	return p.Pages.Render(w, r, status, "repair_new", d)
}

// apply opens an application from the four fields.
func (p *pages) apply(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	ctx := r.Context()
	f := page.Form{Values: r.PostForm}
	_, key, err := p.mine(ctx, f.Values.Get("subject"))
	if err != nil {
		return err
	}
	a := p.read(&f)
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	c, err := p.Apply(ctx, account.From(ctx), key, a)
	if told(&f, "matter", err) {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/repairs/"+url.PathEscape(c.ID)+"?done=applied", http.StatusSeeOther)
	return nil
}

func (p *pages) read(f *page.Form) Application {
	a := Application{Matters: f.Values["matter"], Corrected: text(f, "corrected", 500, true), Contact: text(f, "contact", 60, true), Committed: f.Values.Get("commit") == "1"}
	var err error
	if a.On, err = credit.ParseDate(strings.TrimSpace(f.Values.Get("on"))); err != nil || a.On == 0 {
		f.Fail("on", "repair.on.wrong")
	} else if a.On > p.today() {
		f.Fail("on", "repair.on.future")
	}
	if len(a.Matters) == 0 {
		f.Fail("matter", "repair.matter.none")
	}
	if !a.Committed {
		f.Fail("commit", "repair.commit.none")
	}
	return a
}

// text reads a field of at most so many characters.
func text(f *page.Form, name string, most int, required bool) string {
	s := strings.TrimSpace(f.Values.Get(name))
	switch {
	case s == "" && required:
		f.Fail(name, "form.required")
	case utf8.RuneCountInString(s) > most:
		f.Fail(name, "repair.too-long", most)
	case problem.HasIdentityNumber(s):
		f.Fail(name, "repair.identity")
	}
	return s
}

// told notes a refusal that the asker can act on, in its own words.
func told(f *page.Form, field string, err error) bool {
	var not *NotNow
	if errors.As(err, &not) {
		f.Wrong = append(f.Wrong, page.Wrong{Field: field, Text: not.Error()})
		return true
	}
	for _, known := range knownErrors {
		if errors.Is(err, known) {
			f.Wrong = append(f.Wrong, page.Wrong{Field: field, Text: known.Error()})
			return true
		}
	}
	return f.Take(err)
}
