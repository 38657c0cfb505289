package intake

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"xinban/internal/account"
	"xinban/internal/intake/normal"
	"xinban/internal/page"
)

type entryChoice struct{ Feeds []line }

// chooseEntry asks what kind of decision to type in.
func (d *desk) chooseEntry(w http.ResponseWriter, r *http.Request) error {
	sc, err := d.scope(r.Context())
	if err != nil {
		return err
	}
	lines, err := d.lines(r.Context(), sc)
	if err != nil {
		return err
	}
	lines = slices.DeleteFunc(lines, func(l line) bool { return l.Snapshot }) // one entry is never the whole list
	if len(lines) == 1 {
		return see(w, r, "/intake/entry/"+lines[0].Value())
	}
	return d.pages.Render(w, r, http.StatusOK, "intake_choose", entryChoice{lines})
}

type entryData struct {
	Line     line
	Sections []section
	Loose    []told1
	Blocked  bool
	Checked  bool // the row was checked
	Preview  bool
	Warnings []told1
	Values   []page.Option // hidden inputs of the preview
	Lists    map[string][]string
	Wrong    int
}

// entryLine is the feed of an address, among the caller's.
func (d *desk) entryLine(r *http.Request) (line, error) {
	sc, err := d.scope(r.Context())
	if err != nil {
		return line{}, err
	}
	lines, err := d.lines(r.Context(), sc)
	if err != nil {
		return line{}, err
	}
	l, ok := pick(lines, r.PathValue("feed"))
	if !ok || l.Snapshot {
		return line{}, sc.outside()
	}
	return l, nil
}

// showEntry is the empty form for one decision; the caller's organ is filled in.
func (d *desk) showEntry(w http.ResponseWriter, r *http.Request) error {
	l, err := d.entryLine(r)
	if err != nil {
		return err
	}
	p := account.From(r.Context())
	organ, code := p.OrganOf, p.Organ
	if p.Has(account.Centre) {
		organ, code = l.Source.Name, l.Source.Organ
	}
	fields := normal.Fields(l.Kind)
	cells := make([]string, len(fields))
	for i, f := range fields {
		switch {
		case f.Group == normal.Origin && i+1 < len(fields) && fields[i+1].Group == normal.Origin && fields[i+1].Heading == f.Heading+"统一社会信用代码":
			cells[i], cells[i+1] = organ, code
		case f.Input == normal.ClassChoice:
			cells[i] = "法人及非法人组织"
		}
	}
	data := d.entryForm(r, l, cells, Checked{})
	return d.pages.Render(w, r, http.StatusOK, "intake_entry", data)
}

// entryForm is the form with cells and what was found in them.
func (d *desk) entryForm(r *http.Request, l line, values []string, c Checked) entryData {
	headings, lang := normal.Template(l.Kind), language(r)
	cells := cellsOf(l.Kind, headings, values, nil, c.Findings, lang, false)
	data := entryData{Line: l, Sections: sections(l.Kind, cells), Loose: loose(c.Findings, len(headings), lang), Blocked: c.Blocked, Lists: lists()}
	for _, f := range c.Findings {
		if f.Block {
			data.Wrong++
		} else {
			data.Warnings = append(data.Warnings, tell(f, lang))
		}
	}
	return data
}

// entered reads and checks what was typed.
func (d *desk) entered(r *http.Request) (l line, values []string, c Checked, f url.Values, err error) {
	if l, err = d.entryLine(r); err != nil {
		return l, nil, c, nil, err
	}
	if f, err = parse(r); err != nil {
		return l, nil, c, nil, err
	}
	headings := normal.Template(l.Kind)
	values = typed(f, len(headings))
	c, err = d.Check(l.Kind, headings, values)
	return l, values, c, f, err
}

// checkEntry says what is wrong with the form so far, for the fields that are filled in; htmx puts each
// finding beside its field.
func (d *desk) checkEntry(w http.ResponseWriter, r *http.Request) error {
	l, values, c, _, err := d.entered(r)
	if err != nil {
		return err
	}
	empty := 0
	c.Findings = slices.DeleteFunc(c.Findings, func(f normal.Finding) bool { // nobody is told off for what is still to come
		missing := f.Column >= 0 && f.Column < len(values) && values[f.Column] == ""
		if missing && f.Block {
			empty++
		}
		return missing
	})
	data := d.entryForm(r, l, values, c)
	data.Checked = true
	return d.pages.Fragment(w, r, http.StatusOK, "intake_entry", "intake-checked", data)
}

// previewEntry checks the whole form and shows what will be sent, or the form again.
func (d *desk) previewEntry(w http.ResponseWriter, r *http.Request) error {
	l, values, c, f, err := d.entered(r)
	if err != nil {
		return err
	}
	data := d.entryForm(r, l, values, c)
	data.Checked = true
	if c.Blocked || f.Get("do") == "edit" {
		status := http.StatusOK
		if c.Blocked {
			status = http.StatusUnprocessableEntity
		}
		return d.pages.Render(w, r, status, "intake_entry", data)
	}
	return d.preview(w, r, http.StatusOK, data, values)
}

func (d *desk) preview(w http.ResponseWriter, r *http.Request, status int, data entryData, values []string) error {
	data.Preview = true
	for i, v := range values {
		if v != "" {
			data.Values = append(data.Values, page.Option{Label: fmt.Sprintf("c%d", i), Value: v})
		}
	}
	identities := map[string]bool{}
	for _, f := range normal.Fields(data.Line.Kind) {
		identities[f.Heading] = f.Identity
	}
	for i := range data.Sections {
		cells := slices.Concat(data.Sections[i].Cells, data.Sections[i].More)
		for k := range cells {
			if identities[cells[k].Label] {
				cells[k].Value = mask(cells[k].Value)
			}
		}
		data.Sections[i].Cells = slices.DeleteFunc(cells, func(c cell) bool { return c.Value == "" })
	}
	return d.pages.Render(w, r, status, "intake_entry", data)
}

// sendEntry takes the decision in as a load of one row.
func (d *desk) sendEntry(w http.ResponseWriter, r *http.Request) error {
	l, values, c, _, err := d.entered(r)
	if err != nil {
		return err
	}
	if c.Blocked {
		data := d.entryForm(r, l, values, c)
		data.Checked = true
		return d.pages.Render(w, r, http.StatusUnprocessableEntity, "intake_entry", data)
	}
	res, err := d.Enter(r.Context(), Entry{Source: l.Source.Code, Kind: l.Kind, Name: FormLoad, By: account.From(r.Context()).Login,
		Headings: normal.Template(l.Kind), Rows: [][]string{values}})
	if err != nil {
		return err
	}
	return see(w, r, fmt.Sprintf("/intake/load/%d", res.ID))
}
