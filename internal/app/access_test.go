package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"xinban/internal/web/webtest"
)

// Every route of the whole program against every role, as testdata/access_*.yaml say.
func TestEveryRouteAgainstEveryRole(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	files, err := filepath.Glob("testdata/access_*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no expectations: %v", err)
	}
	texts := [][]byte{webtest.Own}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	expected, err := webtest.Parse(texts...)
	if err != nil {
		t.Fatal(err)
	}
	webtest.Access(t, w.Server, w.Accounts, logins(), expected)
}
