package hall

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

func (p *pages) embedRoutes() []account.Route {
	get, post := http.MethodGet, http.MethodPost
	end := route(post, "/embed/end", account.Anyone(), p.inApp(p.endEmbed))
	end.Repeatable = true
	// who may use them is decided by the session of the app, not by a role
	return []account.Route{
		route(get, "/embed/start", account.Anyone(), p.startEmbed),
		route(get, "/embed", account.Anyone(), p.inApp(p.showEmbed)),
		route(post, "/embed/reports", account.Anyone(), p.inApp(p.issueEmbed)),
		route(get, "/embed/reports/{number}", account.Anyone(), p.inApp(p.showEmbedReport)),
		route(get, "/embed/reports/{number}/paper", account.Anyone(), p.inApp(p.giveEmbedPaper)),
		end,
	}
}

// embedCookie holds the session. It is sent to /embed only and ends with the browser.
const embedCookie = "xinban_embed"

// embedData is what the pages in an app show.
type embedData struct {
	App      string
	Name     string
	Code     string
	Purposes []Purpose
	Reports  []Line
	Sheet    *Sheet
	Ended    bool
}

// setSession gives the browser the session. In a frame of another site only a cookie that says so is sent, and that must be
// over TLS; without TLS the app opens the page in a view of its own.
func setSession(w http.ResponseWriter, r *http.Request, session string) {
	c := &http.Cookie{Name: embedCookie, Value: session, Path: "/embed", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if w.Header().Get("Strict-Transport-Security") != "" { // the server sets it over TLS only
		c.Secure, c.SameSite, c.Partitioned = true, http.SameSiteNoneMode, true
	}
	if session == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// framedBy lets the pages of an app frame this answer, and nobody else's.
func framedBy(w http.ResponseWriter, a *App) {
	h := w.Header()
	h.Del("X-Frame-Options") // it knows no list; frame-ancestors takes its place
	policy := h.Get("Content-Security-Policy")
	h.Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(a.Origins, " "), 1))
	h.Set("Cross-Origin-Opener-Policy", "unsafe-none")
}

// startEmbed exchanges the ticket for a session and leads away from the address that holds it.
func (p *pages) startEmbed(w http.ResponseWriter, r *http.Request) error {
	session, a, err := p.redeem(r.Context(), r.URL.Query().Get("ticket"))
	if errors.Is(err, errTicket) {
		return p.embedPage(w, r, http.StatusForbidden, "embed_refused", embedData{})
	}
	if err != nil {
		return err
	}
	framedBy(w, a)
	setSession(w, r, session)
	return see(w, r, "/embed")
}

func (p *pages) embedPage(w http.ResponseWriter, r *http.Request, status int, name string, d embedData) error {
	page.From(r.Context()).Return = "/embed"
	return p.render.Fragment(w, r, status, name, "embed-shell", d)
}

type embedKey struct{}

func embeddedOf(ctx context.Context) *embedded { return ctx.Value(embedKey{}).(*embedded) }

// inApp lets in who has a session of an app.
func (p *pages) inApp(h account.Handler) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var e *embedded
		c, err := r.Cookie(embedCookie)
		if err == nil {
			if e, err = p.resume(r.Context(), c.Value); err != nil {
				return err
			}
		}
		if e == nil {
			return p.embedPage(w, r, http.StatusForbidden, "embed_refused", embedData{Ended: true})
		}
		framedBy(w, e.App)
		err = h(w, r.WithContext(context.WithValue(r.Context(), embedKey{}, e)))
		if err == nil {
			return nil
		}
		// a page of ours with its ways elsewhere has no place in an app
		status := problem.From(err).Status
		if status >= http.StatusInternalServerError {
			p.Log.ErrorContext(r.Context(), "an embedded page", "app", e.App.ID, "error", err)
		}
		return p.embedPage(w, r, status, "embed_fault", embedData{})
	}
}

// listed is how many reports are shown.
const listed = 10

func (p *pages) showEmbed(w http.ResponseWriter, r *http.Request) error {
	e := embeddedOf(r.Context())
	name, err := p.nameOf(r.Context(), e.Subject)
	if err != nil {
		return err
	}
	d := embedData{App: e.App.Name, Name: shownName(e.Subject, name), Code: e.Subject.Code(), Purposes: p.Reports.Purposes()}
	if d.Reports, err = p.Reports.Numbers(r.Context(), e.Subject, listed); err != nil {
		return err
	}
	return p.embedPage(w, r, http.StatusOK, "embed", d)
}

// issueEmbed issues for the subject itself: the app has identified its user, so no consent is needed.
func (p *pages) issueEmbed(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	e := embeddedOf(r.Context())
	purpose, ok := p.purpose(r.PostForm.Get("purpose"))
	if !ok {
		return problem.New(http.StatusBadRequest, "bad-request")
	}
	sheet, err := p.Reports.Issue(r.Context(), Order{Key: e.Subject, Purpose: purpose}, e.App.actor())
	if err != nil {
		return err
	}
	return see(w, r, "/embed/reports/"+sheet.Number)
}

// sheetOf returns a report of the session's subject; another's is as one that does not exist.
func (p *pages) sheetOf(r *http.Request) (*Sheet, error) {
	sheet, err := p.Reports.Sheet(r.Context(), r.PathValue("number"))
	if errors.Is(err, ErrNoReport) || err == nil && sheet.Subject != embeddedOf(r.Context()).Subject {
		return nil, problem.New(http.StatusNotFound, "no-document")
	}
	return sheet, err
}

func (p *pages) showEmbedReport(w http.ResponseWriter, r *http.Request) error {
	sheet, err := p.sheetOf(r)
	if err != nil {
		return err
	}
	return p.embedPage(w, r, http.StatusOK, "embed_report", embedData{App: embeddedOf(r.Context()).App.Name, Name: shownName(sheet.Subject, sheet.Name), Sheet: sheet})
}

func (p *pages) giveEmbedPaper(w http.ResponseWriter, r *http.Request) error {
	sheet, err := p.sheetOf(r)
	if err != nil {
		return err
	}
	if err := p.log(r.Context(), embeddedOf(r.Context()).App.actor(), sheet.Subject, audit.Download, sheet.Number); err != nil {
		return err
	}
	return sendPDF(w, sheet, "attachment")
}

func (p *pages) endEmbed(w http.ResponseWriter, r *http.Request) error {
	if c, err := r.Cookie(embedCookie); err == nil {
		if err := p.leave(r.Context(), c.Value); err != nil {
			return err
		}
	}
	setSession(w, r, "")
	return p.embedPage(w, r, http.StatusOK, "embed_refused", embedData{Ended: true})
}
