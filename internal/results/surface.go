package results

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/page"
)

//go:embed templates messages
var files embed.FS

// pages is the page of results and its API.
type pages struct {
	*Service
	render *page.Renderer
}

var centre = account.Only(account.Centre)

// Surface is the results for anybody, and in more detail for the credit centre, which sets how many hours a
// certificate takes.
func (s *Service) Surface(r *page.Renderer) account.Surface {
	p := &pages{s, r}
	link := account.Link{Href: "/results", Title: "results.title", Text: "results.tile", Icon: "quality", Allow: account.Anyone(), Order: 28}
	plain := link
	plain.Text = ""
	return account.Surface{Name: "results",
		Routes: []account.Route{
			{Method: http.MethodGet, Pattern: "/results", Allow: account.Anyone(), Handle: p.show},
			{Method: http.MethodGet, Pattern: "/results.csv", Allow: account.Anyone(), Handle: p.download},
			{Method: http.MethodPost, Pattern: "/results/hours", Allow: centre.WholeStore(), Handle: p.setHours},
		},
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
