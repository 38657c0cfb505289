package receive

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

var (
	receivers = account.Only(account.Receiver)
	clerks    = account.Only(account.Clerk)
)

// Surface is the receiver's desk, the authorised query, the organs' request, and their API.
func (s *Service) Surface(render *page.Renderer) account.Surface {
	p := &pages{s, render}
	get := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: asHolder(h), Sensitive: true}
	}
	post := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: asHolder(h), Sensitive: true}
	}
	routes := []account.Route{
		get("/receive", receivers, p.desk),
		{Method: http.MethodPost, Pattern: "/receive", Allow: receivers, Handle: asHolder(p.drop), MaxBody: maxUpload},
		post("/receive/profiles/delete", receivers, p.forgetProfile),
		get("/receive/table/{id}", receivers, p.table),
		get("/receive/table/{id}/table.csv", receivers, p.tableCSV),
		get("/receive/table/{id}/table.xlsx", receivers, p.tableXLSX),
		post("/receive/table/{id}/delete", receivers, p.deleteTable),
		get("/receive/changes", receivers, p.changes),
		post("/receive/hook", receivers, p.register),
		post("/receive/hook/delete", receivers, p.unregister),
		post("/receive/changes/{number}/again", receivers, p.again),

		get("/authorised", receivers, p.authorised),
		post("/authorised", receivers, p.query),
		{Method: http.MethodPost, Pattern: "/authorised/search", Allow: receivers, Handle: asHolder(p.searchGrants), Sensitive: true, Repeatable: true},
		get("/organ-requests", clerks, p.organRequests),
		post("/organ-requests", clerks, p.organRequest),
	}
	for base, allow := range map[string]account.Access{"/authorised": receivers, "/organ-requests": clerks} {
		routes = append(routes, get(base+"/{number}", allow, p.showReport), get(base+"/{number}/paper", allow, p.paper), get(base+"/{number}/data", allow, p.data))
	}
	return account.Surface{Name: "receive", Routes: routes, API: func(api huma.API) { p.resources(api) }, Nav: navigation(), Tiles: tiles(),
		Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

var links = []account.Link{
	{Href: "/receive", Title: "receive.title", Text: "receive.tile", Icon: "verify", Allow: receivers, Order: 5},
	{Href: "/receive/changes", Title: "receive.changes.title", Text: "receive.changes.tile", Icon: "alert", Allow: receivers, Order: 6},
	{Href: "/authorised", Title: "authorised.title", Text: "authorised.tile", Icon: "report", Allow: receivers, Order: 7},
	{Href: "/organ-requests", Title: "organ.title", Text: "organ.tile", Icon: "report", Allow: clerks, Order: 15},
}

func navigation() (nav []account.Link) {
	for _, l := range links {
		l.Text = ""
		nav = append(nav, l)
	}
	return nav
}

func tiles() (all []account.Tile) {
	for _, l := range links {
		all = append(all, account.Tile{Link: l})
	}
	return all
}
