package intake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/intake/normal"
	"xinban/internal/page"
)

// heldView is one row of the grid: the cells to mend, then the others.
type heldView struct {
	Load, Row int64
	Title     string // whose row it is, as far as it can be read
	Wrong     []cell
	Rest      []cell
	Loose     []told1
	Saved     bool // the page answers a save of this row that did not suffice
}

type heldData struct {
	loadView
	Rows  []heldView
	Next  string
	Done  string // key of what was just done
	Form  page.Form
	Lists map[string][]string
}

// heldPage is how many rows a page of the grid shows.
const heldPage = 10

// heldDone are the messages that the grid may be asked to show after a redirect.
var heldDone = map[string]string{"taken": "intake.held.taken", "dropped": "intake.held.dropped"}

// showHeld is the grid of rows that wait to be mended.
func (d *desk) showHeld(w http.ResponseWriter, r *http.Request) error {
	l, src, err := d.load(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // anything else starts at the top
	return d.grid(w, r, http.StatusOK, l, src, after, heldData{Done: heldDone[r.URL.Query().Get("done")]}, nil)
}

// grid shows rows after the given one; again is a row that was saved and is still wrong.
func (d *desk) grid(w http.ResponseWriter, r *http.Request, status int, l Load, src Source, after int64, data heldData, again *Mended) error {
	data.loadView, data.Lists = loadView{l, src.Name, at(l.Started)}, lists()
	rows, err := d.HeldRows(r.Context(), l.ID, after, heldPage+1)
	if err != nil {
		return err
	}
	if len(rows) > heldPage {
		rows = rows[:heldPage]
		data.Next = fmt.Sprintf("/intake/load/%d/quarantine?after=%d", l.ID, rows[heldPage-1].Row)
	}
	for i := range rows {
		v, err := d.heldRow(r.Context(), &rows[i], language(r))
		if err != nil {
			return err
		}
		v.Saved = again != nil && again.Held.Row == v.Row
		data.Rows = append(data.Rows, v)
	}
	return d.pages.Render(w, r, status, "intake_held", data)
}

// heldRow checks a row again, so that each finding stands beside its cell in the reader's language.
func (d *desk) heldRow(ctx context.Context, h *Held, lang string) (heldView, error) {
	v := heldView{Load: h.Load, Row: h.Row}
	c, err := d.Check(h.Kind, h.Headings, h.Cells)
	if err != nil {
		return v, err
	}
	sealed := slices.Clone(h.Sealed)
	for _, i := range c.sealed {
		sealed[i] = true
	}
	for i, x := range cellsOf(h.Kind, h.Headings, h.Cells, sealed, c.Findings, lang, true) {
		switch {
		case ours(h.Headings[i]):
		case x.Wrong():
			v.Wrong = append(v.Wrong, x)
		default:
			v.Rest = append(v.Rest, x)
		}
	}
	v.Loose = loose(c.Findings, len(h.Headings), lang)
	if !c.Blocked { // what kept it out lies between rows
		for _, f := range h.Findings {
			if !slices.ContainsFunc(c.Findings, func(n normal.Finding) bool { return n.Code == f.Code }) {
				v.Loose = append(v.Loose, told1{f.Field, f.Message, f.Fix, true})
			}
		}
	}
	v.Title = c.Record.Name
	if c.Record.DocNo != "" {
		v.Title += " · " + c.Record.DocNo
	}
	return v, nil
}

// mend saves or drops one row of the grid.
func (d *desk) mend(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, src, err := d.load(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	row, err := strconv.ParseInt(r.PathValue("row"), 10, 64)
	if err != nil {
		return outside()
	}
	f, err := parse(r)
	if err != nil {
		return err
	}
	here := max(0, row-1)
	if f.Get("do") == "drop" {
		_, err := d.Drop(ctx, l.ID, row, f.Get("reason"), account.From(ctx).Login)
		return d.heldAnswer(w, r, l, src, here, "dropped", err)
	}
	h, err := d.HeldRow(ctx, l.ID, row)
	if err != nil {
		return d.heldAnswer(w, r, l, src, here, "", err)
	}
	m, err := d.Mend(ctx, l.ID, row, edits(f, h.Cells, h.Sealed), account.From(ctx).Login)
	if err == nil && !m.Taken {
		var form page.Form
		form.Fail("row", "intake.held.still", row)
		return d.grid(w, r, http.StatusUnprocessableEntity, l, src, here, heldData{Form: form}, &m)
	}
	return d.heldAnswer(w, r, l, src, here, "taken", err)
}

func (d *desk) heldAnswer(w http.ResponseWriter, r *http.Request, l Load, src Source, after int64, done string, err error) error {
	if err == nil {
		return see(w, r, fmt.Sprintf("/intake/load/%d/quarantine?after=%d&done=%s", l.ID, after, done))
	}
	var form page.Form
	if !take(&form, language(r), err) {
		return err
	}
	status := http.StatusUnprocessableEntity
	if errors.Is(err, ErrNotHeld) {
		status = http.StatusConflict
	}
	return d.grid(w, r, status, l, src, after, heldData{Form: form}, nil)
}

// drop gives up all rows of a load that still wait.
func (d *desk) drop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, src, err := d.load(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := parse(r)
	if err != nil {
		return err
	}
	_, err = d.Drop(ctx, l.ID, 0, f.Get("reason"), account.From(ctx).Login)
	return d.heldAnswer(w, r, l, src, 0, "dropped", err)
}
