package follow

import (
	"net/http"
	"net/url"
	"time"

	"xinban/internal/account"
	"xinban/internal/problem"
)

// listRows is how many messages the page shows at once.
const listRows = 30

// messageView is a message as the page shows it.
type messageView struct {
	Message
	When time.Time
	Name string // of the subject
}

type listData struct {
	Rows   []messageView
	Next   string
	UpTo   string // newest message shown
	Unseen bool
	Follow bool // the caller can follow subjects
}

// list shows what the caller, or the organ that it acts for, was told.
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	me := account.From(ctx)
	to := recipients(me)[0]
	rows, err := p.Messages(ctx, to, r.URL.Query().Get("before"), listRows+1)
	if err != nil {
		return err
	}
	d := listData{Follow: me.Has(account.Enterprise)}
	if len(rows) > listRows {
		rows = rows[:listRows]
		d.Next = "/messages?" + url.Values{"before": {rows[listRows-1].ID}}.Encode()
	}
	for _, m := range rows {
		v := messageView{Message: m, When: time.UnixMilli(m.At)}
		if me.MayActFor(m.Subject) && len(me.Subjects) > 1 {
			if v.Name, err = p.Names(ctx, m.Subject); err != nil {
				return err
			}
		}
		d.Rows, d.Unseen = append(d.Rows, v), d.Unseen || m.Seen == 0
	}
	if len(rows) > 0 {
		d.UpTo = rows[0].ID
	}
	return p.Pages.Render(w, r, http.StatusOK, "messages", d)
}

// see marks messages as read, up to the newest that the caller was shown.
func (p *pages) see(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	ctx := r.Context()
	if err := p.See(ctx, recipients(account.From(ctx))[0], r.PostForm.Get("upto")); err != nil {
		return err
	}
	http.Redirect(w, r, "/messages", http.StatusSeeOther)
	return nil
}
