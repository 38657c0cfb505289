package report

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

//go:embed templates messages
var surfaceFiles embed.FS

// Desk tells the pages of a subject what lies with the intake.
type Desk interface {
	// SourceNames returns the names of the sources by their number.
	SourceNames(ctx context.Context) (map[int64]string, error)
	// Questions returns the rows that may belong to a subject and await a person's answer.
	Questions(ctx context.Context, key credit.Key) ([]Question, error)
}

// Question is a row that may belong to a subject (归属核对).
type Question struct {
	Detail    string
	Other     credit.Key // under which the row lies
	Load, Row int64
	Opened    int64 // UTC ms
}

// Deps is what the pages need besides the service.
type Deps struct {
	Pages *page.Renderer
	Desk  Desk
	Queue Queue
	// Papers are the other signed papers that the page of verification answers for; nil for none.
	Papers Papers
	// Agents says who may act for whom by consent.
	Agents Agents
}

type pages struct {
	*Service
	Deps
	list keptList
}

// maxFile is the largest document that may be sent for verification, in bytes.
const maxFile = 64 << 20

var (
	holders = account.Only(account.Enterprise)
	readers = account.Only(account.Enterprise, account.Centre, account.Operator)
	inside  = account.Only(account.Centre, account.Operator)
	centre  = account.Only(account.Centre)
)

// Surface is the pages and API of the report: verification for anybody, the workbench of an enterprise,
// and the subjects for the credit centre.
func (s *Service) Surface(d Deps) account.Surface {
	p := &pages{Service: s, Deps: d}
	get := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: h}
	}
	post := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: h, Sensitive: true}
	}
	routes := []account.Route{
		get("/verify", account.Anyone(), p.showVerify),
		{Method: http.MethodPost, Pattern: "/verify", Allow: account.Anyone(), Handle: p.verifyFile, MaxBody: maxFile, Repeatable: true},
		get("/verify/trust.pem", account.Anyone(), p.giveTrust),
		get("/verify/status-list.json", account.Anyone(), p.giveStatusList),

		get("/reports", holders, p.listReports),
		get("/reports/new", holders, p.newReport),
		get("/reports/checkup", holders, p.showCheckup),
		post("/reports", holders, p.issueReport),
		get("/reports/{number}", readers, p.showReport),
		get("/reports/{number}/paper", readers, p.downloadPaper),
		get("/reports/{number}/data", readers, p.downloadData),
		get("/reports/{number}/english", readers, p.downloadEnglishPaper),
		get("/reports/{number}/english/data", readers, p.downloadEnglishData),
		post("/reports/{number}/again", holders, p.issueAgain),
		get("/notices", holders, p.listNotices),
		post("/notices/seen", holders, p.seeNotice),
		get("/access", holders, p.listAccess),

		get("/subjects", inside, p.searchSubjects),
		{Method: http.MethodPost, Pattern: "/subjects", Allow: inside, Handle: p.searchSubjects, Repeatable: true},
		post("/subjects/person", inside, p.findPerson),
		get("/subjects/{key...}", inside, p.showSubject),
		get("/matters/{matter}", inside, p.showMatter),
		post("/matters/{matter}/{change}", centre, p.amendMatter),
		post("/subject-links", centre, p.linkSubject),
	}
	for i := range routes {
		routes[i].Sensitive = routes[i].Sensitive || routes[i].Pattern == "/subjects/{key...}"
	}
	return account.Surface{Name: "report", Routes: routes, API: func(api huma.API) { p.resources(api) }, Nav: navigation(), Tiles: p.tiles(),
		Templates: surfacePart("templates"), Messages: surfacePart("messages")}
}

func surfacePart(name string) fs.FS {
	sub, err := fs.Sub(surfaceFiles, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

var links = []account.Link{
	{Href: "/reports", Title: "reports.title", Text: "reports.tile", Icon: "report", Allow: holders, Order: 5},
	checkupLink,
	{Href: "/verify", Title: "verify.title", Text: "verify.tile", Icon: "verify", Allow: account.Anyone(), Order: 10},
	{Href: "/notices", Title: "notices.title", Text: "notices.tile", Icon: "alert", Allow: holders, Order: 30},
	{Href: "/access", Title: "access.title", Text: "access.tile", Icon: "log", Allow: holders, Order: 40},
	{Href: "/subjects", Title: "subjects.title", Text: "subjects.tile", Icon: "subject", Allow: inside, Order: 8},
}

func navigation() (nav []account.Link) {
	for _, l := range links {
		if l.Href == checkupLink.Href { // reached from the tile and from where a report is begun
			continue
		}
		l.Text = ""
		nav = append(nav, l)
	}
	return nav
}

func (p *pages) tiles() (tiles []account.Tile) {
	for _, l := range links {
		t := account.Tile{Link: l}
		if l.Href == "/notices" {
			t.Figure = p.unseenFigure
		}
		tiles = append(tiles, t)
	}
	return tiles
}

// actor is who makes the request, for the access log.
func actor(p account.Principal) audit.Actor { return audit.Actor(p.Actor()) }

// record writes one entry of the access log that accompanies reading.
func (p *pages) record(ctx context.Context, key credit.Key, action audit.Action, purpose, document string) error {
	e := audit.Entry{Subject: key, At: p.c.Now(), Actor: actor(account.From(ctx)), Action: action, Purpose: purpose, Document: document}
	if e.Actor.Name == "" {
		e.Actor.Name = "社会公众"
	}
	if err := p.db.Tx(ctx, func(tx *store.Tx) error { return audit.Record(tx, e) }); err != nil {
		return fmt.Errorf("report: recording an access: %w", err)
	}
	return nil
}

// reached returns nil when the subject lies in the caller's region, otherwise the problem to show.
func (p *pages) reached(ctx context.Context, key credit.Key) error {
	me := account.From(ctx)
	if me.Region == "" {
		return nil
	}
	if _, ok, err := p.ledger.Subject(ctx, key); err != nil || !ok {
		return cmp.Or(err, notFound("no-subject-on-record"))
	}
	ok, err := p.reaches(ctx, me, key)
	if err == nil && !ok {
		err = account.ErrRegion()
	}
	return err
}

func (p *pages) reaches(ctx context.Context, me account.Principal, key credit.Key) (bool, error) {
	if me.Region == "" {
		return true, nil
	}
	area, err := p.ledger.Area(ctx, key, credit.DateOf(p.c.Now()))
	return me.Reaches(area), err
}

// notFound answers for what does not exist and for what is not the caller's alike.
func notFound(what string) error { return problem.New(http.StatusNotFound, what) }
