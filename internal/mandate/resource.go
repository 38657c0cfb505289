package mandate

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// grantDoc is a grant, for programs.
type grantDoc struct {
	ID        string           `json:"id"`
	Subject   credit.Key       `json:"subject"`
	Grantee   string           `json:"grantee" doc:"name of who is allowed"`
	Scope     consent.Scope    `json:"scope" enum:"ask,read"`
	Purpose   string           `json:"purpose"`
	Editions  []string         `json:"editions" doc:"none for all"`
	Domains   []consent.Domain `json:"domains" doc:"none for all"`
	From      credit.Date      `json:"from,omitzero" format:"date"`
	To        credit.Date      `json:"to,omitzero" format:"date"`
	Level     consent.Level    `json:"level" enum:"conclusion,counts,records"`
	Uses      int64            `json:"uses" doc:"0 for any number"`
	Used      int64            `json:"used"`
	Until     credit.Date      `json:"until" format:"date"`
	State     string           `json:"state" enum:"good,used,expired,withdrawn"`
	Words     string           `json:"words" doc:"that were signed"`
	SignedBy  string           `json:"signed_by"`
	SignedAt  time.Time        `json:"signed_at"`
	Withdrawn *time.Time       `json:"withdrawn,omitempty"`
}

func docOf(g *consent.Grant, today credit.Date) grantDoc {
	_, word := state(g, today)
	d := grantDoc{g.ID, g.Subject, g.Name, g.Scope, g.Purpose, append([]string{}, g.Editions...), append([]consent.Domain{}, g.Domains...), g.From, g.To,
		g.Level, g.Uses, g.Used, g.Until, word[len("mandate.state."):], g.Signature.Text, g.Signature.Name, at(g.Signature.At), nil}
	if d.Level == "" {
		d.Level = consent.Records
	}
	if g.Withdrawn != 0 {
		w := at(g.Withdrawn)
		d.Withdrawn = &w
	}
	return d
}

type grantOutput struct{ Body grantDoc }

type grantsInput struct {
	Subject string `query:"subject" maxLength:"80" doc:"one that the caller acts for; the first when absent"`
	To      bool   `query:"to_me" doc:"grants to the caller instead of by its subject"`
	Before  string `query:"before" maxLength:"80" doc:"next of the page before"`
}

type grantsOutput struct {
	Body struct {
		Grants []grantDoc `json:"grants" doc:"newest first"`
		Next   string     `json:"next,omitempty"`
	}
}

type grantIDInput struct {
	ID      string `path:"id" maxLength:"80"`
	Subject string `query:"subject" maxLength:"80" doc:"who gave it; the first that the caller acts for when absent"`
}

type newGrantInput struct {
	Body struct {
		Subject  string   `json:"subject" maxLength:"80" doc:"who gives it, which the caller acts for"`
		Grantee  string   `json:"grantee" minLength:"1" maxLength:"80" doc:"login or code"`
		Scope    string   `json:"scope" enum:"ask,read"`
		Purpose  string   `json:"purpose" minLength:"1" maxLength:"60"`
		Editions []string `json:"editions,omitempty" maxItems:"3"`
		Domains  []string `json:"domains,omitempty" maxItems:"100" doc:"identifiers; all when absent"`
		From     string   `json:"from,omitempty" maxLength:"10"`
		To       string   `json:"to,omitempty" maxLength:"10"`
		Level    string   `json:"level,omitempty" enum:"conclusion,counts,records"`
		Uses     int64    `json:"uses,omitempty" minimum:"0" maximum:"1000"`
		Until    string   `json:"until" maxLength:"10"`
		Request  string   `json:"request,omitempty" maxLength:"80" doc:"the request that it answers"`
		Words    string   `json:"words,omitempty" maxLength:"4000" doc:"that are signed; without them they are answered in the problem, to be shown to the signer"`
		Password string   `json:"password,omitempty" maxLength:"200" doc:"of the signer, typed for this signature"`
	}
}

// requestDoc is a request for consent, for programs.
type requestDoc struct {
	ID       string         `json:"id"`
	Subject  credit.Key     `json:"subject"`
	Name     string         `json:"name" doc:"of the subject"`
	Asker    string         `json:"asker"`
	Scope    consent.Scope  `json:"scope" enum:"ask,read"`
	Purpose  string         `json:"purpose"`
	Editions []string       `json:"editions"`
	Until    credit.Date    `json:"until" format:"date"`
	Why      string         `json:"why"`
	State    casework.State `json:"state" enum:"asked,given,declined,lapsed,withdrawn"`
	Reason   string         `json:"reason,omitempty" doc:"of declining"`
	Grant    string         `json:"grant,omitempty"`
	Asked    time.Time      `json:"asked"`
}

func requestDocOf(c *casework.Case) (requestDoc, error) {
	q, err := RequestOf(c)
	return requestDoc{c.ID, c.Subject, q.Subject, q.Name, q.Scope, q.Purpose, append([]string{}, q.Editions...), q.Until, q.Why, c.State, q.Reason, q.Grant, at(c.Opened)}, err
}

type requestOutput struct{ Body requestDoc }

type requestsInput struct {
	Subject string `query:"subject" maxLength:"80" doc:"requests to this subject, which the caller acts for; those of the caller when absent"`
	Before  string `query:"before" maxLength:"80" doc:"next of the page before"`
}

type requestsOutput struct {
	Body struct {
		Requests []requestDoc `json:"requests" doc:"newest first"`
		Next     string       `json:"next,omitempty"`
	}
}

type requestIDInput struct {
	ID string `path:"id" maxLength:"80"`
}

type newRequestInput struct {
	Body struct {
		For      string   `json:"for,omitempty" maxLength:"80" doc:"the organisation in whose name it is asked, which the caller acts for"`
		Subject  string   `json:"subject" minLength:"1" maxLength:"80" doc:"code of who is asked"`
		Scope    string   `json:"scope" enum:"ask,read"`
		Purpose  string   `json:"purpose" minLength:"1" maxLength:"60"`
		Editions []string `json:"editions,omitempty" maxItems:"3"`
		Until    string   `json:"until" maxLength:"10"`
		Why      string   `json:"why" minLength:"1" maxLength:"800"`
	}
}

type declineInput struct {
	ID   string `path:"id" maxLength:"80"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"800"`
	}
}

func (p *pages) resources(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		o := huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"consent"}}
		if method == http.MethodPost {
			o.DefaultStatus = http.StatusOK
		}
		return o
	}
	created := func(o huma.Operation) huma.Operation { o.DefaultStatus = http.StatusCreated; return o }
	huma.Register(api, holders.On(op(http.MethodGet, "/consents", "list-consents", "Grants by a subject, or to the caller (授权)")), p.apiGrants)
	huma.Register(api, holders.On(created(op(http.MethodPost, "/consents", "give-consent", "Sign a grant"))), p.apiGive)
	huma.Register(api, holders.On(op(http.MethodGet, "/consents/{id}", "get-consent", "A grant")), p.apiGrant)
	huma.Register(api, holders.On(op(http.MethodPost, "/consents/{id}/withdraw", "withdraw-consent", "Withdraw a grant at once")), p.apiWithdraw)
	huma.Register(api, askers.On(op(http.MethodGet, "/consent-requests", "list-consent-requests", "Requests for consent (授权请求)")), p.apiRequests)
	huma.Register(api, askers.On(created(op(http.MethodPost, "/consent-requests", "ask-consent", "Ask a subject for consent"))), p.apiAsk)
	huma.Register(api, askers.On(op(http.MethodGet, "/consent-requests/{id}", "get-consent-request", "A request for consent")), p.apiRequest)
	huma.Register(api, holders.On(op(http.MethodPost, "/consent-requests/{id}/decline", "decline-consent-request", "Decline with a reason; to accept, sign a grant that names the request")), p.apiDecline)
	huma.Register(api, askers.On(op(http.MethodPost, "/consent-requests/{id}/withdraw", "withdraw-consent-request", "Withdraw one's own request")), p.apiTakeBack)
}

func (p *pages) apiGrants(ctx context.Context, in *grantsInput) (*grantsOutput, error) {
	var all []consent.Grant
	var err error
	if in.To {
		all, err = p.toMe(ctx, account.From(ctx), in.Before, listRows+1)
	} else {
		var key credit.Key
		if _, key, err = p.mine(ctx, in.Subject); err == nil {
			all, err = p.consent.GivenBefore(ctx, key, in.Before, listRows+1)
		}
	}
	if err != nil {
		return nil, err
	}
	out := &grantsOutput{}
	if len(all) > listRows {
		all = all[:listRows]
		out.Body.Next = all[listRows-1].ID
	}
	out.Body.Grants = []grantDoc{}
	for i := range all {
		out.Body.Grants = append(out.Body.Grants, docOf(&all[i], credit.DateOf(p.now())))
	}
	return out, nil
}

func (p *pages) apiGrant(ctx context.Context, in *grantIDInput) (*grantOutput, error) {
	g, err := p.givenBy(ctx, in.Subject, in.ID)
	return &grantOutput{docOf(&g, credit.DateOf(p.now()))}, err
}

func (p *pages) apiWithdraw(ctx context.Context, in *grantIDInput) (*grantOutput, error) {
	g, err := p.givenBy(ctx, in.Subject, in.ID)
	if err == nil {
		err = p.takeBack(ctx, &g)
	}
	if err != nil {
		return nil, err
	}
	return p.apiGrant(ctx, in)
}

// apiGive signs a grant. Without the words, the problem says what they are.
func (p *pages) apiGive(ctx context.Context, in *newGrantInput) (*grantOutput, error) {
	b := &in.Body
	f := page.Form{Values: url.Values{"subject": {b.Subject}, "grantee": {b.Grantee}, "scope": {b.Scope}, "purpose": {b.Purpose}, "edition": b.Editions,
		"domain": b.Domains, "from": {b.From}, "to": {b.To}, "level": {b.Level}, "until": {b.Until}}}
	if b.Uses > 0 {
		f.Values.Set("uses", strconv.FormatInt(b.Uses, 10))
	}
	g, name, err := p.readForm(ctx, &f)
	if err != nil {
		return nil, err
	}
	if len(f.Wrong) == 0 && b.Words != g.Text(name) {
		f.Wrong = []page.Wrong{{Field: "words", Text: g.Text(name)}}
	}
	if len(f.Wrong) > 0 {
		return nil, wrongOf(&f)
	}
	if err := p.Accounts.Reauthenticate(ctx, account.From(ctx), "password", b.Password); err != nil {
		return nil, err
	}
	bad, err := p.giveSigned(ctx, &g, b.Words, b.Request)
	if bad != nil {
		return nil, problem.New(http.StatusUnprocessableEntity, "form").AtText("body.grantee", bad.Error())
	}
	if err != nil {
		return nil, err
	}
	return &grantOutput{docOf(&g, credit.DateOf(p.now()))}, nil
}

// wrongOf says of each field what is wrong with it.
func wrongOf(f *page.Form) error {
	e := problem.New(http.StatusUnprocessableEntity, "form")
	for _, w := range f.Wrong {
		if w.Text != "" {
			e = e.AtText("body."+w.Field, w.Text)
			continue
		}
		e = e.At("body."+w.Field, w.Key, w.Args...)
	}
	return e
}

func (p *pages) apiRequests(ctx context.Context, in *requestsInput) (*requestsOutput, error) {
	me := account.From(ctx)
	var all []casework.Case
	var err error
	switch {
	case in.Subject == "":
		all, err = p.AskedBy(ctx, me, in.Before, listRows+1)
	case me.MayActFor(credit.Key(in.Subject)):
		all, err = p.AskedOf(ctx, credit.Key(in.Subject), in.Before, listRows+1)
	default:
		err = account.ErrForbidden()
	}
	if err != nil {
		return nil, err
	}
	out := &requestsOutput{}
	if len(all) > listRows {
		all = all[:listRows]
		out.Body.Next = all[listRows-1].ID
	}
	out.Body.Requests = []requestDoc{}
	for i := range all {
		d, err := requestDocOf(&all[i])
		if err != nil {
			return nil, err
		}
		out.Body.Requests = append(out.Body.Requests, d)
	}
	return out, nil
}

func (p *pages) apiAsk(ctx context.Context, in *newRequestInput) (*requestOutput, error) {
	b := &in.Body
	f := page.Form{Values: url.Values{"for": {b.For}, "subject": {b.Subject}, "scope": {b.Scope}, "purpose": {b.Purpose}, "edition": b.Editions, "until": {b.Until}, "why": {b.Why}}}
	c, err := p.requestFrom(ctx, &f)
	if err != nil {
		return nil, err
	}
	if len(f.Wrong) > 0 {
		return nil, wrongOf(&f)
	}
	return answerRequest(&c, nil)
}

func (p *pages) apiRequest(ctx context.Context, in *requestIDInput) (*requestOutput, error) {
	c, _, err := p.Request(ctx, account.From(ctx), in.ID)
	return answerRequest(&c, err)
}

func (p *pages) apiDecline(ctx context.Context, in *declineInput) (*requestOutput, error) {
	c, err := p.Decline(ctx, account.From(ctx), in.ID, in.Body.Reason)
	if errors.Is(err, ErrReason) {
		return nil, problem.New(http.StatusUnprocessableEntity, "form").AtText("body.reason", err.Error())
	}
	return answerRequest(&c, err)
}

func (p *pages) apiTakeBack(ctx context.Context, in *requestIDInput) (*requestOutput, error) {
	c, err := p.TakeBack(ctx, account.From(ctx), in.ID)
	return answerRequest(&c, err)
}

func answerRequest(c *casework.Case, err error) (*requestOutput, error) {
	if err != nil {
		return nil, requestProblem(err)
	}
	d, err := requestDocOf(c)
	return &requestOutput{d}, err
}
