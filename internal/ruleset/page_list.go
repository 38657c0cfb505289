package ruleset

import (
	"net/http"
	"slices"
	"time"

	"xinban/internal/law"
	"xinban/internal/law/adopted"
)

// stepView is a step of a text with its title and when it was.
type stepView struct {
	adopted.Step
	Name string
	When time.Time
}

type listData struct {
	Sets    []law.Set
	Waiting []adopted.Waiting
	History []stepView
	Done    string
}

// list shows what is in force, what waits, and what was decided, newest first.
func (d *Desk) list(w http.ResponseWriter, r *http.Request) error {
	book, err := d.Books.Book("")
	if err != nil {
		return err
	}
	data := listData{Sets: book.Sets()}
	if done := r.URL.Query().Get("done"); slices.Contains([]string{adopted.StepPropose, adopted.StepAdopt, adopted.StepReject}, done) {
		data.Done = done
	}
	if data.Waiting, err = d.Books.Waiting(r.Context()); err != nil {
		return err
	}
	steps, err := d.Books.History(r.Context())
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, s := range steps {
		if t := s.Title(); t != "" {
			names[s.Digest] = t
		}
		data.History = append(data.History, stepView{s, names[s.Digest], time.UnixMilli(s.At)})
	}
	slices.Reverse(data.History)
	return d.Pages.Render(w, r, http.StatusOK, "rulesets", data)
}
