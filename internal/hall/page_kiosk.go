package hall

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"xinban/internal/account"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/problem"
)

func (p *pages) kioskRoutes() []account.Route {
	get, post := http.MethodGet, http.MethodPost
	again := func(r account.Route) account.Route { r.Repeatable = true; return r }
	return []account.Route{
		route(get, "/kiosk", kiosks, p.quietly(p.showKiosk)),
		route(get, "/kiosk/card", kiosks, p.quietly(p.askCard)),
		again(route(post, "/kiosk/card", kiosks, p.quietly(p.layCard))),
		again(route(post, "/kiosk/purpose", kiosks, p.quietly(p.takePurpose))),
		route(post, "/kiosk/consent", kiosks, p.quietly(p.takeConsent)),
		again(route(post, "/kiosk/more", kiosks, p.quietly(p.moreTime))),
		again(route(post, "/kiosk/end", kiosks, p.quietly(p.endKiosk))),
	}
}

// kioskData is what every screen of a kiosk shows.
type kioskData struct {
	Running  bool // a visit runs
	Printed  bool
	Name     string
	Words    string
	Purpose  Purpose
	Purposes []Purpose
	Sheet    *Sheet
	Left     int    // seconds until it forgets, 0 on the start page
	Fault    string // key of what went wrong
	Cards    []string
}

// screen shows a page in the kiosk's own frame. A browser without scripts too comes back to the start when the time is over.
func (p *pages) screen(w http.ResponseWriter, r *http.Request, status int, name string, d kioskData) error {
	if d.Left > 0 {
		w.Header().Set("Refresh", strconv.Itoa(d.Left+1)+";url=/kiosk?idle=1")
	}
	page.From(r.Context()).Return = "/kiosk"
	return p.render.Fragment(w, r, status, name, "kiosk-shell", d)
}

// quietly answers what went wrong with a screen of the kiosk and not with a page that leads elsewhere.
func (p *pages) quietly(h account.Handler) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := h(w, r)
		if err == nil {
			return nil
		}
		var known *problem.Error
		fault, status := "kiosk.fault", http.StatusInternalServerError
		switch {
		case errors.Is(err, ErrNoCard):
			fault, status = "kiosk.fault.none", http.StatusUnprocessableEntity
		case errors.Is(err, ErrBadCard):
			fault, status = "kiosk.fault.card", http.StatusUnprocessableEntity
		case errors.Is(err, errUnknownHolder):
			fault, status = "kiosk.fault.unknown", http.StatusUnprocessableEntity
		case errors.Is(err, ErrReader):
			fault, status = "kiosk.fault.reader", http.StatusServiceUnavailable
		case errors.As(err, &known) && known.Status < 500:
			fault, status = "kiosk.fault.state", known.Status
		}
		if status >= 500 {
			p.Log.ErrorContext(r.Context(), "a kiosk", "machine", account.From(r.Context()).Login, "error", err)
		}
		return p.screen(w, r, status, "kiosk_card", kioskData{Fault: fault, Left: left(Forget), Cards: p.cards()})
	}
}

func left(d time.Duration) int { return int(d / time.Second) }

// cards are what a demo can lay on the reader.
func (p *pages) cards() []string {
	if l, ok := p.Reader.(Layer); ok {
		return l.Cards()
	}
	return nil
}

// showKiosk shows how far the visit at this machine is; the start page when there is none.
func (p *pages) showKiosk(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Has("idle") {
		p.wipe(w)
		return see(w, r, "/kiosk")
	}
	run, err := p.atMachine(r.Context(), account.From(r.Context()).ID)
	if err != nil {
		return err
	}
	if run == nil {
		return p.screen(w, r, http.StatusOK, "kiosk_start", kioskData{})
	}
	d := kioskData{Running: true, Printed: run.Printed, Left: max(1, int((run.Deadline-p.Now().UnixMilli()+999)/1000))}
	name, err := p.nameOf(r.Context(), run.Subject)
	if err != nil {
		return err
	}
	d.Name = shownName(run.Subject, name)
	switch run.State {
	case Open:
		d.Purposes = p.Reports.Purposes()
		return p.screen(w, r, http.StatusOK, "kiosk_purpose", d)
	case Issued:
		if d.Sheet, err = p.Reports.Sheet(r.Context(), run.Document); err != nil {
			return err
		}
		return p.screen(w, r, http.StatusOK, "kiosk_report", d)
	}
	d.Purpose, _ = p.purpose(run.Purpose)
	if d.Words, err = p.words(r.Context(), run.Visit); err != nil {
		return err
	}
	return p.screen(w, r, http.StatusOK, "kiosk_consent", d)
}

func (p *pages) askCard(w http.ResponseWriter, r *http.Request) error {
	return p.screen(w, r, http.StatusOK, "kiosk_card", kioskData{Left: left(Forget), Cards: p.cards()})
}

// layCard reads the card; in a demo a button lays one down first.
func (p *pages) layCard(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	if l, ok := p.Reader.(Layer); ok && r.PostForm.Get("lay") != "" {
		l.Lay(r.PostForm.Get("lay"))
	}
	if err := p.readCard(r.Context(), account.From(r.Context())); err != nil {
		return err
	}
	return see(w, r, "/kiosk")
}

// here returns what runs at the caller's machine; nil when it is over.
func (p *pages) here(r *http.Request) (*running, error) {
	if err := r.ParseForm(); err != nil {
		return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	return p.atMachine(r.Context(), account.From(r.Context()).ID)
}

func (p *pages) takePurpose(w http.ResponseWriter, r *http.Request) error {
	run, err := p.here(r)
	if err == nil && run != nil {
		err = p.choosePurpose(r.Context(), account.From(r.Context()).ID, run, r.PostForm.Get("purpose"))
	}
	if err != nil {
		return err
	}
	return see(w, r, "/kiosk")
}

func (p *pages) takeConsent(w http.ResponseWriter, r *http.Request) error {
	run, err := p.here(r)
	if err == nil && run != nil {
		err = p.agree(r.Context(), account.From(r.Context()), run)
	}
	if err != nil {
		return err
	}
	return see(w, r, "/kiosk")
}

// moreTime lets who is still reading go on (再看一会).
func (p *pages) moreTime(w http.ResponseWriter, r *http.Request) error {
	run, err := p.here(r)
	if err == nil && run != nil {
		err = p.extend(r.Context(), account.From(r.Context()).ID, run)
	}
	if err != nil {
		return err
	}
	return see(w, r, "/kiosk")
}

// endKiosk forgets at once (结束).
func (p *pages) endKiosk(w http.ResponseWriter, r *http.Request) error {
	run, err := p.here(r)
	if err == nil && run != nil {
		err = p.forget(r.Context(), account.From(r.Context()).ID, run.Visit)
	}
	if err != nil {
		return err
	}
	p.wipe(w)
	return see(w, r, "/kiosk")
}

// wipe takes from the browser what the last person left: how the pages were to look, and anything kept.
func (p *pages) wipe(w http.ResponseWriter) {
	for _, name := range []string{i18n.Cookie, "large", "contrast"} {
		http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
}
