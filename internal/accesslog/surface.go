package accesslog

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
	"xinban/internal/store"
)

//go:embed templates messages
var files embed.FS

// Subjects finds subjects by code, number or name; the ledger is one.
type Subjects interface {
	Find(ctx context.Context, text string, limit int) ([]ledger.Subject, error)
	Subject(ctx context.Context, key credit.Key) (ledger.Subject, bool, error)
	Area(ctx context.Context, key credit.Key, on credit.Date) (string, error)
}

// Accounts finds who an entry is about; account.Service is one.
type Accounts interface {
	ByLogin(ctx context.Context, login string) (account.Account, error)
	ByID(ctx context.Context, id string) (account.Account, error)
}

// Desk is the pages of the auditor.
type Desk struct {
	DB       *store.DB
	Subjects Subjects
	Accounts Accounts
	Pages    *page.Renderer
	Now      func() time.Time
}

// Surface is what the auditor sees.
func (d *Desk) Surface() account.Surface {
	auditor := account.Only(account.Auditor)
	link := account.Link{Href: "/audit", Title: "audit.title", Text: "audit.tile", Icon: "log", Allow: auditor, Order: 50}
	plain := link
	plain.Text = ""
	return account.Surface{Name: "accesslog",
		Routes: []account.Route{{Method: http.MethodGet, Pattern: "/audit", Allow: auditor, Handle: d.list}},
		Nav:    []account.Link{plain}, Tiles: []account.Tile{{Link: link}}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}
