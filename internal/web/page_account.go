package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"net/http"
	"time"

	"github.com/skip2/go-qrcode"

	"xinban/internal/account"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// accountData is what the account page shows.
type accountData struct {
	Principal account.Principal
	Account   account.Account
	Sessions  []account.Session
	Tokens    []account.Token
	Now       time.Time
	Recovery  int
	Done      string // key of what was just done
	Password  page.Form
	Drop      page.Form
	Token     page.Form
}

// done are the messages that the page may be asked to show after a redirect.
var done = map[string]string{"password": "account.password.changed", "session": "account.session.ended",
	"totp": "account.totp.dropped", "token": "account.token.revoked"}

func (s *Server) accountData(ctx context.Context) (accountData, error) {
	p := account.From(ctx)
	d := accountData{Principal: p, Now: s.Now()}
	var err error
	if d.Account, err = s.Accounts.ByID(ctx, p.ID); err != nil {
		return d, err
	}
	if d.Sessions, err = s.Accounts.Sessions(ctx, p.ID); err != nil {
		return d, err
	}
	if d.Tokens, err = s.Accounts.Tokens(ctx, p.ID); err != nil {
		return d, err
	}
	d.Recovery, err = s.Accounts.RecoveryLeft(ctx, p.ID)
	return d, err
}

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request) error {
	d, err := s.accountData(r.Context())
	if err != nil {
		return err
	}
	d.Done = done[r.URL.Query().Get("done")]
	return s.Pages.Render(w, r, http.StatusOK, "account", d)
}

// again shows the account page with the form that set marks, or passes on what is no fault of the form.
func (s *Server) again(w http.ResponseWriter, r *http.Request, err error, form func(*accountData) *page.Form) error {
	var f page.Form
	if !f.Take(err) {
		return err
	}
	d, derr := s.accountData(r.Context())
	if derr != nil {
		return derr
	}
	*form(&d) = f
	return s.Pages.Render(w, r, http.StatusUnprocessableEntity, "account", d)
}

func accountDone(w http.ResponseWriter, r *http.Request, what string) error {
	http.Redirect(w, r, "/account?done="+what, http.StatusSeeOther)
	return nil
}

func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	f := r.PostForm
	var err error
	if f.Get("password") != f.Get("again") {
		err = problem.New(http.StatusUnprocessableEntity, "form").At("again", "account.password.differs")
	} else {
		err = s.Accounts.ChangePassword(r.Context(), account.From(r.Context()), f.Get("old"), f.Get("password"))
	}
	if err != nil {
		return s.again(w, r, err, func(d *accountData) *page.Form { return &d.Password })
	}
	return accountDone(w, r, "password")
}

// enrolData is what the set-up of the second factor shows.
type enrolData struct {
	Form    page.Form
	Secret  string
	Picture template.URL
}

func (s *Server) showEnrolment(w http.ResponseWriter, r *http.Request) error {
	return s.enrolPage(w, r, http.StatusOK, s.Accounts.Enrol(account.From(r.Context())), page.Form{})
}

func (s *Server) enrolPage(w http.ResponseWriter, r *http.Request, status int, e account.Enrolment, f page.Form) error {
	picture, err := qrPicture(e.URI)
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, status, "account_totp", enrolData{f, e.Secret, picture})
}

// qrPicture is a QR code as a data: address, so that the secret is in no address of ours.
func qrPicture(text string) (template.URL, error) {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("web: drawing a QR code: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, q.Image(264)); err != nil {
		return "", fmt.Errorf("web: drawing a QR code: %w", err)
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil
}

func (s *Server) confirmTOTP(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	p, secret := account.From(r.Context()), r.PostForm.Get("secret")
	codes, err := s.Accounts.ConfirmTOTP(r.Context(), p, secret, r.PostForm.Get("code"))
	if err == nil {
		return s.Pages.Render(w, r, http.StatusOK, "account_codes", struct{ Codes []string }{codes})
	}
	var f page.Form
	if !f.Take(err) {
		return err
	}
	e, err := s.Accounts.EnrolAgain(p, secret)
	if err != nil {
		return err
	}
	return s.enrolPage(w, r, http.StatusUnprocessableEntity, e, f)
}

func (s *Server) dropTOTP(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	if err := s.Accounts.DropTOTP(r.Context(), account.From(r.Context()), r.PostForm.Get("password")); err != nil {
		return s.again(w, r, err, func(d *accountData) *page.Form { return &d.Drop })
	}
	return accountDone(w, r, "totp")
}

func (s *Server) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	if err := s.Accounts.EndSession(r.Context(), account.From(r.Context()).ID, r.PostForm.Get("id")); err != nil {
		return err
	}
	return accountDone(w, r, "session")
}

// tokenLife is how long a token made on the account page is good.
const tokenLife = 90 * 24 * time.Hour

func (s *Server) newToken(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	p, name := account.From(r.Context()), r.PostForm.Get("name")
	if name == "" {
		err := problem.New(http.StatusUnprocessableEntity, "form").At("name", "form.required")
		return s.again(w, r, err, func(d *accountData) *page.Form { return &d.Token })
	}
	secret, err := s.Accounts.NewToken(r.Context(), p.ID, name, p.Roles, tokenLife)
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, http.StatusOK, "account_token", struct{ Secret string }{secret})
}

func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	if err := s.Accounts.RevokeToken(r.Context(), account.From(r.Context()).ID, r.PostForm.Get("id")); err != nil {
		return err
	}
	return accountDone(w, r, "token")
}
