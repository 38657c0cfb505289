package ruleset

import (
	"embed"
	"io/fs"
	"net/http"
	"time"

	"xinban/internal/account"
	"xinban/internal/law/adopted"
	"xinban/internal/page"
)

//go:embed templates messages
var files embed.FS

// Desk is the pages on rules (规则管理).
type Desk struct {
	Books *adopted.Books
	Pages *page.Renderer
	Now   func() time.Time
}

// maxRules is the largest rule file that may be proposed, in bytes.
const maxRules = 1 << 20

// Surface is what the credit centre, the operator and, reading only, the auditor see of the rules. Only a person at a
// page proposes and decides: a token that leaked must not change rules.
func (d *Desk) Surface() account.Surface {
	edit := account.Only(editors...).Where(func(p account.Principal, _ *http.Request) error {
		if p.Channel != account.ChannelPage || !mayEdit(p) {
			return account.ErrForbidden()
		}
		return nil
	})
	read := account.Only(append([]account.Role{account.Auditor}, editors...)...)
	link := account.Link{Href: "/rulesets", Title: "rulesets.title", Text: "rulesets.tile", Icon: "rules", Allow: read, Order: 34}
	plain := link
	plain.Text = ""
	return account.Surface{Name: "ruleset",
		Routes: []account.Route{
			{Method: http.MethodGet, Pattern: "/rulesets", Allow: read, Handle: d.list},
			{Method: http.MethodGet, Pattern: "/rulesets/{digest}", Allow: read, Handle: d.show},
			{Method: http.MethodGet, Pattern: "/rulesets/{digest}/file", Allow: read, Handle: d.download},
			{Method: http.MethodPost, Pattern: "/rulesets/{digest}/edit", Allow: edit, Handle: d.propose, MaxBody: maxRules},
			{Method: http.MethodPost, Pattern: "/rulesets/{digest}", Allow: edit, Handle: d.decide},
		},
		Nav: []account.Link{plain}, Tiles: []account.Tile{{Link: link}}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}
