package cli

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"xinban": func() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) }})
}

// The commands as a person at a terminal meets them: each script in testdata/script is one story.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "value": value, "absent": absent, "remember": remember, "shape": shape, "replays": replays,
			"flip": flip, "cut": cut, "gb18030": gb18030, "stretch": stretch, "garble": garble, "workbook": workbook, "bomb": bomb,
		},
		Setup: func(e *testscript.Env) error {
			// a store of a test, on a day that stays the same
			e.Setenv("XINBAN_DATA", e.WorkDir+"/store")
			return nil
		},
		RequireExplicitExec: true,
	})
}
