package undelivered

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/outbox"
	"xinban/internal/page"
)

//go:embed templates messages
var files embed.FS

// Desk is the pages.
type Desk struct {
	Outbox *outbox.Outbox
	Pages  *page.Renderer
	// Whom is a target in words, and About a topic.
	Whom  func(ctx context.Context, target string) (string, error)
	About func(topic string) string
}

// Surface is what the centre and the operator see. Messages are of all regions.
func (d *Desk) Surface() account.Surface {
	keepers := account.Only(account.Centre, account.Operator)
	link := account.Link{Href: "/outbox", Title: "outbox.title", Text: "outbox.tile", Icon: "alert", Allow: keepers, Order: 35}
	plain := link
	plain.Text = ""
	whole := keepers.WholeStore()
	return account.Surface{Name: "undelivered",
		Routes: []account.Route{
			{Method: http.MethodGet, Pattern: "/outbox", Allow: whole, Handle: d.list, Sensitive: true},
			{Method: http.MethodPost, Pattern: "/outbox/again", Allow: whole, Handle: d.again, Sensitive: true},
			{Method: http.MethodPost, Pattern: "/outbox/target", Allow: whole, Handle: d.target, Sensitive: true},
		},
		Nav: []account.Link{plain}, Tiles: []account.Tile{{Link: link, Figure: d.figure}}, Templates: part("templates"), Messages: part("messages")}
}

func part(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return sub
}

// counted is how many stuck messages the tile counts at most.
const counted = 100

// figure is how many messages are stuck.
func (d *Desk) figure(ctx context.Context, _ account.Principal) (string, error) {
	n := 0
	for _, state := range []outbox.State{outbox.Refused, outbox.Waiting} {
		list, err := d.Outbox.Stuck(ctx, state, "", counted)
		if err != nil {
			return "", err
		}
		n += len(list)
	}
	if n >= counted {
		return strconv.Itoa(counted) + "+", nil
	}
	return strconv.Itoa(n), nil
}
