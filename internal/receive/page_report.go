package receive

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"xinban/internal/audit"
	"xinban/internal/problem"
)

type reportData struct {
	*Report
	Made    *Made
	Base    string
	Organ   bool
	Edition string
}

// showReport shows a report to the reader who had it made.
func (p *pages) showReport(w http.ResponseWriter, r *http.Request) error {
	doc, made, err := p.read(r, audit.View)
	if err != nil {
		return err
	}
	base, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return p.render.Render(w, r, http.StatusOK, "received_report",
		reportData{Report: doc, Made: made, Base: "/" + base, Organ: base == "organ-requests", Edition: editionNames[doc.Edition]})
}

func (p *pages) read(r *http.Request, action audit.Action) (*Report, *Made, error) {
	return p.readFor(r.Context(), strings.HasPrefix(r.URL.Path, "/organ-requests/"), r.PathValue("number"), action)
}

// readFor reads a report that the organ, or any of the receivers for whom the caller acts, had made.
func (s *Service) readFor(ctx context.Context, organ bool, number string, action audit.Action) (doc *Report, made *Made, err error) {
	var readers []*Receiver
	if organ {
		readers = make([]*Receiver, 1)
		readers[0], err = s.reader(ctx, true)
	} else {
		readers, err = s.everybody(ctx)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, who := range readers {
		if doc, made, err = s.Read(ctx, who, number, action); !errors.Is(err, errNotMade) {
			break
		}
	}
	if errors.Is(err, errNotMade) {
		return nil, nil, problem.New(http.StatusNotFound, "no-document")
	}
	if text, ok := toShow(err); ok {
		return nil, nil, problem.New(http.StatusForbidden, "grant-over", text).Because(err)
	}
	return doc, made, err
}

func (p *pages) paper(w http.ResponseWriter, r *http.Request) error {
	doc, _, err := p.read(r, audit.Download)
	if err != nil {
		return err
	}
	return attach(w, doc.Number+".pdf", "application/pdf", doc.PDF)
}

func (p *pages) data(w http.ResponseWriter, r *http.Request) error {
	doc, _, err := p.read(r, audit.Download)
	if err != nil {
		return err
	}
	return attach(w, doc.Number+".json", "application/json", doc.JSON)
}
