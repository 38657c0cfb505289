package hall

import (
	"errors"
	"net/http"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// visitData is what the page of a running service shows; the template goes by the state.
type visitData struct {
	*Visit
	Form       page.Form
	Name       string
	Code       string
	Step       int
	Words      string
	Sheet      *Sheet
	Open       bool // the paper is shown in its frame
	Purposes   []Purpose
	Documents  []string
	Checks     []string
	Capacities []Capacity
}

// visitOf returns a running service of the caller's; nil sends back to the start.
func (p *pages) visitOf(r *http.Request) (*Visit, error) {
	v, err := p.mine(r.Context(), account.From(r.Context()).ID, r.PathValue("visit"))
	if err != nil || v == nil || v.State == Closed || v.Place != AtWindow {
		return nil, err
	}
	return v, nil
}

func (p *pages) showVisit(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visitOf(r)
	if err != nil {
		return err
	}
	if v == nil {
		return see(w, r, "/hall")
	}
	return p.visitPage(w, r, http.StatusOK, v, page.Form{})
}

func (p *pages) visitPage(w http.ResponseWriter, r *http.Request, status int, v *Visit, f page.Form) error {
	name, err := p.nameOf(r.Context(), v.Subject)
	if err != nil {
		return err
	}
	d := visitData{Visit: v, Form: f, Name: shownName(v.Subject, name), Code: v.Subject.Code()}
	if v.State == Known && f.Values.Has("capacity") || r.URL.Query().Has("person") && v.State == Known {
		d.Visit = &Visit{}
		*d.Visit = *v
		d.Visit.State = Open
	}
	switch d.State {
	case Open:
		d.Step = 2
		d.Purposes, d.Documents, d.Checks, d.Capacities = p.Reports.Purposes(), documents, checks, []Capacity{Legal, Agent}
		if v.Subject.Person() {
			d.Capacities[0] = Self
		}
	case Known, Signed:
		d.Step = 3
		if d.Words, err = p.words(r.Context(), v); err != nil {
			return err
		}
	case Issued:
		d.Step, d.Open = 4, r.URL.Query().Has("paper")
		if d.Sheet, err = p.Reports.Sheet(r.Context(), v.Document); err != nil {
			return err
		}
	}
	return p.render.Render(w, r, status, "hall_visit", d)
}

// again shows the form with what is wrong, or passes on what is no fault of it. A number that was typed is not
// shown again.
func (p *pages) again(w http.ResponseWriter, r *http.Request, v *Visit, err error) error {
	f := page.Form{Values: r.PostForm}
	if !f.Take(err) {
		return err
	}
	f.Values.Del("number")
	f.Values.Del("drawing")
	page.From(r.Context()).Return = v.href()
	return p.visitPage(w, r, http.StatusUnprocessableEntity, v, f)
}

// takePerson keeps who stands there and what for.
func (p *pages) takePerson(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visitOf(r)
	if err != nil || v == nil {
		return p.backTo(w, r, err)
	}
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f := r.PostForm
	person := Person{Name: f.Get("name"), Document: f.Get("document"), Number: f.Get("number"), Capacity: Capacity(f.Get("capacity")), Checked: f.Get("checked")}
	if err := person.check(v.Subject, f.Get("authorised") == "yes"); err != nil {
		return p.again(w, r, v, err)
	}
	if _, ok := p.purpose(f.Get("purpose")); !ok && !v.Reprint() {
		return p.again(w, r, v, fieldWrong("purpose", "form.required"))
	}
	if err := p.identify(r.Context(), v, person, f.Get("purpose")); err != nil {
		return p.again(w, r, v, err)
	}
	return see(w, r, v.href())
}

func (p *pages) backTo(w http.ResponseWriter, r *http.Request, err error) error {
	if err != nil {
		return err
	}
	return see(w, r, "/hall")
}

func (p *pages) takePaper(w http.ResponseWriter, r *http.Request) error {
	return p.takeSigned(w, r, consent.OnPaper, func() (*Paper, error) {
		// a scan that fits is never written to a file in clear
		if err := r.ParseMultipartForm(maxPaperBody); err != nil {
			return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
		}
		return readPaper(r, "paper")
	})
}

func (p *pages) takeDrawing(w http.ResponseWriter, r *http.Request) error {
	return p.takeSigned(w, r, consent.OnPad, func() (*Paper, error) {
		if err := r.ParseMultipartForm(maxPaperBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return nil, problem.New(http.StatusBadRequest, "bad-request").Because(err)
		}
		return readDrawing(r.PostForm.Get("drawing"))
	})
}

// takeSigned gives the consent and issues with it.
func (p *pages) takeSigned(w http.ResponseWriter, r *http.Request, method consent.Method, read func() (*Paper, error)) error {
	v, err := p.visitOf(r)
	if err != nil || v == nil {
		return p.backTo(w, r, err)
	}
	paper, err := read()
	if err != nil {
		return p.again(w, r, v, err)
	}
	var authority *Paper
	if v.Person.Capacity == Agent {
		if authority, err = readPaper(r, "authority"); err != nil {
			return p.again(w, r, v, err)
		}
	}
	if err := p.sign(r.Context(), v, method, paper, authority); err != nil {
		return err
	}
	return p.issueNow(w, r)
}

// issueNow issues with a consent that is given; where that failed before, it is tried again.
func (p *pages) issueNow(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visitOf(r)
	if err != nil || v == nil {
		return p.backTo(w, r, err)
	}
	if _, err := p.issue(r.Context(), account.From(r.Context()), v); err != nil {
		return err
	}
	return see(w, r, v.href())
}

// closeVisit ends the service (办结); nothing of it is on the page that follows.
func (p *pages) closeVisit(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visitOf(r)
	if err != nil || v == nil {
		return p.backTo(w, r, err)
	}
	if err := p.finish(r.Context(), v); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache"`)
	return see(w, r, "/hall?done=1")
}

// giveReport opens the paper for printing and handing out.
func (p *pages) giveReport(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visitOf(r)
	if err != nil || v == nil || v.State != Issued {
		return p.backTo(w, r, err)
	}
	sheet, err := p.Reports.Sheet(r.Context(), v.Document)
	if err != nil {
		return err
	}
	if err := p.log(r.Context(), actorOf(account.From(r.Context()), v), v.Subject, audit.Download, v.Document); err != nil {
		return err
	}
	framedHere(w)
	return sendPDF(w, sheet, "inline")
}

// framedHere lets our own page show this answer in a frame: it goes when the page goes.
func framedHere(w http.ResponseWriter) {
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'")
}

func sendPDF(w http.ResponseWriter, sheet *Sheet, how string) error {
	return send(w, "application/pdf", how+`; filename="`+sheet.Number+`.pdf"`, sheet.PDF)
}

func send(w http.ResponseWriter, media, disposition string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", disposition)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the client is gone; nothing to do
	return nil
}
