package report

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/problem"
)

// issueBody is what is asked for. What is left out has its default.
type issueBody struct {
	Subject credit.Key  `json:"subject" maxLength:"80" doc:"unified social credit code, or legacy number with its scheme" example:"91000000MA00000001"`
	Edition string      `json:"edition" enum:"general,administration,listing" example:"general"`
	RuleSet string      `json:"ruleset,omitempty" maxLength:"40" doc:"the one in force when absent" example:"SD-2023"`
	From    credit.Date `json:"from,omitzero" format:"date" example:"2021-05-19"`
	To      credit.Date `json:"to,omitzero" format:"date" example:"2026-05-18"`
	Domains []string    `json:"domains,omitempty" maxItems:"100" doc:"identifiers or names; all when absent" example:"[\"transport\",\"ecology\"]"`
	Purpose string      `json:"purpose,omitempty" maxLength:"60" example:"招投标"`
}

type issueInput struct{ Body issueBody }

type reportOutput struct{ Body reportDoc }

// reportDoc is an issued report, for programs.
type reportDoc struct {
	Number     string         `json:"number" example:"20260518091530A3B4C6D7"`
	Code       string         `json:"code" doc:"needed besides the number to verify" example:"WX4K7M9B"`
	Subject    credit.Key     `json:"subject" example:"91000000MA00000001"`
	Name       string         `json:"name" example:"岚港远洋货代有限公司"`
	Edition    string         `json:"edition" example:"general"`
	RuleSet    string         `json:"ruleset" example:"SD-2023"`
	Purpose    string         `json:"purpose,omitempty" example:"招投标"`
	From       credit.Date    `json:"from" format:"date" example:"2021-05-19"`
	To         credit.Date    `json:"to" format:"date" example:"2026-05-18"`
	Domains    []DomainAnswer `json:"domains"`
	Records    []Record       `json:"records"`
	Fines      credit.Fen     `json:"fines_fen" example:"2000000"`
	Conclusion Conclusion     `json:"conclusion" enum:"none,found,incomplete" example:"found"`
	Unanswered []string       `json:"unanswered" doc:"names of the domains that give no answer"`
	SHA256     string         `json:"sha256"`
	Status     Status         `json:"status" enum:"valid,changed,replaced,withdrawn,unknown" example:"valid"`
	Reasons    []string       `json:"reasons"`
	Again      bool           `json:"again" doc:"the same report was issued before on this day"`
}

type numberInput struct {
	Number string `path:"number" maxLength:"40" example:"20260518091530A3B4C6D7"`
}

// fileOutput is a download.
type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (p *pages) resources(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"report"}}
	}
	make := op(http.MethodPost, "/reports", "issue-report", "Issue a report (开具信用报告)")
	make.DefaultStatus = http.StatusCreated
	huma.Register(api, readers.On(make), p.apiIssue)
	huma.Register(api, readers.On(op(http.MethodGet, "/reports/{number}", "get-report", "An issued report")), p.apiReport)
	paper := op(http.MethodGet, "/reports/{number}/paper", "get-report-paper", "Its signed PDF")
	paper.Responses = download("application/pdf")
	huma.Register(api, readers.On(paper), p.apiPaper)
	data := op(http.MethodGet, "/reports/{number}/data", "get-report-data", "Its signed JSON")
	data.Responses = download("application/json")
	huma.Register(api, readers.On(data), p.apiData)
	p.englishResources(api)
	p.checkupResource(api)
	p.verifyResources(api)
	huma.Register(api, inside.On(huma.Operation{Method: http.MethodGet, Path: "/subjects/{key}", OperationID: "get-subject",
		Summary: "A subject with its matters, for the credit centre", Tags: []string{"subject"}}), p.apiSubject)
}

func download(media string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
		media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
}

func (p *pages) apiIssue(ctx context.Context, in *issueInput) (*reportOutput, error) {
	b := in.Body
	if err := p.reached(ctx, b.Subject); err != nil {
		return nil, err
	}
	if problem.HasIdentityNumber(b.Purpose) {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").At("body.purpose", "report.purpose.identity")
	}
	doc, err := p.askFor(ctx, Request{Key: b.Subject, Edition: b.Edition, RuleSet: b.RuleSet, From: b.From, To: b.To, Domains: b.Domains, Purpose: b.Purpose, Paper: true})
	if err != nil {
		return nil, requestProblem(err)
	}
	return p.reportDoc(ctx, doc)
}

// requestProblem is what is wrong with a request, for programs.
func requestProblem(err error) error {
	var bad *RequestError
	var period *law.PeriodError
	switch {
	case errors.Is(err, ErrNoSubject):
		return problem.New(http.StatusNotFound, "no-subject-on-record")
	case errors.As(err, &period):
		return problem.New(http.StatusUnprocessableEntity, "validation").AtText("body.from", err.Error())
	case errors.As(err, &bad):
		return problem.New(http.StatusUnprocessableEntity, "validation").AtText("body", err.Error())
	}
	return err
}

func (p *pages) reportDoc(ctx context.Context, doc *Issued) (*reportOutput, error) {
	c := &doc.Content
	status, reasons, err := p.status(ctx, c.Subject, c.Number)
	if err != nil {
		return nil, err
	}
	if reasons == nil {
		reasons = []string{}
	}
	return &reportOutput{reportDoc{c.Number, c.Code, c.Subject, shownName(c.Subject, c.Name), c.Edition, c.RuleSet, c.Purpose, c.From, c.To, c.Domains, c.Records,
		c.FinesFen, c.Conclusion, c.Unanswered, doc.SHA256(), status, reasons, doc.Again}}, nil
}

func (p *pages) apiReport(ctx context.Context, in *numberInput) (*reportOutput, error) {
	doc, err := p.reportFor(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if !account.From(ctx).MayActFor(doc.Content.Subject) {
		if err := p.record(ctx, doc.Content.Subject, audit.View, "", in.Number); err != nil {
			return nil, err
		}
	}
	return p.reportDoc(ctx, doc)
}

func (p *pages) apiPaper(ctx context.Context, in *numberInput) (*fileOutput, error) {
	doc, err := p.reportFor(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	if err := p.printed(ctx, doc); err != nil {
		return nil, err
	}
	return p.file(ctx, doc, "application/pdf", ".pdf", doc.Paper)
}

func (p *pages) apiData(ctx context.Context, in *numberInput) (*fileOutput, error) {
	doc, err := p.reportFor(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	return p.file(ctx, doc, "application/json", ".json", doc.Envelope)
}

func (p *pages) file(ctx context.Context, doc *Issued, media, ext string, body []byte) (*fileOutput, error) {
	if err := p.record(ctx, doc.Content.Subject, audit.Download, "", doc.Content.Number); err != nil {
		return nil, err
	}
	return &fileOutput{media, `attachment; filename="` + doc.Content.Number + ext + `"`, "no-store", body}, nil
}
