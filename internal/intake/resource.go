package intake

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// loadDoc is a load, for programs.
type loadDoc struct {
	ID          int64      `json:"id" example:"12"`
	Source      string     `json:"source" example:"lanhai-ecology"`
	Kind        string     `json:"kind" example:"penalty"`
	Name        string     `json:"name" example:"处罚202605.csv"`
	SHA256      string     `json:"sha256"`
	Encoding    string     `json:"encoding,omitempty"`
	State       string     `json:"state" enum:"running,done,failed"`
	Started     time.Time  `json:"started"`
	Ended       *time.Time `json:"ended,omitempty"`
	Rows        int64      `json:"rows"`
	Accepted    int64      `json:"accepted"`
	Unchanged   int64      `json:"unchanged"`
	Amended     int64      `json:"amended"`
	Quarantined int64      `json:"quarantined"`
	Warned      int64      `json:"warned"`
	Error       string     `json:"error,omitempty"`
	Progress    *progress  `json:"progress,omitempty"`
}

type progress struct {
	Rows      int64   `json:"rows"`
	Bytes     int64   `json:"bytes"`
	Size      int64   `json:"size"`
	RowsPerS  float64 `json:"rows_per_second"`
	Remaining float64 `json:"remaining_seconds" doc:"0 when unknown"`
}

// feedDoc is a feed, for programs.
type feedDoc struct {
	Source      string      `json:"source" example:"lanhai-ecology"`
	Kind        string      `json:"kind" example:"penalty"`
	Basis       string      `json:"basis"`
	Snapshot    bool        `json:"snapshot"`
	Rhythm      int         `json:"rhythm_days" doc:"days within which the next file is due"`
	Domains     []string    `json:"domains"`
	LastArrival *time.Time  `json:"last_arrival,omitempty"`
	Due         credit.Date `json:"due,omitzero" format:"date"`
	State       string      `json:"state" enum:"ok,late,never"`
	Rows        int64       `json:"rows"`
	Quarantined int64       `json:"quarantined"`
	LatePublish int64       `json:"late_publish" doc:"rows sent after the time limit of publishing"`
	LateArrive  int64       `json:"late_arrive" doc:"rows sent after the time limit of arriving"`
}

// heldDoc is a row in quarantine, for programs; identity numbers are masked.
type heldDoc struct {
	Row      int64             `json:"row"`
	Ref      string            `json:"ref" doc:"the value of the column 待改编号 in a mended file"`
	Cells    map[string]string `json:"cells"`
	Findings []FileFinding     `json:"findings"`
}

// sendInput is a file: raw, or the part "file" of a form. It is read as it arrives, so the library is
// kept from reading it.
type sendInput struct {
	Source string `query:"source" maxLength:"40" doc:"code of the source; may be left out by a clerk whose organ has one"`
	Kind   string `query:"kind" required:"true" doc:"kind of matter" example:"penalty"`
	Name   string `query:"name" maxLength:"200" doc:"name of the file; of a form, the part's name is taken"`
	Shrink string `query:"shrink" maxLength:"500" doc:"why a snapshot may be much smaller than the list on record"`
	r      *http.Request
}

// Resolve keeps the request, whose body is read by the operation.
func (in *sendInput) Resolve(ctx huma.Context) []error {
	in.r, _ = humago.Unwrap(ctx)
	return nil
}

type loadOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     loadDoc
}

type loadsInput struct {
	Source string `query:"source" maxLength:"40"`
	Before int64  `query:"before" minimum:"0" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type loadsOutput struct {
	Body struct {
		Loads []loadDoc `json:"loads"`
		Next  int64     `json:"next,omitempty"`
	}
}

type loadInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type pageInput struct {
	ID    int64 `path:"id" minimum:"1"`
	After int64 `query:"after" minimum:"0" doc:"next of the page before"`
	Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Found bool  `query:"found" doc:"only rows on which there is something to tell"`
}

type verdictsOutput struct {
	Body struct {
		Verdicts []VerdictLine `json:"verdicts"`
		Next     int64         `json:"next,omitempty"`
	}
}

type heldOutput struct {
	Body struct {
		Rows []heldDoc `json:"rows"`
		Next int64     `json:"next,omitempty"`
	}
}

type feedsOutput struct {
	Body struct {
		Feeds []feedDoc `json:"feeds"`
	}
}

func (d *desk) resources(api huma.API, allow account.Access) {
	op := func(method, path, id, summary string) huma.Operation {
		return allow.On(huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"intake"}})
	}
	send := op(http.MethodPost, "/loads", "send-load", "Send a file of rows (报送文件): CSV, XLSX or JSON lines")
	send.MaxBodyBytes, send.DefaultStatus = maxUpload, http.StatusAccepted
	// without a schema of its own for the form, the library leaves the body to the operation, which reads it as it arrives
	send.Description = "The body is the file itself, or a multipart form whose part `file` is the file."
	send.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}, "multipart/form-data": {}}}
	huma.Register(api, send, d.apiSend)
	huma.Register(api, op(http.MethodGet, "/loads", "list-loads", "Loads of the caller's sources, newest first (报送批次)"), d.apiLoads)
	huma.Register(api, op(http.MethodGet, "/loads/{id}", "get-load", "One load, with its progress while it runs"), d.apiLoad)
	huma.Register(api, op(http.MethodGet, "/loads/{id}/verdicts", "list-verdicts", "What became of each row (逐行结论)"), d.apiVerdicts)
	huma.Register(api, op(http.MethodGet, "/loads/{id}/quarantine", "list-quarantine", "Rows that wait to be mended (待改行)"), d.apiHeld)
	huma.Register(api, op(http.MethodGet, "/feeds", "list-feeds", "Feeds of the caller's sources (数据目录)"), d.apiFeeds)
}

// apiError turns what is wrong with a file into a problem document.
func apiError(r *http.Request, err error) error {
	var f page.Form
	if !take(&f, language(r), err) {
		return err
	}
	e := problem.New(http.StatusUnprocessableEntity, "intake-file").Because(err)
	for _, w := range f.Wrong {
		if w.Key != "" {
			e.At(w.Field, w.Key, w.Args...)
		} else {
			e.AtText(w.Field, w.Text)
		}
	}
	return e
}

// apiSend keeps the file and starts its load.
func (d *desk) apiSend(ctx context.Context, in *sendInput) (*loadOutput, error) {
	sc, err := d.scope(ctx)
	if err != nil {
		return nil, err
	}
	lines, err := d.lines(ctx, sc)
	if err != nil {
		return nil, err
	}
	lines = slices.DeleteFunc(lines, func(l line) bool { return l.Kind.String() != in.Kind || in.Source != "" && l.Source.Code != in.Source })
	if err := sc.refusesSource(in.Source); err != nil {
		return nil, err
	}
	if len(lines) != 1 {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").At("query.source", "intake.error.feed")
	}
	sp, name, err := d.apiFile(in)
	if err != nil {
		return nil, err
	}
	l, err := d.Accept(ctx, Request{Path: sp.Path, SHA256: sp.SHA256, Name: name, Source: lines[0].Source.Code, Kind: lines[0].Kind,
		By: account.From(ctx).Login, Shrink: strings.TrimSpace(in.Shrink)})
	if err != nil {
		d.Discard(sp)
		return nil, apiError(in.r, err)
	}
	return &loadOutput{http.StatusAccepted, "/api/v1/loads/" + strconv.FormatInt(l.ID, 10), d.loadDoc(sc, l)}, nil
}

// apiFile keeps the body, or the part of a form that is the file.
func (d *desk) apiFile(in *sendInput) (sp Spooled, name string, err error) {
	name = in.Name
	if name == "" {
		name = "api"
	}
	media, params, _ := mime.ParseMediaType(in.r.Header.Get("Content-Type")) // unknown media are plain bytes
	if media != "multipart/form-data" {
		sp, err = d.Spool(in.r.Body)
		return sp, name, err
	}
	rec := received{values: url.Values{}}
	parts := multipart.NewReader(in.r.Body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return sp, "", problem.New(http.StatusBadRequest, "bad-request").Because(err)
		}
		if err := d.receivePart(&rec, p); err != nil {
			return sp, "", err
		}
	}
	if rec.file.Path == "" {
		return sp, "", problem.New(http.StatusUnprocessableEntity, "validation").At("body.file", "intake.error.file")
	}
	return rec.file, rec.name, nil
}

func (d *desk) loadDoc(sc scope, l Load) loadDoc {
	src, _ := sc.source(l.Source)
	doc := loadDoc{ID: l.ID, Source: src.Code, Kind: l.Kind.String(), Name: l.Name, SHA256: l.SHA256, Encoding: l.Encoding, State: string(l.State),
		Started: at(l.Started).UTC(), Rows: l.Rows, Accepted: l.Accepted, Unchanged: l.Unchanged, Amended: l.Amended, Quarantined: l.Quarantined,
		Warned: l.Warned, Error: l.Error}
	if l.Ended != 0 {
		t := at(l.Ended).UTC()
		doc.Ended = &t
	}
	if p, ok := d.ProgressOf(l.ID); ok && l.State == Running {
		doc.Progress = &progress{p.Rows, p.Bytes, p.Size, p.RowsPerS, p.Remaining}
	}
	return doc
}

func (d *desk) apiLoads(ctx context.Context, in *loadsInput) (*loadsOutput, error) {
	sc, err := d.scope(ctx)
	if err != nil {
		return nil, err
	}
	seen := sc
	if in.Source != "" {
		seen = scope{sources: slices.DeleteFunc(slices.Clone(sc.sources), func(s Source) bool { return s.Code != in.Source })}
		if err := sc.refusesSource(in.Source); err != nil {
			return nil, err
		}
	}
	views, next, err := d.loadViews(ctx, seen, in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &loadsOutput{}
	out.Body.Loads, out.Body.Next = make([]loadDoc, len(views)), next
	for i, v := range views {
		out.Body.Loads[i] = d.loadDoc(sc, v.Load)
	}
	return out, nil
}

func (d *desk) apiLoad(ctx context.Context, in *loadInput) (*loadOutput, error) {
	l, src, err := d.load(ctx, strconv.FormatInt(in.ID, 10))
	if err != nil {
		return nil, err
	}
	return &loadOutput{Status: http.StatusOK, Body: d.loadDoc(scope{sources: []Source{src}}, l)}, nil
}

func (d *desk) apiVerdicts(ctx context.Context, in *pageInput) (*verdictsOutput, error) {
	l, _, err := d.load(ctx, strconv.FormatInt(in.ID, 10))
	if err != nil {
		return nil, err
	}
	out := &verdictsOutput{}
	lines, next, err := d.Verdicts(l.ID, in.After, in.Limit, in.Found)
	if errors.Is(err, os.ErrNotExist) { // it runs, or failed before its first row
		err = nil
	}
	out.Body.Verdicts, out.Body.Next = append([]VerdictLine{}, lines...), next
	return out, err
}

func (d *desk) apiHeld(ctx context.Context, in *pageInput) (*heldOutput, error) {
	l, _, err := d.load(ctx, strconv.FormatInt(in.ID, 10))
	if err != nil {
		return nil, err
	}
	rows, err := d.HeldRows(ctx, l.ID, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &heldOutput{}
	out.Body.Rows = make([]heldDoc, len(rows))
	for i := range rows {
		h := &rows[i]
		cells := map[string]string{}
		for k, heading := range h.Headings {
			if h.Cells[k] != "" && !ours(heading) {
				cells[heading] = h.Shown(k)
			}
		}
		out.Body.Rows[i] = heldDoc{h.Row, h.Ref(), cells, h.Findings}
	}
	if len(rows) == in.Limit {
		out.Body.Next = rows[len(rows)-1].Row
	}
	return out, nil
}

func (d *desk) apiFeeds(ctx context.Context, _ *struct{}) (*feedsOutput, error) {
	sc, err := d.scope(ctx)
	if err != nil {
		return nil, err
	}
	lines, err := d.lines(ctx, sc)
	if err != nil {
		return nil, err
	}
	out := &feedsOutput{}
	out.Body.Feeds = []feedDoc{}
	for _, l := range lines {
		v := d.view(l)
		doc := feedDoc{Source: l.Source.Code, Kind: l.Kind.String(), Basis: l.Basis, Snapshot: l.Snapshot, Rhythm: l.Rhythm, Domains: append([]string{}, l.Domains...),
			Due: v.Due, State: strings.TrimPrefix(v.State, "intake.state."), Rows: l.Rows, Quarantined: l.Bad, LatePublish: l.LatePublish, LateArrive: l.LateArrive}
		if l.LastArrival != 0 {
			t := v.Last.UTC()
			doc.LastArrival = &t
		}
		out.Body.Feeds = append(out.Body.Feeds, doc)
	}
	return out, nil
}
