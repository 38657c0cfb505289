package report

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// englishFor renders a document for one who may see it.
func (p *pages) englishFor(ctx context.Context, number string, paper bool) (*Issued, *Rendering, error) {
	doc, err := p.reportFor(ctx, number)
	if err != nil {
		return nil, nil, err
	}
	r, err := p.English(ctx, doc, paper)
	return doc, r, err
}

func (p *pages) downloadEnglishPaper(w http.ResponseWriter, r *http.Request) error {
	doc, e, err := p.englishFor(r.Context(), r.PathValue("number"), true)
	if err != nil {
		return err
	}
	return p.send(w, r, doc, "application/pdf", "-en.pdf", e.Paper)
}

func (p *pages) downloadEnglishData(w http.ResponseWriter, r *http.Request) error {
	doc, e, err := p.englishFor(r.Context(), r.PathValue("number"), false)
	if err != nil {
		return err
	}
	return p.send(w, r, doc, "application/json", "-en.json", e.Envelope)
}

func (p *pages) englishResources(api huma.API) {
	paper := huma.Operation{Method: http.MethodGet, Path: "/reports/{number}/english", OperationID: "get-report-english", Tags: []string{"report"},
		Summary: "Its English rendering as a signed PDF (英文版); the Chinese text prevails", Responses: download("application/pdf")}
	huma.Register(api, readers.On(paper), func(ctx context.Context, in *numberInput) (*fileOutput, error) {
		doc, e, err := p.englishFor(ctx, in.Number, true)
		if err != nil {
			return nil, err
		}
		return p.file(ctx, doc, "application/pdf", "-en.pdf", e.Paper)
	})
	data := huma.Operation{Method: http.MethodGet, Path: "/reports/{number}/english/data", OperationID: "get-report-english-data", Tags: []string{"report"},
		Summary: "Its English rendering as signed JSON, with the original inside", Responses: download("application/json")}
	huma.Register(api, readers.On(data), func(ctx context.Context, in *numberInput) (*fileOutput, error) {
		doc, e, err := p.englishFor(ctx, in.Number, false)
		if err != nil {
			return nil, err
		}
		return p.file(ctx, doc, "application/json", "-en.json", e.Envelope)
	})
}
