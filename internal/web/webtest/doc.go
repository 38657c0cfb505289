// Package webtest tries every mounted route of a server with every role, against expectations that
// stand in one readable file. It asks the server for its own table of routes, so a route that nobody
// has thought about fails the test. The expectations of the server's own routes are [Own]; app's test
// adds those of the capabilities:
//
//	expected, err := webtest.Parse(webtest.Own, capabilities)
//	webtest.Access(t, server, accounts, logins, expected)
//
// It also looks at pages in a real browser, see [Browser.Look].
package webtest
