package statement

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// stepView is one entry of the history.
type stepView struct {
	casework.Step
	When time.Time
}

// paperView is one statement of the case.
type paperView struct {
	*Signed
	When      time.Time
	VerifyURL string
	Current   bool // it stands: the organ may replace or withdraw it
}

type caseData struct {
	casework.Case
	Data    data
	Name    string
	Organ   string // that answers today
	Due     casework.Deadline
	Overdue bool
	Rise    credit.Date // from which the centre urges, or has urged, the organ; 0 for never
	Risen   bool        // it was told
	Steps   []stepView
	Papers  []paperView
	Mine    bool // of the asker
	May     bool // the caller's organ answers
	Form    page.Form
	Options []page.Option
	Done    string
	Law     bool
}

// find returns a case to one who may see it: its asker, or a clerk of the organ that answers.
func (p *pages) find(ctx context.Context, id string) (*casework.Case, error) {
	c, err := p.c.Cases.Find(ctx, id)
	if errors.Is(err, casework.ErrNoCase) || err == nil && c.Kind != Kind {
		return nil, problem.New(http.StatusNotFound, "no-statement")
	}
	if err != nil {
		return nil, err
	}
	me := account.From(ctx)
	if !me.MayActFor(c.Subject) && p.may(me, &c) != nil {
		return nil, problem.New(http.StatusNotFound, "no-statement")
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
	d := caseData{Case: *c, Form: f, Mine: me.MayActFor(c.Subject), May: p.may(me, c) == nil, Done: r.URL.Query().Get("done")}
	var err error
	if d.Data, err = dataOf(c); err != nil {
		return err
	}
	d.Name, d.Law = shownName(c.Subject, d.Data.Name), d.Data.Sureness.Citable()
	if o, err := p.responsible(d.Data.Organ, d.Data.Domain); err == nil {
		d.Organ = o.Name
	}
	if d.Due, err = p.due(ctx, c); err != nil {
		return err
	}
	d.Overdue = overdue(d.Due, p.today())
	if d.Due.Due != 0 && !d.Due.Provisional {
		if r := p.c.Calendar.Add(d.Due.Due, escalateDays); !r.Provisional {
			d.Rise, d.Risen = r.Date, r.Date <= p.today()
		}
	}
	for _, v := range Verdicts() {
		d.Options = append(d.Options, page.Option{Value: string(v), Label: v.Chinese(), Chosen: f.Values.Get("verdict") == string(v)})
	}
	if err := p.history(ctx, c, &d); err != nil {
		return err
	}
	if !d.Mine {
		if err := p.c.DB.Tx(ctx, func(tx *store.Tx) error { return p.log(tx, me, c.Subject, audit.View, "") }); err != nil {
			return err
		}
	}
	return p.Pages.Render(w, r, status, "statement", d)
}

func (p *pages) history(ctx context.Context, c *casework.Case, d *caseData) error {
	steps, err := p.c.Cases.Steps(ctx, c)
	if err != nil {
		return err
	}
	for _, s := range steps {
		d.Steps = append(d.Steps, stepView{s, time.UnixMilli(s.At)})
	}
	papers, err := p.ofCase(ctx, c)
	for _, x := range papers {
		d.Papers = append(d.Papers, paperView{x, time.UnixMilli(x.Signed), "/verify?n=" + x.Content.Number + "&c=" + x.Content.Code, x.Status == Valid})
	}
	return err
}

// Why says how a statement that no longer stands ended.
func (v paperView) Why() string { return v.why() }

// text reads a field of at most so many characters.
func text(f *page.Form, name string, most int, required bool) string {
	s := strings.TrimSpace(f.Values.Get(name))
	switch {
	case s == "" && required:
		f.Fail(name, "form.required")
	case utf8.RuneCountInString(s) > most:
		f.Fail(name, "statement.too-long", most)
	case problem.HasIdentityNumber(s):
		f.Fail(name, "statement.identity")
	}
	return s
}

// told notes a refusal that the asker can act on, in its own words.
func told(f *page.Form, field string, err error) bool {
	for _, known := range []error{ErrOpen, ErrHas, ErrNoOrgan, ErrNotYours, ErrChanged, casework.ErrMoved, casework.ErrMove} {
		if errors.Is(err, known) {
			f.Wrong = append(f.Wrong, page.Wrong{Field: field, Text: known.Error()})
			return true
		}
	}
	return f.Take(err)
}

// change is a form on a case: read, asked for, done.
func (p *pages) change(done, field string, do func(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return problem.New(http.StatusBadRequest, "bad-request").Because(err)
		}
		ctx := r.Context()
		c, err := p.find(ctx, r.PathValue("id"))
		if err != nil {
			return err
		}
		f := page.Form{Values: r.PostForm}
		if err := do(ctx, account.From(ctx), c, &f); err != nil && !told(&f, field, err) {
			return err
		}
		if len(f.Wrong) > 0 {
			if c, err = p.find(ctx, c.ID); err != nil { // another may have moved it
				return err
			}
			return p.page(w, r, http.StatusUnprocessableEntity, c, f)
		}
		http.Redirect(w, r, "/statements/"+c.ID+"?done="+done, http.StatusSeeOther)
		return nil
	}
}

func (p *pages) withdraw(ctx context.Context, me account.Principal, c *casework.Case, _ *page.Form) error {
	return p.Withdraw(ctx, me, c)
}

func (p *pages) refuse(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	why := text(f, "refusal", maxReasons, true)
	if len(f.Wrong) > 0 {
		return nil
	}
	return p.Refuse(ctx, me, c, why)
}

// answer signs: the password is asked for again, after everything else is right.
func (p *pages) answer(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	a := Answer{Verdict: Verdict(f.Values.Get("verdict")), Reasons: text(f, "reasons", maxReasons, true), Basis: text(f, "basis", maxBasis, true)}
	if a.Verdict.Chinese() == "" {
		f.Fail("verdict", "form.required")
	}
	replaces := f.Values.Get("replaces")
	if replaces != "" {
		a.Why = text(f, "change", maxWhy, true)
	}
	if len(f.Wrong) > 0 {
		return nil
	}
	if err := p.may(me, c); err != nil {
		return err
	}
	if err := p.Accounts.PasswordAgain(ctx, me, f.Values.Get("password")); err != nil {
		return err
	}
	var err error
	if replaces != "" {
		_, err = p.Replace(ctx, me, c, replaces, a)
	} else {
		_, err = p.Answer(ctx, me, c, a)
	}
	return err
}

func (p *pages) retract(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	why := text(f, "retraction", maxWhy, true)
	if len(f.Wrong) > 0 {
		return nil
	}
	if err := p.Accounts.PasswordAgain(ctx, me, f.Values.Get("password")); err != nil {
		return err
	}
	return p.Retract(ctx, me, c, f.Values.Get("number"), why)
}

// download gives the paper or the signed data of a statement of the case.
func (p *pages) download(media, ext string, of func(*Signed) []byte) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		c, err := p.find(ctx, r.PathValue("id"))
		if err != nil {
			return err
		}
		d, err := p.load(ctx, c.Subject, r.PathValue("number"))
		if errors.Is(err, ErrNoStatement) || err == nil && d.Content.Request != c.ID {
			return problem.New(http.StatusNotFound, "no-statement")
		}
		if err != nil {
			return err
		}
		me := account.From(ctx)
		if err := p.c.DB.Tx(ctx, func(tx *store.Tx) error { return p.log(tx, me, c.Subject, audit.Download, d.Content.Number) }); err != nil {
			return err
		}
		body, h := of(d), w.Header()
		h.Set("Content-Type", media)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Disposition", `attachment; filename="`+d.Content.Number+ext+`"`)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(body) // the client is gone; nothing to do
		return nil
	}
}
