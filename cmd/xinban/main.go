// Xinban (信用办事一体化平台) turns public-credit facts into things done.
package main

import (
	"os"

	"xinban/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }
