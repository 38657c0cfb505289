package report

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// amendMatter records what the credit centre decided about a matter.
func (p *pages) amendMatter(w http.ResponseWriter, r *http.Request) error {
	a, f, err := p.amendment(r)
	if err != nil {
		return err
	}
	var run func(context.Context, Queue, Amendment) error
	change := r.PathValue("change")
	switch change {
	case "annul":
		run = p.Annul
	case "withdraw":
		run = p.Withdraw
	case "remove":
		run = p.Remove
	case "reassign":
		run = p.Reassign
	default:
		return notFound("not-found")
	}
	if a.Matter, err = credit.ParseMatterID(r.PathValue("matter")); err != nil {
		return notFound("no-matter")
	}
	if len(f.Wrong) == 0 {
		err = run(r.Context(), p.Queue, a)
		if errors.Is(err, ErrNoMatter) {
			return notFound("no-matter")
		}
		if !amendWrong(&f, err) && err != nil {
			return err
		}
	}
	if len(f.Wrong) > 0 {
		return p.matterPage(w, r, http.StatusUnprocessableEntity, a.Key, f)
	}
	http.Redirect(w, r, matterHref(a.Key, a.Matter)+"&changed="+change, http.StatusSeeOther)
	return nil
}

// linkSubject links two keys, or undoes a link.
func (p *pages) linkSubject(w http.ResponseWriter, r *http.Request) error {
	a, f, err := p.amendment(r)
	if err != nil {
		return err
	}
	run, done := p.Join, "linked"
	if r.PostForm.Get("undo") != "" {
		run, done = p.Unjoin, "unlinked"
	}
	if a.Link != ledger.SameAs && a.Link != ledger.SuccessorOf {
		f.Fail("link", "form.required")
	}
	if len(f.Wrong) == 0 {
		err = run(r.Context(), p.Queue, a)
		if !amendWrong(&f, err) && err != nil {
			return err
		}
	}
	if len(f.Wrong) > 0 {
		return p.subjectPage(w, r, http.StatusUnprocessableEntity, a.Key, f)
	}
	http.Redirect(w, r, subjectHref(a.Key)+"?changed="+done, http.StatusSeeOther)
	return nil
}

// amendment reads what the forms have in common.
func (p *pages) amendment(r *http.Request) (Amendment, page.Form, error) {
	if err := r.ParseForm(); err != nil {
		return Amendment{}, page.Form{}, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	v, me := r.PostForm, account.From(r.Context())
	f := page.Form{Values: v}
	a := Amendment{Key: credit.Key(v.Get("subject")), Reason: v.Get("reason"), Ref: v.Get("ref"), Link: ledger.Link(v.Get("link")), Who: actor(me), Login: me.Login}
	if v.Get("on") != "" {
		a.On = dateField(&f, "on")
	}
	if v.Has("source") {
		n, err := strconv.ParseInt(v.Get("source"), 10, 64)
		if err != nil {
			f.Fail("source", "form.required")
		}
		a.Source = n
	}
	if v.Has("to") {
		if err := p.whom(r.Context(), &a, v.Get("to"), &f); err != nil {
			return a, f, err
		}
	}
	if err := p.reached(r.Context(), a.Key); err != nil {
		return a, f, err
	}
	if a.To != "" {
		return a, f, p.reached(r.Context(), a.To)
	}
	return a, f, nil
}

// whom resolves the other subject from its code, number or whole name.
func (p *pages) whom(ctx context.Context, a *Amendment, text string, f *page.Form) error {
	if text == "" {
		f.Fail("to", "form.required")
		return nil
	}
	if problem.HasIdentityNumber(text) && credit.CheckUSCC(credit.NormalCode(text)).Verdict != credit.Valid {
		f.Fail("to", "subjects.q.identity")
		return nil
	}
	if s, ok, err := p.ledger.Subject(ctx, credit.Key(text)); err != nil || ok { // the key itself, as in our own forms
		a.To = s.Key
		return err
	}
	all, err := p.ledger.Find(ctx, text, 2)
	if err != nil {
		return err
	}
	switch len(all) {
	case 0:
		f.Wrong = append(f.Wrong, page.Wrong{Field: "to", Text: ErrNoTarget.Error()})
	case 1:
		a.To = all[0].Key
	default:
		f.Fail("to", "subject.to.many")
	}
	return nil
}

var amendFields = []struct {
	err   error
	field string
}{{ErrReason, "reason"}, {ErrFutureEvent, "on"}, {ErrEarlyEvent, "on"}, {ErrNoTarget, "to"}, {ErrSameSubject, "to"},
	{ErrSettled, "reason"}, {ErrNotListed, "reason"}}

// amendWrong puts what is wrong with an amendment beside its field.
func amendWrong(f *page.Form, err error) bool {
	for _, x := range amendFields {
		if errors.Is(err, x.err) {
			f.Wrong = append(f.Wrong, page.Wrong{Field: x.field, Text: x.err.Error()})
			return true
		}
	}
	return false
}
