package results

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

type resultsInput struct {
	From credit.Date `query:"from" format:"date" doc:"first day; everything when absent" example:"2026-01-01"`
	To   credit.Date `query:"to" format:"date" doc:"last day; today when absent" example:"2026-05-18"`
}

type resultsOutput struct{ Body *Figures }

func (p *pages) resources(api huma.API) {
	huma.Register(api, account.Anyone().On(huma.Operation{Method: http.MethodGet, Path: "/results", OperationID: "get-results",
		Summary: "Reports issued, certificates replaced, hours saved (成效), with their definitions", Tags: []string{"results"}}), p.apiResults)
}

func (p *pages) apiResults(ctx context.Context, in *resultsInput) (*resultsOutput, error) {
	if in.From == 0 {
		in.From = begun
	}
	if in.To == 0 {
		in.To = p.today()
	}
	if in.From > in.To {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").At("query.to", "results.date.order")
	}
	f, err := p.Figures(ctx, in.From, in.To, inside(ctx))
	return &resultsOutput{f}, err
}
