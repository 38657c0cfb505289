package repair

import (
	"context"
	"net/http"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// most is how many characters a note of a step may have.
const most = 500

// act is a form on an item: read, done, or shown again with what is wrong.
func (p *pages) act(move string, do func(context.Context, account.Principal, *casework.Case, *page.Form) error) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return problem.New(http.StatusBadRequest, "bad-request").Because(err)
		}
		ctx := r.Context()
		c, err := p.find(ctx, r.PathValue("id"), ItemKind)
		if err != nil {
			return err
		}
		f := page.Form{Values: r.PostForm}
		if err := do(ctx, account.From(ctx), c, &f); err != nil && !told(&f, move, err) {
			return err
		}
		if len(f.Wrong) > 0 {
			if c, err = p.find(ctx, c.ID, ItemKind); err != nil { // another may have moved it
				return err
			}
			return p.item(w, r, http.StatusUnprocessableEntity, c, f)
		}
		http.Redirect(w, r, "/repairs/items/"+c.ID+"?done="+move, http.StatusSeeOther)
		return nil
	}
}

// noted makes a step that needs a note in the field of its name.
func noted(field string, do func(ctx context.Context, me account.Principal, c *casework.Case, note string) error) func(context.Context, account.Principal, *casework.Case, *page.Form) error {
	return func(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
		note := text(f, field, most, true)
		if len(f.Wrong) > 0 {
			return nil
		}
		return do(ctx, me, c, note)
	}
}

func (p *pages) accept(ctx context.Context, me account.Principal, c *casework.Case, _ *page.Form) error {
	return p.Accept(ctx, me, c)
}

func (p *pages) ask(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	return noted("ask", p.Ask)(ctx, me, c, f)
}

func (p *pages) consult(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	return noted("consult", func(ctx context.Context, me account.Principal, c *casework.Case, why string) error {
		return p.Look(ctx, me, c, false, why)
	})(ctx, me, c, f)
}

func (p *pages) visit(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	return noted("visit", func(ctx context.Context, me account.Principal, c *casework.Case, why string) error {
		return p.Look(ctx, me, c, true, why)
	})(ctx, me, c, f)
}

func (p *pages) resume(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	return noted("resume", p.Resume)(ctx, me, c, f)
}

func (p *pages) extend(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	return noted("extend", p.Extend)(ctx, me, c, f)
}

func (p *pages) supply(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	return noted("supply", p.Supply)(ctx, me, c, f)
}

func (p *pages) withdraw(ctx context.Context, me account.Principal, c *casework.Case, _ *page.Form) error {
	return p.Withdraw(ctx, me, c)
}

func (p *pages) refuse(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	note := text(f, "refuse", most, true)
	if _, ok := refusalOf(f.Values.Get("code")); !ok {
		f.Fail("code", "form.required")
	}
	if len(f.Wrong) > 0 {
		return nil
	}
	return p.Refuse(ctx, me, c, f.Values.Get("code"), note)
}

// revoke asks for the password again, after everything else is right.
func (p *pages) revoke(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	why := text(f, "revoke", most, true)
	if len(f.Wrong) > 0 {
		return nil
	}
	if err := p.Accounts.PasswordAgain(ctx, me, f.Values.Get("password")); err != nil {
		return err
	}
	return p.Revoke(ctx, me, c, why)
}

// grant asks for the password again, after everything else is right.
func (p *pages) grant(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
	verified := text(f, "grant", most, true)
	if len(f.Wrong) > 0 {
		return nil
	}
	if err := p.Accounts.PasswordAgain(ctx, me, f.Values.Get("password")); err != nil {
		return err
	}
	return p.Grant(ctx, me, c, verified)
}
