// Package web is the server (网页与接口服务): it mounts what the capabilities show, and is the one place where
// a request is identified, admitted, bounded, made idempotent, answered and logged.
//
//	request ─► recover ─► id, log ─► headers, host ─► rate ─► asset? ─► same origin ─► route
//	route   ─► who is it ─► access ─► body within bounds ─► idempotency ─► handler ─► response or problem
//
// # How a capability joins
//
// It returns an account.Surface and app hands all surfaces to [New]. A page is a route with its access
// and a template (see package page); an API resource is a huma operation with its access, registered
// under /api/v1; texts are YAML files (see package i18n); an entry in the access log is written in the
// transaction of what it records (see package audit). The Example in example_test.go does all four.
//
// # What holds for every route
//
//   - No route without access: New fails. The table of all routes is [Server.Routes]; the test in
//     webtest tries each against each role and fails for a route that no file of expectations names.
//   - Every POST carries an Idempotency-Key: API callers in the header, forms in a hidden field. The
//     answer is kept for a day, encrypted under the key itself, and given again; see idempotency.go.
//   - A browser may post only from our own pages (Sec-Fetch-Site or Origin, and SameSite cookies).
//   - Errors are problem documents or error pages in the caller's language; detail stays in the log.
//   - Logs carry no query strings and no identity numbers; see [Redacted].
package web
