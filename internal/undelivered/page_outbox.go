package undelivered

import (
	"net/http"
	"net/url"
	"time"

	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/problem"
)

// pageRows is how many messages a page lists, and silentRows how many targets.
const (
	pageRows   = 50
	silentRows = 20
)

// line is a message that did not arrive.
type line struct {
	outbox.Message
	Whom, About string
	Gone        bool // its words are kept no longer: it cannot be sent again
}

// WrittenAt is when the message was written.
func (l line) WrittenAt() time.Time { return time.UnixMilli(l.Written).UTC() }

type silent struct {
	outbox.Silent
	Whom string
}

// NextAt is when the target is tried again by itself.
func (s silent) NextAt() time.Time { return time.UnixMilli(s.Until).UTC() }

type listData struct {
	Waiting bool // the tab of those that are tried again
	Rows    []line
	Silent  []silent
	Next    string
}

// list shows what was refused, or on its second tab what waits after many tries, and the targets that do not answer.
func (d *Desk) list(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	data := listData{Waiting: v.Get("tab") == "waiting"}
	state := outbox.Refused
	if data.Waiting {
		state = outbox.Waiting
	}
	list, err := d.Outbox.Stuck(r.Context(), state, v.Get("after"), pageRows)
	if err != nil {
		return err
	}
	for _, m := range list {
		x := line{Message: m, About: d.About(m.Topic), Gone: m.Body == ""}
		if x.Whom, err = d.Whom(r.Context(), m.Target); err != nil {
			return err
		}
		data.Rows = append(data.Rows, x)
	}
	if len(list) == pageRows {
		q := url.Values{"after": {list[pageRows-1].Cursor()}}
		if data.Waiting {
			q.Set("tab", "waiting")
		}
		data.Next = "/outbox?" + q.Encode()
	}
	if err := d.silent(r, &data); err != nil {
		return err
	}
	return d.Pages.Render(w, r, http.StatusOK, "outbox", data)
}

func (d *Desk) silent(r *http.Request, data *listData) error {
	all, err := d.Outbox.Silent(r.Context(), silentRows)
	if err != nil {
		return err
	}
	for _, x := range all {
		whom, err := d.Whom(r.Context(), x.Target)
		if err != nil {
			return err
		}
		data.Silent = append(data.Silent, silent{x, whom})
	}
	return nil
}

// again has one message tried at once.
func (d *Desk) again(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	v := r.PostForm
	m, ok, err := d.Outbox.Of(r.Context(), credit.Key(v.Get("subject")), v.Get("target"), v.Get("topic"))
	if err != nil {
		return err
	}
	if !ok {
		return problem.New(http.StatusNotFound, "no-message")
	}
	if err := d.Outbox.Again(r.Context(), &m); err != nil {
		return err
	}
	return back(w, r)
}

// target has all that waits for one target tried at once.
func (d *Desk) target(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	if err := d.Outbox.TryTarget(r.Context(), r.PostForm.Get("target")); err != nil {
		return err
	}
	return back(w, r)
}

func back(w http.ResponseWriter, r *http.Request) error {
	to := "/outbox"
	if r.PostForm.Get("tab") == string(outbox.Waiting) {
		to += "?tab=waiting"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
