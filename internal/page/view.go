package page

import (
	"context"
	"net/http"
	"net/url"
	"strings"
)

// View is what the shell knows of a request. The server makes it and puts it into the context.
type View struct {
	Lang     string // zh-CN or en
	Path     string // path of the request, to mark the current link
	Return   string // local address to come back to after a change of preference
	Large    bool   // 大字
	Contrast bool   // 高对比
	User     *User  // nil when not signed in
	Nav      []Link // what the user may open
	Demo     *Demo  // nil when the data are real
	Request  string // identifier of the request, for error pages
	Version  string // of the program
}

// User is who has signed in, as the header shows it.
type User struct {
	Name string
	Role string // key of the role's name
	For  string // organ or firm acted for, empty when none
}

// Link is one link of the navigation; Title is a key.
type Link struct {
	Href, Title, Text, Icon, Figure string
	Current                         bool
}

// Demo is what the demo band shows.
type Demo struct {
	Date  string // 演示日期
	Roles []DemoRole
}

// DemoRole is one choice of the role switch. An empty login is the public.
type DemoRole struct {
	Login, Title string // Title is a key
	Current      bool
}

type viewKey struct{}

// With returns a context that carries the view.
func With(ctx context.Context, v *View) context.Context {
	return context.WithValue(ctx, viewKey{}, v)
}

// From returns the view of a context; without one, a plain Chinese page for anybody.
func From(ctx context.Context) *View {
	if v, ok := ctx.Value(viewKey{}).(*View); ok {
		return v
	}
	return &View{Lang: "zh-CN", Path: "/", Return: "/"}
}

// SafePath returns path when it is a place on this server to which a person may be sent, otherwise "/".
// An address elsewhere, or one that a browser might take for such (//host, /\host), is not.
func SafePath(path string) string {
	u, err := url.Parse(path)
	if err != nil || len(path) > 2000 || u.Scheme != "" || u.Host != "" || u.User != nil ||
		!strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") {
		return "/"
	}
	if clean := u.EscapedPath(); strings.HasPrefix(clean, "//") {
		return "/"
	}
	return path
}

// Partial tells whether htmx asks for a part of a page.
func Partial(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }
