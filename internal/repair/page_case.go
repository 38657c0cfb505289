package repair

import (
	"context"
	"errors"
	"net/http"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// knownErrors are those whose text is shown to the person.
var knownErrors = []error{ErrNone, ErrMany, ErrNotYours, ErrDisputed, ErrTwice, ErrForbidden, ErrGone, ErrExtended, ErrUnverified, ErrRefusal, ErrNotGranted, ErrRevoked, ErrWhy, casework.ErrMoved, casework.ErrMove}

type caseData struct {
	casework.Case
	Data  data
	Items []Item
	At    time.Time
	Done  string
	Name  string
	Open  int
	// Papers are those that the system writes of every application.
	Papers []string
}

// stepView is one entry of the history.
type stepView struct {
	casework.Step
	When time.Time
}

type itemView struct {
	Item
	Name     string
	Steps    []stepView
	Mine     bool // of the subject
	May      bool // the caller's organ decides
	Form     page.Form
	Done     string
	Reasons  []page.Option
	Answer   *Matter // what the rules say now; nil when the matter is gone or the item has ended
	Revoked  *Revocation
	Papers   []string
	Shown    []OnPlatform
	At, Shut time.Time
}

// find returns a case of a kind to one who may see it: its subject, or a clerk of the organ that decides an item.
func (p *pages) find(ctx context.Context, id, kind string) (*casework.Case, error) {
	c, err := p.c.Cases.Find(ctx, id)
	if errors.Is(err, casework.ErrNoCase) || err == nil && c.Kind != kind {
		return nil, problem.New(http.StatusNotFound, "no-repair")
	}
	if err != nil {
		return nil, err
	}
	me := account.From(ctx)
	if me.MayActFor(c.Subject) {
		return &c, nil
	}
	if d, err := itemOf(&c); kind != ItemKind || err != nil || p.may(me, &d) != nil {
		return nil, problem.New(http.StatusNotFound, "no-repair")
	}
	return &c, nil
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	c, err := p.find(r.Context(), r.PathValue("id"), Kind)
	if err != nil {
		return err
	}
	d, err := p.view(r.Context(), c)
	if err != nil {
		return err
	}
	d.Done = r.URL.Query().Get("done")
	return p.Pages.Render(w, r, http.StatusOK, "repair", d)
}

func (p *pages) view(ctx context.Context, c *casework.Case) (d caseData, err error) {
	d = caseData{Case: *c, At: time.UnixMilli(c.Opened), Papers: applicationPapers}
	if d.Data, err = dataOf(c); err != nil {
		return d, err
	}
	d.Name = shownName(c.Subject, d.Data.Name)
	d.Items, err = p.Items(ctx, c)
	for _, x := range d.Items {
		if x.Closed == 0 {
			d.Open++
		}
	}
	return d, err
}

type progressData struct {
	Form  page.Form
	Asked bool
	Found bool
	Case  caseData
}

// progress tells by the query code how far an application is, without an account: states and days, no particulars.
func (p *pages) progress(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d := progressData{Form: page.Form{Values: r.URL.Query()}, Asked: r.URL.Query().Get("code") != ""}
	if d.Asked {
		c, err := p.ByCode(ctx, r.URL.Query().Get("code"))
		switch {
		case errors.Is(err, ErrNoCase):
			d.Form.Fail("code", "repair.progress.none")
		case err != nil:
			return err
		default:
			d.Found = true
			if d.Case, err = p.view(ctx, &c); err != nil {
				return err
			}
		}
	}
	return p.Pages.Render(w, r, http.StatusOK, "repair_progress", d)
}

func (p *pages) showItem(w http.ResponseWriter, r *http.Request) error {
	c, err := p.find(r.Context(), r.PathValue("id"), ItemKind)
	if err != nil {
		return err
	}
	return p.item(w, r, http.StatusOK, c, page.Form{Values: r.URL.Query()})
}

func (p *pages) item(w http.ResponseWriter, r *http.Request, status int, c *casework.Case, f page.Form) error {
	ctx, me := r.Context(), account.From(r.Context())
	x, err := p.Service.item(ctx, *c)
	if err != nil {
		return err
	}
	d := itemView{Item: x, Name: shownName(c.Subject, x.Data.Name), Mine: me.MayActFor(c.Subject), May: p.may(me, &x.Data) == nil, Form: f,
		Done: r.URL.Query().Get("done"), At: time.UnixMilli(c.Opened), Shut: time.UnixMilli(c.Closed)}
	d.Papers = papersOf(&x)
	for _, k := range Refusals() {
		d.Reasons = append(d.Reasons, page.Option{Value: k.Code, Label: k.Text, Chosen: f.Values.Get("code") == k.Code})
	}
	if c.Closed == 0 {
		if d.Answer, err = p.matter(ctx, c.Subject, x.Data.Matter); err != nil && !errors.Is(err, ErrGone) {
			return err
		}
	}
	if id, err := credit.ParseMatterID(x.Data.Matter); err == nil && p.c.Platforms != nil && c.State == Granted {
		if d.Shown, err = p.c.Platforms(ctx, x.Data.Lies, id); err != nil {
			return err
		}
	}
	if d.Revoked, err = p.RevocationOf(ctx, c); err != nil {
		return err
	}
	steps, err := p.c.Cases.Steps(ctx, c)
	if err != nil {
		return err
	}
	for _, s := range steps {
		d.Steps = append(d.Steps, stepView{s, time.UnixMilli(s.At)})
	}
	if !d.Mine {
		if err := p.c.DB.Tx(ctx, func(tx *store.Tx) error { return p.log(tx, me, c.Subject, audit.View) }); err != nil {
			return err
		}
	}
	return p.Pages.Render(w, r, status, "repair_item", d)
}
