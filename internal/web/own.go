package web

import (
	"net/http"

	"xinban/internal/account"
)

// own are the server's own routes.
func (s *Server) own() []account.Route {
	get := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodGet, Pattern: pattern, Allow: allow, Handle: h}
	}
	// what these do is harmless when repeated, or their answer must not be kept
	post := func(pattern string, allow account.Access, h account.Handler) account.Route {
		return account.Route{Method: http.MethodPost, Pattern: pattern, Allow: allow, Handle: h, Repeatable: true}
	}
	// a token that leaked must not get at the account: it makes no tokens and sets no second factor
	inPerson := account.SignedIn().Where(func(p account.Principal, _ *http.Request) error {
		if p.Channel != account.ChannelPage {
			return account.ErrForbidden()
		}
		return nil
	})
	routes := []account.Route{
		get("/{$}", account.Anyone(), s.home),
		get("/healthz", account.Anyone(), s.healthy),
		get("/readyz", account.Anyone(), s.ready),
		get("/problems/{type}", account.Anyone(), s.explain),
		post("/preference", account.Anyone(), s.prefer),
		get("/login", account.Anyone(), s.showLogin),
		post("/login", account.Anyone(), s.login),
		get("/login/totp", account.Anyone(), s.showSecondStep),
		post("/login/totp", account.Anyone(), s.secondStep),
		post("/logout", account.Anyone(), s.logout),
		get("/login/identity", account.Anyone(), s.beginIdentity),
		get("/login/identity/back", account.Anyone(), s.endIdentity),
		get("/account", inPerson, s.showAccount),
		post("/account/password", inPerson, s.changePassword),
		get("/account/totp", inPerson, s.showEnrolment),
		post("/account/totp", inPerson, s.confirmTOTP),
		post("/account/totp/drop", inPerson, s.dropTOTP),
		post("/account/session/end", inPerson, s.endSession),
		post("/account/token", inPerson, s.newToken),
		post("/account/token/revoke", inPerson, s.revokeToken),
	}
	if s.Demo != nil {
		routes = append(routes, post("/demo/role", account.Anyone(), s.changeRole))
	}
	s.nav = append(s.nav, account.Link{Href: "/", Title: "home.title", Icon: "home", Allow: account.Anyone(), Order: -1})
	return routes
}
