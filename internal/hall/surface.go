package hall

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"

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
	windows  = account.Only(account.Window)
	kiosks   = account.Only(account.Kiosk)
	auditors = account.Only(account.Auditor).WholeStore() // visits are of all regions
)

// Surface is the pages of the window, of the kiosk and of embedded apps.
func (s *Service) Surface(render *page.Renderer) account.Surface {
	p := &pages{s, render}
	return account.Surface{Name: "hall", Routes: append(append(p.windowRoutes(), p.kioskRoutes()...), p.embedRoutes()...),
		API: func(api huma.API) { p.resources(api) }, Nav: links(""), Tiles: tiles(),
		Templates: part("templates"), Messages: part("messages")}
}

// route is one whose path stays out of the log.
func route(method, pattern string, allow account.Access, h account.Handler) account.Route {
	return account.Route{Method: method, Pattern: pattern, Allow: allow, Handle: h, Sensitive: true}
}

func (p *pages) windowRoutes() []account.Route {
	get, post := http.MethodGet, http.MethodPost
	routes := []account.Route{
		route(get, "/hall", windows, p.showDesk),
		route(post, "/hall", windows, p.findWalkIn),
		route(get, "/hall/today", windows, p.showToday),
		route(get, "/hall/log", auditors, p.showLog),
		route(get, "/hall/log/{visit}/paper", auditors, p.showKept(p.paper)),
		route(get, "/hall/log/{visit}/authority", auditors, p.showKept(p.authority)),
		route(get, "/hall/reprint", windows, p.askReprint),
		route(post, "/hall/reprint", windows, p.takeReprint),
		route(get, "/hall/visit/{visit}", windows, p.showVisit),
		route(post, "/hall/visit/{visit}/person", windows, p.takePerson),
		route(post, "/hall/visit/{visit}/paper", windows, p.takePaper),
		route(post, "/hall/visit/{visit}/pad", windows, p.takeDrawing),
		route(post, "/hall/visit/{visit}/issue", windows, p.issueNow),
		route(post, "/hall/visit/{visit}/close", windows, p.closeVisit),
		route(get, "/hall/visit/{visit}/report", windows, p.giveReport),
	}
	for i := range routes {
		if strings.HasSuffix(routes[i].Pattern, "/paper") || strings.HasSuffix(routes[i].Pattern, "/pad") {
			routes[i].MaxBody = maxPaperBody
		}
		// a list of subjects of one name is an answer that must not be kept
		routes[i].Repeatable = routes[i].Method == post && routes[i].Pattern == "/hall"
	}
	return routes
}

func links(text string) []account.Link {
	all := []account.Link{
		{Href: "/hall", Title: "hall.title", Text: "hall.tile", Icon: "report", Allow: windows, Order: 3},
		{Href: "/hall/today", Title: "hall.today", Text: "hall.today.tile", Icon: "list", Allow: windows, Order: 4},
		{Href: "/kiosk", Title: "kiosk.title", Text: "kiosk.tile", Icon: "print", Allow: kiosks, Order: 3},
		{Href: "/hall/log", Title: "hall.log", Text: "hall.log.tile", Icon: "archive", Allow: auditors, Order: 52},
	}
	if text == "" {
		for i := range all {
			all[i].Text = ""
		}
	}
	return all
}

func tiles() (all []account.Tile) {
	for _, l := range links("with text") {
		all = append(all, account.Tile{Link: l})
	}
	return all
}

func part(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}
