package report

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

// verificationDoc answers the three questions apart. Document is there when number and code belong
// together; it is from the store, never from the file.
type verificationDoc struct {
	*Verification
	Document *verifiedDoc `json:"document,omitempty"`
}

type verifiedDoc struct {
	Name       string      `json:"name" example:"岚港远洋货代有限公司"`
	Subject    string      `json:"subject" doc:"code or legacy number; empty for a natural person" example:"91000000MA00000001"`
	Edition    string      `json:"edition" example:"general"`
	RuleSet    string      `json:"ruleset" example:"SD-2023"`
	From       credit.Date `json:"from" format:"date" example:"2021-05-19"`
	To         credit.Date `json:"to" format:"date" example:"2026-05-18"`
	Purpose    string      `json:"purpose,omitempty" example:"招投标"`
	Conclusion Conclusion  `json:"conclusion" enum:"none,found,incomplete"`
	Unanswered []string    `json:"unanswered"`
	IssuedAt   string      `json:"issued_at" example:"2026-05-18T09:15:30+08:00"`
	SHA256     string      `json:"sha256"`
}

type lookUpInput struct {
	Number string `query:"number" required:"true" maxLength:"40" example:"20260518091530A3B4C6D7"`
	Code   string `query:"code" required:"true" maxLength:"20" example:"WX4K7M9B"`
}

type verifyInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"PDF or signed JSON, at most 64 MB"`
	}]
}

type verificationOutput struct{ Body verificationDoc }

func (p *pages) verifyResources(api huma.API) {
	huma.Register(api, account.Anyone().On(huma.Operation{Method: http.MethodGet, Path: "/verifications", OperationID: "look-up-report",
		Summary: "Verify by number and code (核验); a wrong code is answered like an unknown number", Tags: []string{"verification"}}), p.apiLookUp)
	huma.Register(api, account.Anyone().On(huma.Operation{Method: http.MethodPost, Path: "/verifications", OperationID: "verify-file",
		Summary: "Verify a PDF or signed JSON; nothing is kept", Tags: []string{"verification"}, MaxBodyBytes: maxFile}), p.apiVerify)
}

func (p *pages) apiLookUp(ctx context.Context, in *lookUpInput) (*verificationOutput, error) {
	v, err := p.LookUp(ctx, in.Number, in.Code)
	if errors.Is(err, ErrNoDocument) {
		return nil, notFound("no-document")
	}
	if err != nil {
		return nil, err
	}
	return p.verification(ctx, v)
}

func (p *pages) apiVerify(ctx context.Context, in *verifyInput) (*verificationOutput, error) {
	file, err := io.ReadAll(in.RawBody.Data().File)
	if err != nil {
		return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	v, err := p.VerifyFile(ctx, file, nil)
	if err != nil {
		return nil, err
	}
	return p.verification(ctx, v)
}

func (p *pages) verification(ctx context.Context, v *Verification) (*verificationOutput, error) {
	out := &verificationOutput{verificationDoc{Verification: v}}
	if v.Reasons == nil {
		v.Reasons = []string{}
	}
	if v.Status == Unknown {
		return out, nil
	}
	doc, err := p.verified(ctx, v.Number)
	if err != nil {
		return nil, err
	}
	c := &doc.Content
	out.Body.Document = &verifiedDoc{shownName(c.Subject, c.Name), c.Subject.Code(), c.Edition, c.RuleSet, c.From, c.To, c.Purpose, c.Conclusion, c.Unanswered, c.IssuedAt, doc.SHA256()}
	return out, nil
}
