package statement

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// listRows is how many requests a list shows at once.
const listRows = 20

// line is a request in a list.
type line struct {
	casework.Case
	Data    data
	Due     casework.Deadline
	Overdue bool
	At      time.Time
	Ended   time.Time
}

type listData struct {
	Clerk   bool
	Done    bool // of the organ: what has ended, else what waits
	Form    page.Form
	Holders []account.Holder
	Key     credit.Key
	Lines   []line
	Next    string
}

type lateData struct {
	Lines []Late
	Most  int
	Full  bool // there may be more
}

// list is the subject's own requests, or the desk of the clerk's organ.
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
		d.Next = "/statements?" + url.Values{"subject": {string(d.Key)}, "before": {cases[listRows-1].ID}}.Encode()
	}
	if d.Lines, err = p.lines(ctx, cases); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "statements", d)
}

// desk lists what waits for the clerk's organ, or what it has dealt with. Each subject shown learns of it.
func (p *pages) desk(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.URL.Query()
	me := account.From(ctx)
	d := listData{Clerk: true, Done: v.Get("tab") == "done", Form: page.Form{Values: v}}
	after, err := parseAfter(v.Get("after"))
	if err != nil {
		return err
	}
	var cases []casework.Case
	var next *casework.Case
	if d.Done {
		cases, next, err = p.Done(ctx, me, v.Get("q"), after, listRows)
	} else {
		cases, next, err = p.Desk(ctx, me, after, listRows)
	}
	if err != nil {
		return err
	}
	if next != nil {
		v.Set("after", strconv.FormatInt(next.Opened+next.Closed, 10)+"."+next.ID+"."+string(next.Subject))
		d.Next = "/statements?" + v.Encode()
	}
	if d.Lines, err = p.lines(ctx, cases); err != nil {
		return err
	}
	err = p.c.DB.Tx(ctx, func(tx *store.Tx) error {
		told := map[credit.Key]bool{}
		for _, c := range cases {
			if !told[c.Subject] {
				told[c.Subject] = true
				if err := p.log(tx, me, c.Subject, audit.View, ""); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "statements", d)
}

// overdue lists for the credit centre what organs have not answered in time.
func (p *pages) overdue(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Overdue(r.Context(), account.From(r.Context()), lateMost)
	if err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "statements_late", lateData{Lines: all, Most: lateMost, Full: len(all) == lateMost})
}

// parseAfter reads the place after which a desk goes on.
func parseAfter(s string) (*casework.Case, error) {
	if s == "" {
		return nil, nil
	}
	parts := strings.SplitN(s, ".", 3)
	if len(parts) == 3 {
		if opened, err := strconv.ParseInt(parts[0], 10, 64); err == nil {
			return &casework.Case{Opened: opened, Closed: opened, ID: parts[1], Subject: credit.Key(parts[2])}, nil
		}
	}
	return nil, problem.New(http.StatusBadRequest, "bad-request")
}

func (p *pages) lines(ctx context.Context, cases []casework.Case) (all []line, err error) {
	for _, c := range cases {
		l := line{Case: c, At: time.UnixMilli(c.Opened), Ended: time.UnixMilli(c.Closed)}
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
