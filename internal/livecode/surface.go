package livecode

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/page"
)

//go:embed templates messages
var surfaceFiles embed.FS

type pages struct {
	*Service
	render *page.Renderer
}

var holders = account.Only(account.Enterprise)

// Surface is the subject's page with the code, and the public page that a scan opens.
func (s *Service) Surface(render *page.Renderer) account.Surface {
	p := &pages{s, render}
	link := account.Link{Href: "/livecode", Title: "livecode.title", Text: "livecode.tile", Icon: "key", Allow: holders, Order: 6}
	nav := link
	nav.Text = ""
	return account.Surface{
		Name: "livecode",
		Routes: []account.Route{
			{Method: http.MethodGet, Pattern: "/livecode", Allow: holders, Handle: p.choose},
			// its answer holds the code and must not be kept
			{Method: http.MethodPost, Pattern: "/livecode", Allow: holders, Handle: p.show, Repeatable: true},
			{Method: http.MethodGet, Pattern: "/livecode/{id}", Allow: holders, Handle: p.again},
			{Method: http.MethodGet, Pattern: "/livecode/{id}/scans", Allow: holders, Handle: p.scans},
			{Method: http.MethodPost, Pattern: "/livecode/{id}/renew", Allow: holders, Handle: p.renew, Repeatable: true},
			{Method: http.MethodPost, Pattern: "/livecode/{id}/end", Allow: holders, Handle: p.end},
			{Method: http.MethodGet, Pattern: "/c", Allow: account.Anyone(), Handle: p.typed},
			{Method: http.MethodPost, Pattern: "/c", Allow: account.Anyone(), Handle: p.typedScan, Repeatable: true, Sensitive: true},
			{Method: http.MethodGet, Pattern: "/c/{code}", Allow: account.Anyone(), Handle: p.scan, Sensitive: true},
		},
		API: func(api huma.API) { p.resources(api) },
		Nav: []account.Link{nav}, Tiles: []account.Tile{{Link: link}},
		Templates: part("templates"), Messages: part("messages"),
	}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}
