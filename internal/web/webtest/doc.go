// Package webtest tries every mounted route of a server with every role, against expectations that
// stand in one readable file. It asks the server for its own table of routes, so a route that nobody
// has thought about fails the test.
package webtest
