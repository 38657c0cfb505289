package report

import (
	"cmp"
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

// checkupRows is how many matters the check-up lists at once.
const checkupRows = 50

// checkupPurpose is under which the subject finds the check-up in its access log.
const checkupPurpose = "出具前体检"

type checkupData struct {
	Holders []holderOf
	Key     credit.Key
	*Checkup
	Rows      []matterCheckView
	Questions []Question
	Next      string
}

// matterCheckView is a matter of the check-up as its page shows it.
type matterCheckView struct {
	MatterCheck
	Bare   bool // of an access class of its own: no particulars
	AskFor string
}

// Title is what the matter is called.
func (v matterCheckView) Title() string {
	if v.Bare || v.Record.List == "" && v.Record.Title == "" {
		return v.Kind.Chinese()
	}
	return problem.Redact(cmp.Or(v.Record.Title, v.Record.List))
}

// showCheckup tells the subject what a report would say, and is an access to its data like any other.
func (p *pages) showCheckup(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.URL.Query()
	d := checkupData{}
	var err error
	if d.Holders, d.Key, err = p.mine(ctx, v.Get("subject")); err != nil {
		return err
	}
	if d.Checkup, err = p.Service.Checkup(ctx, d.Key); err != nil {
		return err
	}
	if d.Questions, err = p.Desk.Questions(ctx, d.Key); err != nil {
		return err
	}
	d.list(v.Get("after"))
	if err := p.record(ctx, d.Key, audit.View, checkupPurpose, ""); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "checkup", d)
}

// list fills the page of matters after a place.
func (d *checkupData) list(after string) {
	for i := range d.Matters {
		m := &d.Matters[i]
		if after != "" && place(m.Matter) >= after {
			continue
		}
		if len(d.Rows) == checkupRows {
			d.Next = "/reports/checkup?" + url.Values{"subject": {string(d.Key)}, "after": {place(d.Rows[checkupRows-1].Matter)}}.Encode()
			return
		}
		row := matterCheckView{MatterCheck: *m, Bare: m.Kind == credit.CriminalJudgment}
		if m.Kind == credit.Penalty {
			row.AskFor = "/statements/new?" + url.Values{"subject": {string(d.Key)}, "matter": {m.ID.String()}}.Encode()
		}
		d.Rows = append(d.Rows, row)
	}
}

// checkupLink is the tile of the workbench.
var checkupLink = account.Link{Href: "/reports/checkup", Title: "checkup.title", Text: "checkup.tile", Icon: "check", Allow: holders, Order: 6}
