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
	// who is not a kiosk is sent away by quietly, in the kiosk's own frame
	return []account.Route{
		route(get, "/kiosk", account.Anyone(), p.quietly(p.showKiosk)),
		route(get, "/kiosk/card", account.Anyone(), p.quietly(p.askCard)),
		again(route(post, "/kiosk/card", account.Anyone(), p.quietly(p.layCard))),
		again(route(post, "/kiosk/purpose", account.Anyone(), p.quietly(p.takePurpose))),
		route(post, "/kiosk/consent", account.Anyone(), p.quietly(p.takeConsent)),
		again(route(post, "/kiosk/identity", account.Anyone(), p.quietly(p.takeIdentity))),
		again(route(post, "/kiosk/more", account.Anyone(), p.quietly(p.moreTime))),
		again(route(post, "/kiosk/end", account.Anyone(), p.quietly(p.endKiosk))),
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
	Left     int    // seconds until the screen clears, 0 on the start page
	Paused   bool   // the machine is not signed in
	Fault    string // key of what went wrong
	Cards    []string
}

// lookAgain is how often the start page looks whether the machine is in service.
const lookAgain = time.Minute

// screen shows a page in the kiosk's own frame. A browser without scripts too comes back to the start when the time is over.
func (p *pages) screen(w http.ResponseWriter, r *http.Request, status int, name string, d kioskData) error {
	switch {
	case d.Left > 0:
		w.Header().Set("Refresh", strconv.Itoa(d.Left)+";url=/kiosk?idle=1")
	case status < http.StatusBadRequest || d.Paused:
		// a machine that is out of service says so before somebody walks up to it, and comes back by itself
		w.Header().Set("Refresh", strconv.Itoa(int(lookAgain/time.Second))+";url=/kiosk")
	}
	page.From(r.Context()).Return = "/kiosk"
	return p.render.Fragment(w, r, status, name, "kiosk-shell", d)
}

// quietly answers what went wrong with a screen of the kiosk and not with a page that leads elsewhere.
func (p *pages) quietly(h account.Handler) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		me := account.From(r.Context())
		switch {
		case !me.SignedIn(): // the sign-in page has ways that nobody in a hall should have
			return p.screen(w, r, http.StatusUnauthorized, "kiosk_paused", kioskData{Paused: true})
		case !me.Has(account.Kiosk):
			return account.ErrForbidden()
		}
		err := h(w, r)
		if err == nil {
			return nil
		}
		fault, status := faultOf(err)
		if status >= 500 {
			p.Log.ErrorContext(r.Context(), "a kiosk", "machine", account.From(r.Context()).Login, "error", err)
		}
		return p.screen(w, r, status, "kiosk_card", kioskData{Fault: fault, Left: left(Forget), Cards: p.cards()})
	}
}

// faultOf is the key of what a screen says of an error, and its status.
func faultOf(err error) (fault string, status int) {
	var known *problem.Error
	switch {
	case errors.Is(err, ErrNoCard):
		return "kiosk.fault.none", http.StatusUnprocessableEntity
	case errors.Is(err, ErrBadCard):
		return "kiosk.fault.card", http.StatusUnprocessableEntity
	case errors.Is(err, errUnknownHolder):
		return "kiosk.fault.unknown", http.StatusUnprocessableEntity
	case errors.Is(err, errOtherName):
		return "kiosk.fault.name", http.StatusUnprocessableEntity
	case errors.Is(err, ErrReader):
		return "kiosk.fault.reader", http.StatusServiceUnavailable
	case errors.As(err, &known) && known.Status < 500:
		return "kiosk.fault.state", known.Status
	}
	return "kiosk.fault", http.StatusInternalServerError
}

// left is after how many seconds a screen clears that has so long to its end.
func left(d time.Duration) int { return max(1, int((d-clearing)/time.Second)) }

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
		return p.clear(w, r)
	}
	run, err := p.atMachine(r.Context(), account.From(r.Context()).ID)
	if err != nil {
		return err
	}
	if run == nil {
		return p.screen(w, r, http.StatusOK, "kiosk_start", kioskData{})
	}
	d := kioskData{Running: true, Printed: run.Printed, Left: left(time.Duration(run.Deadline-p.Now().UnixMilli()) * time.Millisecond)}
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

// clear is what a screen asks for whose time is over. A visit that somebody has touched since goes on.
func (p *pages) clear(w http.ResponseWriter, r *http.Request) error {
	me := account.From(r.Context()).ID
	run, err := p.atMachine(r.Context(), me)
	if err == nil && run != nil && run.Deadline <= p.Now().Add(2*clearing).UnixMilli() {
		err = p.forget(r.Context(), me, run.Visit)
	}
	if err != nil {
		return err
	}
	p.wipe(w)
	return see(w, r, "/kiosk")
}

func (p *pages) askCard(w http.ResponseWriter, r *http.Request) error {
	return p.screen(w, r, http.StatusOK, "kiosk_card", kioskData{Left: left(Forget), Cards: p.cards()})
}

// layCard reads the card; in a demo a button lays one down first.
func (p *pages) layCard(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	p.lay(r)
	if err := p.readCard(r.Context(), account.From(r.Context())); err != nil {
		return err
	}
	return see(w, r, "/kiosk")
}

func (p *pages) lay(r *http.Request) {
	if l, ok := p.Reader.(Layer); ok && r.PostForm.Get("lay") != "" {
		l.Lay(r.PostForm.Get("lay"))
	}
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
	if errors.Is(err, errIdentity) {
		return p.askIdentity(w, r, http.StatusUnprocessableEntity, "")
	}
	if err != nil {
		return err
	}
	return see(w, r, "/kiosk")
}

// askIdentity asks who holds the licence for an identity card too; the purpose that was chosen is kept on the screen.
func (p *pages) askIdentity(w http.ResponseWriter, r *http.Request, status int, fault string) error {
	d := kioskData{Running: true, Fault: fault, Left: left(Forget), Cards: p.cards()}
	d.Purpose, _ = p.purpose(r.PostForm.Get("purpose"))
	return p.screen(w, r, status, "kiosk_identity", d)
}

// takeIdentity reads the identity card of who holds the licence, and goes on with the purpose.
func (p *pages) takeIdentity(w http.ResponseWriter, r *http.Request) error {
	run, err := p.here(r)
	if err != nil || run == nil {
		return p.startOver(w, r, err)
	}
	p.lay(r)
	err = p.showIdentity(r.Context(), account.From(r.Context()), run)
	if fault, status := faultOf(err); status == http.StatusUnprocessableEntity {
		return p.askIdentity(w, r, status, fault)
	}
	if err == nil {
		return p.takePurpose(w, r)
	}
	return err
}

func (p *pages) startOver(w http.ResponseWriter, r *http.Request, err error) error {
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
