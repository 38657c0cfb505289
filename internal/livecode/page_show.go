package livecode

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/skip2/go-qrcode"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type showData struct {
	Form     page.Form
	Holders  []page.Option
	Editions []page.Option
	Fields   []page.Option
	Code     *Code
	QR       template.URL
	Typed    string // the code as a person reads it out
	Key      credit.Key
	Since    int64 // UTC ms, from when scans are listed
	Scans    []Seen
	Site     string // where the code may be typed
}

// choose asks what the code is to show.
func (p *pages) choose(w http.ResponseWriter, r *http.Request) error {
	return p.form(w, r, http.StatusOK, page.Form{Values: url.Values{"fields": {string(Conclusion)}, "uses": {"1"}}})
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	d := showData{Form: f}
	if err := p.choices(r.Context(), &d); err != nil {
		return err
	}
	return p.render.Render(w, r, status, "livecode", d)
}

func (p *pages) choices(ctx context.Context, d *showData) error {
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
	return nil
}

// show makes a code and shows it. The page asks for a new one, with the same choices, before it is over.
func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	v := r.PostForm
	d := showData{Form: page.Form{Values: v}, Key: credit.Key(v.Get("subject")), Site: p.c.Base + "/c"}
	me := account.From(r.Context())
	if d.Key == "" && len(me.Subjects) > 0 {
		d.Key = me.Subjects[0]
	}
	if !me.MayActFor(d.Key) {
		return account.ErrForbidden()
	}
	d.check()
	if len(d.Form.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, d.Form)
	}
	uses, _ := strconv.Atoi(v.Get("uses")) // checked above
	d.Since, _ = strconv.ParseInt(v.Get("since"), 10, 64)
	if d.Since == 0 {
		d.Since = p.c.Now().UnixMilli()
		v.Set("since", strconv.FormatInt(d.Since, 10))
	}
	var err error
	if d.Code, err = p.Make(r.Context(), d.Key, v.Get("edition"), Fields(v.Get("fields")), uses, audit.Actor(me.Actor())); err != nil {
		return err
	}
	if d.QR, err = picture(p.Address(d.Code.Text)); err != nil {
		return err
	}
	d.Typed = Grouped(d.Code.Text)
	if d.Scans, err = p.Scans(r.Context(), d.Key, time.UnixMilli(d.Since)); err != nil {
		return err
	}
	page.From(r.Context()).Return = "/livecode"
	w.Header().Set("Cache-Control", "no-store")
	return p.render.Render(w, r, http.StatusOK, "livecode_show", d)
}

// check tells what is wrong with the choices.
func (d *showData) check() {
	v := d.Form.Values
	if !slices.Contains([]string{"general", "administration", "listing"}, v.Get("edition")) {
		d.Form.Fail("edition", "form.required")
	}
	if !slices.Contains([]string{string(Conclusion), string(Counts), string(Records)}, v.Get("fields")) {
		d.Form.Fail("fields", "form.required")
	}
	if n, err := strconv.Atoi(v.Get("uses")); err != nil || n < 1 || n > Most {
		d.Form.Wrong = append(d.Form.Wrong, page.Wrong{Field: "uses", Text: ErrUses.Error()})
	}
}

// scans is the part of the page that lists who has scanned, asked for again and again.
func (p *pages) scans(w http.ResponseWriter, r *http.Request) error {
	key := credit.Key(r.URL.Query().Get("subject"))
	since, err := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64)
	if err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	if !account.From(r.Context()).MayActFor(key) {
		return account.ErrForbidden()
	}
	d := showData{Key: key, Since: since}
	if d.Scans, err = p.Scans(r.Context(), key, time.UnixMilli(since)); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return p.render.Fragment(w, r, http.StatusOK, "livecode_show", "livecode-scans", d)
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
