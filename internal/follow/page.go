package follow

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

// Surface is the messages of a person or an organ, and what a subject's user follows.
func (s *Service) Surface(d Deps) account.Surface {
	p := &pages{Service: s, Deps: d}
	holders, readers := account.Only(account.Enterprise), account.Only(account.Enterprise, account.Clerk, account.Centre)
	get := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: h}
	}
	post := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: h}
	}
	nav := account.Link{Href: "/messages", Title: "messages.title", Icon: "alert", Allow: readers, Order: 28}
	tile := func(text string, roles ...account.Role) account.Tile {
		l := nav
		l.Text, l.Allow = text, account.Only(roles...)
		return account.Tile{Link: l, Figure: p.figure}
	}
	return account.Surface{Name: "follow", Routes: []account.Route{
		get("/messages", readers, p.list),
		post("/messages/seen", readers, p.see),
		get("/follow", holders, p.show),
		post("/follow", holders, p.subscribe),
		post("/follow/stop", holders, p.stop),
		post("/follow/address", holders, p.enter),
		post("/follow/confirm", holders, p.confirm),
		post("/follow/forget", holders, p.forget),
	}, Nav: []account.Link{nav}, Tiles: []account.Tile{tile("messages.tile", account.Enterprise),
		tile("messages.tile.desk", account.Clerk, account.Centre)}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

// figureMost is how many new messages the home page counts.
const figureMost = 99

// figure is the number of new messages on the home page; empty for none.
func (p *pages) figure(ctx context.Context, me account.Principal) (string, error) {
	n := 0
	for _, r := range recipients(me) {
		some, err := p.unseen(ctx, r, figureMost+1)
		if err != nil {
			return "", err
		}
		n += some
	}
	switch {
	case n == 0:
		return "", nil
	case n > figureMost:
		return strconv.Itoa(figureMost) + "+", nil
	}
	return strconv.Itoa(n), nil
}

// mine lists the subjects bound to the caller and chooses one: the one asked for, else the first.
func (p *pages) mine(ctx context.Context, asked string) (all []account.Holder, key credit.Key, err error) {
	return account.ChooseHolder(ctx, account.From(ctx).Subjects, asked, func(ctx context.Context, k credit.Key) (string, error) {
		name, err := p.Names(ctx, k)
		if k.Person() && name != "" {
			name = credit.MaskName(name)
		}
		return name, err
	})
}
