package group

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/page"
)

//go:embed templates messages
var files embed.FS

// Preset is a purpose as it is printed, and the edition that it proposes.
type Preset struct{ Purpose, Edition string }

// Deps is what the pages need besides the service.
type Deps struct {
	Pages   *page.Renderer
	Books   func(digest string) (*law.Book, error)
	Presets []Preset // the first is proposed
}

type pages struct {
	*Service
	Deps
}

var holders = account.Only(account.Enterprise)

// maxFile is the largest list, in bytes.
const maxFile = 1 << 20

// Surface is the pages and API of requests for a group.
func (s *Service) Surface(d Deps) account.Surface {
	p := &pages{s, d}
	get := func(pattern string, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: holders, Handle: h}
	}
	post := func(pattern string, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: holders, Handle: h}
	}
	check := post("/groups/check", p.check)
	check.Repeatable, check.MaxBody = true, 2*maxFile // it changes nothing
	change := post("/groups/new", p.change)
	change.Repeatable, change.MaxBody = true, 2*maxFile // likewise
	link := account.Link{Href: "/groups/new", Title: "groups.title", Text: "groups.tile", Icon: "subject", Allow: holders, Order: 6}
	plain := link
	plain.Text = ""
	return account.Surface{Name: "group",
		Routes: []account.Route{get("/groups", p.list), get("/groups/new", p.ask), check, change, post("/groups", p.create),
			get("/groups/{id}", p.show), get("/groups/{id}/progress", p.progress), get("/groups/{id}/download", p.download), post("/groups/{id}/renew", p.renew), post("/groups/{id}/missing", p.missing), post("/groups/{id}/cancel", p.cancel)},
		API: func(api huma.API) { p.resources(api) },
		Nav: []account.Link{plain}, Tiles: []account.Tile{{Link: link}}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

// mine lists the organisations that the caller acts for and chooses the parent: the one asked for, else the first.
func (p *pages) mine(ctx context.Context, asked string) (all []account.Holder, key credit.Key, err error) {
	keys := slices.DeleteFunc(slices.Clone(account.From(ctx).Subjects), credit.Key.Person)
	return account.ChooseHolder(ctx, keys, asked, func(ctx context.Context, k credit.Key) (string, error) {
		s, _, err := p.Ledger.Subject(ctx, k)
		return s.Name, err
	})
}
