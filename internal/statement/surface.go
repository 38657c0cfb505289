package statement

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
)

//go:embed templates messages
var surfaceFiles embed.FS

// Accounts asks a person's password again before something is signed.
type Accounts interface {
	PasswordAgain(ctx context.Context, p account.Principal, password string) error
}

// Deps is what the pages need besides the service.
type Deps struct {
	Pages    *page.Renderer
	Accounts Accounts
	Names    func(ctx context.Context, key credit.Key) (string, error) // present name of a subject
}

type pages struct {
	*Service
	Deps
}

// Surface is the subject's requests, the desk of the organ that answers, and what is overdue for the centre. Only a person at a page signs.
func (s *Service) Surface(d Deps) account.Surface {
	p := &pages{Service: s, Deps: d}
	holders, clerks := account.Only(account.Enterprise), account.Only(account.Clerk)
	both := account.Only(account.Enterprise, account.Clerk)
	lists := account.Only(account.Enterprise, account.Clerk, account.Centre) // the centre sees what is overdue
	sign := clerks.Where(func(p account.Principal, _ *http.Request) error {
		if p.Channel != account.ChannelPage {
			return account.ErrForbidden()
		}
		return nil
	})
	get := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: h}
	}
	post := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: h, Sensitive: true}
	}
	nav := account.Link{Href: "/statements", Title: "statements.title", Icon: "edit", Allow: lists, Order: 20}
	tile := func(text string, role account.Role) account.Tile {
		l := nav
		l.Text, l.Allow = text, account.Only(role)
		return account.Tile{Link: l, Figure: p.figure}
	}
	return account.Surface{Name: "statement", Routes: []account.Route{
		get("/statements", lists, p.list),
		get("/statements/new", holders, p.showNew),
		post("/statements", holders, p.ask),
		get("/statements/{id}", both, p.show),
		get("/statements/{id}/{number}/paper", both, p.download("application/pdf", ".pdf", func(d *Signed) []byte { return d.Paper })),
		get("/statements/{id}/{number}/data", both, p.download("application/json", ".json", func(d *Signed) []byte { return d.Envelope })),
		post("/statements/{id}/withdraw", holders, p.change("withdrawn", "why", p.withdraw)),
		post("/statements/{id}/answer", sign, p.change("answered", "reasons", p.answer)),
		post("/statements/{id}/refuse", sign, p.change("refused", "refusal", p.refuse)),
		post("/statements/{id}/retract", sign, p.change("retracted", "retraction", p.retract)),
	}, Nav: []account.Link{nav}, Tiles: []account.Tile{tile("statements.tile", account.Enterprise),
		tile("statements.tile.clerk", account.Clerk), tile("statements.tile.centre", account.Centre)}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}
