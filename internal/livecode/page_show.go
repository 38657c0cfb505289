package livecode

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/skip2/go-qrcode"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

var editions = []string{"general", "administration", "listing"}

type chooseData struct {
	Form     page.Form
	Holders  []page.Option
	Editions []page.Option
	Fields   []page.Option
	Domains  []page.Option
}

// choose asks what the code is to show.
func (p *pages) choose(w http.ResponseWriter, r *http.Request) error {
	return p.form(w, r, http.StatusOK, page.Form{Values: url.Values{"fields": {string(Conclusion)}, "uses": {"1"}}})
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	d := chooseData{Form: f}
	if err := p.choices(r.Context(), &d); err != nil {
		return err
	}
	return p.render.Render(w, r, status, "livecode", d)
}

func (p *pages) choices(ctx context.Context, d *chooseData) error {
	me := account.From(ctx)
	if len(me.Subjects) == 0 {
		return problem.New(http.StatusForbidden, "no-subject")
	}
	for _, k := range me.Subjects {
		name, err := p.c.Name(ctx, k)
		if err != nil {
			return err
		}
		d.Holders = append(d.Holders, page.Option{Value: string(k), Label: name})
	}
	d.Editions = []page.Option{{Value: "general", Label: "普通版"}, {Value: "administration", Label: "行政管理专版"}, {Value: "listing", Label: "上市专版"}}
	d.Fields = []page.Option{{Value: string(Conclusion), Label: "仅结论"}, {Value: string(Counts), Label: "结论和各领域条数"},
		{Value: string(Records), Label: "结论、条数和报告所列记录"}}
	for _, x := range p.c.Domains() {
		d.Domains = append(d.Domains, page.Option{Value: x[0], Label: x[1], Chosen: slices.Contains(d.Form.Values["domain"], x[0])})
	}
	return nil
}

// show begins a showing and shows its first code.
func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	v, me := r.PostForm, account.From(r.Context())
	key := credit.Key(v.Get("subject"))
	if key == "" && len(me.Subjects) > 0 {
		key = me.Subjects[0]
	}
	if !me.MayActFor(key) {
		return account.ErrForbidden()
	}
	form := page.Form{Values: v}
	check(&form)
	if len(form.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, form)
	}
	uses, _ := strconv.Atoi(v.Get("uses")) // checked above
	sh, code, err := p.Begin(r.Context(), key, Choice{v.Get("edition"), Fields(v.Get("fields")), v["domain"], uses}, audit.Actor(me.Actor()))
	var wrong *ChoiceError
	if errors.As(err, &wrong) {
		form.Wrong = append(form.Wrong, page.Wrong{Field: "domain", Text: wrong.Error()})
		return p.form(w, r, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return p.page(w, r, sh, code)
}

// check tells what is wrong with the choices.
func check(f *page.Form) {
	v := f.Values
	if !slices.Contains(editions, v.Get("edition")) {
		f.Fail("edition", "form.required")
	}
	if !Fields(v.Get("fields")).known() {
		f.Fail("fields", "form.required")
	}
	if n, err := strconv.Atoi(v.Get("uses")); err != nil || n < 1 || n > Most {
		f.Wrong = append(f.Wrong, page.Wrong{Field: "uses", Text: ErrUses.Error()})
	}
}

type showData struct {
	*Showing
	Code  *Code // nil on a page that was loaded again: a code is given once
	QR    template.URL
	Typed string // the code as a person reads it out
	State State
	Scans []Seen
	Site  string // where the code may be typed
}

// page shows a showing with its newest code, nil for none.
func (p *pages) page(w http.ResponseWriter, r *http.Request, sh *Showing, code *Code) error {
	d := showData{Showing: sh, Code: code, State: sh.State(p.c.Now()), Site: p.c.Base + "/c"}
	var err error
	if code != nil {
		d.Typed = Grouped(code.Text)
		if d.QR, err = picture(p.Address(code.Text)); err != nil {
			return err
		}
	}
	if d.Scans, err = p.Scans(r.Context(), sh.Subject, sh.ID); err != nil {
		return err
	}
	page.From(r.Context()).Return = "/livecode/" + sh.ID
	w.Header().Set("Cache-Control", "no-store")
	return p.render.Render(w, r, http.StatusOK, "livecode_show", d)
}

// mine finds a showing among those of the subjects whom the caller acts for.
func (p *pages) mine(ctx context.Context, id string) (*Showing, error) {
	for _, key := range account.From(ctx).Subjects {
		sh, err := p.Showing(ctx, key, id)
		if !errors.Is(err, ErrShowing) {
			return sh, err
		}
	}
	return nil, problem.New(http.StatusNotFound, "no-showing")
}

// again is the page of a showing without its code: what it shows, and who has scanned.
func (p *pages) again(w http.ResponseWriter, r *http.Request) error {
	sh, err := p.mine(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.page(w, r, sh, nil)
}

// renew gives the showing its next code. The page asks for it by itself before the one before is over.
func (p *pages) renew(w http.ResponseWriter, r *http.Request) error {
	sh, err := p.mine(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	sh, code, err := p.Renew(r.Context(), sh.Subject, sh.ID)
	if err != nil && !errors.Is(err, ErrStopped) {
		return err
	}
	return p.page(w, r, sh, code)
}

// end stops a showing.
func (p *pages) end(w http.ResponseWriter, r *http.Request) error {
	sh, err := p.mine(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.End(r.Context(), sh.Subject, sh.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/livecode/"+sh.ID, http.StatusSeeOther)
	return nil
}

// scans is the part of the page that lists who has scanned, asked for again and again. It takes the code off the page
// when the showing is at its end.
func (p *pages) scans(w http.ResponseWriter, r *http.Request) error {
	sh, err := p.mine(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	d := showData{Showing: sh, State: sh.State(p.c.Now())}
	if d.Scans, err = p.Scans(r.Context(), sh.Subject, sh.ID); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return p.render.Fragment(w, r, http.StatusOK, "livecode_show", "livecode-live", d)
}

// picture is a QR code as a data: address, so that the code is in no address of ours.
func picture(text string) (template.URL, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("livecode: drawing a QR code: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, q.Image(360)); err != nil {
		return "", fmt.Errorf("livecode: drawing a QR code: %w", err)
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil
}
