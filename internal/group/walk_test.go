package group_test

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/group"
	"xinban/internal/store/storetest"
)

// walk is a request that many things happen to.
type walk struct {
	*desk
	r      *rapid.T
	ids    []string
	grants []consent.Grant
	ended  map[string]group.MemberView // members that have ended, by request and name
}

// Whatever happens, in whatever order: a member that has ended stays as it ended, a request is done exactly when all its members
// have ended, what is counted is what the members say, and in the end every request is through.
func TestRandomWalksOfRequests(t *testing.T) {
	t.Parallel()
	d := open(t, storetest.SQLite(t))
	lines := append(d.crowd(3), "岚港母公司有限公司", "岚港子公司有限公司", "岚港参股有限公司", "没有这家公司")
	rapid.Check(t, func(r *rapid.T) {
		w := &walk{desk: d, r: r, ended: map[string]group.MemberView{}}
		d.broken, d.panics, d.closed = "", "", false
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			rapid.SampledFrom(w.steps(lines)).Draw(r, "step").do()
			w.look()
		}
		d.broken, d.panics = "", ""
		d.work()
		w.look()
		for _, id := range w.ids {
			if v := d.view(id); v.State == group.Running || v.Ended != len(v.Members) {
				r.Fatalf("%s ends as %s with %d of %d ended", id, v.State, v.Ended, len(v.Members))
			}
		}
	})
}

type happening struct {
	name string
	do   func()
}

func (h happening) String() string { return h.name }

func (w *walk) steps(lines []string) []happening {
	d := w.desk
	return []happening{
		{"ask", func() {
			w.ids = append(w.ids, d.ask(rapid.SliceOfNDistinct(rapid.SampledFrom(lines), 1, 7, rapid.ID[string]).Draw(w.r, "list")...))
		}},
		{"work", func() { d.once() }},
		{"cancel", func() { w.each(func(id string) error { return d.Cancel(d.ctx(), id) }) }},
		{"renew", func() { w.again(d.Renew) }},
		{"complete", func() { w.again(d.AskMissing) }},
		{"consent", func() { w.grants = append(w.grants, d.allow(child, today.AddDays(9))) }},
		{"withdraw", func() {
			for _, g := range w.grants {
				d.withdraw(g)
			}
			w.grants = nil
		}},
		{"break", func() { d.broken = parent }},
		{"stumble", func() { d.panics = child }},
		{"mend", func() { d.broken, d.panics = "", "" }},
		{"start again", func() { d.Service = d.again() }},
	}
}

// each does something to one of the requests; that its state does not allow it is no fault.
func (w *walk) each(do func(id string) error) {
	if len(w.ids) == 0 {
		return
	}
	err := do(rapid.SampledFrom(w.ids).Draw(w.r, "request"))
	var no *group.Refusal
	if err != nil && !errors.Is(err, casework.ErrMove) && !errors.As(err, &no) {
		w.r.Fatal(err)
	}
}

func (w *walk) again(ask func(ctx context.Context, id string) (string, error)) {
	w.each(func(id string) error {
		made, err := ask(w.ctx(), id)
		if err == nil {
			w.ids = append(w.ids, made)
		}
		return err
	})
}

// look fails when a request is not as it must be at every moment.
func (w *walk) look() {
	for _, id := range w.ids {
		v := w.view(id)
		p, err := w.Progress(w.ctx(), id)
		if err != nil || p.Ended != v.Ended || p.Issued != v.Issued || p.Total != len(v.Members) {
			w.r.Fatalf("%s: progress %+v, %v; members %d ended, %d issued", id, p, err, v.Ended, v.Issued)
		}
		if v.State == group.Done && v.Ended != len(v.Members) {
			w.r.Fatalf("%s is done with %d of %d ended", id, v.Ended, len(v.Members))
		}
		for _, m := range v.Members {
			w.member(id, m)
		}
	}
}

func (w *walk) member(id string, m group.MemberView) {
	if (m.State == group.Issued) != (m.Number != "") || m.State != group.Issued && m.State != group.Waiting && m.Reason == "" {
		w.r.Fatalf("%s: %s is %s with number %q and reason %q", id, m.Name, m.State, m.Number, m.Reason)
	}
	was, ok := w.ended[id+m.Given]
	if ok && was != m {
		w.r.Fatalf("%s: %s was %+v and is %+v", id, m.Name, was, m)
	}
	if m.State != group.Waiting {
		w.ended[id+m.Given] = m
	}
}
