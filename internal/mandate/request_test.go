package mandate_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/mandate"
	"xinban/internal/outbox"
	"xinban/internal/store/storetest"
)

// desks are where messages arrive.
type desks struct {
	mu  sync.Mutex
	got []outbox.Message
}

func (d *desks) send(_ context.Context, m outbox.Message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got = append(d.got, m)
	return nil
}

func (o *office) serve() (*desks, *casework.Service, *outbox.Outbox) {
	o.t.Helper()
	clock := o.clock
	o.must(audit.Migrate(o.t.Context(), o.db))
	cases, err := casework.New(o.t.Context(), o.db, clock, mandate.Machine())
	o.must(err)
	d := &desks{}
	out, err := outbox.New(o.t.Context(), o.db, clock, map[string]outbox.Sender{"desk": d.send})
	o.must(err)
	o.ServeRequests(mandate.Requests{Cases: cases, Outbox: out, Bound: func(context.Context, credit.Key) ([]string, error) { return []string{"9"}, nil }})
	return d, cases, out
}

var subject = account.Principal{ID: "9", Name: "子公司经办人", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{firm}}

func asked() mandate.Request {
	return mandate.Request{Grantee: consent.OrganisationGrantee(mine), Name: "母公司", Login: string(mine), Subject: "子公司", Scope: consent.Ask, Purpose: "上市",
		Until: today.AddDays(30), Why: "集团上市需要"}
}

// Who is asked is told and answers; who asked is told the answer; nobody else sees the request.
func TestARequestIsAnsweredOnceAndTold(t *testing.T) {
	t.Parallel()
	each(t, func(o *office) {
		d, _, out := o.serve()
		ctx := o.t.Context()
		c, err := o.Ask(ctx, agent, firm, asked())
		o.must(err)
		if _, err := o.Ask(ctx, agent, firm, asked()); !errors.Is(err, mandate.ErrAskedAlready) {
			o.t.Errorf("asked twice: %v", err)
		}
		if _, _, err := o.Request(ctx, account.Principal{ID: "77", Subjects: []credit.Key{"91000000MA0000003X"}}, c.ID); !errors.Is(err, casework.ErrNoCase) {
			o.t.Errorf("another sees it: %v", err)
		}
		if _, err := o.Decline(ctx, subject, c.ID, " "); !errors.Is(err, mandate.ErrReason) {
			o.t.Errorf("declined without a reason: %v", err)
		}
		if _, err := o.Decline(ctx, agent, c.ID, "不"); err == nil {
			o.t.Error("the asker declines")
		}
		if _, err := o.TakeBack(ctx, subject, c.ID); err == nil {
			o.t.Error("the subject withdraws what it was asked")
		}
		c, err = o.Decline(ctx, subject, c.ID, "与本公司无关")
		o.must(err)
		if _, err := o.Decline(ctx, subject, c.ID, "再说一次"); !errors.Is(err, casework.ErrMove) {
			o.t.Errorf("declined twice: %v", err)
		}
		by, err := o.AskedBy(ctx, agent, "", 10)
		o.must(err)
		if q, err := mandate.RequestOf(&by[0]); err != nil || len(by) != 1 || by[0].State != mandate.Declined || q.Reason != "与本公司无关" {
			o.t.Errorf("%+v, %v", by, err)
		}
		for n := 1; n > 0; {
			n, err = out.Send(ctx)
			o.must(err)
		}
		var to []string
		for _, m := range d.got {
			to = append(to, m.Target+" "+m.Topic)
		}
		slices.Sort(to)
		if want := []string{"desk:7 consent.declined:" + c.ID, "desk:9 consent.asked:" + c.ID}; !slices.Equal(to, want) {
			o.t.Errorf("told %v, want %v", to, want)
		}
	})
}

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.serve()
	for name, c := range map[string]struct {
		key    credit.Key
		change func(*mandate.Request)
		want   error
	}{
		"its own subject":    {mine, func(*mandate.Request) {}, mandate.ErrOwnSubject},
		"a person":           {"p:1", func(*mandate.Request) {}, mandate.ErrAskPerson},
		"no reason":          {firm, func(q *mandate.Request) { q.Why = " " }, mandate.ErrWhy},
		"an identity number": {firm, func(q *mandate.Request) { q.Why = "11010119900307123X" }, mandate.ErrWhy},
	} {
		q := asked()
		c.change(&q)
		if _, err := o.Ask(t.Context(), agent, c.key, q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	q := asked()
	q.Grantee = consent.OrganisationGrantee("91000000MA0000003X")
	if _, err := o.Ask(t.Context(), agent, firm, q); err == nil {
		t.Error("asked in the name of an organisation that the caller does not act for")
	}
}

// A request waits fourteen days and lapses on the next.
func TestARequestLapses(t *testing.T) {
	t.Parallel()
	each(t, func(o *office) {
		_, cases, _ := o.serve()
		c, err := o.Ask(o.t.Context(), agent, firm, asked())
		o.must(err)
		for _, x := range []struct {
			days int
			want casework.State
		}{{14, mandate.Asked}, {15, mandate.Lapsed}} {
			o.now = today.AddDays(x.days).Time()
			_, err := o.Lapse(o.t.Context())
			o.must(err)
			if got, err := cases.Get(o.t.Context(), firm, c.ID); err != nil || got.State != x.want {
				o.t.Errorf("after %d days %s, want %s; %v", x.days, got.State, x.want, err)
			}
		}
	})
}

// However requests are answered, withdrawn and left lying, each has one end, which its history tells.
func TestRandomWalksOfRequests(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	_, cases, _ := o.serve()
	var no int
	rapid.Check(t, func(r *rapid.T) {
		no++
		key := credit.Key("K" + string(rune('A'+no%26)) + string(rune('A'+no/26%26)))
		who := account.Principal{ID: "9", Roles: subject.Roles, Subjects: []credit.Key{key}}
		c, err := o.Ask(t.Context(), agent, key, asked())
		if err != nil {
			if errors.Is(err, mandate.ErrAskedAlready) {
				return
			}
			r.Fatal(err)
		}
		start, state := o.now, mandate.Asked
		defer func() { o.now = start }()
		for range rapid.IntRange(0, 6).Draw(r, "steps") {
			var to casework.State
			var err error
			switch rapid.SampledFrom([]string{"decline", "withdraw", "wait"}).Draw(r, "move") {
			case "decline":
				to = mandate.Declined
				_, err = o.Decline(t.Context(), who, c.ID, "不同意")
			case "withdraw":
				to = mandate.Withdrawn
				_, err = o.TakeBack(t.Context(), agent, c.ID)
			case "wait":
				to = mandate.Lapsed
				o.now = o.now.AddDate(0, 0, 15)
				_, err = o.Lapse(t.Context())
				if state != mandate.Asked {
					to = state
				}
			}
			switch {
			case state == mandate.Asked && err == nil:
				state = to
			case state != mandate.Asked && to != state && !errors.Is(err, casework.ErrMove):
				r.Fatalf("%s after %s: %v", to, state, err)
			}
		}
		got, err := cases.Get(t.Context(), key, c.ID)
		if err != nil || got.State != state || (got.Closed != 0) != (state != mandate.Asked) {
			r.Fatalf("%+v, want %s; %v", got, state, err)
		}
		if steps, err := cases.Steps(t.Context(), &got); err != nil || len(steps) > 2 || steps[len(steps)-1].State != state {
			r.Fatalf("history %+v, %v", steps, err)
		}
	})
}
