package livecode

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

type beginInput struct {
	Body struct {
		Subject credit.Key `json:"subject" maxLength:"80" doc:"which the caller acts for" example:"91000000MA00000001"`
		Edition string     `json:"edition" enum:"general,administration,listing" example:"general"`
		Fields  Fields     `json:"fields" enum:"conclusion,counts,records" doc:"what whoever scans sees; each shows what the one before does" example:"conclusion"`
		Domains []string   `json:"domains,omitempty" maxItems:"100" doc:"identifiers of those shown; all when absent" example:"[\"transport\"]"`
		Uses    int        `json:"uses" minimum:"1" maximum:"20" doc:"scans in all, whatever the number of codes" example:"1"`
	}
}

type idInput struct {
	ID string `path:"id" maxLength:"40" example:"JBSWY3DPEHPK3PXPJBSWY3DPEH"`
}

type showingOutput struct {
	Cache string `header:"Cache-Control"`
	Body  showingDoc
}

// showingDoc is a showing, for programs.
type showingDoc struct {
	ID      string     `json:"id" example:"JBSWY3DPEHPK3PXPJBSWY3DPEH"`
	Subject credit.Key `json:"subject" example:"91000000MA00000001"`
	Report  string     `json:"report" doc:"number of the report that is shown"`
	Fields  Fields     `json:"fields" enum:"conclusion,counts,records"`
	State   State      `json:"state" enum:"on,used_up,stopped,over" example:"on"`
	Uses    int        `json:"uses" example:"1"`
	Left    int        `json:"left" doc:"scans that are left" example:"1"`
	Code    *codeDoc   `json:"code,omitempty" doc:"given once, when the showing begins or is renewed"`
	Scans   []scanDoc  `json:"scans" doc:"the newest first"`
}

type codeDoc struct {
	Text    string    `json:"text" example:"JBSWY3DPEHPK3PXPJBSW"`
	Address string    `json:"address" doc:"for the QR code"`
	Until   time.Time `json:"until"`
}

type scanDoc struct {
	Who string    `json:"who" example:"社会公众"`
	At  time.Time `json:"at"`
}

func (p *pages) resources(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"livecode"}, Metadata: map[string]any{account.Repeatable: true}}
	}
	begin := op(http.MethodPost, "/livecodes", "show-live-code", "Show a live code (亮码)")
	begin.DefaultStatus = http.StatusCreated
	huma.Register(api, holders.On(begin), p.apiBegin)
	huma.Register(api, holders.On(op(http.MethodGet, "/livecodes/{id}", "get-live-code", "How a showing stands, and who has scanned")), p.apiShowing)
	huma.Register(api, holders.On(op(http.MethodPost, "/livecodes/{id}/renew", "renew-live-code", "The next code of a showing, for the scans that are left")), p.apiRenew)
	huma.Register(api, holders.On(op(http.MethodPost, "/livecodes/{id}/end", "end-live-code", "Stop showing: no code of it can be scanned any more")), p.apiEnd)
}

func (p *pages) apiBegin(ctx context.Context, in *beginInput) (*showingOutput, error) {
	b, me := &in.Body, account.From(ctx)
	if !me.MayActFor(b.Subject) {
		return nil, account.ErrForbidden()
	}
	if !slices.Contains(editions, b.Edition) {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").At("body.edition", "form.required")
	}
	sh, code, err := p.Begin(ctx, b.Subject, Choice{b.Edition, b.Fields, b.Domains, b.Uses}, audit.Actor(me.Actor()))
	var wrong *ChoiceError
	if errors.Is(err, ErrUses) || errors.Is(err, ErrFields) || errors.As(err, &wrong) {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").AtText("body", err.Error())
	}
	if err != nil {
		return nil, err
	}
	return p.doc(ctx, sh, code)
}

func (p *pages) apiShowing(ctx context.Context, in *idInput) (*showingOutput, error) {
	sh, err := p.mine(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return p.doc(ctx, sh, nil)
}

// apiRenew answers for a showing that is at its end with its state and without a code.
func (p *pages) apiRenew(ctx context.Context, in *idInput) (*showingOutput, error) {
	sh, err := p.mine(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	sh, code, err := p.Renew(ctx, sh.Subject, sh.ID)
	if err != nil && !errors.Is(err, ErrStopped) {
		return nil, err
	}
	return p.doc(ctx, sh, code)
}

func (p *pages) apiEnd(ctx context.Context, in *idInput) (*showingOutput, error) {
	sh, err := p.mine(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := p.End(ctx, sh.Subject, sh.ID); err != nil {
		return nil, err
	}
	return p.apiShowing(ctx, in)
}

func (p *pages) doc(ctx context.Context, sh *Showing, code *Code) (*showingOutput, error) {
	seen, err := p.Scans(ctx, sh.Subject, sh.ID)
	if err != nil {
		return nil, err
	}
	d := showingDoc{ID: sh.ID, Subject: sh.Subject, Report: sh.Shown.Number, Fields: sh.Fields, State: sh.State(p.c.Now()), Uses: sh.Uses, Left: sh.Left(), Scans: []scanDoc{}}
	if code != nil {
		d.Code = &codeDoc{code.Text, p.Address(code.Text), code.Until}
	}
	for _, x := range seen {
		d.Scans = append(d.Scans, scanDoc(x))
	}
	return &showingOutput{"no-store", d}, nil
}
