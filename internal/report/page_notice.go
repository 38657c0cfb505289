package report

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

type noticeView struct {
	Notice
	When time.Time
}

type noticesData struct {
	Holders []holderOf
	Key     credit.Key
	Rows    []noticeView
	Next    string
}

func (p *pages) listNotices(w http.ResponseWriter, r *http.Request) error {
	d := noticesData{}
	var err error
	if d.Holders, d.Key, err = p.mine(r.Context(), r.URL.Query().Get("subject")); err != nil {
		return err
	}
	rows, err := p.Notices(r.Context(), d.Key, r.URL.Query().Get("before"), lineRows+1)
	if err != nil {
		return err
	}
	if len(rows) > lineRows {
		rows = rows[:lineRows]
		d.Next = "/notices?" + url.Values{"subject": {string(d.Key)}, "before": {rows[lineRows-1].ID}}.Encode()
	}
	for _, n := range rows {
		d.Rows = append(d.Rows, noticeView{n, time.UnixMilli(n.At).UTC()})
	}
	return p.Pages.Render(w, r, http.StatusOK, "notices", d)
}

func (p *pages) seeNotice(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	_, key, err := p.mine(r.Context(), r.PostForm.Get("subject"))
	if err != nil {
		return err
	}
	if err := p.SeeNotice(r.Context(), key, r.PostForm.Get("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/notices?"+url.Values{"subject": {string(key)}}.Encode(), http.StatusSeeOther)
	return nil
}

// figureRows is how many notices the home page looks at.
const figureRows = 10

// unseenFigure is the number of new notices on the home page; empty for none.
func (p *pages) unseenFigure(ctx context.Context, me account.Principal) (string, error) {
	n := 0
	for _, k := range me.Subjects {
		rows, err := p.Notices(ctx, k, "", figureRows)
		if err != nil {
			return "", err
		}
		for _, x := range rows {
			if x.Seen == 0 {
				n++
			}
		}
	}
	switch {
	case n == 0:
		return "", nil
	case n >= figureRows:
		return strconv.Itoa(figureRows) + "+", nil
	}
	return strconv.Itoa(n), nil
}
