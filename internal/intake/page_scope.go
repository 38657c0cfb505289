package intake

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/intake/normal"
	"xinban/internal/intake/read"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// scope is the sources whose data a person may see: a clerk those of its own organ, the credit centre all, or
// those whose organs lie in its region.
type scope struct {
	all     bool // every source
	centre  bool // sees of a subject what every source said
	region  bool // of a credit centre: only a part of the sources
	sources []Source
}

// scope reads what the caller may see. Everything on the desk goes through it; what lies outside is not
// found, so that nobody learns that it exists.
func (d *desk) scope(ctx context.Context) (scope, error) {
	p := account.From(ctx)
	sources, err := d.Sources(ctx)
	if err != nil {
		return scope{}, err
	}
	if p.Has(account.Centre) && p.Region == "" {
		return scope{all: true, centre: true, sources: sources}, nil
	}
	if p.Has(account.Centre) {
		return scope{centre: true, region: true, sources: slices.DeleteFunc(sources, func(s Source) bool { return !d.reachesOrgan(p, s.Organ) })}, nil
	}
	return scope{sources: slices.DeleteFunc(sources, func(s Source) bool {
		return s.Organ == "" || !p.ForOrgan(s.Organ) || !d.reachesOrgan(p, s.Organ)
	})}, nil
}

// reachesOrgan tells whether the caller reaches the area of the organ with a code, and with it what the organ sends.
func (d *desk) reachesOrgan(p account.Principal, code string) bool {
	return p.Region == "" || p.Reaches(d.organs.Area(code))
}

// reached returns nil when the subject lies in the region of a credit centre, otherwise the problem to show. A
// clerk keeps its organ's words on every subject, wherever that belongs.
func (d *desk) reached(ctx context.Context, key credit.Key) error {
	ok, err := d.reaches(ctx, key)
	if err == nil && !ok {
		err = account.ErrRegion()
	}
	return err
}

func (d *desk) reaches(ctx context.Context, key credit.Key) (bool, error) {
	p := account.From(ctx)
	if p.Region == "" || !p.Has(account.Centre) {
		return true, nil
	}
	area, err := d.ledger.Area(ctx, key, d.today())
	return p.Reaches(area), err
}

// outside is the answer to what is asked of another's source.
func (s scope) outside() error { return cmp.Or(s.refuses(), outside()) }

// refusesFeed is the problem when a region's credit centre names a feed of a source that is not among its own.
func (s scope) refusesFeed(value string) error {
	id, _, _ := strings.Cut(value, ".")
	n, err := strconv.ParseInt(id, 10, 64)
	if _, mine := s.source(n); err != nil || mine {
		return nil // no feed at all is told in the form
	}
	return s.refuses()
}

// refusesSource is the same for a source.
func (s scope) refusesSource(code string) error {
	if code == "" || slices.ContainsFunc(s.sources, func(x Source) bool { return x.Code == code }) {
		return nil
	}
	return s.refuses()
}

func (s scope) refuses() error {
	if s.region {
		return account.ErrRegion()
	}
	return nil
}

func (s scope) source(id int64) (Source, bool) {
	i := slices.IndexFunc(s.sources, func(x Source) bool { return x.ID == id })
	if i < 0 {
		return Source{}, false
	}
	return s.sources[i], true
}

func (s scope) ids() []int64 {
	ids := make([]int64, len(s.sources))
	for i := range s.sources {
		ids[i] = s.sources[i].ID
	}
	return ids
}

// outside is what there is to see of others' data.
func outside() error { return problem.New(http.StatusNotFound, "not-found") }

// load returns a load that the caller may see.
func (d *desk) load(ctx context.Context, id string) (Load, Source, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return Load{}, Source{}, outside()
	}
	sc, err := d.scope(ctx)
	if err != nil {
		return Load{}, Source{}, err
	}
	l, err := d.LoadByID(ctx, n)
	if errors.Is(err, ErrNoLoad) {
		err = outside()
	}
	if err != nil {
		return l, Source{}, err
	}
	src, ok := sc.source(l.Source)
	if !ok {
		return Load{}, Source{}, sc.outside()
	}
	return l, src, nil
}

// line is a feed that the caller may fill, with the name of its source.
type line struct {
	Feed
	Source Source
}

// Value names the feed in forms and addresses.
func (l line) Value() string { return strconv.FormatInt(l.Source.ID, 10) + "." + l.Kind.String() }

// Label is how people call it.
func (l line) Label() string { return l.Source.Name + " · " + l.Kind.Chinese() }

// lines lists the feeds of the caller's sources.
func (d *desk) lines(ctx context.Context, sc scope) ([]line, error) {
	feeds, err := d.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	var all []line
	for _, f := range feeds {
		if src, ok := sc.source(f.Source); ok {
			all = append(all, line{f, src})
		}
	}
	return all, nil
}

// pick finds a feed by its value among the caller's.
func pick(lines []line, value string) (line, bool) {
	i := slices.IndexFunc(lines, func(l line) bool { return l.Value() == value })
	if i < 0 {
		return line{}, false
	}
	return lines[i], true
}

// choices are the feeds as options.
func choices(lines []line, chosen, lang string) []page.Option {
	none := page.Option{Label: "请选择"}
	if lang == "en" {
		none.Label = "Choose"
	}
	var all []page.Option
	if len(lines) != 1 {
		all = append(all, none)
	}
	for _, l := range lines {
		all = append(all, page.Option{Value: l.Value(), Label: l.Label(), Chosen: l.Value() == chosen})
	}
	return all
}

// sentences are the keys of what may be wrong with a request, to be told in the caller's language.
var sentences = []struct {
	err        error
	field, key string
}{
	{ErrNotInCatalogue, "feed", "intake.error.catalogue"},
	{ErrLoading, "file", "intake.error.loading"},
	{ErrNoSpool, "file", "intake.error.spool"},
	{ErrReason, "reason", "intake.error.reason"},
	{ErrReasonLong, "reason", "intake.error.reason.long"},
	{ErrReasonID, "reason", "intake.error.reason.id"},
	{ErrNotHeld, "row", "intake.error.held"},
	{ErrPasteEmpty, "text", "intake.error.paste.empty"},
	{ErrPasteMany, "text", "intake.error.paste.many"},
	{ErrPasteWide, "text", "intake.error.paste.wide"},
	{ErrZeroPeriod, "from", "intake.error.zero.period"},
	{ErrZeroFuture, "to", "intake.error.zero.future"},
	{ErrZeroTwice, "from", "intake.error.zero.twice"},
	{ErrUnchanged, "reason", "intake.error.unchanged"},
	{ErrStillWrong, "row", "intake.error.wrong"},
	{ErrIsWithdrawn, "reason", "intake.error.withdrawn"},
	{ErrNoRow, "reason", "intake.error.norow"},
	{ErrItemClosed, "outcome", "intake.error.closed"},
	{ErrOutcome, "outcome", "intake.error.outcome"},
}

// take notes in a form what err says to people; false when it is no fault of theirs.
func take(f *page.Form, lang string, err error) bool {
	var shrink *ShrinkError
	var header *normal.HeaderError
	var fault *read.Fault
	switch {
	case errors.As(err, &shrink):
		f.Fail("shrink", "intake.error.shrink", shrink.Before, shrink.Now)
		return true
	case errors.As(err, &header):
		text := header.Error()
		if lang == "en" {
			text = header.English()
		}
		f.Wrong = append(f.Wrong, page.Wrong{Field: "file", Text: text})
		return true
	case errors.As(err, &fault):
		f.Wrong = append(f.Wrong, page.Wrong{Field: "file", Text: faultSentence(fault, lang)})
		return true
	}
	for _, s := range sentences {
		if errors.Is(err, s.err) {
			f.Fail(s.field, s.key)
			return true
		}
	}
	return false
}

func faultSentence(f *read.Fault, lang string) string {
	message, fix, end := f.Message(), f.Fix(), "。"
	if lang == "en" {
		message, fix = f.English()
		end = ". "
	}
	if fix == "" {
		return message
	}
	return message + end + fix
}

func language(r *http.Request) string { return page.From(r.Context()).Lang }

// parse reads a form, or says that it cannot be read.
func parse(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	return r.PostForm, nil
}

// at is an instant of milliseconds, zero for none.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// day reads a date of a form, zero when it is none.
func day(s string) credit.Date {
	d, err := credit.ParseDate(strings.TrimSpace(s))
	if err != nil {
		return 0
	}
	return d
}

func see(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
