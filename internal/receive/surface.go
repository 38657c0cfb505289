package receive

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
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
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: h, Sensitive: true}
	}
	post := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: h, Sensitive: true}
	}
	routes := []account.Route{
		get("/receive", receivers, p.desk),
		{Method: http.MethodPost, Pattern: "/receive", Allow: receivers, Handle: p.drop, MaxBody: maxUpload},
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

// who is the receiver for whom the caller acts: the organisation bound to the account, else the person.
func (s *Service) who(ctx context.Context) (*Receiver, error) {
	me := account.From(ctx)
	r := &Receiver{ID: consent.AccountGrantee(me.ID), Name: me.Name, Access: audit.Actor(me.Actor())}
	r.Whom = []consent.Grantee{r.ID}
	if len(me.Subjects) == 0 {
		return r, nil
	}
	key := me.Subjects[0]
	r.ID = consent.OrganisationGrantee(key)
	r.Whom = append(r.Whom, r.ID)
	name, err := s.c.Name(ctx, key)
	if err != nil {
		return nil, err
	}
	if name != "" {
		r.Name, r.Access.Name = name, name // the subject learns which organisation looked
	}
	return r, nil
}

// reader is the receiver or the organ for which the caller acts.
func (s *Service) reader(ctx context.Context, organ bool) (*Receiver, error) {
	if !organ {
		return s.who(ctx)
	}
	me := account.From(ctx)
	if me.Organ == "" {
		return nil, account.ErrForbidden()
	}
	return &Receiver{ID: consent.Grantee("organ:" + me.Organ), Name: me.OrganOf, Access: audit.Actor(me.Actor())}, nil
}
