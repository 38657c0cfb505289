package group

import (
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

// listed is how many requests the page lists at once.
const listed = 20

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
	cases, err := p.Cases.OfSubject(r.Context(), d.Key, Kind, r.URL.Query().Get("before"), listed+1)
	if err != nil {
		return err
	}
	if len(cases) > listed {
		cases = cases[:listed]
		d.Next = "/groups?" + url.Values{"subject": {string(d.Key)}, "before": {cases[listed-1].ID}}.Encode()
	}
	for i := range cases {
		v, err := head(&cases[i])
		if err != nil {
			return err
		}
		d.Rows = append(d.Rows, v)
	}
	return p.Pages.Render(w, r, http.StatusOK, "groups", d)
}

type showData struct {
	*View
	Running bool
	Asked   bool // somebody has to be asked for consent
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

func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	v, err := p.View(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	d := showData{View: v, Running: v.Ended < len(v.Members)}
	for _, m := range v.Members {
		d.Asked = d.Asked || m.State == Refused
	}
	return p.Pages.Render(w, r, http.StatusOK, "group", d)
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
	id, err := p.Renew(r.Context(), r.PathValue("id"))
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
