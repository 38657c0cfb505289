package hall

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/problem"
)

type ticketInput struct {
	Secret string `header:"Xinban-App" maxLength:"200" doc:"secret of the app, from xinban admin app"`
	Body   struct {
		Code   string `json:"code,omitempty" maxLength:"40" doc:"unified social credit code or legacy number of the organisation that the app's user acts for"`
		Person string `json:"person,omitempty" maxLength:"60" doc:"identity number of the user, where the user asks for itself; as in the forms. Only for an app that was registered for natural persons, else 403"`
	}
}

type ticketOutput struct {
	Body struct {
		Ticket  string `json:"ticket"`
		Start   string `json:"start" doc:"path to open in the app's view, once, at once" example:"/embed/start?ticket=…"`
		Seconds int    `json:"seconds" doc:"until the ticket is over" example:"60"`
	}
}

func (p *pages) resources(api huma.API) {
	huma.Register(api, account.Anyone().On(huma.Operation{Method: http.MethodPost, Path: "/embed/tickets", OperationID: "make-embed-ticket", DefaultStatus: http.StatusCreated,
		Summary:     "A ticket with which an app's user opens the embedded pages (嵌入页面票据)",
		Description: "So many a day as the app was registered for; the next is answered 429. The user agrees to each report on our page before it is made.", Tags: []string{"embed"},
		Metadata: map[string]any{account.Repeatable: true}}), p.makeTicket)
}

// makeTicket answers an app's backend. An unknown secret learns nothing of subjects.
func (p *pages) makeTicket(ctx context.Context, in *ticketInput) (*ticketOutput, error) {
	a, err := p.bySecret(ctx, in.Secret)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, problem.New(http.StatusUnauthorized, "app-secret")
	}
	key, err := p.identified(ctx, in.Body.Code, in.Body.Person)
	if err != nil {
		return nil, err
	}
	out := &ticketOutput{}
	if out.Body.Ticket, err = p.ticket(ctx, a, key); err != nil {
		return nil, err
	}
	out.Body.Start, out.Body.Seconds = "/embed/start?ticket="+out.Body.Ticket, int(ticketLife.Seconds())
	return out, nil
}

// identified is the subject that an app names: by exactly one of the two, and a firm by its number only.
func (p *pages) identified(ctx context.Context, code, person string) (credit.Key, error) {
	none := func(field string) error {
		return problem.New(http.StatusUnprocessableEntity, "validation").At("body."+field, "embed.subject.none")
	}
	switch {
	case (code == "") == (person == ""):
		return "", problem.New(http.StatusUnprocessableEntity, "validation").At("body.code", "embed.subject.one")
	case person != "":
		number, ok := credit.ParsePersonNumber(person)
		if !ok {
			return "", none("person")
		}
		key, ok, err := p.Ledger.FindPerson(ctx, number)
		if err == nil && !ok {
			err = none("person")
		}
		return key, err
	}
	x, ok, err := p.Ledger.Subject(ctx, credit.OrgKey(credit.NormalCode(code)))
	if err == nil && (!ok || x.Key.Person()) {
		err = none("code")
	}
	return x.Key, err
}
