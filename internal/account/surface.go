package account

import (
	"context"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Handler answers a request or returns what is wrong; the server turns the error into a response.
// A handler that returns an error has written nothing.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one page or form of a capability.
type Route struct {
	Method  string // GET, POST
	Pattern string // as of http.ServeMux, without method: /report/{number}
	Allow   Access
	Handle  Handler

	// MaxBody is the largest body in bytes; 0 is the server's usual megabyte. A body that is larger
	// than a megabyte is kept in a temporary file, so a route for files may allow gigabytes.
	MaxBody int64
	// Repeatable says that doing it twice is harmless or that its answer must not be kept, as for
	// signing in. The answer to any other POST is kept and given again to the same Idempotency-Key.
	Repeatable bool
	// Sensitive keeps the path's variable parts out of the log. Query strings are never logged.
	Sensitive bool
}

// Link leads to a page, in the navigation or on the home page. Its texts are keys of the catalogue.
type Link struct {
	Href  string
	Title string
	Text  string // one line on the tile; empty in the navigation
	Icon  string // name of an icon of the page package
	Allow Access
	Order int // smaller comes first
}

// Tile is a link on the home page. Figure, if not nil, gives the number or state it shows; it must
// answer at once, from a projection.
type Tile struct {
	Link
	Figure func(ctx context.Context, p Principal) (string, error)
}

// Surface is what a capability shows: pages, API resources, and the texts and templates they need.
type Surface struct {
	Name      string
	Routes    []Route
	API       func(huma.API) // registers operations under /api/v1, each with its access: see Access.On
	Nav       []Link
	Tiles     []Tile
	Templates fs.FS // *.page.html and *.part.html, see package page
	Messages  fs.FS // *.yaml, see package i18n
}
