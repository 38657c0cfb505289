package hall

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
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
	Purpose  Purpose // that is asked for
	Words    string  // of the consent
	Person   bool
	Detail   string // what went wrong, and what to do
	Next     string
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
		detail, next := p.explain(r, problem.From(err))
		return p.embedPage(w, r, status, "embed_fault", embedData{Detail: detail, Next: next})
	}
}

// explain puts a problem into the reader's language: of a form, what is wrong with its field.
func (p *pages) explain(r *http.Request, e *problem.Error) (detail, next string) {
	say := func(key string, args ...any) string { return p.render.Say(page.From(r.Context()).Lang, key, args...) }
	if len(e.Fields) > 0 {
		f := e.Fields[0].Text
		return cmp.Or(f.Literal, say(f.Key, f.Args...)), ""
	}
	return say("problem."+e.Type+".detail", e.Args...), say("problem."+e.Type+".next", e.Args...)
}

// listed is among how many of the subject's latest reports those made in the app are looked for.
const listed = 50

func (p *pages) showEmbed(w http.ResponseWriter, r *http.Request) error {
	e := embeddedOf(r.Context())
	name, err := p.nameOf(r.Context(), e.Subject)
	if err != nil {
		return err
	}
	d := embedData{App: e.App.Name, Name: shownName(e.Subject, name), Code: e.Subject.Code(), Purposes: p.Reports.Purposes()}
	may, err := p.readable(r.Context(), e)
	if err != nil {
		return err
	}
	all, err := p.Reports.Numbers(r.Context(), e.Subject, listed)
	if err != nil {
		return err
	}
	d.Reports = slices.DeleteFunc(all, func(l Line) bool { return !may[l.Number] })
	return p.embedPage(w, r, http.StatusOK, "embed", d)
}

// issueEmbed shows what is agreed to, and issues when it was agreed to: that the app has identified its user does not say
// that the user wants this report and lets the app have it.
func (p *pages) issueEmbed(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	e := embeddedOf(r.Context())
	purpose, ok := p.purpose(r.PostForm.Get("purpose"))
	if !ok {
		return problem.New(http.StatusBadRequest, "bad-request")
	}
	if r.PostForm.Get("agree") != "yes" {
		return p.askInApp(w, r, e, purpose)
	}
	sheet, err := p.issueInApp(r.Context(), e, purpose)
	if err != nil {
		return err
	}
	return see(w, r, "/embed/reports/"+sheet.Number)
}

// askInApp shows the words of the consent.
func (p *pages) askInApp(w http.ResponseWriter, r *http.Request, e *embedded, purpose Purpose) error {
	words, err := p.appWords(r.Context(), e, purpose)
	if err != nil {
		return err
	}
	name, err := p.nameOf(r.Context(), e.Subject)
	if err != nil {
		return err
	}
	return p.embedPage(w, r, http.StatusOK, "embed_consent", embedData{App: e.App.Name, Name: shownName(e.Subject, name), Purpose: purpose, Words: words, Person: e.Subject.Person()})
}

// sheetOf returns a report that was made inside the app and whose consent stands; any other is as one that does not exist.
func (p *pages) sheetOf(r *http.Request) (*Sheet, error) {
	e, number := embeddedOf(r.Context()), r.PathValue("number")
	may, err := p.readable(r.Context(), e)
	if err != nil {
		return nil, err
	}
	if !may[number] {
		return nil, problem.New(http.StatusNotFound, "embed-report")
	}
	return p.Reports.Sheet(r.Context(), number)
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
	if err := p.log(r.Context(), embeddedOf(r.Context()).App.actor(sheet.Subject), sheet.Subject, audit.Download, sheet.Number); err != nil {
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
