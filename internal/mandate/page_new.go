package mandate

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/page"
	"xinban/internal/problem"
	"xinban/internal/store"
)

// usualMonths is the last day that is proposed, counted from today.
const usualMonths = 6

type newData struct {
	Form     page.Form
	Holders  []account.Holder
	Key      credit.Key
	Person   bool // the subject is a natural person: a consent of its own
	Scopes   []page.Option
	Purposes []page.Option
	Editions []page.Option
	Levels   []page.Option
	Domains  []page.Option
	Words    string   // to be signed; empty while the form is filled in
	Carried  []string // fields that are sent along with the signature
	Back     string   // to the form, filled in
}

// Limited tells whether the limits that are usually left alone are filled in.
func (d newData) Limited() bool {
	v := d.Form.Values
	return v.Has("domain") || v.Get("from") != "" || v.Get("to") != ""
}

// carried are the fields of the form.
var carried = []string{"subject", "grantee", "scope", "purpose", "edition", "domain", "from", "to", "level", "uses", "until", "request"}

// editions are those that a grant may be limited to.
var editions = []string{"general", "administration", "listing"}

func (p *pages) ask(w http.ResponseWriter, r *http.Request) error {
	f := page.Form{Values: r.URL.Query()}
	if f.Values.Get("until") == "" {
		f.Values.Set("until", credit.DateOf(p.now()).AddMonths(usualMonths).String())
	}
	return p.form(w, r, http.StatusOK, f)
}

func (p *pages) form(w http.ResponseWriter, r *http.Request, status int, f page.Form) error {
	d := newData{Form: f}
	var err error
	if d.Holders, d.Key, err = p.mine(r.Context(), f.Values.Get("subject")); err != nil {
		return err
	}
	d.Person = d.Key.Person()
	scope := cmp.Or(f.Values.Get("scope"), string(consent.Ask))
	for _, s := range []consent.Scope{consent.Ask, consent.Read} {
		d.Scopes = append(d.Scopes, page.Option{Value: string(s), Label: "mandate.scope." + string(s), Chosen: string(s) == scope})
	}
	for _, x := range p.Purposes {
		d.Purposes = append(d.Purposes, page.Option{Value: x, Label: x})
	}
	for _, e := range editions {
		d.Editions = append(d.Editions, page.Option{Value: e, Label: "report.edition." + e, Chosen: slices.Contains(f.Values["edition"], e)})
	}
	level := cmp.Or(f.Values.Get("level"), string(consent.Records))
	for _, l := range consent.Levels() {
		d.Levels = append(d.Levels, page.Option{Value: string(l), Label: "mandate.level." + string(l), Chosen: string(l) == level})
	}
	for _, x := range p.Domains() {
		d.Domains = append(d.Domains, page.Option{Value: x.ID, Label: x.Name, Chosen: slices.Contains(f.Values["domain"], x.ID)})
	}
	return p.Pages.Render(w, r, status, "mandate_new", d)
}

// check shows the words that are signed.
func (p *pages) check(w http.ResponseWriter, r *http.Request) error {
	f, g, name, err := p.read(r)
	if err != nil {
		return err
	}
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	return p.words(w, r, http.StatusOK, f, g, name)
}

func (p *pages) words(w http.ResponseWriter, r *http.Request, status int, f page.Form, g consent.Grant, name string) error {
	back := url.Values{}
	for _, name := range carried {
		back[name] = f.Values[name]
	}
	return p.Pages.Render(w, r, status, "mandate_sign", newData{Form: f, Key: g.Subject, Person: g.Subject.Person(), Words: g.Text(name),
		Carried: carried, Back: "/mandates/new?" + back.Encode()})
}

// sign gives the grant when the password shows who signs and the words are those that were shown.
func (p *pages) sign(w http.ResponseWriter, r *http.Request) error {
	f, g, name, err := p.read(r)
	if err != nil {
		return err
	}
	if len(f.Wrong) > 0 {
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	words, ctx, me := g.Text(name), r.Context(), account.From(r.Context())
	if f.Values.Get("words") != words { // a name has changed since
		f.Fail("words", "mandate.words.changed")
		return p.words(w, r, http.StatusUnprocessableEntity, f, g, name)
	}
	if err := p.Accounts.Reauthenticate(ctx, me, "password", f.Values.Get("password")); err != nil {
		if f.Take(err) {
			return p.words(w, r, http.StatusUnprocessableEntity, f, g, name)
		}
		return err
	}
	bad, err := p.giveSigned(ctx, &g, words, f.Values.Get("request"))
	if bad != nil {
		f.Wrong = append(f.Wrong, page.Wrong{Field: "grantee", Text: bad.Error()})
		return p.form(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/mandates/"+g.ID+"?"+url.Values{"subject": {string(g.Subject)}, "made": {"new"}}.Encode(), http.StatusSeeOther)
	return nil
}

// giveSigned keeps a grant whose words the caller has signed, as the answer to a request if one is named; bad is what is
// wrong with it, for the signer.
func (p *pages) giveSigned(ctx context.Context, g *consent.Grant, words, request string) (bad, err error) {
	me := account.From(ctx)
	g.Signature = consent.Signature{Text: words, By: me.ID, Name: me.Name, At: p.now().UnixMilli(), Method: consent.ByPassword}
	answer, err := p.request(ctx, request)
	if err != nil {
		return nil, err
	}
	err = p.db.Tx(ctx, func(tx *store.Tx) error {
		if bad = p.consent.Give(tx, g); bad != nil {
			return bad
		}
		if answer != nil {
			c := *answer // a transaction may be tried again
			if err := p.answered(tx, me, &c, g); err != nil {
				bad = notAnswer(err)
				return err
			}
		}
		return audit.Record(tx, p.entry(ctx, g.Subject, "授权给"+g.Name))
	})
	if answer != nil {
		p.requests.Outbox.Wake()
	}
	return bad, err
}

// request is the request that a grant answers; nil when there is none.
func (p *pages) request(ctx context.Context, id string) (*casework.Case, error) {
	if id == "" {
		return nil, nil
	}
	c, _, err := p.Request(ctx, account.From(ctx), id)
	return &c, requestProblem(err)
}

// notAnswer is why a grant does not answer a request, for who signs it; nil when it is another fault.
func notAnswer(err error) error {
	for _, known := range []error{ErrAnswers, casework.ErrMove, casework.ErrMoved} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}

func (p *pages) entry(ctx context.Context, key credit.Key, what string) audit.Entry {
	return audit.Entry{Subject: key, At: p.now(), Actor: audit.Actor(account.From(ctx).Actor()), Action: audit.Allow, Purpose: what}
}

// read makes the grant that a form asks for, and notes what is wrong with it.
func (p *pages) read(r *http.Request) (f page.Form, g consent.Grant, name string, err error) {
	if err := r.ParseForm(); err != nil {
		return f, g, "", problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f = page.Form{Values: r.PostForm}
	g, name, err = p.readForm(r.Context(), &f)
	return f, g, name, err
}

// readForm is read of a form that is filled in, also by a program.
func (p *pages) readForm(ctx context.Context, f *page.Form) (g consent.Grant, name string, err error) {
	v, today := f.Values, credit.DateOf(p.now())
	if _, g.Subject, err = p.mine(ctx, v.Get("subject")); err != nil {
		return g, "", err
	}
	if g.Scope = consent.Scope(v.Get("scope")); g.Scope != consent.Ask && g.Scope != consent.Read {
		f.Fail("scope", "form.required")
	}
	if g.Purpose = v.Get("purpose"); !slices.Contains(p.Purposes, g.Purpose) {
		f.Fail("purpose", "form.required")
	}
	for _, e := range editions {
		if slices.Contains(v["edition"], e) {
			g.Editions = append(g.Editions, e)
		}
	}
	p.readLimits(f, &g)
	if n := strings.TrimSpace(v.Get("uses")); n != "" {
		if g.Uses, err = strconv.ParseInt(n, 10, 64); err != nil || g.Uses < 1 || g.Uses > 1000 {
			f.Fail("uses", "mandate.uses.wrong")
		}
	}
	if g.Until, err = credit.ParseDate(v.Get("until")); err != nil || g.Until < today || g.Until > today.AddMonths(consent.Longest) {
		f.Fail("until", "mandate.until.wrong", consent.Longest)
	}
	if err := p.grantee(ctx, f, &g); err != nil {
		return g, "", err
	}
	name, err = p.signerOf(ctx, g.Subject)
	if name == "" && err == nil {
		f.Fail("subject", "mandate.person.unnamed")
	}
	return g, name, err
}

// signerOf is the name under which a subject signs. A person who is not named in what was collected signs under the
// name of its account, unless that is only its login; empty when there is none.
func (p *pages) signerOf(ctx context.Context, key credit.Key) (string, error) {
	name, err := p.nameOf(ctx, key)
	if err != nil || name != "" {
		return name, err
	}
	me := account.From(ctx)
	if !key.Person() {
		return string(key), nil
	}
	if name = strings.TrimSpace(me.Name); strings.EqualFold(name, me.Login) {
		return "", nil
	}
	return name, nil
}

// readLimits reads what a grant covers less than everything of.
func (p *pages) readLimits(f *page.Form, g *consent.Grant) {
	v := f.Values
	for _, x := range p.Domains() {
		if slices.Contains(v["domain"], x.ID) {
			g.Domains = append(g.Domains, x)
		}
	}
	if g.Level = consent.Level(v.Get("level")); g.Level == consent.Records {
		g.Level = ""
	}
	if g.Level != "" && !slices.Contains(consent.Levels(), g.Level) || g.Level == consent.Conclusion && g.Scope == consent.Ask {
		f.Fail("level", "mandate.level.wrong")
	}
	g.From, g.To = p.day(f, "from"), p.day(f, "to")
	if g.From != 0 && g.To != 0 && g.From > g.To {
		f.Fail("to", "mandate.period.wrong")
	}
}

// day reads a date that may be left empty.
func (p *pages) day(f *page.Form, name string) credit.Date {
	text := strings.TrimSpace(f.Values.Get(name))
	if text == "" {
		return 0
	}
	d, err := credit.ParseDate(text)
	if err != nil {
		f.Fail(name, "mandate.day.wrong")
	}
	return d
}

// grantee finds who is allowed: an account by its login, or an organisation by its code.
func (p *pages) grantee(ctx context.Context, f *page.Form, g *consent.Grant) error {
	text := strings.TrimSpace(f.Values.Get("grantee"))
	if text == "" {
		f.Fail("grantee", "form.required")
		return nil
	}
	code := credit.NormalCode(text)
	switch verdict := credit.CheckUSCC(code).Verdict; {
	case verdict != credit.Valid && problem.HasIdentityNumber(text):
		f.Values.Del("grantee") // it must not stand on the page again
		f.Fail("grantee", "mandate.grantee.number")
		return nil
	case verdict != credit.Invalid: // one whose check digit is wrong may be on record all the same
		return p.organisation(ctx, f, g, credit.Key(code))
	}
	a, err := p.Accounts.ByLogin(ctx, text)
	switch {
	case errors.Is(err, account.ErrNoAccount) || err == nil && (a.Closed || !mayBeAllowed(a)):
		f.Fail("grantee", "mandate.grantee.none")
		return nil
	case err != nil:
		return err
	case slices.Contains(a.Subjects, g.Subject):
		f.Fail("grantee", "mandate.grantee.own")
		return nil
	}
	if !fits(g.Scope, a) {
		f.Fail("scope", "mandate.scope.not."+string(g.Scope))
	}
	g.Grantee, g.Name = consent.AccountGrantee(a.ID), a.Name
	return nil
}

// fits tells whether an account can use a grant of a scope: agents have the pages of enterprises, readers those of receivers.
func fits(scope consent.Scope, a account.Account) bool {
	role := account.Enterprise
	if scope == consent.Read {
		role = account.Receiver
	}
	return slices.Contains(a.Roles, role)
}

// mayBeAllowed tells whether an account is of a kind that uses grants: officials act by law, not by consent.
func mayBeAllowed(a account.Account) bool {
	return slices.Contains(a.Roles, account.Enterprise) || slices.Contains(a.Roles, account.Receiver)
}

func (p *pages) organisation(ctx context.Context, f *page.Form, g *consent.Grant, key credit.Key) error {
	s, ok, err := p.Ledger.Subject(ctx, key)
	switch {
	case err != nil:
		return err
	case !ok:
		f.Fail("grantee", "mandate.grantee.unknown")
		return nil
	case key == g.Subject:
		f.Fail("grantee", "mandate.grantee.own")
		return nil
	}
	if err := p.organisationFits(ctx, f, g.Scope, key); err != nil {
		return err
	}
	name, err := p.nameOf(ctx, key)
	g.Grantee, g.Name = consent.OrganisationGrantee(key), cmp.Or(name, s.Name)
	return err
}

// organisationFits refuses a scope that none of an organisation's accounts can use. One without accounts may still get some.
func (p *pages) organisationFits(ctx context.Context, f *page.Form, scope consent.Scope, key credit.Key) error {
	all, err := p.Accounts.BoundTo(ctx, key)
	if err == nil && len(all) > 0 && !slices.ContainsFunc(all, func(a account.Account) bool { return fits(scope, a) }) {
		f.Fail("scope", "mandate.scope.not."+string(scope))
	}
	return err
}
