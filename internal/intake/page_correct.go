package intake

import (
	"errors"
	"net/http"

	"xinban/internal/intake/normal"
	"xinban/internal/page"
)

type correctData struct {
	sentView
	Cells []cell
	Empty []cell // without text and without fault, folded away
	Loose []told1
	Form  page.Form
	Lists map[string][]string
}

// showCorrect is the row as sent last, to be corrected.
func (d *desk) showCorrect(w http.ResponseWriter, r *http.Request) error {
	v, err := d.record(r)
	if err != nil {
		return err
	}
	dr, err := d.Draft(r.Context(), v.Subject, v.Matter, []int64{v.Source})
	if err == nil {
		return d.correctPage(w, r, http.StatusOK, v, dr, nil, page.Form{})
	}
	data := recordData{sentView: v}
	if !take(&data.Form, language(r), err) {
		return err
	}
	return d.recordPage(w, r, http.StatusUnprocessableEntity, data)
}

func (d *desk) correctPage(w http.ResponseWriter, r *http.Request, status int, v sentView, dr Draft, findings []normal.Finding, f page.Form) error {
	cells := cellsOf(dr.Kind, dr.Headings, dr.Cells, dr.Sealed, findings, language(r), true)
	data := correctData{sentView: v, Loose: loose(findings, len(cells), language(r)), Form: f, Lists: lists()}
	for _, c := range cells {
		switch {
		case ours(c.Label):
		case c.Value == "" && c.Masked == "" && len(c.Findings) == 0 && !c.Required:
			data.Empty = append(data.Empty, c)
		default:
			data.Cells = append(data.Cells, c)
		}
	}
	return d.pages.Render(w, r, status, "intake_correct", data)
}

// correct replaces the word of the caller's source.
func (d *desk) correct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := d.record(r)
	if err != nil {
		return err
	}
	f, err := parse(r)
	if err != nil {
		return err
	}
	dr, err := d.Draft(ctx, v.Subject, v.Matter, []int64{v.Source})
	if err != nil {
		data := recordData{sentView: v}
		if !take(&data.Form, language(r), err) {
			return err
		}
		return d.recordPage(w, r, http.StatusUnprocessableEntity, data)
	}
	for i, text := range edits(f, dr.Cells, dr.Sealed) {
		dr.Cells[i] = text
	}
	findings, err := d.Correct(ctx, d.amendment(ctx, v, f.Get("reason")), dr.Headings, dr.Cells)
	if err == nil {
		return d.corrected(w, r, v)
	}
	form := page.Form{Values: f}
	if !take(&form, language(r), err) {
		return err
	}
	return d.correctPage(w, r, http.StatusUnprocessableEntity, v, dr, findings, form)
}

// corrected leads to the record, or to the search when the correction moved it elsewhere.
func (d *desk) corrected(w http.ResponseWriter, r *http.Request, v sentView) error {
	_, err := d.SentMatter(r.Context(), v.Subject, v.Matter, []int64{v.Source})
	if errors.Is(err, ErrNoMatter) {
		return see(w, r, "/intake/records")
	}
	if err != nil {
		return err
	}
	return see(w, r, v.Path()+"?done=corrected")
}
