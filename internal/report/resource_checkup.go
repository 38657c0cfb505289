package report

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
)

type checkupInput struct {
	Subject credit.Key `query:"subject" required:"true" maxLength:"80" doc:"which the caller acts for" example:"91000000MA00000001"`
	After   string     `query:"after" maxLength:"60" doc:"next of the page before; its editions are empty then"`
	Limit   int        `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type checkupOutput struct{ Body checkupDoc }

// checkupDoc is a check-up, for programs.
type checkupDoc struct {
	Subject   credit.Key       `json:"subject"`
	On        credit.Date      `json:"on" format:"date"`
	Editions  []editionDoc     `json:"editions"`
	Questions int              `json:"questions" doc:"rows of which it is being checked whether they are the subject's"`
	Matters   []matterCheckDoc `json:"matters" doc:"those that the subject may see, newest first"`
	Next      string           `json:"next,omitempty"`
}

// editionDoc is what one edition would say.
type editionDoc struct {
	Edition    string         `json:"edition" enum:"general,administration,listing"`
	Detail     string         `json:"detail" enum:"count,summary,full" doc:"how much it says of a record"`
	RuleSet    string         `json:"ruleset"`
	From       credit.Date    `json:"from" format:"date"`
	To         credit.Date    `json:"to" format:"date"`
	Conclusion Conclusion     `json:"conclusion" enum:"none,found,incomplete"`
	Counted    int            `json:"counted"`
	Shown      int            `json:"shown"`
	Fines      credit.Fen     `json:"fines_fen"`
	Domains    []DomainAnswer `json:"domains"`
	Unanswered []string       `json:"unanswered" doc:"domains of which nothing is known: what comes of them may change clean_from"`
	CleanFrom  credit.Date    `json:"clean_from,omitzero" format:"date" doc:"first day on which none of the known records counts by itself; absent for none within five years"`
}

// matterCheckDoc is one matter of a check-up.
type matterCheckDoc struct {
	Matter    string      `json:"matter"`
	Kind      string      `json:"kind" example:"penalty"`
	DocNo     string      `json:"doc_no,omitempty"`
	Organ     string      `json:"organ,omitempty"`
	Domain    string      `json:"domain"`
	Decided   credit.Date `json:"decided,omitzero" format:"date"`
	Class     string      `json:"class,omitempty"`
	Editions  []sayDoc    `json:"editions"`
	Points    []pointDoc  `json:"points"`
	Statement *Statement  `json:"statement,omitempty"`
}

type sayDoc struct {
	Edition string `json:"edition"`
	Shown   bool   `json:"shown"`
	Counts  bool   `json:"counts"`
	Mark    string `json:"mark,omitempty" example:"已修复"`
	Why     string `json:"why,omitempty" doc:"why it is not shown"`
	Basis   string `json:"basis,omitempty"`
}

type pointDoc struct {
	Kind  PointKind   `json:"kind" enum:"attribution,disputable,repairable,later,ending"`
	Text  string      `json:"text"`
	From  credit.Date `json:"from,omitzero" format:"date"`
	Basis string      `json:"basis,omitempty"`
}

func (p *pages) checkupResource(api huma.API) {
	huma.Register(api, holders.On(huma.Operation{Method: http.MethodGet, Path: "/checkup", OperationID: "check-up", Tags: []string{"report"},
		Summary: "What each edition would say today (出具前体检); nothing is issued"}), p.apiCheckup)
}

func (p *pages) apiCheckup(ctx context.Context, in *checkupInput) (*checkupOutput, error) {
	if !account.From(ctx).MayActFor(in.Subject) { // as one that is not there
		return nil, notFound("no-subject-on-record")
	}
	c, err := p.checkup(ctx, in.Subject, in.After)
	if err != nil {
		return nil, requestProblem(err)
	}
	questions, err := p.Desk.Questions(ctx, in.Subject)
	if err != nil {
		return nil, err
	}
	if err := p.record(ctx, in.Subject, audit.View, checkupPurpose, ""); err != nil {
		return nil, err
	}
	d := checkupDoc{Subject: in.Subject, On: c.On, Editions: []editionDoc{}, Questions: len(questions), Matters: []matterCheckDoc{}}
	for i := range c.Editions {
		d.Editions = append(d.Editions, c.Editions[i].doc())
	}
	rows, next := checkupPage(c.Matters, in.After, in.Limit)
	for i := range rows {
		d.Matters = append(d.Matters, rows[i].doc())
	}
	d.Next = next
	return &checkupOutput{d}, nil
}

func (e *EditionCheck) doc() editionDoc {
	c := e.Content
	return editionDoc{e.ID, e.Detail.String(), c.RuleSet, c.From, c.To, c.Conclusion, e.Counted, len(c.Records), c.FinesFen, c.Domains, c.Unanswered, e.CleanFrom}
}

// doc leaves out the particulars of what has an access class of its own, as the page does.
func (c *MatterCheck) doc() matterCheckDoc {
	d := matterCheckDoc{Matter: c.ID.String(), Kind: c.Kind.String(), Domain: c.Domain, Editions: []sayDoc{}, Points: []pointDoc{}, Statement: c.Statement}
	if c.Kind != credit.CriminalJudgment {
		d.DocNo, d.Organ, d.Decided, d.Class = c.Record.DocNo, c.Organ, c.Record.Decided, c.Class.Class.String()
	}
	for i := range c.Says {
		s := &c.Says[i]
		d.Editions = append(d.Editions, sayDoc{s.ID, s.Shown, s.Counts, s.Mark, s.Why, s.Basis()})
	}
	for _, x := range c.Points {
		d.Points = append(d.Points, pointDoc{x.Kind, x.Text, x.From, x.Basis()})
	}
	return d
}
