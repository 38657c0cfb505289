package livecode

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

type scanData struct {
	Form page.Form
	*Snapshot
	At   time.Time
	Over bool
}

// typed asks for a code that cannot be scanned.
func (p *pages) typed(w http.ResponseWriter, r *http.Request) error {
	return p.render.Render(w, r, http.StatusOK, "livecode_scan", scanData{Form: page.Form{Values: url.Values{}}})
}

func (p *pages) typedScan(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	page.From(r.Context()).Return = "/c"
	return p.answer(w, r, r.PostForm.Get("code"))
}

// scan answers a scanned code. What only looks ahead does not use it up.
func (p *pages) scan(w http.ResponseWriter, r *http.Request) error {
	page.From(r.Context()).Return = "/c"
	if r.Method == http.MethodHead || strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") {
		return p.typed(w, r)
	}
	return p.answer(w, r, r.PathValue("code"))
}

// answer looks the code up before anything else: a good one is answered from whatever address it comes.
func (p *pages) answer(w http.ResponseWriter, r *http.Request, code string) error {
	w.Header().Set("Cache-Control", "no-store")
	d := scanData{Form: page.Form{Values: url.Values{}}}
	var err error
	d.Snapshot, d.At, err = p.Scan(r.Context(), code, scanner(account.From(r.Context())))
	switch {
	case err == nil:
		return p.render.Render(w, r, http.StatusOK, "livecode_scan", d)
	case errors.Is(err, ErrUnknown) && p.guess.wrong(account.Address(r.Context())):
		return problem.New(http.StatusTooManyRequests, "too-many").After(int(wrongPause / time.Second))
	case errors.Is(err, ErrOver):
		d.Over = true
		return p.render.Render(w, r, http.StatusNotFound, "livecode_scan", d)
	}
	return err
}

// scanner is who scans, as the subject sees it.
func scanner(me account.Principal) audit.Actor {
	a := audit.Actor(me.Actor())
	if !me.SignedIn() {
		a.Name = "社会公众"
	}
	return a
}
