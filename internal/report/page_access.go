package report

import (
	"net/http"
	"net/url"
	"slices"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/problem"
)

// accessView is an entry of the access log; PurposeKey names its purpose when that is an event.
type accessView struct {
	audit.Entry
	PurposeKey string
}

// ReportHref leads to the report that was issued or read; empty where the document is another paper.
func (v accessView) ReportHref() string {
	if v.Document == "" || v.Document[0] < '0' || v.Document[0] > '9' { // a report's number begins with its time
		return ""
	}
	return "/reports/" + v.Document
}

// ChannelKey is the message that names the way by which it was done.
func (v accessView) ChannelKey() string { return audit.Channel(v.Actor.Channel).Key() }

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
