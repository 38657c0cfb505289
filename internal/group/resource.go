package group

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

type groupInput struct {
	Body struct {
		Subject credit.Key  `json:"subject" maxLength:"80" doc:"the parent, which the caller acts for" example:"91000000MA00000001"`
		Members []string    `json:"members" minItems:"1" maxItems:"500" doc:"codes or names, one each" example:"[\"91000000MA00000001\"]"`
		Edition string      `json:"edition" enum:"general,administration,listing" example:"listing"`
		Purpose string      `json:"purpose" minLength:"1" maxLength:"60" doc:"as in the consent of the members" example:"上市"`
		From    credit.Date `json:"from,omitzero" format:"date" example:"2021-05-19"`
		To      credit.Date `json:"to,omitzero" format:"date" example:"2026-05-18"`
		Domains []string    `json:"domains,omitempty" maxItems:"100" doc:"identifiers or names; all when absent"`
	}
}

type idInput struct {
	ID string `path:"id" maxLength:"40" example:"20260518ABCDEFGHIJ"`
}

type groupOutput struct{ Body groupDoc }

// groupDoc is a request, for programs.
type groupDoc struct {
	ID      string         `json:"id" example:"20260518ABCDEFGHIJ"`
	Subject credit.Key     `json:"subject"`
	State   casework.State `json:"state" enum:"running,done,cancelled"`
	Opened  time.Time      `json:"opened"`
	Of      string         `json:"of,omitempty" doc:"the request that this one renews or completes"`
	Total   int            `json:"total"`
	Ended   int            `json:"ended" doc:"members that are through"`
	Issued  int            `json:"issued"`
	Members []memberDoc    `json:"members" doc:"in the order of the list"`
}

type memberDoc struct {
	Given  string         `json:"given" doc:"as listed"`
	Key    credit.Key     `json:"subject,omitempty" doc:"absent when not on record"`
	Name   string         `json:"name"`
	State  casework.State `json:"state" enum:"waiting,issued,refused,unknown,outside,failed,cancelled"`
	Reason string         `json:"reason,omitempty"`
	Note   string         `json:"note,omitempty" doc:"such as a former name"`
	Number string         `json:"number,omitempty" doc:"of its report"`
	Now    Status         `json:"now,omitempty" enum:"valid,replaced,withdrawn" doc:"whether its report was replaced or withdrawn; later changes are told by verifying it"`
}

func (p *pages) resources(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return holders.On(huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"group"}})
	}
	ask := op(http.MethodPost, "/group-requests", "ask-for-group", "Ask for reports of a whole group (集团报告)")
	ask.DefaultStatus = http.StatusAccepted
	huma.Register(api, ask, p.apiAsk)
	huma.Register(api, op(http.MethodGet, "/group-requests/{id}", "get-group", "How far a request is"), p.apiGroup)
	huma.Register(api, op(http.MethodGet, "/group-requests", "list-groups", "The requests of a parent, newest first"), p.apiList)
	for _, x := range []struct {
		path, id, summary string
		do                func(ctx context.Context, id string) (string, error)
	}{
		{"/group-requests/{id}/renew", "renew-group", "Ask again for the same subjects with the same settings, up to today (续期)", p.Renew},
		{"/group-requests/{id}/missing", "ask-for-missing", "Ask again for those without a report alone (再办未出具的)", p.AskMissing},
	} {
		again := op(http.MethodPost, x.path, x.id, x.summary)
		again.DefaultStatus = http.StatusAccepted
		huma.Register(api, again, func(ctx context.Context, in *idInput) (*groupOutput, error) { return p.apiAgain(ctx, in, x.do) })
	}
	huma.Register(api, op(http.MethodPost, "/group-requests/{id}/cancel", "cancel-group", "Issue nothing more; what is issued stays"), p.apiCancel)
	file := op(http.MethodGet, "/group-requests/{id}/download", "get-group-papers", "What is issued so far: PDF, signed JSON and a table, in one zip")
	file.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{
		"application/zip": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
	huma.Register(api, file, p.apiDownload)
}

func wrong(field, text string) error {
	return problem.New(http.StatusUnprocessableEntity, "validation").AtText(field, text)
}

func (p *pages) apiAsk(ctx context.Context, in *groupInput) (*groupOutput, error) {
	b := &in.Body
	if !account.From(ctx).MayActFor(b.Subject) {
		return nil, account.ErrForbidden()
	}
	if !slices.ContainsFunc(p.Presets, func(x Preset) bool { return x.Purpose == b.Purpose }) && problem.HasIdentityNumber(b.Purpose) {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").At("body.purpose", "report.purpose.identity")
	}
	lines, err := Lines(strings.Join(b.Members, "\n"))
	if err == nil && len(lines) == 0 {
		err = ErrNobody
	}
	if err != nil {
		return nil, wrong("body.members", err.Error())
	}
	set := Settings{Edition: b.Edition, Purpose: b.Purpose, From: b.From, To: b.To, Domains: b.Domains}
	var no *Refusal
	if err := p.Reports.Check(set); errors.As(err, &no) {
		return nil, wrong("body", no.Text)
	} else if err != nil {
		return nil, err
	}
	members, err := p.Resolve(ctx, set, lines)
	if err != nil {
		return nil, err
	}
	id, err := p.Create(ctx, b.Subject, set, members)
	if err != nil {
		return nil, err
	}
	return p.apiGroup(ctx, &idInput{id})
}

func (p *pages) apiGroup(ctx context.Context, in *idInput) (*groupOutput, error) {
	v, err := p.View(ctx, in.ID)
	if err == nil {
		err = p.Stand(ctx, v)
	}
	if err != nil {
		return nil, err
	}
	d := groupDoc{ID: v.ID, Subject: v.Subject, State: v.State, Opened: v.Opened, Of: v.Of, Total: len(v.Members), Ended: v.Ended, Issued: v.Issued, Members: []memberDoc{}}
	for _, m := range v.Members {
		d.Members = append(d.Members, memberDoc{m.Given, m.Key, m.Name, m.State, m.Reason, m.Note, m.Number, m.Status})
	}
	return &groupOutput{d}, nil
}

type listInput struct {
	Subject credit.Key `query:"subject" required:"true" maxLength:"80" doc:"the parent, which the caller acts for" example:"91000000MA00000001"`
	Before  string     `query:"before" maxLength:"40" doc:"next of the page before"`
}

type listOutput struct {
	Body struct {
		Requests []lineDoc `json:"requests"`
		Next     string    `json:"next,omitempty" doc:"before of the next page; absent on the last"`
	}
}

type lineDoc struct {
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	State   casework.State `json:"state" enum:"running,done,cancelled"`
	Edition string         `json:"edition"`
	Purpose string         `json:"purpose"`
	Opened  time.Time      `json:"opened"`
	Of      string         `json:"of,omitempty"`
}

func (p *pages) apiList(ctx context.Context, in *listInput) (*listOutput, error) {
	if !account.From(ctx).MayActFor(in.Subject) {
		return nil, account.ErrForbidden()
	}
	rows, next, err := p.listed(ctx, in.Subject, in.Before)
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Requests, out.Body.Next = []lineDoc{}, next
	for _, v := range rows {
		out.Body.Requests = append(out.Body.Requests, lineDoc{v.ID, v.Title, v.State, v.Settings.Edition, v.Settings.Purpose, v.Opened, v.Of})
	}
	return out, nil
}

func (p *pages) apiAgain(ctx context.Context, in *idInput, ask func(ctx context.Context, id string) (string, error)) (*groupOutput, error) {
	id, err := ask(ctx, in.ID)
	var no *Refusal
	if errors.As(err, &no) {
		return nil, wrong("body", no.Text)
	}
	if err != nil {
		return nil, err
	}
	return p.apiGroup(ctx, &idInput{id})
}

func (p *pages) apiCancel(ctx context.Context, in *idInput) (*groupOutput, error) {
	if err := p.Cancel(ctx, in.ID); err != nil && !errors.Is(err, casework.ErrMove) && !errors.Is(err, casework.ErrMoved) { // it has ended meanwhile
		return nil, err
	}
	return p.apiGroup(ctx, in)
}

func (p *pages) apiDownload(ctx context.Context, in *idInput) (*huma.StreamResponse, error) {
	f, err := p.Download(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer os.Remove(f.Name())
		defer f.Close()
		c.SetHeader("Content-Type", "application/zip")
		c.SetHeader("Content-Disposition", `attachment; filename="group-`+in.ID+`.zip"`)
		c.SetHeader("Cache-Control", "no-store")
		_, _ = io.Copy(c.BodyWriter(), f) // the client is gone; nothing to do
	}}, nil
}
