package intake

import (
	"fmt"
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/page"
)

type pasteData struct {
	Form  page.Form
	Feeds []page.Option
}

// showPaste is the form for rows copied from a spreadsheet.
func (d *desk) showPaste(w http.ResponseWriter, r *http.Request) error {
	return d.pastePage(w, r, http.StatusOK, page.Form{Values: url.Values{"feed": {r.URL.Query().Get("feed")}, "headings": {"yes"}}})
}

func (d *desk) pastePage(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	lines, err := d.lines(r.Context(), sc)
	if err != nil {
		return err
	}
	return d.pages.Render(w, r, status, "intake_paste", pasteData{f, choices(lines, f.Values.Get("feed"), language(r))})
}

// paste takes pasted rows in and leads to their load.
func (d *desk) paste(w http.ResponseWriter, r *http.Request) error {
	f, err := parse(r)
	if err != nil {
		return err
	}
	form := page.Form{Values: f}
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	lines, err := d.lines(r.Context(), sc)
	if err != nil {
		return err
	}
	l, ok := pick(lines, f.Get("feed"))
	if !ok {
		if err := sc.refusesFeed(f.Get("feed")); err != nil {
			return err
		}
		form.Fail("feed", "intake.error.feed")
		return d.pastePage(w, r, http.StatusUnprocessableEntity, form)
	}
	headings, rows, err := ParsePaste(f.Get("text"), l.Kind, f.Get("headings") == "yes")
	var load Load
	if err == nil {
		load, err = d.AcceptRows(r.Context(), Entry{Source: l.Source.Code, Kind: l.Kind, Name: PasteLoad, By: account.From(r.Context()).Login,
			Headings: headings, Rows: rows})
	}
	if err == nil {
		return see(w, r, fmt.Sprintf("/intake/load/%d", load.ID))
	}
	if !take(&form, language(r), err) {
		return err
	}
	for i := range form.Wrong { // the file of a paste is its text
		if form.Wrong[i].Field == "file" {
			form.Wrong[i].Field = "text"
		}
	}
	return d.pastePage(w, r, http.StatusUnprocessableEntity, form)
}
