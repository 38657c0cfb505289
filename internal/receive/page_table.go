package receive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"xinban/internal/problem"
)

type tableData struct {
	*Batch
	ByFile bool
	Wants  string // the need in words
	Good   int
	Newer  bool // somebody was asked for
	domain func(id string) string
}

// Silent are the names of the domains that a paper does not answer for.
func (d tableData) Silent(r Row) []string { return r.silent(d.domain) }

// table shows the papers of a batch, problems first unless the order of the files is asked for.
func (p *pages) table(w http.ResponseWriter, r *http.Request) error {
	byFile := r.URL.Query().Get("sort") == "file"
	b, err := p.batch(r, !byFile)
	if err != nil {
		return err
	}
	d := tableData{Batch: b, ByFile: byFile, Wants: p.words(&b.Need), Good: b.Papers - b.Problems - b.Attend, domain: p.domainName}
	for i := range b.Rows {
		d.Newer = d.Newer || b.Rows[i].Newer != ""
	}
	return p.render.Render(w, r, http.StatusOK, "receive_table", d)
}

func (p *pages) batch(r *http.Request, sorted bool) (*Batch, error) {
	b, _, err := p.anyBatch(r.Context(), r.PathValue("id"), sorted)
	return b, err
}

// anyBatch is a table of any of the receivers for whom the caller acts, and whose it is.
func (s *Service) anyBatch(ctx context.Context, id string, sorted bool) (*Batch, *Receiver, error) {
	all, err := s.everybody(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, who := range all {
		b, err := s.Batch(ctx, who, id, sorted)
		if !errors.Is(err, errNoBatch) {
			return b, who, err
		}
	}
	return nil, nil, problem.New(http.StatusNotFound, "no-batch")
}

// words is the need as a sentence.
func (s *Service) words(n *Need) string {
	var parts []string
	if n.Edition != "" {
		parts = append(parts, editionNames[n.Edition])
	}
	if n.Years > 0 {
		parts = append(parts, "时段不少于"+strconv.Itoa(n.Years)+"年")
	}
	if n.Days > 0 {
		parts = append(parts, "截止日在"+strconv.Itoa(n.Days)+"天以内")
	}
	if len(n.Domains) > 0 {
		var names []string
		for _, d := range n.Domains {
			names = append(names, s.domainName(d))
		}
		parts = append(parts, "包含领域："+strings.Join(names, "、"))
	}
	if n.Purpose != "" {
		parts = append(parts, "用途："+n.Purpose)
	}
	if use, ok := findPurpose(s.purposes.Uses, n.Use); ok && !use.Certificate {
		parts = append(parts, "办理事项："+use.Name+"（不得要求提供信用报告，接收方确认由当事人自愿提供）")
	}
	if len(parts) == 0 {
		return "没有特别要求"
	}
	return strings.Join(parts, "；")
}

func (p *pages) tableCSV(w http.ResponseWriter, r *http.Request) error {
	return p.export(w, r, "csv", "text/csv; charset=utf-8", (*Batch).WriteCSV)
}

func (p *pages) tableXLSX(w http.ResponseWriter, r *http.Request) error {
	return p.export(w, r, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (*Batch).WriteXLSX)
}

func (p *pages) export(w http.ResponseWriter, r *http.Request, ext, media string, write func(*Batch, io.Writer, func(string) string) error) error {
	b, err := p.batch(r, true)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := write(b, &out, p.domainName); err != nil {
		return err
	}
	return attach(w, "papers-"+b.ID+"."+ext, media, out.Bytes())
}

func attach(w http.ResponseWriter, name, media string, body []byte) error {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(body)
	return err
}

func (p *pages) deleteTable(w http.ResponseWriter, r *http.Request) error {
	b, who, err := p.anyBatch(r.Context(), r.PathValue("id"), false)
	if err != nil {
		return err
	}
	if err := p.Delete(r.Context(), who, b.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/receive", http.StatusSeeOther)
	return nil
}
