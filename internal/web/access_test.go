package web_test

import (
	"os"
	"testing"

	"xinban/internal/web/webtest"
)

// Every mounted route against every role, as testdata/access.yaml and probe.yaml say.
func TestEveryRouteAgainstEveryRole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var texts [][]byte
	for _, name := range []string{"testdata/access.yaml", "testdata/probe.yaml"} {
		text, err := os.ReadFile(name)
		must(t, err)
		texts = append(texts, text)
	}
	expected, err := webtest.Parse(texts...)
	must(t, err)
	webtest.Access(t, b.Server, b.accounts, b.logins, expected)
}
