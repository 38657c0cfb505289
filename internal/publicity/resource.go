package publicity

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/problem"
)

// publicMatter is a public matter, for programs.
type publicMatter struct {
	ID         string      `json:"id" example:"5f0c2a9d1e7b4c3a8d6e9f01"`
	Tab        string      `json:"tab" enum:"licence,penalty,list"`
	Kind       string      `json:"kind" example:"penalty"`
	Code       string      `json:"code" doc:"unified social credit code or legacy number" example:"91000000MA00000001"`
	Name       string      `json:"name" example:"岚港远洋货代有限公司"`
	DocNo      string      `json:"doc_no" example:"岚交罚〔2026〕1号"`
	Authority  string      `json:"authority" example:"岚港市交通运输局"`
	Domain     string      `json:"domain" example:"transport"`
	DomainName string      `json:"domain_name" example:"交通运输"`
	Decided    credit.Date `json:"decided_on" format:"date" example:"2026-05-18"`
	Until      credit.Date `json:"public_until,omitzero" format:"date" doc:"last day on which it is public by itself; absent when it has no such day"`
	Disputed   bool        `json:"disputed"`
	Detail     Detail      `json:"detail"`
}

type publicListInput struct {
	Tab    string `query:"tab" enum:"licence,penalty,list" default:"penalty"`
	Text   string `query:"q" maxLength:"100" doc:"code, name, beginning of a name, or document number; never an identity number"`
	Domain string `query:"domain" maxLength:"40"`
	After  string `query:"after" maxLength:"200" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type publicListOutput struct {
	Body struct {
		Matters []publicMatter `json:"matters"`
		Next    string         `json:"next,omitempty"`
		AsOf    time.Time      `json:"as_of" doc:"until when the public data have followed the facts"`
	}
}

type publicMatterInput struct {
	ID string `path:"id" maxLength:"64" example:"5f0c2a9d1e7b4c3a8d6e9f01"`
}

type publicMatterOutput struct{ Body publicMatter }

func (p *pages) resources(api huma.API) {
	huma.Register(api, account.Anyone().On(huma.Operation{Method: http.MethodGet, Path: "/public/matters", OperationID: "list-public-matters",
		Summary: "What is public: licences, penalties, lists (公示信息)", Tags: []string{"public"}}), p.listMatters)
	huma.Register(api, account.Anyone().On(huma.Operation{Method: http.MethodGet, Path: "/public/matters/{id}", OperationID: "get-public-matter",
		Summary: "One public matter", Tags: []string{"public"}}), p.getMatter)
}

func (p *pages) listMatters(ctx context.Context, in *publicListInput) (*publicListOutput, error) {
	after, err := ParseCursor(in.After)
	if err != nil {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").At("query.after", "public.cursor").Because(err)
	}
	if problem.HasIdentityNumber(in.Text) {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").At("query.q", "public.q.refused")
	}
	page, next, _, err := p.List(ctx, Query{Tab: ParseTab(in.Tab), Text: in.Text, Domain: in.Domain, After: after, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	domains, err := p.domains()
	if err != nil {
		return nil, err
	}
	out := &publicListOutput{}
	out.Body.Matters, out.Body.Next = []publicMatter{}, next.String()
	for i := range page {
		out.Body.Matters = append(out.Body.Matters, doc(&page[i], domains))
	}
	out.Body.AsOf, err = p.AsOf(ctx)
	return out, err
}

func (p *pages) getMatter(ctx context.Context, in *publicMatterInput) (*publicMatterOutput, error) {
	m, err := p.Get(ctx, in.ID)
	if errors.Is(err, ErrNotPublic) {
		return nil, problem.New(http.StatusNotFound, "not-public")
	}
	if err != nil {
		return nil, err
	}
	domains, err := p.domains()
	if err != nil {
		return nil, err
	}
	return &publicMatterOutput{doc(m, domains)}, nil
}

func doc(m *Matter, domains *law.Domains) publicMatter {
	d := publicMatter{m.ID, m.Tab.String(), m.Kind.String(), m.Subject.Code(), m.Name, m.DocNo, m.Authority, m.Domain, name(domains, m.Domain), m.Decided, m.LastDay(), m.Disputed, m.Detail}
	return d
}

// LastDay is the last day on which the matter is public by itself; 0 when it has no such day.
func (x *Matter) LastDay() credit.Date {
	if x.HiddenFrom == 0 {
		return 0
	}
	return x.HiddenFrom.AddDays(-1)
}
