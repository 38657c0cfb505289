package repair

import (
	"context"
	"net/http"
	"net/url"
	"slices"
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

// listRows is how many lines a list shows at once.
const listRows = 20

// lateMost is how many late items the centre is shown: the longest late.
const lateMost = 100

// figureMost is how many lines the home page counts.
const figureMost = 99

type line struct {
	casework.Case
	Code string
	At   time.Time
}

type listData struct {
	Holders []account.Holder
	Key     credit.Key
	Lines   []line
	Next    string
}

type deskData struct {
	Centre  bool
	Items   []Item
	Next    string
	Full    bool
	Form    page.Form
	Results []batchLine // of a batch
}

// Failed is how many items of a batch were left as they were.
func (d deskData) Failed() (n int) {
	for _, l := range d.Results {
		if l.Why != "" {
			n++
		}
	}
	return n
}

// Succeeded is how many items of a batch were done.
func (d deskData) Succeeded() int { return len(d.Results) - d.Failed() }

// Ticked tells that an item was chosen.
func (d deskData) Ticked(id string) bool { return slices.Contains(d.Form.Values["item"], id) }

// list is the subject's own applications, the desk of the clerk's organ, or what is late for the centre.
func (p *pages) list(w http.ResponseWriter, r *http.Request) error {
	switch me := account.From(r.Context()); {
	case me.Has(account.Clerk):
		return p.desk(w, r)
	case me.Has(account.Centre):
		return p.late(w, r)
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
		d.Next = "/repairs?" + url.Values{"subject": {string(d.Key)}, "before": {cases[listRows-1].ID}}.Encode()
	}
	for _, c := range cases {
		x, err := dataOf(&c)
		if err != nil {
			return err
		}
		d.Lines = append(d.Lines, line{c, x.Code, time.UnixMilli(c.Opened)})
	}
	return p.Pages.Render(w, r, http.StatusOK, "repairs", d)
}

// desk lists what waits for the clerk's organ. Each subject shown learns of it.
func (p *pages) desk(w http.ResponseWriter, r *http.Request) error {
	return p.deskPage(w, r, http.StatusOK, deskData{})
}

func (p *pages) deskPage(w http.ResponseWriter, r *http.Request, status int, d deskData) error {
	ctx, me := r.Context(), account.From(r.Context())
	after, err := parseAfter(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	var next *casework.Case
	if d.Items, next, err = p.Desk(ctx, me, after, listRows); err != nil {
		return err
	}
	if next != nil {
		d.Next = "/repairs?" + url.Values{"after": {strconv.FormatInt(next.Opened, 10) + "." + next.ID + "." + string(next.Subject)}}.Encode()
	}
	if err := p.looked(ctx, me, d.Items); err != nil {
		return err
	}
	return p.Pages.Render(w, r, status, "repairs_desk", d)
}

// looked notes for every subject that was shown that its items were looked at.
func (p *pages) looked(ctx context.Context, me account.Principal, items []Item) error {
	return p.c.DB.Tx(ctx, func(tx *store.Tx) error {
		told := map[credit.Key]bool{}
		for _, x := range items {
			if told[x.Subject] {
				continue
			}
			told[x.Subject] = true
			if err := p.log(tx, me, x.Subject, audit.View); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *pages) late(w http.ResponseWriter, r *http.Request) error {
	ctx, me := r.Context(), account.From(r.Context())
	all, err := p.Late(ctx, me, lateMost)
	if err != nil {
		return err
	}
	if err := p.looked(ctx, me, all); err != nil {
		return err
	}
	return p.Pages.Render(w, r, http.StatusOK, "repairs_desk", deskData{Centre: true, Items: all, Full: len(all) == lateMost})
}

// parseAfter reads the place after which a desk goes on.
func parseAfter(s string) (*casework.Case, error) {
	if s == "" {
		return nil, nil
	}
	if parts := strings.SplitN(s, ".", 3); len(parts) == 3 {
		if opened, err := strconv.ParseInt(parts[0], 10, 64); err == nil {
			return &casework.Case{Opened: opened, ID: parts[1], Subject: credit.Key(parts[2])}, nil
		}
	}
	return nil, problem.New(http.StatusBadRequest, "bad-request")
}

// figure is what waits on the home page; empty for nothing.
func (p *pages) figure(ctx context.Context, me account.Principal) (string, error) {
	var items []Item
	var err error
	switch {
	case me.Has(account.Clerk):
		items, _, err = p.Desk(ctx, me, nil, figureMost+1)
	case me.Has(account.Centre):
		items, err = p.Late(ctx, me, figureMost+1)
	}
	switch n := len(items); {
	case err != nil || n == 0:
		return "", err
	case n > figureMost:
		return strconv.Itoa(figureMost) + "+", nil
	default:
		return strconv.Itoa(n), nil
	}
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
