package objection

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/store"
)

// How many objections the list of a subject, and a desk, show at once.
const listRows, deskRows = 20, 100

// line is an objection in a list.
type line struct {
	casework.Case
	Data    data
	Due     casework.Deadline
	Overdue bool
	At      time.Time
}

type listData struct {
	Clerk   bool
	Holders []account.Holder
	Key     credit.Key
	Lines   []line
	Next    string
	Most    int
}

// list is the subject's own objections, the desk of the clerk's body, or what is overdue for the centre.
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	switch me := account.From(r.Context()); {
	case me.Has(account.Clerk):
		return p.desk(w, r)
	case me.Has(account.Centre):
		return p.overdue(w, r)
	}
	ctx, v := r.Context(), r.URL.Query()
	d := listData{}
	var err error
	if d.Holders, d.Key, err = p.mine(ctx, v.Get("subject")); err != nil {
		return err
	}
	cases, err := p.c.Cases.OfSubject(ctx, d.Key, Kind, v.Get("before"), listRows+1)
	if err != nil {
		return err
	}
	if len(cases) > listRows {
		cases = cases[:listRows]
		d.Next = "/objections?" + url.Values{"subject": {string(d.Key)}, "before": {cases[listRows-1].ID}}.Encode()
	}
	if d.Lines, err = p.lines(ctx, cases); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "objections", d)
}

// desk lists what waits for the clerk's body by due date. Each subject shown learns of it.
func (p *pages) desk(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	me := account.From(ctx)
	cases, err := p.Desk(ctx, me, deskRows)
	if err != nil {
		return err
	}
	d := listData{Clerk: true}
	if d.Lines, err = p.lines(ctx, cases); err != nil {
		return err
	}
	if len(cases) == deskRows {
		d.Most = deskRows
	}
	slices.SortStableFunc(d.Lines, func(a, b line) int { return cmp.Compare(a.Due.Due, b.Due.Due) })
	told := map[credit.Key]bool{}
	err = p.c.DB.Tx(ctx, func(tx *store.Tx) error {
		for _, c := range cases {
			if told[c.Subject] {
				continue
			}
			told[c.Subject] = true
			if err := p.log(tx, me, c.Subject, audit.View); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "objections", d)
}

// overdue lists for the credit centre what bodies have not decided in time.
func (p *pages) overdue(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Overdue(r.Context(), account.From(r.Context()), lateMost)
	if err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "objections_late", struct {
		Lines []Late
		Most  int
		Full  bool // there may be more
	}{all, lateMost, len(all) == lateMost})
}

func (p *pages) lines(ctx context.Context, cases []casework.Case) (all []line, err error) {
	for _, c := range cases {
		l := line{Case: c, At: time.UnixMilli(c.Opened)}
		if l.Data, err = dataOf(&c); err != nil {
			return nil, err
		}
		if l.Due, err = p.due(ctx, &c); err != nil {
			return nil, err
		}
		l.Data.Name = shownName(c.Subject, l.Data.Name)
		l.Overdue = overdue(l.Due, p.today())
		all = append(all, l)
	}
	return all, nil
}

// mine lists the subjects bound to the caller and chooses one: the one asked for, else the first.
func (p *pages) mine(ctx context.Context, asked string) (all []account.Holder, key credit.Key, err error) {
	return account.ChooseHolder(ctx, account.From(ctx).Subjects, asked, func(ctx context.Context, k credit.Key) (string, error) {
		name, err := p.Names(ctx, k)
		return shownName(k, name), err
	})
}

// shownName is a name as it may be shown: a person's is masked but for its first character.
func shownName(key credit.Key, name string) string {
	if !key.Person() || name == "" {
		return name
	}
	return credit.MaskName(name)
}
