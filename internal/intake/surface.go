package intake

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

// desk is the pages of intake: the clerk's desk (部门工作台) and the credit centre's desk for data.
type desk struct {
	*Service
	pages *page.Renderer
}

// Bounds of bodies.
const (
	maxUpload = 8 << 30 // bytes of one file
	maxPaste  = 8 << 20 // bytes of pasted text
)

// Surface is what intake shows to clerks and to the credit centre.
func (s *Service) Surface(render *page.Renderer) account.Surface {
	d := &desk{s, render}
	clerk, centre := account.Only(account.Clerk, account.Centre), account.Only(account.Centre)
	home := account.Link{Href: "/intake", Title: "intake.title", Text: "intake.tile", Icon: "upload", Allow: clerk, Order: 30}
	feeds := account.Link{Href: "/feeds", Title: "feeds.title", Text: "feeds.tile", Icon: "feed", Allow: centre, Order: 31}
	quality := account.Link{Href: "/quality", Title: "quality.title", Text: "quality.tile", Icon: "quality", Allow: centre, Order: 32}
	items := account.Link{Href: "/questions", Title: "items.title", Text: "items.tile", Icon: "subject", Allow: centre, Order: 33}
	return account.Surface{
		Name:      "intake",
		Routes:    append(d.clerkRoutes(clerk), d.centreRoutes(clerk, centre)...),
		API:       func(api huma.API) { d.resources(api, clerk) },
		Nav:       []account.Link{plain(home), plain(feeds), plain(quality), plain(items)},
		Tiles:     []account.Tile{{Link: home}, {Link: feeds}, {Link: quality}, {Link: items}},
		Templates: part("templates"), Messages: part("messages"),
	}
}

// plain is a link for the navigation.
func plain(l account.Link) account.Link {
	l.Text = ""
	return l
}

func part(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

func get(pattern string, allow account.Access, h account.Handler) account.Route {
	return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: h}
}

func post(pattern string, allow account.Access, h account.Handler) account.Route {
	return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: h}
}

// again is a POST that changes nothing, such as a check, a preview or a search whose words are no part
// of an address.
func again(pattern string, allow account.Access, h account.Handler) account.Route {
	r := post(pattern, allow, h)
	r.Repeatable = true
	return r
}

func (d *desk) clerkRoutes(allow account.Access) []account.Route {
	upload := post("/intake/upload", allow, d.upload)
	upload.MaxBody = maxUpload
	paste := post("/intake/paste", allow, d.paste)
	paste.MaxBody = maxPaste
	return []account.Route{
		get("/intake", allow, d.home),
		get("/intake/upload", allow, d.showUpload), upload,
		get("/intake/template/{file}", allow, d.template),
		get("/intake/loads", allow, d.listLoads),
		get("/intake/load/{id}", allow, d.showLoad),
		post("/intake/load/{id}/retry", allow, d.retry),
		get("/intake/load/{id}/verdicts.csv", allow, d.verdicts),
		get("/intake/load/{id}/quarantine.csv", allow, d.returnFile),
		get("/intake/load/{id}/quarantine", allow, d.showHeld),
		post("/intake/load/{id}/quarantine/{row}", allow, d.mend),
		post("/intake/load/{id}/drop", allow, d.drop),
		get("/intake/entry", allow, d.chooseEntry),
		get("/intake/entry/{feed}", allow, d.showEntry),
		again("/intake/entry/{feed}/check", allow, d.checkEntry),
		again("/intake/entry/{feed}", allow, d.previewEntry),
		post("/intake/entry/{feed}/send", allow, d.sendEntry),
		get("/intake/paste", allow, d.showPaste), paste,
		get("/intake/zero", allow, d.showZero), post("/intake/zero", allow, d.zero),
		get("/intake/records", allow, d.showRecords), again("/intake/records", allow, d.findRecords),
		get("/intake/record/{key}/{matter}", allow, d.showRecord),
		post("/intake/record/{key}/{matter}/withdraw", allow, d.withdraw),
		get("/intake/record/{key}/{matter}/correct", allow, d.showCorrect),
		post("/intake/record/{key}/{matter}/correct", allow, d.correct),
	}
}

func (d *desk) centreRoutes(clerk, centre account.Access) []account.Route {
	return []account.Route{
		get("/feeds", centre, d.listFeeds),
		get("/feeds/new", centre, d.newSource),
		post("/feeds/new", centre, d.saveSource),
		get("/feeds/source/{code}", centre, d.showSource),
		post("/feeds/source/{code}", centre, d.editSource),
		post("/feeds/source/{code}/feed", centre, d.saveFeed),
		get("/quality", centre, d.showQuality),
		get("/questions", clerk, d.listItems),
		get("/questions/{type}/{subject}/{id}", clerk, d.showItem),
		post("/questions/{type}/{subject}/{id}", clerk, d.decide),
	}
}
