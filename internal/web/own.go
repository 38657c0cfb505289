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
		get("/account", account.SignedIn(), s.showAccount),
		post("/account/password", account.SignedIn(), s.changePassword),
		get("/account/totp", account.SignedIn(), s.showEnrolment),
		post("/account/totp", account.SignedIn(), s.confirmTOTP),
		post("/account/totp/drop", account.SignedIn(), s.dropTOTP),
		post("/account/session/end", account.SignedIn(), s.endSession),
		post("/account/token", account.SignedIn(), s.newToken),
		post("/account/token/revoke", account.SignedIn(), s.revokeToken),
	}
	if s.Demo != nil {
		routes = append(routes, post("/demo/role", account.Anyone(), s.changeRole))
	}
	s.nav = append(s.nav, account.Link{Href: "/", Title: "home.title", Icon: "home", Allow: account.Anyone(), Order: -1})
	return routes
}
