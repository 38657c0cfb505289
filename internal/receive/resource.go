package receive

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// rowDoc is a row of the table, for programs.
type rowDoc struct {
	No         int         `json:"no" doc:"from 1, in the order of the files"`
	File       string      `json:"file"`
	Verdict    string      `json:"verdict" enum:"problem,attend,fine"`
	Genuine    bool        `json:"genuine" doc:"unaltered and signed by a trusted issuer who knows it"`
	Status     string      `json:"status" enum:"valid,changed,replaced,withdrawn,unknown"`
	Sufficient bool        `json:"sufficient" doc:"covers the stated need"`
	Number     string      `json:"number,omitempty"`
	Name       string      `json:"name,omitempty"`
	Code       string      `json:"code,omitempty"`
	Edition    string      `json:"edition,omitempty"`
	From       credit.Date `json:"from,omitzero" format:"date"`
	To         credit.Date `json:"to,omitzero" format:"date"`
	Conclusion string      `json:"conclusion,omitempty" enum:"none,found,incomplete" doc:"what the paper itself says; the verdict says nothing of it"`
	Records    int         `json:"records" doc:"violation records that the paper counts"`
	Unanswered []string    `json:"unanswered" doc:"identifiers of the domains for which the paper draws no conclusion; never to be taken for none found"`
	Fines      credit.Fen  `json:"fines_fen"`
	Newer      string      `json:"newer,omitempty"`
	SameAs     int         `json:"same_as,omitempty"`
	SHA256     string      `json:"sha256,omitempty"`
	Reasons    []string    `json:"reasons"`
}

type receiptDoc struct {
	ID       string     `json:"id"`
	Made     time.Time  `json:"made"`
	Until    time.Time  `json:"kept_until"`
	Papers   int        `json:"papers"`
	Problems int        `json:"problems"`
	Attend   int        `json:"attend"`
	Fines    credit.Fen `json:"fines_fen" doc:"of all genuine papers, each counted once"`
	Rows     []rowDoc   `json:"rows" doc:"problems first"`
}

type receiptOutput struct{ Body receiptDoc }

type receiptInput struct {
	HolderInput
	RawBody huma.MultipartFormFiles[struct {
		File []huma.FormFile `form:"file" required:"true" doc:"PDF or signed JSON, or a zip of them; at most 500 papers"`
	}]
	Edition   string   `query:"edition" enum:"general,administration,listing" doc:"the need; what is absent is not asked for"`
	Years     int      `query:"years" minimum:"0" maximum:"10"`
	Days      int      `query:"days" minimum:"0" maximum:"3660" doc:"the period ends at most so many days ago"`
	Domain    []string `query:"domain,explode" maxItems:"100"`
	Purpose   string   `query:"purpose" maxLength:"60" doc:"needed where newer is asked: a grant is for a purpose"`
	Profile   string   `query:"profile" maxLength:"80" doc:"a saved need; what is said beside it goes before it"`
	Use       string   `query:"use" maxLength:"40" doc:"what the papers are wanted for; where no certificate was needed, confirmed must be true"`
	Confirmed bool     `query:"confirmed" doc:"the papers were given freely and nothing is made to depend on them"`
	Newer     bool     `query:"newer" doc:"ask what is new of subjects that allow it; uses each grant once"`
}

type receiptIDInput struct {
	ID string `path:"id" maxLength:"40"`
}

type changesInput struct {
	HolderInput
	After string `query:"after" maxLength:"80" doc:"next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type changeDoc struct {
	Number   string    `json:"number"`
	Status   string    `json:"status" enum:"changed,replaced,withdrawn"`
	At       time.Time `json:"at"`
	Delivery string    `json:"delivery" enum:"none,waiting,sent,refused,cancelled"`
	Tries    int64     `json:"tries"`
	Error    string    `json:"error,omitempty"`
}

type changesOutput struct {
	Body struct {
		Changes []changeDoc `json:"changes"`
		Next    string      `json:"next,omitempty"`
	}
}

func (p *pages) resources(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"receiver"}}
	}
	send := op(http.MethodPost, "/receipts", "check-papers", "Check up to 500 papers against a need (接收核验)")
	send.DefaultStatus, send.MaxBodyBytes = http.StatusCreated, maxUpload
	huma.Register(api, receivers.On(send), p.apiCheck)
	huma.Register(api, receivers.On(op(http.MethodGet, "/receipts/{id}", "get-receipt", "The table of checked papers, kept 30 days")), p.apiReceipt)
	huma.Register(api, receivers.On(op(http.MethodDelete, "/receipts/{id}", "delete-receipt", "Delete a table before its time")), p.apiDelete)
	huma.Register(api, receivers.On(op(http.MethodGet, "/receipt-changes", "list-receipt-changes", "Papers whose status changed after they were checked")), p.apiChanges)
	p.hookResources(api)
	p.queryResources(api)
}

func (p *pages) apiCheck(ctx context.Context, in *receiptInput) (*receiptOutput, error) {
	defer in.RawBody.Form.RemoveAll()
	ctx = in.as(ctx)
	who, err := p.who(ctx)
	if err != nil {
		return nil, err
	}
	f := page.Form{}
	if f.Values, err = p.asked(ctx, who, in); err != nil {
		return nil, err
	}
	need := p.need(&f)
	if len(f.Wrong) > 0 {
		return nil, wrongOf(&f, "query.")
	}
	b, err := p.Check(ctx, who, dropped(in.RawBody.Form), need, in.Newer)
	if err != nil {
		return nil, err
	}
	return p.receipt(ctx, b.ID)
}

func (p *pages) receipt(ctx context.Context, id string) (*receiptOutput, error) {
	b, _, err := p.anyBatch(ctx, id, true)
	if err != nil {
		return nil, err
	}
	d := receiptDoc{b.ID, at(b.Made), at(b.Until), b.Papers, b.Problems, b.Attend, b.Fines, []rowDoc{}}
	for i := range b.Rows {
		r := &b.Rows[i]
		d.Rows = append(d.Rows, rowDoc{r.No, r.File, [...]string{"problem", "attend", "fine"}[r.Rank], r.Genuine, r.Status, r.Enough, r.Number, r.Name,
			r.Subject.Code(), r.Edition, r.From, r.To, r.Conclusion, r.Records, append([]string{}, r.Unanswered...), r.Fines, r.Newer, r.Same, r.SHA256, r.Reasons})
	}
	return &receiptOutput{d}, nil
}

// at is an instant of the tables (UTC ms).
func at(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func (p *pages) apiReceipt(ctx context.Context, in *receiptIDInput) (*receiptOutput, error) {
	return p.receipt(ctx, in.ID)
}

func (p *pages) apiDelete(ctx context.Context, in *receiptIDInput) (*struct{}, error) {
	_, who, err := p.anyBatch(ctx, in.ID, false)
	if err != nil {
		return nil, err
	}
	return nil, p.Delete(ctx, who, in.ID)
}

func (p *pages) apiChanges(ctx context.Context, in *changesInput) (*changesOutput, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	list, err := p.Deliveries(ctx, who, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &changesOutput{}
	out.Body.Changes = []changeDoc{}
	for _, d := range list {
		c := changeDoc{Number: d.Number, Status: d.Status, At: at(d.At), Delivery: "none"}
		if m := d.Message; m != nil {
			c.Delivery, c.Tries, c.Error = string(m.State), m.Tries, m.Error
		}
		out.Body.Changes = append(out.Body.Changes, c)
	}
	if len(list) == in.Limit {
		out.Body.Next = list[len(list)-1].cursor()
	}
	return out, nil
}

type queryInput struct {
	HolderInput
	Body struct {
		Subject credit.Key `json:"subject" maxLength:"80" example:"91000000MA00000001"`
		Edition string     `json:"edition" enum:"general,administration,listing" example:"general"`
		Purpose string     `json:"purpose" minLength:"1" maxLength:"60" example:"贷款" doc:"that of the grant"`
	}
}

type organInput struct {
	Body struct {
		Code    string `json:"code" maxLength:"80" example:"91000000MA00000001"`
		Purpose string `json:"purpose" maxLength:"40" example:"licence"`
		Reason  string `json:"reason" maxLength:"200" example:"办理道路运输经营许可"`
	}
}

type madeInput struct {
	Number string `path:"number" maxLength:"40"`
}

type madeOutput struct {
	Body struct {
		Number string `json:"number"`
	}
}

type dataOutput struct {
	ContentType string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (p *pages) queryResources(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		o := huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"query"}}
		if method == http.MethodPost {
			o.DefaultStatus = http.StatusCreated
		}
		return o
	}
	file := func(path, id, summary, media string) huma.Operation {
		o := op(http.MethodGet, path, id, summary)
		o.Responses = map[string]*huma.Response{"200": {Description: summary, Content: map[string]*huma.MediaType{
			media: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
		return o
	}
	data := func(organ bool) func(context.Context, *madeInput) (*dataOutput, error) {
		return func(ctx context.Context, in *madeInput) (*dataOutput, error) { return p.apiData(ctx, in, organ) }
	}
	paper := func(organ bool) func(context.Context, *madeInput) (*dataOutput, error) {
		return func(ctx context.Context, in *madeInput) (*dataOutput, error) { return p.apiPaper(ctx, in, organ) }
	}
	huma.Register(api, receivers.On(op(http.MethodPost, "/authorised-reports", "query-authorised", "Have a report made under a subject's grant (授权查询)")), p.apiQuery)
	huma.Register(api, receivers.On(file("/authorised-reports/{number}/data", "get-authorised-data", "Its signed JSON, while the grant stands", "application/json")), data(false))
	huma.Register(api, receivers.On(file("/authorised-reports/{number}/paper", "get-authorised-paper", "Its signed PDF, while the grant stands", "application/pdf")), paper(false))
	huma.Register(api, clerks.On(op(http.MethodPost, "/organ-requests", "request-for-organ", "Have the administration edition made for a legal purpose")), p.apiOrgan)
	huma.Register(api, clerks.On(file("/organ-requests/{number}/data", "get-organ-data", "Its signed JSON", "application/json")), data(true))
	huma.Register(api, clerks.On(file("/organ-requests/{number}/paper", "get-organ-paper", "Its signed PDF", "application/pdf")), paper(true))
}

func (p *pages) apiQuery(ctx context.Context, in *queryInput) (*madeOutput, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	number, err := p.Authorised(ctx, who, in.Body.Subject, in.Body.Edition, in.Body.Purpose)
	return madeDoc(number, err)
}

func (p *pages) apiOrgan(ctx context.Context, in *organInput) (*madeOutput, error) {
	who, err := p.reader(ctx, true)
	if err != nil {
		return nil, err
	}
	number, err := p.askForOrgan(ctx, who, in.Body.Code, in.Body.Purpose, in.Body.Reason)
	return madeDoc(number, err)
}

func madeDoc(number string, err error) (*madeOutput, error) {
	var no *RefusedError
	switch text, shown := toShow(err); {
	case errors.As(err, &no):
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").AtText("body", text)
	case shown:
		return nil, problem.New(http.StatusForbidden, "grant-over", text).Because(err)
	case err != nil:
		return nil, err
	}
	out := &madeOutput{}
	out.Body.Number = number
	return out, nil
}

func (p *pages) apiData(ctx context.Context, in *madeInput, organ bool) (*dataOutput, error) {
	doc, _, err := p.readFor(ctx, organ, in.Number, audit.Download)
	if err != nil {
		return nil, err
	}
	return &dataOutput{"application/json", "no-store", doc.JSON}, nil
}

func (p *pages) apiPaper(ctx context.Context, in *madeInput, organ bool) (*dataOutput, error) {
	doc, _, err := p.readFor(ctx, organ, in.Number, audit.Download)
	if err != nil {
		return nil, err
	}
	return &dataOutput{"application/pdf", "no-store", doc.PDF}, nil
}
