package hall

import (
	"errors"
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// askReprint asks for the number and code of a report that is to be printed again (补打).
func (p *pages) askReprint(w http.ResponseWriter, r *http.Request) error {
	return p.render.Render(w, r, http.StatusOK, "hall_reprint", page.Form{Values: url.Values{}})
}

// takeReprint begins a service at which a report of before is printed again; who takes it is noted first. A number with a
// wrong code is answered as one that does not exist.
func (p *pages) takeReprint(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	sheet, err := p.byCode(r, r.PostForm.Get("number"), r.PostForm.Get("code"))
	if err != nil {
		f := page.Form{Values: r.PostForm}
		if !f.Take(err) {
			return err
		}
		page.From(r.Context()).Return = "/hall/reprint"
		return p.render.Render(w, r, http.StatusUnprocessableEntity, "hall_reprint", f)
	}
	v, err := p.begin(r.Context(), account.From(r.Context()), AtWindow, sheet.Subject, Person{}, func(tx *store.Tx, v *Visit) error {
		v.Purpose, v.Document = reprint, sheet.Number
		return p.update(tx, v, Open, Open)
	})
	if err != nil {
		return err
	}
	return see(w, r, v.href())
}

// byCode is a report by its number and code, if it may still be handed out.
func (p *pages) byCode(r *http.Request, number, code string) (*Sheet, error) {
	sheet, err := p.Reports.ByCode(r.Context(), number, code)
	switch {
	case errors.Is(err, ErrNoReport):
		return nil, fieldWrong("number", "hall.reprint.none")
	case err == nil && sheet.Withdrawn:
		return nil, fieldWrong("number", "hall.reprint.withdrawn")
	}
	return sheet, err
}
