package objection

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
)

//go:embed templates messages
var surfaceFiles embed.FS

// Deps is what the pages need besides the service.
type Deps struct {
	Pages *page.Renderer
	Names func(ctx context.Context, key credit.Key) (string, error) // present name of a subject
}

type pages struct {
	*Service
	Deps
}

// Surface is the subject's objections, the desk of the body that verifies, and what is overdue for the centre.
func (s *Service) Surface(d Deps) account.Surface {
	p := &pages{Service: s, Deps: d}
	holders, clerks := account.Only(account.Enterprise), account.Only(account.Clerk)
	both := account.Only(account.Enterprise, account.Clerk)
	lists := account.Only(account.Enterprise, account.Clerk, account.Centre) // the centre sees what is overdue
	get := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: h}
	}
	post := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: h, Sensitive: true}
	}
	nav := account.Link{Href: "/objections", Title: "objections.title", Icon: "edit", Allow: lists, Order: 21}
	tile := func(text string, role account.Role) account.Tile {
		l := nav
		l.Text, l.Allow = text, account.Only(role)
		return account.Tile{Link: l, Figure: p.figure}
	}
	return account.Surface{Name: "objection", Routes: []account.Route{
		get("/objections", lists, p.list),
		get("/objections/new", holders, p.showNew),
		post("/objections", holders, p.file),
		get("/objections/{id}", both, p.show),
		post("/objections/{id}/withdraw", holders, p.change("withdrawn", "", p.withdraw)),
		post("/objections/{id}/supply", holders, p.change("supplied", "more", p.supply)),
		post("/objections/{id}/accept", clerks, p.change("accepted", "", p.accept)),
		post("/objections/{id}/refuse", clerks, p.change("refused", "refusal", p.refuse)),
		post("/objections/{id}/ask", clerks, p.change("asked", "ask", p.ask)),
		post("/objections/{id}/extend", clerks, p.change("extended", "why", p.extend)),
		post("/objections/{id}/close", clerks, p.change("closed", "outcome", p.close)),
	}, Tiles: []account.Tile{tile("objections.tile", account.Enterprise),
		tile("objections.tile.clerk", account.Clerk), tile("objections.tile.centre", account.Centre)}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

// figure is what waits on the home page: for a clerk objections to decide, for the centre those overdue; empty for none.
func (p *pages) figure(ctx context.Context, me account.Principal) (string, error) {
	n := 0
	switch {
	case me.Has(account.Clerk):
		cases, err := p.Desk(ctx, me, lateMost)
		if err != nil {
			return "", err
		}
		n = len(cases)
	case me.Has(account.Centre):
		list, err := p.Overdue(ctx, me, lateMost)
		if err != nil {
			return "", err
		}
		n = len(list)
	}
	switch {
	case n == 0:
		return "", nil
	case n >= lateMost:
		return strconv.Itoa(lateMost-1) + "+", nil
	}
	return strconv.Itoa(n), nil
}
