package ruleset

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type setData struct {
	Set     law.Set
	Waiting *adopted.Waiting // nil for a set in force
	Changed string           // what it changes, in lines
	Text    string           // the file
	Mine    bool             // the reader proposed it
	Editor  bool             // the reader may propose and decide
	Form    page.Form
}

// find returns a set in force or a proposal by its digest.
func (d *Desk) find(r *http.Request) (setData, error) {
	digest, p := r.PathValue("digest"), account.From(r.Context())
	data := setData{Editor: mayEdit(p)}
	waiting, err := d.Books.Waiting(r.Context())
	if err != nil {
		return data, err
	}
	for _, w := range waiting {
		if w.Digest == digest {
			data.Set, data.Waiting, data.Changed, data.Text, data.Mine = w.Set, &w, adopted.Text(w.Changes), string(w.Body), w.Author == p.Login
			return data, nil
		}
	}
	book, err := d.Books.Book("")
	if err != nil {
		return data, err
	}
	for _, s := range book.Sets() {
		if s.Digest == digest {
			data.Set, data.Text = s, string(s.Body)
			return data, nil
		}
	}
	return data, problem.New(http.StatusNotFound, "not-found")
}

func (d *Desk) show(w http.ResponseWriter, r *http.Request) error {
	data, err := d.find(r)
	if err != nil {
		return err
	}
	data.Form.Values = url.Values{"text": {data.Text}}
	return d.Pages.Render(w, r, http.StatusOK, "ruleset", data)
}

// download gives the file, to be edited elsewhere.
func (d *Desk) download(w http.ResponseWriter, r *http.Request) error {
	data, err := d.find(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+data.Set.ID+`.yaml"`)
	_, err = w.Write(data.Set.Body)
	return err
}

// propose takes an edited text of a set.
func (d *Desk) propose(w http.ResponseWriter, r *http.Request) error {
	return d.change(w, r, "text", adopted.StepPropose, func(data setData, f url.Values, login string) error {
		set, err := law.ReadSet([]byte(f.Get("text")))
		if err != nil {
			return err
		}
		if set.ID != data.Set.ID || set.Kind != data.Set.Kind {
			return errors.New("不能改动规则的编号和类别")
		}
		_, err = d.Books.Propose(r.Context(), set.Body, login, d.Now().UnixMilli())
		return err
	})
}

// decide adopts or rejects a proposal.
func (d *Desk) decide(w http.ResponseWriter, r *http.Request) error {
	step := adopted.StepReject
	if r.FormValue("do") == adopted.StepAdopt {
		step = adopted.StepAdopt
	}
	return d.change(w, r, "reason", step, func(data setData, f url.Values, login string) error {
		now := d.Now()
		_, err := d.Books.Decide(r.Context(), data.Set.Digest, login, step == adopted.StepAdopt, f.Get("reason"), credit.DateOf(now), now.UnixMilli())
		return err
	})
}

// change runs fn on a form; what is wrong is shown at the field, with the form as it was.
func (d *Desk) change(w http.ResponseWriter, r *http.Request, field, done string, fn func(data setData, f url.Values, login string) error) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	data, err := d.find(r)
	if err != nil {
		return err
	}
	if err := fn(data, r.PostForm, account.From(r.Context()).Login); err != nil {
		data.Form = page.Form{Values: r.PostForm, Wrong: []page.Wrong{{Field: field, Text: said(err)}}}
		return d.Pages.Render(w, r, http.StatusUnprocessableEntity, "ruleset", data)
	}
	http.Redirect(w, r, "/rulesets?done="+done, http.StatusSeeOther)
	return nil
}

// said is the first line of an error: the rest of a fault in YAML is the text around it, which stands in the form.
func said(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
