package repair

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/page"
)

//go:embed templates messages
var surfaceFiles embed.FS

// Accounts asks a person's password again before a repair is granted.
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

// Surface is the subject's applications, the desk of the body that decides, what is late for the centre, and progress by
// query code for anyone. A grant is made by a person at a page.
func (s *Service) Surface(d Deps) account.Surface {
	p := &pages{Service: s, Deps: d}
	holders, clerks := account.Only(account.Enterprise), account.Only(account.Clerk)
	both := account.Only(account.Enterprise, account.Clerk)
	lists := account.Only(account.Enterprise, account.Clerk, account.Centre)
	byHand := clerks.Where(func(p account.Principal, _ *http.Request) error {
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
	act := func(move string, allow account.Access, do func(context.Context, account.Principal, *casework.Case, *page.Form) error) account.Route {
		return post("/repairs/items/{id}/"+move, allow, p.act(move, do))
	}
	nav := account.Link{Href: "/repairs", Title: "repairs.title", Icon: "check", Allow: lists, Order: 19}
	tile := func(text string, role account.Role) account.Tile {
		l := nav
		l.Text, l.Allow = text, account.Only(role)
		return account.Tile{Link: l, Figure: p.figure}
	}
	progress := account.Link{Href: "/repairs/progress", Title: "repair.progress", Text: "repair.progress.tile", Icon: "search", Allow: account.Only(account.Public), Order: 30}
	return account.Surface{Name: "repair", Routes: []account.Route{
		get("/repairs", lists, p.list),
		get("/repairs/new", holders, p.showNew),
		post("/repairs", holders, p.apply),
		get("/repairs/progress", account.Anyone(), p.progress),
		post("/repairs/batch/accept", clerks, p.batchAccept()),
		post("/repairs/batch/grant", byHand, p.batchGrant()),
		get("/repairs/{id}", holders, p.show),
		get("/repairs/{id}/papers/{paper}", holders, p.download(Kind, p.ApplicationPaper)),
		get("/repairs/items/{id}", both, p.showItem),
		get("/repairs/items/{id}/papers/{paper}", both, p.download(ItemKind, p.ItemPaper)),
		act("accept", clerks, p.accept),
		act("ask", clerks, p.ask),
		act("consult", clerks, p.consult),
		act("visit", clerks, p.visit),
		act("resume", clerks, p.resume),
		act("extend", clerks, p.extend),
		act("refuse", clerks, p.refuse),
		act("grant", byHand, p.grant),
		act("revoke", byHand, p.revoke),
		act("supply", holders, p.supply),
		act("withdraw", holders, p.withdraw),
	}, Nav: []account.Link{nav}, Tiles: []account.Tile{tile("repairs.tile", account.Enterprise), tile("repairs.tile.clerk", account.Clerk),
		tile("repairs.tile.centre", account.Centre), {Link: progress}}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}
