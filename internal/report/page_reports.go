package report

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"xinban/internal/credit"
	"xinban/internal/ledger"
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
	case l.Turned || !slices.Equal(l.Facts, versions):
		return Changed
	}
	return Valid
}
