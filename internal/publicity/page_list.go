package publicity

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"xinban/internal/law"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// pageRows is how many matters a page lists.
const pageRows = 20

type listData struct {
	Tab     string
	Tabs    []tabLink
	Form    page.Form
	Domains []page.Option
	Rows    []Matter
	Names   map[string]string // of domains
	Next    string
	Many    bool
	Asked   bool
	AsOf    time.Time
}

type tabLink struct {
	Name, Href string
	Current    bool
}

// maxText is the longest search text in characters.
const maxText = 100

func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	d := listData{Form: page.Form{Values: values}}
	q := Query{Tab: ParseTab(values.Get("tab")), Text: strings.TrimSpace(values.Get("q")), Domain: values.Get("domain"), Limit: pageRows}
	if q.Tab == NoTab {
		q.Tab = Penalty
	}
	d.Tab, d.Asked = q.Tab.String(), q.Text != "" || q.Domain != ""
	after, err := ParseCursor(values.Get("after"))
	if err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	q.After = after
	domains, err := p.domains()
	if err != nil {
		return err
	}
	d.fill(domains, q)
	if d.AsOf, err = p.AsOf(r.Context()); err != nil {
		return err
	}
	status := http.StatusOK
	switch {
	case problem.HasIdentityNumber(q.Text) || utf8.RuneCountInString(q.Text) > maxText:
		d.Form.Values.Del("q") // an identity number is shown nowhere again
		page.From(r.Context()).Return = "/public"
		d.Form.Fail("q", "public.q.refused")
		status = http.StatusUnprocessableEntity
	default:
		var next Cursor
		if d.Rows, next, d.Many, err = p.List(r.Context(), q); err != nil {
			return err
		}
		d.Next = nextHref(q, next)
	}
	return p.render.Render(w, r, status, "public", d)
}

func (p *pages) domains() (*law.Domains, error) {
	book, err := p.c.Books("")
	if err != nil {
		return nil, err
	}
	return book.Domains(p.today()), nil
}

func (d *listData) fill(domains *law.Domains, q Query) {
	d.Names = map[string]string{}
	for _, x := range domains.All() {
		d.Names[x.ID] = x.Name
		d.Domains = append(d.Domains, page.Option{Value: x.ID, Label: x.Name})
	}
	for _, t := range []Tab{Penalty, Licences, Lists} {
		d.Tabs = append(d.Tabs, tabLink{t.String(), href(Query{Tab: t, Text: q.Text, Domain: q.Domain}), t == q.Tab})
	}
}

func href(q Query) string {
	v := url.Values{"tab": {q.Tab.String()}}
	if q.Text != "" && !problem.HasIdentityNumber(q.Text) {
		v.Set("q", q.Text)
	}
	if q.Domain != "" {
		v.Set("domain", q.Domain)
	}
	if after := q.After.String(); after != "" {
		v.Set("after", after)
	}
	return "/public?" + v.Encode()
}

func nextHref(q Query, next Cursor) string {
	if next == (Cursor{}) {
		return ""
	}
	q.After = next
	return href(q)
}
