package group

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// atOncePage is how many requests the page lists at once.
const atOncePage = 20

type listData struct {
	Holders []account.Holder
	Key     credit.Key
	Rows    []*View
	Next    string
}

func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	d := listData{}
	var err error
	if d.Holders, d.Key, err = p.mine(r.Context(), r.URL.Query().Get("subject")); err != nil {
		return err
	}
	next := ""
	if d.Rows, next, err = p.listed(r.Context(), d.Key, r.URL.Query().Get("before")); err != nil {
		return err
	}
	if next != "" {
		d.Next = "/groups?" + url.Values{"subject": {string(d.Key)}, "before": {next}}.Encode()
	}
	return p.Pages.Render(w, r, http.StatusOK, "groups", d)
}

// listed returns a page of the requests of a parent, newest first, and where the next begins.
func (s *Service) listed(ctx context.Context, parent credit.Key, before string) (rows []*View, next string, err error) {
	cases, err := s.Cases.OfSubject(ctx, parent, Kind, before, atOncePage+1)
	if err != nil {
		return nil, "", err
	}
	if len(cases) > atOncePage {
		cases = cases[:atOncePage]
		next = cases[atOncePage-1].ID
	}
	for i := range cases {
		v, err := head(&cases[i])
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, v)
	}
	return rows, next, nil
}

type showData struct {
	*View
	progressData
	Running bool
	Asked   bool // somebody has to be asked for consent
	Missing bool // somebody has no report
	Gone    int  // reports that are no longer in force
	CanAsk  bool // consent can be asked for here
}

// progressData is what the page asks for each second while a request runs.
type progressData struct {
	Progress
	Seen  int  // how many had ended when the table was shown
	Fresh bool // the table is worth showing anew
}

func (p *pages) progress(w http.ResponseWriter, r *http.Request) error {
	at, err := p.Progress(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	seen, _ := strconv.Atoi(r.URL.Query().Get("seen")) // whatever it is not is 0
	d := progressData{*at, seen, at.Through() || at.Ended-seen >= max(1, at.Total/10)}
	return p.Pages.Fragment(w, r, http.StatusOK, "group", "group-progress", d)
}

// Tone is how a member's state looks.
func (m *MemberView) Tone() string {
	switch m.State {
	case Issued:
		return page.Good
	case Waiting:
		return page.Info
	case Failed:
		return page.Bad
	case Cancelled:
		return page.Neutral
	}
	return page.Notice
}

// StatusTone is how the status of its paper looks.
func (m *MemberView) StatusTone() string {
	switch m.Status {
	case Withdrawn:
		return page.Bad
	case Replaced:
		return page.Notice
	}
	return page.Good
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	v, err := p.View(r.Context(), r.PathValue("id"))
	if err == nil {
		err = p.Stand(r.Context(), v)
	}
	if err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "group", p.shown(v))
}

func (p *pages) shown(v *View) *showData {
	at := Progress{ID: v.ID, State: v.State, Total: len(v.Members), Ended: v.Ended, Issued: v.Issued}
	d := &showData{View: v, progressData: progressData{Progress: at, Seen: v.Ended}, Running: !at.Through(), CanAsk: p.Asking != nil}
	for i := range v.Members {
		m := &v.Members[i]
		d.Asked = d.Asked || m.Asks
		d.Missing = d.Missing || m.State != Issued
		if m.Gone() {
			d.Gone++
		}
	}
	return d
}

func (p *pages) download(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Download(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename="group-`+r.PathValue("id")+`.zip"`)
	w.WriteHeader(http.StatusOK)
	_, _ = io.Copy(w, f) // the client is gone; nothing to do
	return nil
}

func (p *pages) renew(w http.ResponseWriter, r *http.Request) error {
	return again(w, r, p.Renew)
}

func (p *pages) missing(w http.ResponseWriter, r *http.Request) error {
	return again(w, r, p.AskMissing)
}

// again makes a request out of an earlier one and leads to it.
func again(w http.ResponseWriter, r *http.Request, ask func(ctx context.Context, id string) (string, error)) error {
	id, err := ask(r.Context(), r.PathValue("id"))
	var no *Refusal
	if errors.As(err, &no) {
		return problem.New(http.StatusUnprocessableEntity, "form").AtText("from", no.Text)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/groups/"+id, http.StatusSeeOther)
	return nil
}

func (p *pages) cancel(w http.ResponseWriter, r *http.Request) error {
	err := p.Cancel(r.Context(), r.PathValue("id"))
	if err != nil && !errors.Is(err, casework.ErrMove) && !errors.Is(err, casework.ErrMoved) { // it has ended meanwhile
		return err
	}
	http.Redirect(w, r, "/groups/"+r.PathValue("id"), http.StatusSeeOther)
	return nil
}
