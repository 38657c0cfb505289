package intake

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
)

// sourceView is a source with its feeds.
type sourceView struct {
	Source
	Feeds []feedView
	Rows  int64
	Bad   int64
	Late  int
}

// BadShare is the share of rows that went into quarantine.
func (s sourceView) BadShare() float64 { return share(s.Bad, s.Rows) }

type feedsData struct {
	Sources []sourceView
	Feeds   int
	Late    int
	Never   int
	Rows    int64
	Bad     int64
	Only    string // ok, late or never; empty for all
}

// BadShare is the share of rows that went into quarantine.
func (f feedsData) BadShare() float64 { return share(f.Bad, f.Rows) }

// sourceViews lists the caller's sources with their feeds.
func (d *desk) sourceViews(ctx context.Context) ([]sourceView, error) {
	sc, err := d.scope(ctx)
	if err != nil {
		return nil, err
	}
	sources := sc.sources
	feeds, err := d.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]sourceView, len(sources))
	for i, src := range sources {
		v := sourceView{Source: src}
		for _, f := range feeds {
			if f.Source != src.ID {
				continue
			}
			fv := d.view(line{f, src})
			v.Feeds = append(v.Feeds, fv)
			v.Rows, v.Bad = v.Rows+f.Rows, v.Bad+f.Bad
			if fv.Tone == "bad" {
				v.Late++
			}
		}
		views[i] = v
	}
	return views, nil
}

// listFeeds shows every source and feed: how late, how good, how much.
func (d *desk) listFeeds(w http.ResponseWriter, r *http.Request) error {
	views, err := d.sourceViews(r.Context())
	if err != nil {
		return err
	}
	data := feedsData{Only: r.URL.Query().Get("only")}
	for _, v := range views {
		data.Rows, data.Bad, data.Late, data.Feeds = data.Rows+v.Rows, data.Bad+v.Bad, data.Late+v.Late, data.Feeds+len(v.Feeds)
		for _, f := range v.Feeds {
			if f.LastArrival == 0 {
				data.Never++
			}
		}
		v.Feeds = slices.DeleteFunc(v.Feeds, func(f feedView) bool {
			return data.Only == "late" && f.Tone != "bad" || data.Only == "never" && f.LastArrival != 0
		})
		if data.Only == "" || len(v.Feeds) > 0 {
			data.Sources = append(data.Sources, v)
		}
	}
	return d.pages.Render(w, r, http.StatusOK, "feeds", data)
}

type sourceData struct {
	sourceView
	New   bool
	Form  page.Form // of the source
	Feed  page.Form // of a feed
	Kinds []page.Option
	Edit  credit.Kind // the feed under change, 0 for a new one
	Done  bool
}

// newSource is the form for a source.
func (d *desk) newSource(w http.ResponseWriter, r *http.Request) error {
	return d.pages.Render(w, r, http.StatusOK, "feed_source", sourceData{New: true})
}

var sourceCode = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// sourceOf reads a source from a form.
func sourceForm(f url.Values, form *page.Form) Source {
	src := Source{Code: strings.TrimSpace(f.Get("code")), Name: credit.NormalText(f.Get("name")), Organ: credit.NormalCode(f.Get("organ"))}
	if src.Name == "" {
		form.Fail("name", "feeds.error.name")
	}
	if src.Organ != "" && credit.CheckUSCC(src.Organ).Verdict == credit.Invalid {
		form.Fail("organ", "feeds.error.organ")
	}
	return src
}

// saveSource registers a source.
func (d *desk) saveSource(w http.ResponseWriter, r *http.Request) error {
	f, err := parse(r)
	if err != nil {
		return err
	}
	data := sourceData{New: true, Form: page.Form{Values: f}}
	src := sourceForm(f, &data.Form)
	if !sourceCode.MatchString(src.Code) {
		data.Form.Fail("code", "feeds.error.code")
	} else if _, err := d.SourceByCode(r.Context(), src.Code); err == nil {
		data.Form.Fail("code", "feeds.error.taken")
	} else if !errors.Is(err, ErrNoSource) {
		return err
	}
	if len(data.Form.Wrong) > 0 {
		return d.pages.Render(w, r, http.StatusUnprocessableEntity, "feed_source", data)
	}
	if !d.reachesOrgan(account.From(r.Context()), src.Organ) {
		return account.ErrRegion()
	}
	if _, err := d.AddSource(r.Context(), src); err != nil {
		return err
	}
	return see(w, r, "/feeds/source/"+src.Code)
}

// sourceView finds the source of an address.
func (d *desk) oneSource(r *http.Request) (sourceView, error) {
	views, err := d.sourceViews(r.Context())
	if err != nil {
		return sourceView{}, err
	}
	i := slices.IndexFunc(views, func(v sourceView) bool { return v.Code == r.PathValue("code") })
	if i < 0 {
		if _, err := d.SourceByCode(r.Context(), r.PathValue("code")); err == nil {
			return sourceView{}, account.ErrRegion()
		}
		return sourceView{}, outside()
	}
	return views[i], nil
}

// showSource shows a source, its feeds, and the form for one feed.
func (d *desk) showSource(w http.ResponseWriter, r *http.Request) error {
	v, err := d.oneSource(r)
	if err != nil {
		return err
	}
	data := sourceData{sourceView: v, Done: r.URL.Query().Get("done") == "1",
		Form: page.Form{Values: url.Values{"name": {v.Name}, "organ": {v.Organ}}}, Feed: page.Form{Values: url.Values{"rhythm": {"7"}}}}
	if kind, err := credit.ParseKind(r.URL.Query().Get("kind")); err == nil {
		for _, f := range v.Feeds {
			if f.Kind == kind {
				data.Edit, data.Feed.Values = kind, feedValues(f.Feed)
			}
		}
	}
	return d.sourcePage(w, r, http.StatusOK, data)
}

func feedValues(f Feed) url.Values {
	v := url.Values{"kind": {f.Kind.String()}, "basis": {f.Basis}, "rhythm": {strconv.Itoa(f.Rhythm)}, "domains": {strings.Join(f.Domains, "、")}}
	if f.Snapshot {
		v.Set("snapshot", "yes")
	}
	if f.Since != 0 {
		v.Set("since", f.Since.String())
	}
	return v
}

func (d *desk) sourcePage(w http.ResponseWriter, r *http.Request, status int, data sourceData) error {
	for _, k := range credit.Kinds() {
		label := k.Chinese()
		if language(r) == "en" {
			label = k.String() + " " + label
		}
		data.Kinds = append(data.Kinds, page.Option{Value: k.String(), Label: label})
	}
	return d.pages.Render(w, r, status, "feed_source", data)
}

// editSource changes the name and the organ of a source.
func (d *desk) editSource(w http.ResponseWriter, r *http.Request) error {
	v, err := d.oneSource(r)
	if err != nil {
		return err
	}
	f, err := parse(r)
	if err != nil {
		return err
	}
	data := sourceData{sourceView: v, Form: page.Form{Values: f}, Feed: page.Form{Values: url.Values{"rhythm": {"7"}}}}
	src := sourceForm(f, &data.Form)
	if len(data.Form.Wrong) > 0 {
		return d.sourcePage(w, r, http.StatusUnprocessableEntity, data)
	}
	if !d.reachesOrgan(account.From(r.Context()), src.Organ) {
		return account.ErrRegion()
	}
	src.ID, src.Code = v.ID, v.Code
	if err := d.EditSource(r.Context(), src); err != nil {
		return err
	}
	return see(w, r, "/feeds/source/"+v.Code+"?done=1")
}

// saveFeed registers a feed or changes its terms. Without a basis nothing may be gathered.
func (d *desk) saveFeed(w http.ResponseWriter, r *http.Request) error {
	v, err := d.oneSource(r)
	if err != nil {
		return err
	}
	f, err := parse(r)
	if err != nil {
		return err
	}
	data := sourceData{sourceView: v, Form: page.Form{Values: url.Values{"name": {v.Name}, "organ": {v.Organ}}}, Feed: page.Form{Values: f}}
	feed := Feed{Source: v.ID, Basis: credit.NormalText(f.Get("basis")), Snapshot: f.Get("snapshot") == "yes", Since: day(f.Get("since"))}
	if feed.Kind, err = credit.ParseKind(f.Get("kind")); err != nil {
		data.Feed.Fail("kind", "feeds.error.kind")
	}
	if feed.Basis == "" {
		data.Feed.Fail("basis", "feeds.error.basis")
	}
	if feed.Rhythm, err = strconv.Atoi(strings.TrimSpace(f.Get("rhythm"))); err != nil || feed.Rhythm < 1 || feed.Rhythm > maxRhythm {
		data.Feed.Fail("rhythm", "feeds.error.rhythm")
	}
	var unknown []string
	if feed.Domains, unknown = d.domains(words(f.Get("domains"))); len(unknown) > 0 {
		data.Feed.Fail("domains", "feeds.error.domains", strings.Join(unknown, "、"))
	}
	if f.Get("since") != "" && feed.Since == 0 {
		data.Feed.Fail("since", "feeds.error.since")
	}
	if len(data.Feed.Wrong) > 0 {
		return d.sourcePage(w, r, http.StatusUnprocessableEntity, data)
	}
	if err := d.AddFeed(r.Context(), feed); err != nil {
		return err
	}
	return see(w, r, "/feeds/source/"+v.Code+"?done=1")
}

// words splits a list that people type.
func words(s string) []string {
	all := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，;； \t\r\n", r) })
	slices.Sort(all)
	return slices.Compact(all)
}

// domains finds the identifiers of domains that people name; unknown are the words that name none. A
// feed that kept such a word would answer for no domain.
func (d *desk) domains(names []string) (ids, unknown []string) {
	for _, name := range names {
		switch id, ok := d.organs.FindDomain(name); {
		case !ok:
			unknown = append(unknown, name)
		case !slices.Contains(ids, id):
			ids = append(ids, id)
		}
	}
	return ids, unknown
}
