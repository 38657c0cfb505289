package web

import (
	"errors"
	"net/http"
	"net/url"

	"xinban/internal/account"
	"xinban/internal/page"
	"xinban/internal/problem"
)

// loginData is what the sign-in pages show.
type loginData struct {
	Form   page.Form
	Failed *problem.Document // why signing in did not work
	Return string
	Other  string // name of the identity provider, empty for none
	Left   string // where to sign out there
}

func (s *Server) loginData(back string) loginData {
	d := loginData{Return: page.SafePath(back)}
	if s.Identity != nil {
		d.Other = s.Identity.Name()
	}
	return d
}

func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) error {
	s.rememberLang(w, r)
	d := s.loginData(r.URL.Query().Get("return"))
	d.Left = s.leftAt(r)
	return s.Pages.Render(w, r, http.StatusOK, "login", d)
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	d, err := s.loginForm(r)
	if err != nil {
		return err
	}
	name, password := r.PostForm.Get("login"), r.PostForm.Get("password")
	if name == "" {
		d.Form.Fail("login", "form.required")
	}
	if password == "" {
		d.Form.Fail("password", "form.required")
	}
	if len(d.Form.Wrong) > 0 {
		return s.Pages.Render(w, r, http.StatusUnprocessableEntity, "login", d)
	}
	session, second, err := s.Accounts.SignIn(r.Context(), name, password, exchangeOf(r.Context()).ip, r.UserAgent())
	if err != nil {
		return s.loginFailed(w, r, "login", d, err)
	}
	if err := s.startSession(w, r, session); err != nil {
		return err
	}
	if second {
		http.Redirect(w, r, "/login/totp?return="+url.QueryEscape(d.Return), http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, d.Return, http.StatusSeeOther)
	return nil
}

// loginForm reads the form. The password is not put back into the page.
func (s *Server) loginForm(r *http.Request) (loginData, error) {
	if err := r.ParseForm(); err != nil {
		return loginData{}, problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	d := s.loginData(r.PostForm.Get("return"))
	d.Form.Values = url.Values{"login": {r.PostForm.Get("login")}}
	return d, nil
}

// loginFailed shows the form again with what is wrong.
func (s *Server) loginFailed(w http.ResponseWriter, r *http.Request, name string, d loginData, err error) error {
	var e *problem.Error
	if !errors.As(err, &e) || e.Status >= 500 || e.Type == "sign-in" {
		return err
	}
	s.errors.Note(r, e)
	if !d.Form.Take(e) {
		d.Failed = s.errors.Document(r, e)
	}
	return s.Pages.Render(w, r, e.Status, name, d)
}

func (s *Server) showSecondStep(w http.ResponseWriter, r *http.Request) error {
	awaits, err := s.awaitsSecondStep(r)
	if err != nil {
		return err
	}
	if !awaits {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return nil
	}
	d := loginData{Return: page.SafePath(r.URL.Query().Get("return"))}
	return s.Pages.Render(w, r, http.StatusOK, "login_totp", d)
}

func (s *Server) awaitsSecondStep(r *http.Request) (bool, error) {
	c, err := r.Cookie(s.sessionCookie(r))
	if err != nil {
		return false, nil
	}
	return s.Accounts.AwaitsSecondStep(r.Context(), c.Value)
}

func (s *Server) secondStep(w http.ResponseWriter, r *http.Request) error {
	d, err := s.loginForm(r)
	if err != nil {
		return err
	}
	c, err := r.Cookie(s.sessionCookie(r))
	if err != nil {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return nil
	}
	session, err := s.Accounts.SecondStep(r.Context(), c.Value, r.PostForm.Get("code"), exchangeOf(r.Context()).ip, r.UserAgent())
	if err != nil {
		var e *problem.Error
		if errors.As(err, &e) && e.Type == "sign-in" { // the five minutes are over
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return nil
		}
		return s.loginFailed(w, r, "login_totp", d, err)
	}
	if err := s.startSession(w, r, session); err != nil {
		return err
	}
	http.Redirect(w, r, d.Return, http.StatusSeeOther)
	return nil
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.startSession(w, r, ""); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, r, s.leaveIdentity(w, r), http.StatusSeeOther)
	return nil
}

// changeRole signs in as an account of the demo, without a password; an empty login is the public.
func (s *Server) changeRole(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return problem.New(http.StatusBadRequest, "bad-request").Because(err)
	}
	login, session := r.PostForm.Get("login"), ""
	if login != "" {
		if !s.demoHas(login) {
			return account.ErrForbidden()
		}
		name, err := s.Accounts.Open(r.Context(), login, r.UserAgent())
		if err != nil {
			return err
		}
		session = name
	}
	if err := s.startSession(w, r, session); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

func (s *Server) demoHas(login string) bool {
	for _, role := range s.Demo.Roles {
		if role.Login == login {
			return true
		}
	}
	return false
}
