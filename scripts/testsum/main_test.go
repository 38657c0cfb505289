package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each reason to skip names the run to which it belongs: what one run lacked another may have had.
func TestASkipNamesItsRun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "skips")
	for _, run := range []string{"tests", "race"} {
		s := read(strings.NewReader(`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: no server\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
`))
		if err := s.appendSkips(path, run); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if want := "in the run tests: TestA: no server\nin the run race: TestA: no server\n"; err != nil || string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
