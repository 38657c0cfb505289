package receive

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/page"
	"xinban/internal/problem"
)

// HolderInput chooses for whom the caller receives. It is exported for the library of the API, which reads no other.
type HolderInput struct {
	Holder string `query:"holder" maxLength:"80" doc:"organisation for which the caller receives, by its key; the first bound to the account when absent"`
}

// as is the context of the chosen organisation.
func (h HolderInput) as(ctx context.Context) context.Context { return withHolder(ctx, h.Holder) }

type hookInput struct {
	HolderInput
	Body struct {
		Address string `json:"address" maxLength:"500" example:"https://bank.example/hook"`
	}
}

type hookDoc struct {
	Address string    `json:"address"`
	Made    time.Time `json:"made"`
	Secret  string    `json:"secret,omitempty" doc:"given once, when the address is registered"`
}

type hookOutput struct {
	Cache string `header:"Cache-Control"`
	Body  hookDoc
}

type profileInput struct {
	HolderInput
	Name string `path:"name" maxLength:"80"`
}

type profilePutInput struct {
	HolderInput
	Name string `path:"name" maxLength:"80"`
	Body Need
}

type profilesOutput struct {
	Body struct {
		Profiles []Profile `json:"profiles"`
	}
}

func (p *pages) hookResources(api huma.API) {
	op := func(method, path, id, summary string) huma.Operation {
		return receivers.On(huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Tags: []string{"receiver"}})
	}
	huma.Register(api, op(http.MethodGet, "/receipt-hook", "get-receipt-hook", "Where the receiver is told of changes"), p.apiHook)
	huma.Register(api, op(http.MethodPut, "/receipt-hook", "register-receipt-hook", "Register the address in place of an earlier one; what was not delivered is sent there"), p.apiRegister)
	huma.Register(api, op(http.MethodDelete, "/receipt-hook", "delete-receipt-hook", "Take the address away"), p.apiUnregister)
	huma.Register(api, op(http.MethodGet, "/need-profiles", "list-need-profiles", "Needs that the receiver has saved"), p.apiProfiles)
	huma.Register(api, op(http.MethodPut, "/need-profiles/{name}", "save-need-profile", "Save a need under a name"), p.apiSaveProfile)
	huma.Register(api, op(http.MethodDelete, "/need-profiles/{name}", "delete-need-profile", "Forget a saved need"), p.apiDeleteProfile)
	describeWebhook(api.OpenAPI())
}

// describeWebhook says in the description of the API what a webhook is called with.
func describeWebhook(o *huma.OpenAPI) {
	text := func(name, what string) *huma.Param {
		return &huma.Param{Name: name, In: "header", Required: true, Description: what, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	schema := o.Components.Schemas.Schema(reflect.TypeFor[Message](), true, "PaperStatus")
	o.Webhooks = map[string]*huma.PathItem{"paper-status": {Post: &huma.Operation{
		OperationID: "paper-status", Summary: "The status of a checked paper has changed", Tags: []string{"receiver"},
		Description: "Sent at least once and tried again until it is taken. Ignore a version that is not above the last of the same paper.",
		Parameters: []*huma.Param{text(TimestampHeader, "seconds since 1970"),
			text(SignatureHeader, "hexadecimal HMAC-SHA256 under the secret, over the timestamp, a full stop and the body"),
			text("Idempotency-Key", "the same for each try of one message")},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		Responses: map[string]*huma.Response{"2XX": {Description: "Taken"}, "410": {Description: "Never again"},
			"default": {Description: "Tried again later"}},
	}}}
}

func (p *pages) apiHook(ctx context.Context, in *HolderInput) (*hookOutput, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	h, ok, err := p.HookOf(ctx, who)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, problem.New(http.StatusNotFound, "no-hook")
	}
	return &hookOutput{"no-store", hookDoc{Address: h.Address, Made: at(h.Made)}}, nil
}

func (p *pages) apiRegister(ctx context.Context, in *hookInput) (*hookOutput, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	secret, err := p.Register(ctx, who, in.Body.Address)
	if errors.Is(err, ErrAddress) {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").AtText("body.address", err.Error())
	}
	if err != nil {
		return nil, err
	}
	out, err := p.apiHook(ctx, &in.HolderInput)
	if err == nil {
		out.Body.Secret = secret
	}
	return out, err
}

func (p *pages) apiUnregister(ctx context.Context, in *HolderInput) (*struct{}, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	return nil, p.Unregister(ctx, who)
}

func (p *pages) apiProfiles(ctx context.Context, in *HolderInput) (*profilesOutput, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	all, err := p.Profiles(ctx, who)
	out := &profilesOutput{}
	out.Body.Profiles = append([]Profile{}, all...)
	return out, err
}

func (p *pages) apiSaveProfile(ctx context.Context, in *profilePutInput) (*struct{}, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	f := page.Form{Values: in.Body.values()}
	f.Values.Set("confirm", "1") // asked when papers are checked
	need := p.need(&f)
	if len(f.Wrong) > 0 {
		return nil, wrongOf(&f, "body.")
	}
	err = p.SaveProfile(ctx, who, in.Name, need)
	if no := (*RefusedError)(nil); errors.As(err, &no) {
		return nil, problem.New(http.StatusUnprocessableEntity, "validation").AtText("path.name", no.Text)
	}
	return nil, err
}

func (p *pages) apiDeleteProfile(ctx context.Context, in *profileInput) (*struct{}, error) {
	who, err := p.who(in.as(ctx))
	if err != nil {
		return nil, err
	}
	return nil, noProfile(p.DeleteProfile(ctx, who, in.Name))
}

// wrongOf is what is wrong with a form as a problem of the API.
func wrongOf(f *page.Form, where string) error {
	e := problem.New(http.StatusUnprocessableEntity, "validation")
	for _, w := range f.Wrong {
		e = e.At(where+w.Field, w.Key, w.Args...)
	}
	return e
}

// asked are the values of a request: those of the profile that it names, and over them what it says itself.
func (p *pages) asked(ctx context.Context, who *Receiver, in *receiptInput) (url.Values, error) {
	v := url.Values{}
	if in.Profile != "" {
		n, err := p.Profile(ctx, who, in.Profile)
		if err != nil {
			return nil, noProfile(err)
		}
		v = n.values()
	}
	for name, text := range map[string]string{"edition": in.Edition, "purpose": in.Purpose, "use": in.Use, "years": number(in.Years), "days": number(in.Days)} {
		if text != "" {
			v.Set(name, text)
		}
	}
	if len(in.Domain) > 0 {
		v["domain"] = in.Domain
	}
	for name, on := range map[string]bool{"newer": in.Newer, "confirm": in.Confirmed} {
		if on {
			v.Set(name, "1")
		}
	}
	return v, nil
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
