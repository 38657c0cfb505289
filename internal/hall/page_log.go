package hall

import (
	"context"
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

type logData struct {
	Form page.Form
	Day  credit.Date
	Rows []visitRow
	Next string
}

// showLog lists the services of a day to the auditor: who, when, for whom, what.
func (p *pages) showLog(w http.ResponseWriter, r *http.Request) error {
	d := logData{Day: p.today(), Form: page.Form{Values: url.Values{}}}
	if text := r.URL.Query().Get("day"); text != "" {
		day, err := credit.ParseDate(text)
		if err != nil {
			d.Form.Fail("day", "hall.day.wrong")
			return p.render.Render(w, r, http.StatusUnprocessableEntity, "hall_log", d)
		}
		d.Day = day
	}
	d.Form.Values.Set("day", d.Day.String())
	list, next, err := p.ofDay(r.Context(), d.Day, "", r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	if next != "" {
		d.Next = "/hall/log?day=" + d.Day.String() + "&after=" + url.QueryEscape(next)
	}
	if d.Rows, err = p.rows(r, list); err != nil {
		return err
	}
	e := audit.Entry{Subject: audit.LogItself, At: p.Now(), Actor: audit.Actor(account.From(r.Context()).Actor()), Action: audit.View}
	if err := p.db.Tx(r.Context(), func(tx *store.Tx) error { return audit.Record(tx, e) }); err != nil {
		return err
	}
	return p.render.Render(w, r, http.StatusOK, "hall_log", d)
}

// showKept gives the auditor what was signed or shown at a visit.
func (p *pages) showKept(read func(context.Context, *Visit) (*Paper, error)) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return p.giveKept(w, r, read) }
}

func (p *pages) giveKept(w http.ResponseWriter, r *http.Request, read func(context.Context, *Visit) (*Paper, error)) error {
	v, err := p.byID(r.Context(), r.PathValue("visit"))
	if err != nil {
		return err
	}
	if v == nil {
		return problem.New(http.StatusNotFound, "not-found")
	}
	paper, err := read(r.Context(), v)
	if err != nil {
		return err
	}
	if paper == nil {
		return problem.New(http.StatusNotFound, "not-found")
	}
	if err := p.log(r.Context(), audit.Actor(account.From(r.Context()).Actor()), v.Subject, audit.View, v.Document); err != nil {
		return err
	}
	return send(w, paper.Media, "attachment", paper.Body)
}
