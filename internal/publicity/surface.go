package publicity

import (
	"embed"
	"io/fs"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/page"
)

//go:embed templates messages
var files embed.FS

// pages shows the projection.
type pages struct {
	*Service
	render *page.Renderer
}

// Surface is the public pages and their API.
func (s *Service) Surface(render *page.Renderer) account.Surface {
	p := &pages{s, render}
	link := account.Link{Href: "/public", Title: "public.title", Text: "public.tile", Icon: "public", Allow: account.Anyone(), Order: 20}
	nav := link
	nav.Text = ""
	return account.Surface{
		Name: "publicity",
		Routes: []account.Route{
			{Method: "GET", Pattern: "/public", Allow: account.Anyone(), Handle: p.list},
			{Method: "GET", Pattern: "/public/{kind}/{id}", Allow: account.Anyone(), Handle: p.matter},
		},
		API:       func(api huma.API) { p.resources(api) },
		Nav:       []account.Link{nav},
		Tiles:     []account.Tile{{Link: link}},
		Templates: part("templates"), Messages: part("messages"),
	}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}
