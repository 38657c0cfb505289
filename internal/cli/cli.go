// Package cli is the commands of xinban. Every command prints for a person, and with --json one
// document for a program. Exit 0 done, 1 done with refusals or a negative verdict, 2 cannot run.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"xinban/internal/app"
	"xinban/internal/credit"
)

// Exit codes.
const (
	Done    = 0
	Refused = 1
	Failed  = 2
)

// errRefused makes a command that ran end with Refused.
var errRefused = errors.New("refused")

// common is what commands that touch the ledger take.
type common struct {
	Data     string      `help:"Folder of the embedded store, keys and verdict files; made when absent." default:"xinban-data" env:"XINBAN_DATA" type:"path"`
	Database string      `help:"PostgreSQL URL in place of the embedded store." env:"XINBAN_DATABASE"`
	Now      credit.Date `help:"Date to take for today; demo and test stores only."`
	Issuer   string      `help:"Who issues the reports; kept when the store is made." env:"XINBAN_ISSUER"`
	Region   string      `help:"Profile of the region, such as shandong or suzhou; kept when the store is made." env:"XINBAN_REGION"`
}

// make opens the store, making it when absent.
func (c *common) make(ctx context.Context) (*app.App, error) {
	return app.Open(ctx, app.Config{Data: c.Data, Database: c.Database, Now: c.Now, Issuer: c.Issuer, Region: c.Region})
}

// errNoStore says that there is no store in the folder.
var errNoStore = errors.New("没有数据")

// open opens a store that is there: a mistyped folder must not become an empty store that answers
// "no such subject".
func (c *common) open(ctx context.Context) (*app.App, error) {
	if _, err := os.Stat(filepath.Join(c.Data, "nature")); err != nil {
		return nil, fmt.Errorf("%s里%w：请用 --data 指明数据目录，或先用 xinban intake 报送", c.Data, errNoStore)
	}
	return c.make(ctx)
}

// printer writes the result of a command.
type printer struct {
	out  io.Writer
	json bool
}

// print writes doc as JSON, or what text writes for a person.
func (p *printer) print(doc any, text func(io.Writer)) error {
	if !p.json {
		text(p.out)
		return nil
	}
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

type commands struct {
	JSON    bool       `name:"json" help:"Print one JSON document."`
	Intake  intakeCmd  `cmd:"" help:"Bring departments' files into the ledger."`
	Report  reportCmd  `cmd:"" help:"Issue, verify and replay reports."`
	Subject subjectCmd `cmd:"" help:"Show what is known of a subject."`
	Workday workdayCmd `cmd:"" help:"Count working days."`
	Code    codeCmd    `cmd:"" help:"Check codes."`
	Demo    demoCmd    `cmd:"" help:"Make and serve the demo province."`
	Bench   benchCmd   `cmd:"" help:"Measure load, reading and issuing on this machine."`
	Admin   adminCmd   `cmd:"" help:"Accounts, sources and feeds."`
	Fsck    fsckCmd    `cmd:"" help:"Read everything back and check it."`
	Backup  backupCmd  `cmd:"" help:"Copy the embedded store and its keys to a new folder."`
	Restore restoreCmd `cmd:"" help:"Put a backup into a new data folder."`
	Openapi openapiCmd `cmd:"" help:"Print the OpenAPI 3.1 description."`
	Serve   serveCmd   `cmd:"" help:"Serve pages and API."`
	Standin standinCmd `cmd:"" help:"Run a stand-in of a system outside, for showing and testing."`
}

// Main runs the command line and returns the exit code.
func Main(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parser, err := kong.New(&c, kong.Name("xinban"), kong.Description("信用办事一体化平台: public-credit facts into things done."),
		kong.Writers(stdout, stderr), kong.BindTo(ctx, (*context.Context)(nil)), kong.Exit(func(int) { panic(errExit) }))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return Failed
	}
	return run(parser, &c, args, stdout, stderr)
}

// errExit stands for an exit that the parser asked for, after help was printed.
var errExit = errors.New("exit")

func run(parser *kong.Kong, c *commands, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if r := recover(); r == errExit {
			code = Done
		} else if r != nil {
			panic(r)
		}
	}()
	k, err := parser.Parse(afterFlags(args))
	if err == nil {
		err = k.Run(&printer{stdout, c.JSON})
	}
	switch {
	case err == nil:
		return Done
	case errors.Is(err, errRefused):
		return Refused
	}
	var wrong *kong.ParseError
	if errors.As(err, &wrong) {
		fmt.Fprintln(stderr, "xinban:", parseFault(err))
		return Failed
	}
	fmt.Fprintln(stderr, "xinban:", err)
	return Failed
}
