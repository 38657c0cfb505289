package follow

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// usualDays and mostDays are how long before its end publicity is told to end.
const (
	usualDays = 30
	mostDays  = 180
)

type followData struct {
	Form    page.Form
	Holders []account.Holder
	Key     credit.Key
	Follows bool
	Events  []page.Option
	Address Address
	Waits   bool // a code was sent and not entered yet
	Sends   bool // there is a provider: an address can be entered
	Missed  bool // a text did not arrive there
	Done    string
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.page(w, r, http.StatusOK, page.Form{Values: url.Values{}}, r.URL.Query().Get("subject"))
}

func (p *pages) page(w http.ResponseWriter, r *http.Request, status int, f page.Form, asked string) error {
	ctx := r.Context()
	d := followData{Form: f, Done: r.URL.Query().Get("done")}
	var err error
	if d.Holders, d.Key, err = p.mine(ctx, asked); err != nil {
		return err
	}
	me := account.From(ctx)
	x, ok, err := p.Of(ctx, d.Key, me.ID)
	if err != nil {
		return err
	}
	if d.Follows = ok; !ok {
		x = Subscription{Events: Events(), Days: usualDays}
	}
	if f.Values.Has("days") {
		x.Events = x.Events[:0]
		for _, e := range f.Values["event"] {
			x.Events = append(x.Events, Event(e))
		}
	} else {
		d.Form.Values.Set("days", strconv.Itoa(x.Days))
	}
	for _, e := range Events() {
		d.Events = append(d.Events, page.Option{Value: string(e), Label: "follow.event." + string(e), Chosen: x.Follows(e)})
	}
	if d.Address, err = p.address(ctx, me.ID); err != nil {
		return err
	}
	if d.Missed, err = p.unreached(ctx, me.ID); err != nil {
		return err
	}
	d.Sends = len(p.c.Gateway.Providers) > 0
	d.Waits = d.Address.Address != "" && d.Address.Confirmed == 0
	return p.Pages.Render(w, r, status, "follow", d)
}

func (p *pages) subscribe(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "saved", "event", func(ctx context.Context, me account.Principal, key credit.Key, f *page.Form) error {
		x := Subscription{Subject: key, Account: me.ID}
		for _, e := range f.Values["event"] {
			x.Events = append(x.Events, Event(e))
		}
		var err error
		if x.Days, err = strconv.Atoi(f.Values.Get("days")); err != nil || x.Days < 1 || x.Days > mostDays {
			f.Fail("days", "follow.days.wrong", mostDays)
			return nil
		}
		if err := x.check(); err != nil {
			return err
		}
		return p.Subscribe(ctx, x)
	})
}

func (p *pages) stop(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "stopped", "event", func(ctx context.Context, me account.Principal, key credit.Key, _ *page.Form) error {
		return p.Unsubscribe(ctx, key, me.ID)
	})
}

func (p *pages) enter(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "code", "address", func(ctx context.Context, me account.Principal, _ credit.Key, f *page.Form) error {
		return p.Enter(ctx, me.ID, f.Values.Get("address"))
	})
}

func (p *pages) confirm(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "confirmed", "code", func(ctx context.Context, me account.Principal, _ credit.Key, f *page.Form) error {
		return p.Confirm(ctx, me.ID, f.Values.Get("code"))
	})
}

func (p *pages) forget(w http.ResponseWriter, r *http.Request) error {
	return p.change(w, r, "forgotten", "address", func(ctx context.Context, me account.Principal, _ credit.Key, _ *page.Form) error {
		return p.Forget(ctx, me.ID)
	})
}

// shown are the errors that a person can act on.
var shown = []error{errNoEvent, ErrAddress, ErrPause, ErrMany, ErrCode, ErrNoProvider}

// change is a form of the page: done, or shown again with what is wrong.
func (p *pages) change(w http.ResponseWriter, r *http.Request, done, field string,
	do func(ctx context.Context, me account.Principal, key credit.Key, f *page.Form) error) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	ctx := r.Context()
	f := page.Form{Values: r.PostForm}
	_, key, err := p.mine(ctx, f.Values.Get("subject"))
	if err != nil {
		return err
	}
	if err := do(ctx, account.From(ctx), key, &f); err != nil {
		i := slices.IndexFunc(shown, func(known error) bool { return errors.Is(err, known) })
		if i < 0 {
			return err
		}
		f.Wrong = append(f.Wrong, page.Wrong{Field: field, Text: shown[i].Error()})
	}
	if len(f.Wrong) > 0 {
		return p.page(w, r, http.StatusUnprocessableEntity, f, string(key))
	}
	http.Redirect(w, r, "/follow?"+url.Values{"subject": {string(key)}, "done": {done}}.Encode(), http.StatusSeeOther)
	return nil
}
