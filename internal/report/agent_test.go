package report_test

import (
	"context"
	"errors"
	"testing"

	"xinban/internal/account"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/problem"
	"xinban/internal/report"
	"xinban/internal/store"
)

// grants answer as a test set: before the work, and in its transaction.
type grants struct{ before, within error }

func (g grants) Mandated(context.Context, account.Principal, string, int) ([]credit.Key, bool, error) {
	return nil, false, nil
}

func (g grants) Reaches(context.Context, account.Principal, credit.Key, string) error {
	return g.before
}

func (g grants) MayAct(context.Context, account.Principal, credit.Key, consent.Act) error {
	return g.before
}

func (g grants) UseAs(*store.Tx, account.Principal, credit.Key, consent.Act) error { return g.within }

func (g grants) MayRead(context.Context, account.Principal, string) error { return g.before }

// Who acts for another needs consent before the work and still when the document is kept; nothing is left of a refused one.
func TestConsentIsAskedBeforeAndWithinTheIssue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		person := func(role account.Role, own ...credit.Key) context.Context {
			return account.With(t.Context(), account.Principal{ID: "7", Name: "代理人", Roles: []account.Role{role}, Subjects: own})
		}
		for _, c := range []struct {
			name   string
			ctx    context.Context
			grants grants
			want   string // type of the problem, empty for issued
		}{
			{"allowed", person(account.Enterprise), grants{}, ""},
			{"never allowed", person(account.Enterprise), grants{before: consent.ErrNone}, "forbidden"},
			{"past its term", person(account.Enterprise), grants{before: consent.ErrExpired}, "mandate-over"},
			{"withdrawn in mid-request", person(account.Enterprise), grants{within: consent.ErrWithdrawn}, "mandate-over"},
			{"its own", person(account.Enterprise, firm), grants{consent.ErrNone, consent.ErrNone}, ""},
			{"the credit centre", person(account.Centre), grants{consent.ErrNone, consent.ErrNone}, ""},
		} {
			before := o.count("document")
			_, err := o.AskFor(c.ctx, c.grants, report.Request{Key: firm, Edition: "general", Purpose: c.name})
			var p *problem.Error
			switch {
			case c.want == "" && (err != nil || o.count("document") != before+1):
				t.Errorf("%s: %v", c.name, err)
			case c.want != "" && (!errors.As(err, &p) || p.Type != c.want || p.Status != 403 || o.count("document") != before):
				t.Errorf("%s: %v, %d documents kept", c.name, err, o.count("document")-before)
			}
		}
	})
}
