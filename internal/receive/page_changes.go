package receive

import (
	"cmp"
	"database/sql"
	"errors"
	"net/http"
	"net/url"

	"xinban/internal/page"
	"xinban/internal/problem"
)

type changesData struct {
	Form       page.Form
	Holders    []holderOption
	As         string // the query that carries the choice of holder on
	Hook       *Hook
	Secret     string // shown once, when the address is registered
	Live       bool
	Deliveries []Delivery
	Next       string
}

// changes lists the papers that changed after they were checked, and where the receiver is told of it.
func (p *pages) changes(w http.ResponseWriter, r *http.Request) error {
	return p.showChanges(w, r, http.StatusOK, changesData{Form: page.Form{Values: url.Values{}}})
}

func (p *pages) showChanges(w http.ResponseWriter, r *http.Request, status int, d changesData) error {
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	if d.Holders, d.As, err = p.holderOptions(r.Context()); err != nil {
		return err
	}
	h, ok, err := p.HookOf(r.Context(), who)
	if err != nil {
		return err
	}
	if ok {
		d.Hook = &h
	}
	if d.Deliveries, err = p.Deliveries(r.Context(), who, r.URL.Query().Get("after"), deskRows); err != nil {
		return err
	}
	if len(d.Deliveries) == deskRows {
		d.Next = "/receive/changes" + cmp.Or(d.As, "?") + "&after=" + d.Deliveries[deskRows-1].cursor()
	}
	d.Live = p.c.Live
	return p.render.Render(w, r, status, "receive_changes", d)
}

func (p *pages) register(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	d := changesData{Form: page.Form{Values: r.PostForm}}
	d.Secret, err = p.Register(r.Context(), who, r.PostForm.Get("address"))
	if errors.Is(err, ErrAddress) {
		d.Form.Wrong = append(d.Form.Wrong, page.Wrong{Field: "address", Text: err.Error()})
		return p.showChanges(w, r, http.StatusUnprocessableEntity, d)
	}
	if err != nil {
		return err
	}
	page.From(r.Context()).Return = "/receive/changes" + carried(r)
	return p.showChanges(w, r, http.StatusOK, d)
}

func (p *pages) unregister(w http.ResponseWriter, r *http.Request) error {
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	if err := p.Unregister(r.Context(), who); err != nil {
		return err
	}
	http.Redirect(w, r, "/receive/changes"+carried(r), http.StatusSeeOther)
	return nil
}

func (p *pages) again(w http.ResponseWriter, r *http.Request) error {
	who, err := p.who(r.Context())
	if err != nil {
		return err
	}
	err = p.Again(r.Context(), who, r.PathValue("number"))
	if errors.Is(err, sql.ErrNoRows) {
		return problem.New(http.StatusNotFound, "no-batch")
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/receive/changes"+carried(r), http.StatusSeeOther)
	return nil
}
