package repair

import (
	"context"
	"errors"
	"net/http"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// batchLine is what came of one item of a batch.
type batchLine struct {
	ID, DocNo, Name string
	Why             string // why it was left as it was; empty when it was done
}

// batch does one thing to every ticked item, each in a transaction of its own: one that cannot be done is named with its
// reason and holds up no other. Rows in = results out.
func (p *pages) batch(ready func(ctx context.Context, me account.Principal, f *page.Form) error, do func(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error) account.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return problem.New(http.StatusBadRequest, "bad-request").Because(err)
		}
		ctx, me := r.Context(), account.From(r.Context())
		f := page.Form{Values: r.PostForm}
		ids := f.Values["item"]
		if len(ids) == 0 {
			f.Fail("item", "repair.batch.none")
		}
		if err := ready(ctx, me, &f); err != nil && !told(&f, "password", err) {
			return err
		}
		if len(f.Wrong) > 0 {
			return p.deskPage(w, r, http.StatusUnprocessableEntity, deskData{Form: f})
		}
		var lines []batchLine
		for _, id := range ids[:min(len(ids), listRows)] {
			line, err := p.one(ctx, me, id, &f, do)
			if err != nil {
				return err
			}
			lines = append(lines, line)
		}
		return p.deskPage(w, r, http.StatusOK, deskData{Results: lines})
	}
}

// one does it to one item. Only what is wrong with the program or the store is an error.
func (p *pages) one(ctx context.Context, me account.Principal, id string, f *page.Form, do func(context.Context, account.Principal, *casework.Case, *page.Form) error) (batchLine, error) {
	line := batchLine{ID: id}
	c, err := p.find(ctx, id, ItemKind)
	if missing := (*problem.Error)(nil); errors.As(err, &missing) {
		line.Why = ErrNoCase.Error()
		return line, nil
	}
	if err != nil {
		return line, err
	}
	d, err := itemOf(c)
	if err != nil {
		return line, err
	}
	line.DocNo, line.Name = d.DocNo, shownName(c.Subject, d.Name)
	one := page.Form{Values: f.Values}
	if err := do(ctx, me, c, &one); err != nil && !told(&one, "item", err) {
		return line, err
	}
	for _, w := range one.Wrong {
		line.Why += w.Text
	}
	return line, nil
}

func (p *pages) batchAccept() account.Handler {
	return p.batch(func(context.Context, account.Principal, *page.Form) error { return nil }, p.accept)
}

// batchGrant asks for the note and the password once for all.
func (p *pages) batchGrant() account.Handler {
	ready := func(ctx context.Context, me account.Principal, f *page.Form) error {
		text(f, "grant", most, true)
		if len(f.Wrong) > 0 {
			return nil
		}
		return p.Accounts.PasswordAgain(ctx, me, f.Values.Get("password"))
	}
	return p.batch(ready, func(ctx context.Context, me account.Principal, c *casework.Case, f *page.Form) error {
		return p.Grant(ctx, me, c, f.Values.Get("grant"))
	})
}
