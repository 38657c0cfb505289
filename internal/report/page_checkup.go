package report

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/problem"
)

// checkupRows is how many matters the check-up lists at once.
const checkupRows = 50

// checkupPurpose is under which the subject finds the check-up in its access log.
const checkupPurpose = "出具前体检"

type checkupData struct {
	Holders   []holderOf
	Key       credit.Key
	*Checkup  // without editions on a page after the first
	Rows      []matterCheckView
	Questions []Question
	Next      string
}

// matterCheckView is a matter of the check-up as its page shows it.
type matterCheckView struct {
	MatterCheck
	Bare   bool // of an access class of its own: no particulars
	AskFor string
	Repair *law.RepairAnswer // nil where nothing is to be repaired
	// RepairAt is where repair is asked for; empty where it cannot be now.
	RepairAt string
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
	if d.Checkup, err = p.checkup(ctx, d.Key, v.Get("after")); err != nil {
		return err
	}
	if d.Questions, err = p.Desk.Questions(ctx, d.Key); err != nil {
		return err
	}
	d.list(p.book(), v.Get("after"))
	if err := p.record(ctx, d.Key, audit.View, checkupPurpose, ""); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "checkup", d)
}

// checkup is the check-up of a subject, or its matters alone for what goes on after a place: what the editions say stands
// on the first page.
func (s *Service) checkup(ctx context.Context, key credit.Key, after string) (*Checkup, error) {
	if after == "" {
		return s.Checkup(ctx, key)
	}
	all, _, err := s.OwnMatters(ctx, key)
	return &Checkup{On: credit.DateOf(s.c.Now()), Matters: all}, err
}

// list fills the page of matters after a place.
func (d *checkupData) list(book *law.Book, after string) {
	rows, next := checkupPage(d.Matters, after, checkupRows)
	if next != "" {
		d.Next = "/reports/checkup?" + url.Values{"subject": {string(d.Key)}, "after": {next}}.Encode()
	}
	for _, m := range rows {
		row := matterCheckView{MatterCheck: m, Bare: m.Kind == credit.CriminalJudgment}
		if m.Kind == credit.Penalty && m.Statement == nil {
			row.AskFor = "/statements/new?" + url.Values{"subject": {string(d.Key)}, "matter": {m.ID.String()}}.Encode()
		}
		if a := book.Repair(&m.Law, law.RepairFacts{}, d.On); a.RouteRule != nil && !row.Bare {
			row.Repair = &a
			if a.Decision.Outcome != decision.No && !m.Disputed {
				row.RepairAt = "/repairs/new?" + url.Values{"subject": {string(d.Key)}, "matter": {m.ID.String()}}.Encode()
			}
		}
		d.Rows = append(d.Rows, row)
	}
}

// checkupPage is up to limit matters after a place, and the place of the last where more follow.
func checkupPage(all []MatterCheck, after string, limit int) (rows []MatterCheck, next string) {
	from := 0
	if after != "" {
		from = slices.IndexFunc(all, func(m MatterCheck) bool { return place(m.Matter) < after })
		if from < 0 {
			return nil, ""
		}
	}
	rows = all[from:]
	if len(rows) > limit {
		rows = rows[:limit]
		next = place(rows[limit-1].Matter)
	}
	return rows, next
}

// checkupLink is the tile of the workbench.
var checkupLink = account.Link{Href: "/reports/checkup", Title: "checkup.title", Text: "checkup.tile", Icon: "check", Allow: holders, Order: 6}
