package platform

import (
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
)

// draw draws what may happen to a matter whose newest version is top.
func draw(r *rapid.T, top int64, at int64) event {
	e := event{what: happening(rapid.IntRange(int(told), int(answered)).Draw(r, "what")), version: rapid.Int64Range(max(1, top-1), top).Draw(r, "version"),
		ended: rapid.Bool().Draw(r, "ended"), at: at, due: credit.Date(20260518).AddDays(int(at)), text: "x"}
	if e.what == told && rapid.Bool().Draw(r, "newer") {
		e.version = top + 1
	}
	return e
}

// Whatever happens: what speaks of an older version changes nothing, versions never fall, a day passes once, only a page
// confirms, and from every state a page that agrees leads to confirmed and a newer version to pending.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s, _ := next(Shown{Subject: "S", Matter: "m", Target: "t"}, event{what: told, version: 1, ended: true})
		top, passedDays := int64(1), map[credit.Date]int{}
		for at := range rapid.Int64Range(1, 40).Draw(r, "steps") {
			e := draw(r, top, at+1)
			was := s
			came, changed := next(s, e)
			switch {
			case !changed && came != was:
				r.Fatalf("%v changed nothing, but %+v became %+v", e, was, came)
			case e.what == told && e.version <= was.Version && changed, e.what != told && e.version != was.Version && changed:
				r.Fatalf("an older version changed %+v to %+v", was, came)
			case came.Version < was.Version:
				r.Fatalf("the version fell from %d to %d", was.Version, came.Version)
			case came.State == Confirmed && was.State != Confirmed && e.what != agrees:
				r.Fatalf("%d confirmed", e.what)
			case was.State == Confirmed && came.State != Confirmed && e.what != told && e.what != differs:
				r.Fatalf("%d ended an agreement", e.what)
			}
			if e.what == passed && changed {
				passedDays[was.Due]++
			}
			s, top = came, max(top, came.Version)
			mustLeave(r, s)
		}
		for day, n := range passedDays {
			if n > 1 {
				r.Fatalf("day %s passed %d times", day, n)
			}
		}
	})
}

func mustLeave(r *rapid.T, s Shown) {
	if out, _ := next(s, event{what: agrees, version: s.Version}); out.State != Confirmed {
		r.Fatalf("%s does not lead to confirmed", s.State)
	}
	if out, changed := next(s, event{what: told, version: s.Version + 1}); !changed || out.State != Pending || out.Letter != "" {
		r.Fatalf("%s does not lead to a newer version", s.State)
	}
	if out, changed := next(s, event{what: passed, version: s.Version}); s.State != Confirmed && s.State != Overdue && (!changed || out.State != Overdue) {
		r.Fatalf("%s has no deadline", s.State)
	}
	if out, _ := next(s, event{what: written, version: s.Version, text: "1"}); (s.State == Overdue || s.State == Mismatch) && out.State != LetterSent {
		r.Fatalf("%s takes no letter", s.State)
	}
}

// A page that is about another matter, or about none, is never read as "not shown".
func TestAPageThatSaysNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]answer{
		"no type":       {200, "", []byte(`{"matter":"m","shown":false}`)},
		"garbage":       {200, "text/html", []byte("<html><body>502 Bad Gateway")},
		"empty":         {200, "application/json", nil},
		"another":       {200, "application/json", []byte(`{"matter":"n","shown":false}`)},
		"shown missing": {200, "application/json", []byte(`{"matter":"m"}`)},
		"null":          {200, "application/json", []byte(`null`)},
		"redirect":      {302, "application/json", []byte(`{"matter":"m","shown":false}`)},
		"plain 404":     {404, "text/html", []byte("<html><h1>Not Found</h1></html>")},
		"half a word":   {200, "text/html", []byte(`<main data-matter="m" data-shown="maybe">`)},
	} {
		if g, err := readPage(&c, "m"); err == nil {
			t.Errorf("%s: read as %+v", name, g)
		}
	}
	for name, c := range map[string]answer{
		"json": {200, "application/json", []byte(`{"matter":"m","shown":false}`)},
		"html": {200, "text/html", []byte(`<p><main class=x data-matter="m" data-shown="no">没有公示`)},
		"gone": {410, "application/json", []byte(`{"matter":"m","shown":false}`)},
	} {
		if g, err := readPage(&c, "m"); err != nil || *g.Shown {
			t.Errorf("%s: %+v, %v", name, g, err)
		}
	}
}

// A page agrees by the platform's manner and by what shall be.
func TestWhenAPageAgrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ended, shown, marked bool
		manner               Manner
		agrees               bool
	}{
		{true, false, false, Hide, true}, {true, true, false, Hide, false}, {true, true, true, Hide, false},
		{true, true, true, Mark, true}, {true, false, false, Mark, true}, {true, true, false, Mark, false},
		{false, true, false, Hide, true}, {false, false, false, Hide, false}, {false, true, true, Mark, false},
	} {
		if why := against(page{Shown: &c.shown, Marked: c.marked}, c.ended, c.manner); (why == "") != c.agrees {
			t.Errorf("%+v: %q", c, why)
		}
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add("text/html", []byte(`<main data-matter="m" data-shown="no">`))
	f.Add("application/json", []byte(`{"matter":"m","shown":true}`))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		g, err := readPage(&answer{200, kind, body}, "m")
		if err == nil && (g.Matter != "m" || g.Shown == nil) {
			t.Errorf("%+v", g)
		}
	})
}
