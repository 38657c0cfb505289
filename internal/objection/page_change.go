package objection

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"unicode/utf8"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// text reads a field of at most so many characters.
func text(f *page.Form, name string, most int, required bool) string {
	s := strings.TrimSpace(f.Values.Get(name))
	switch {
	case s == "" && required:
		f.Fail(name, "form.required")
	case utf8.RuneCountInString(s) > most:
		f.Fail(name, "objection.too-long", most)
	case problem.HasIdentityNumber(s):
		f.Fail(name, "objection.identity")
	}
	return s
}

// told notes a refusal that a person can act on, in its own words.
func told(f *page.Form, field string, err error) bool {
	for _, known := range []error{ErrOpen, ErrNoOrgan, ErrNotYours, ErrGround, ErrReasons, ErrGone, ErrNoClock, ErrExtended, ErrNoCorrection, ErrRefusal,
		ErrNotRepeated, casework.ErrMoved, casework.ErrMove} {
		if errors.Is(err, known) {
			f.Wrong = append(f.Wrong, page.Wrong{Field: field, Text: known.Error()})
			return true
		}
	}
	return f.Take(err)
}

// change is a form on a case: read, asked for, done.
func (p *pages) change(done, field string, do func(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return problem.New(http.StatusBadRequest, "bad-request").Because(err)
		}
		ctx := r.Context()
		c, err := p.find(ctx, r.PathValue("id"))
		if err != nil {
			return err
		}
		f := page.Form{Values: r.PostForm}
		if err := do(ctx, account.From(ctx), c, &f); err != nil && !told(&f, field, err) {
			return missing(err)
		}
		if len(f.Wrong) > 0 {
			if c, err = p.find(ctx, c.ID); err != nil { // another may have moved it
				return err
			}
			return p.page(w, r, http.StatusUnprocessableEntity, c, f)
		}
		http.Redirect(w, r, "/objections/"+c.ID+"?done="+done, http.StatusSeeOther)
		return nil
	}
}

func (p *pages) withdraw(ctx context.Context, me account.Principal, c *casework.Case, _ *page.Form) error {
	return p.Withdraw(ctx, me, c)
}

func (p *pages) accept(ctx context.Context, me account.Principal, c *casework.Case, _ *page.Form) error {
	return p.Accept(ctx, me, c)
}

func (p *pages) supply(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	e := Evidence{Text: text(f, "more", maxText, true), File: text(f, "file", maxFile, false)}
	if len(f.Wrong) > 0 {
		return nil
	}
	return p.Supply(ctx, me, c, e)
}

func (p *pages) refuse(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	finding := text(f, "detail", maxText, false)
	if len(f.Wrong) > 0 {
		return nil
	}
	return p.Refuse(ctx, me, c, Refusal(f.Values.Get("refusal")), finding)
}

func (p *pages) ask(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	what := text(f, "ask", maxText, true)
	if len(f.Wrong) > 0 {
		return nil
	}
	return p.Ask(ctx, me, c, what)
}

func (p *pages) extend(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	why := text(f, "why", maxText, true)
	if len(f.Wrong) > 0 {
		return nil
	}
	if f.Values.Get("longer") == "consult" {
		return p.Consult(ctx, me, c, why)
	}
	return p.Extend(ctx, me, c, why)
}

func (p *pages) close(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	finding, outcome := text(f, "finding", maxText, true), f.Values.Get("outcome")
	if outcome != "correct" && outcome != "uphold" {
		f.Fail("outcome", "form.required")
	}
	if len(f.Wrong) > 0 {
		return nil
	}
	if outcome == "correct" {
		return p.Correct(ctx, me, c, f.Values.Get("correction"), finding)
	}
	return p.Uphold(ctx, me, c, finding)
}
