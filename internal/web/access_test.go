package web_test

import (
	"os"
	"testing"

	"xinban/internal/web/webtest"
)

// Every mounted route against every role, as webtest/access.yaml and testdata/probe.yaml say.
func TestEveryRouteAgainstEveryRole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	probe, err := os.ReadFile("testdata/probe.yaml")
	must(t, err)
	expected, err := webtest.Parse(webtest.Own, probe)
	must(t, err)
	webtest.Access(t, b.Server, b.accounts, b.logins, expected)
}
