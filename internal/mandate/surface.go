package mandate

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
)

//go:embed templates messages
var files embed.FS

// Accounts finds whom a grant is for, and checks the signer; account.Service is one.
type Accounts interface {
	ByLogin(ctx context.Context, login string) (account.Account, error)
	// BoundTo lists the open accounts that act for a subject.
	BoundTo(ctx context.Context, key credit.Key) ([]account.Account, error)
	// Reauthenticate checks the password that the caller typed again; what is wrong is said of the field.
	Reauthenticate(ctx context.Context, p account.Principal, field, password string) error
}

// Deps is what the pages need besides the service.
type Deps struct {
	Pages    *page.Renderer
	Ledger   *ledger.Ledger
	Accounts Accounts
	Purposes []string                // for which a report is asked for, as printed
	Domains  func() []consent.Domain // fields of the report in force
}

type pages struct {
	*Service
	Deps
}

var (
	holders = account.Only(account.Enterprise)
	askers  = account.Only(account.Enterprise, account.Receiver)
)

// Surface is the pages of consent for those who give it and those who have it.
func (s *Service) Surface(d Deps) account.Surface {
	p := &pages{s, d}
	get := func(pattern string, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: holders, Handle: h}
	}
	post := func(pattern string, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: holders, Handle: h, Sensitive: true}
	}
	asks := func(route account.Route) account.Route { route.Allow = askers; return route }
	check := post("/mandates/check", p.check)
	check.Repeatable = true // it changes nothing
	link := account.Link{Href: "/mandates", Title: "mandates.title", Text: "mandates.tile", Icon: "key", Allow: holders, Order: 35}
	ask := account.Link{Href: "/mandates/requests", Title: "requests.title", Text: "requests.lead", Icon: "key", Allow: askers, Order: 36}
	plain := link
	plain.Text = ""
	return account.Surface{Name: "mandate",
		Routes: []account.Route{get("/mandates", p.list), get("/mandates/new", p.ask), check, post("/mandates", p.sign),
			get("/mandates/{id}", p.one), get("/mandates/{id}/envelope", p.envelope), post("/mandates/{id}/withdraw", p.withdraw),
			asks(get("/mandates/requests", p.listRequests)), asks(post("/mandates/requests", p.askRequest)), asks(get("/mandate-requests/{id}", p.oneRequest)),
			post("/mandate-requests/{id}/decline", p.declineRequest), asks(post("/mandate-requests/{id}/withdraw", p.takeBackRequest))},
		API: func(api huma.API) { p.resources(api) },
		Nav: []account.Link{plain}, Tiles: []account.Tile{{Link: link}, {Link: ask}}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

// mine lists the caller's subjects and chooses one: the one asked for, else the first.
func (p *pages) mine(ctx context.Context, asked string) (all []account.Holder, key credit.Key, err error) {
	return account.ChooseHolder(ctx, account.From(ctx).Subjects, asked, p.nameOf)
}

// nameOf is the name under which a subject signs.
func (p *pages) nameOf(ctx context.Context, key credit.Key) (string, error) {
	st, _, err := p.Ledger.Standing(ctx, key, credit.DateOf(p.now()), nil)
	if err != nil || st.Name != "" {
		return st.Name, err
	}
	s, _, err := p.Ledger.Subject(ctx, key)
	return s.Name, err
}
