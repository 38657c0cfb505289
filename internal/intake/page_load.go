package intake

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"xinban/internal/page"
)

type loadData struct {
	loadView
	Source   Source
	Progress *Progress // nil when it does not run here
	Queued   bool
	CanRetry bool
	Counts   []countView
	Lines    []VerdictLine
	After    int64 // where in the verdicts the page begins
	Next     string
	Open     bool // rows wait to be mended
	Form     page.Form
}

// countView is a count of findings with what it says.
type countView struct {
	FindingCount
	Title string
}

// linesPage is how many findings a page shows.
const linesPage = 50

// showLoad shows a load: how far it is, or what became of it.
func (d *desk) showLoad(w http.ResponseWriter, r *http.Request) error {
	l, src, err := d.load(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return d.loadPage(w, r, http.StatusOK, l, src, page.Form{})
}

func (d *desk) loadPage(w http.ResponseWriter, r *http.Request, status int, l Load, src Source, form page.Form) error {
	data := loadData{loadView: loadView{l, src.Name, at(l.Started)}, Source: src, Form: form}
	if p, ok := d.ProgressOf(l.ID); ok && l.State == Running {
		data.Progress, data.Queued = &p, p.Bytes == 0
		return d.pages.Render(w, r, status, "intake_load", data)
	}
	_, kept := d.Waiting(l.SHA256)
	data.CanRetry = kept && l.State != Done
	if l.State == Running {
		return d.pages.Render(w, r, status, "intake_load", data)
	}
	if err := d.resultOf(r, &data); err != nil {
		return err
	}
	return d.pages.Render(w, r, status, "intake_load", data)
}

// resultOf reads what was found in a load that has ended.
func (d *desk) resultOf(r *http.Request, data *loadData) error {
	counts, err := d.Findings(r.Context(), data.ID)
	if err != nil {
		return err
	}
	for _, c := range counts {
		data.Counts = append(data.Counts, countView{c, codeTitle(c.Code, language(r))})
	}
	held, err := d.HeldRows(r.Context(), data.ID, 0, 1)
	if err != nil {
		return err
	}
	data.Open = len(held) > 0
	data.After, _ = strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // anything else starts at the top
	lines, next, err := d.Verdicts(data.ID, max(0, data.After), linesPage, true)
	if errors.Is(err, os.ErrNotExist) {
		return nil // a load that failed before its first row has none
	}
	if err != nil {
		return err
	}
	data.Lines = lines
	if next != 0 {
		data.Next = fmt.Sprintf("/intake/load/%d?after=%d#findings", data.ID, next)
	}
	return nil
}

// retry takes up a load that did not end.
func (d *desk) retry(w http.ResponseWriter, r *http.Request) error {
	l, src, err := d.load(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if l.State == Done {
		return see(w, r, fmt.Sprintf("/intake/load/%d", l.ID))
	}
	var form page.Form
	if _, err := d.Retry(r.Context(), l); err != nil {
		if !take(&form, language(r), err) {
			return err
		}
		return d.loadPage(w, r, http.StatusUnprocessableEntity, l, src, form)
	}
	return see(w, r, fmt.Sprintf("/intake/load/%d", l.ID))
}

// verdicts gives the verdict file.
func (d *desk) verdicts(w http.ResponseWriter, r *http.Request) error {
	l, _, err := d.load(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := os.Open(d.VerdictFile(l.ID))
	if errors.Is(err, os.ErrNotExist) {
		return outside()
	}
	if err != nil {
		return fmt.Errorf("intake: opening a verdict file: %w", err)
	}
	defer f.Close()
	download(w, "text/csv; charset=utf-8", fmt.Sprintf("%d逐行结论.csv", l.ID), fmt.Sprintf("verdicts-%d.csv", l.ID))
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// returnFile gives the rows that wait to be mended.
func (d *desk) returnFile(w http.ResponseWriter, r *http.Request) error {
	l, _, err := d.load(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	held, err := d.HeldRows(r.Context(), l.ID, 0, 1)
	if err != nil {
		return err
	}
	if len(held) == 0 {
		return outside()
	}
	download(w, "text/csv; charset=utf-8", fmt.Sprintf("%d待改.csv", l.ID), fmt.Sprintf("quarantine-%d.csv", l.ID))
	return d.WriteReturnFile(r.Context(), w, l.ID)
}
