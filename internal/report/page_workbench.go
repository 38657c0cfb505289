package report

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/problem"
)

// lineRows is how many rows the lists of the workbench show at once.
const lineRows = 20

// lineView is a document in a list.
type lineView struct {
	Line
	At         time.Time
	PurposeKey string
	State      Status
}

type workbenchData struct {
	Holders []holderOf
	Key     credit.Key
	Lines   []lineView
	Next    string
	First   bool
}

func (p *pages) listReports(w http.ResponseWriter, r *http.Request) error {
	d, before := workbenchData{}, r.URL.Query().Get("before")
	var err error
	if d.Holders, d.Key, err = p.mine(r.Context(), r.URL.Query().Get("subject")); err != nil {
		return err
	}
	d.First = before == ""
	if d.Lines, d.Next, err = p.lines(r.Context(), d.Key, before, lineRows); err != nil {
		return err
	}
	if d.Next != "" {
		d.Next = "/reports?" + url.Values{"subject": {string(d.Key)}, "before": {d.Next}}.Encode()
	}
	return p.Pages.Render(w, r, http.StatusOK, "reports", d)
}

// lines lists documents with their status as a list can tell it: from what the follower left and from
// how far the facts have come, without opening each.
func (p *pages) lines(ctx context.Context, key credit.Key, before string, limit int) (all []lineView, next string, err error) {
	lines, err := p.Documents(ctx, key, before, limit+1)
	if err != nil || len(lines) == 0 {
		return nil, "", err
	}
	_, versions, err := p.ledger.Standing(ctx, key, credit.DateOf(p.c.Now()), nil)
	if err != nil {
		return nil, "", err
	}
	if len(lines) > limit {
		lines = lines[:limit]
		next = lines[limit-1].Number
	}
	for _, l := range lines {
		v := lineView{Line: l, At: time.UnixMilli(l.Issued).UTC(), State: listed(&l, versions)}
		if x := purposeOf(l.Purpose); x.ID != "" {
			v.PurposeKey = "report.purpose." + x.ID
		}
		all = append(all, v)
	}
	return all, next, nil
}

func listed(l *Line, versions []ledger.KeySeq) Status {
	switch {
	case l.Status == Withdrawn:
		return Withdrawn
	case l.Newer != "":
		return Replaced
	case !slices.Equal(l.Facts, versions):
		return Changed
	}
	return Valid
}

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

// accessView is an entry of the access log; PurposeKey names its purpose when that is an event.
type accessView struct {
	audit.Entry
	PurposeKey string
}

// eventTypes are the purposes under which amendments are logged.
var eventTypes = []ledger.EventType{ledger.Withdrawn, ledger.Annulled, ledger.Removed, ledger.Reassigned, ledger.Linked, ledger.LinkUndone}

type accessData struct {
	Holders []holderOf
	Key     credit.Key
	Rows    []accessView
	Next    string
}

func (p *pages) listAccess(w http.ResponseWriter, r *http.Request) error {
	d := accessData{}
	var err error
	if d.Holders, d.Key, err = p.mine(r.Context(), r.URL.Query().Get("subject")); err != nil {
		return err
	}
	after, err := audit.ParseCursor(r.URL.Query().Get("after"))
	if err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	rows, next, err := audit.BySubject(r.Context(), p.db, d.Key, after, lineRows)
	if err != nil {
		return err
	}
	for _, e := range rows {
		v := accessView{Entry: e}
		if slices.Contains(eventTypes, ledger.EventType(e.Purpose)) {
			v.PurposeKey = "event." + e.Purpose
		}
		d.Rows = append(d.Rows, v)
	}
	if next != (audit.Cursor{}) {
		d.Next = "/access?" + url.Values{"subject": {string(d.Key)}, "after": {next.String()}}.Encode()
	}
	return p.Pages.Render(w, r, http.StatusOK, "access", d)
}
