// Xinban (信用办事一体化平台) turns public-credit facts into things done.
package main

import (
	"os"
	"runtime/debug"

	"xinban/internal/cli"
)

// gcPercent lets garbage grow to three times what lives before it is collected, unless GOGC says
// otherwise: what lives is small beside a machine's memory, and a collection during the read of a large
// subject costs that read half its time again.
const gcPercent = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr))
}
