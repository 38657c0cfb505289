// Package app wires the floors together: it opens a store and gives the capabilities what they need.
// It holds no rules.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/document/pdf"
	"xinban/internal/document/pdf/font"
	"xinban/internal/document/seal"
	"xinban/internal/exchange"
	"xinban/internal/exchange/cardreader"
	"xinban/internal/exchange/identity"
	"xinban/internal/exchange/printer"
	"xinban/internal/follow"
	"xinban/internal/group"
	"xinban/internal/hall"
	"xinban/internal/intake"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/ledger"
	"xinban/internal/livecode"
	"xinban/internal/mandate"
	"xinban/internal/objection"
	"xinban/internal/outbox"
	"xinban/internal/platform"
	"xinban/internal/publicity"
	"xinban/internal/receive"
	"xinban/internal/repair"
	"xinban/internal/report"
	"xinban/internal/results"
	"xinban/internal/statement"
	"xinban/internal/store"
	"xinban/internal/tally"
	"xinban/internal/workday"
)

// Nature is what a store is for. It is decided when the store is made and written into its folder.
type Nature string

// The natures. Only demo and test stores may be given another date than today's.
const (
	Live Nature = "live"
	Test Nature = "test"
	Demo Nature = "demo"
)

// Config is how to open.
type Config struct {
	Data     string            // folder of the embedded store, keys and verdict files; made when absent
	Database string            // postgres URL instead of the embedded store
	Now      credit.Date       // the date that demo and test stores take for today; 0 for the clock
	Demo     bool              // a fresh store becomes the demo province's
	Verify   string            // address of the verification page, printed in QR codes
	Proxies  []netip.Prefix    // proxies whose X-Forwarded-For and X-Forwarded-Proto are believed
	Hosts    []string          // host names under which the server answers; empty for any
	RunRows  int               // rows that intake sorts together, 0 for the default
	Issuer   string            // who issues the reports (出具单位); kept when the store is made, empty for what is kept
	Identity identity.Config   // provider through which people may sign in; without Issuer, none
	Readers  map[string]string // card reader of each kiosk by its login, host:port
	Printers map[string]string // printer of each kiosk by its login, host:port
	Messages []string          // providers of messages in order, each NAME=URL; see messengers
	Region   string            // profile of the region, such as suzhou; kept as Issuer is, empty for the default profile
}

// App is an open program without surfaces.
type App struct {
	Config   Config
	Nature   Nature
	DB       *store.DB
	Ledger   *ledger.Ledger
	Books    *adopted.Books
	Organs   *law.Register
	Calendar *workday.Calendar
	Intake   *intake.Service
	Report   *report.Service
	Keys     *seal.Keys
	Now      func() time.Time

	Publicity *publicity.Service
	Casework  *casework.Service
	Outbox    *outbox.Outbox
	Consent   *consent.Service
	Tally     *tally.Tally
	Results   *results.Service
	Statement *statement.Service
	Repair    *repair.Service
	Platform  *platform.Service
	Objection *objection.Service
	Following *follow.Service
	Carriers  []*exchange.StandIn // take the place of providers of messages, in the order in which they are tried
	Hall      *hall.Service
	Reader    *cardreader.StandIn // of a demo
	Printer   *printer.StandIn    // of a demo
	Mandate   *mandate.Service
	Group     *group.Service // with the accounts, so only of a Web
	Receive   *receive.Service
	Livecode  *livecode.Service

	accounts *account.Service // nil in a command without pages

	issuer, region string
	fonts          *font.Set
	writer         *pdf.Writer
	clock          *demoClock // of a demo
	fresh          bool       // the store was made by this Open
}

// ErrLiveClock says that a live store keeps the real date.
var ErrLiveClock = errors.New("--now 只能用于演示和测试库：正式库以系统时间为准")

// Open opens or makes the store in c.
func Open(ctx context.Context, c Config) (_ *App, err error) {
	a := &App{Config: c}
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return nil, fmt.Errorf("无法建立数据目录%s：%w", c.Data, err)
	}
	if a.Nature, a.fresh, err = nature(c); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(c.Data, "xinban.db")); c.Database == "" && errors.Is(err, os.ErrNotExist) {
		a.fresh = true // also where making it was cut off before
	}
	if a.Now = clock(c.Now); a.Nature == Demo {
		if a.clock, err = openClock(c.Data, cmp.Or(c.Now, demo.Today)); err != nil {
			return nil, err
		}
		a.Now = a.clock.now
	}
	url := c.Database
	if url == "" {
		url = filepath.Join(c.Data, "xinban.db")
	}
	if a.DB, err = store.Open(ctx, url); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			a.DB.Close()
		}
	}()
	if err := a.facts(ctx); err != nil {
		return nil, err
	}
	return a, a.documents(ctx)
}

// nature reads what the store in the folder is for, or decides it for a fresh one.
func nature(c Config) (n Nature, fresh bool, err error) {
	path := filepath.Join(c.Data, "nature")
	b, err := os.ReadFile(path)
	if err == nil {
		n := Nature(strings.TrimSpace(string(b)))
		if n == Live && c.Now != 0 {
			return n, false, ErrLiveClock
		}
		return n, false, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", false, err
	}
	n = Live
	switch {
	case c.Demo:
		n = Demo
	case c.Now != 0:
		n = Test
	}
	return n, true, os.WriteFile(path, []byte(n+"\n"), 0o640)
}

// clock is the real one, or one that begins at noon of the given day and goes on from there.
func clock(day credit.Date) func() time.Time {
	if day == 0 {
		return time.Now
	}
	start, from := time.Now(), day.Time().Add(12*time.Hour)
	return func() time.Time { return from.Add(time.Since(start)) }
}

// facts opens the ledger, the rules and the intake.
func (a *App) facts(ctx context.Context) (err error) {
	keys, err := ledger.OpenKeyring(filepath.Join(a.Config.Data, "keys"), a.fresh)
	if err != nil {
		return err
	}
	if a.Ledger, err = ledger.Open(ctx, a.DB, keys); err != nil {
		return err
	}
	now := a.Now()
	if a.Books, err = adopted.Open(ctx, a.DB, credit.DateOf(now), now.UnixMilli()); err != nil {
		return err
	}
	if err := a.profile(); err != nil {
		return err
	}
	if a.Organs, err = a.register(); err != nil {
		return err
	}
	a.Calendar = workday.Default()
	a.Intake, err = intake.New(ctx, intake.Config{Ledger: a.Ledger, Organs: organs{a}, Clocks: clocks{a}, Now: a.Now,
		Dir: filepath.Join(a.Config.Data, "verdicts"), RunRows: a.Config.RunRows})
	return err
}

// register reads the organ register of the store's folder; a demo store has the province's.
func (a *App) register() (*law.Register, error) {
	body, err := os.ReadFile(filepath.Join(a.Config.Data, "organs.yaml"))
	if errors.Is(err, os.ErrNotExist) {
		if a.Nature != Demo {
			return law.ReadRegister([]byte(emptyRegister))
		}
		body, err = demo.RegisterYAML()
	}
	if err != nil {
		return nil, err
	}
	return law.ReadRegister(body)
}

const emptyRegister = `set: organ
id: organs
title: 机关目录（尚未载入）
effective_from: 2020-01-01
source: 无
sureness: assumed
organs: []
`

// sealedFrom is when the certificate of the seal is made: that of a fresh demo before its first report, see SeedUse.
func (a *App) sealedFrom() time.Time {
	if a.Nature == Demo && a.fresh {
		return a.Now().AddDate(0, 0, -useDays-1)
	}
	return a.Now()
}

// Issuer is who issues the reports of the store.
func (a *App) Issuer() string { return a.issuer }

// documents opens the access log and the report.
func (a *App) documents(ctx context.Context) (err error) {
	if err := audit.Migrate(ctx, a.DB); err != nil {
		return err
	}
	if a.Keys, err = seal.LoadOrCreate(filepath.Join(a.Config.Data, "keys"), a.issuer, a.sealedFrom()); err != nil {
		return err
	}
	if err := a.work(ctx); err != nil {
		return err
	}
	if a.fonts, err = font.Load(); err != nil {
		return err
	}
	a.writer = pdf.NewWriter(a.fonts)
	a.Report, err = report.New(ctx, report.Config{Ledger: a.Ledger, Books: a.Books.Book, Organs: a.Organs, Feeds: feeds{a.Intake}, Checks: a.Intake,
		Statements: attached{a}, Keys: a.Keys, Fonts: a.fonts, Writer: a.writer, Now: a.Now, Issuer: a.issuer, Region: a.region, Verify: a.verifyAddress(),
		Demo: a.Nature != Live, Changed: a.tellHolders})
	if err != nil {
		return err
	}
	a.Consent.ShowsBy(a.Report.Shows)
	if err := errors.Join(a.statements(ctx), a.platforms(ctx), a.repairs(ctx), a.objections(ctx)); err != nil {
		return err
	}
	if err := errors.Join(a.receiver(ctx), a.liveCodes(ctx, a.verifyAddress())); err != nil {
		return err
	}
	a.Publicity, err = publicity.New(ctx, publicity.Config{Ledger: a.Ledger, Books: a.Books.Book, Assess: a.assess,
		Touch: a.Intake.Touch, Now: a.Now})
	if err != nil {
		return err
	}
	a.Results, err = results.New(ctx, results.Config{DB: a.DB, Tally: a.Tally, Names: domainNames{a}, Now: a.Now})
	if err != nil {
		return err
	}
	return a.openHall(ctx)
}

// verifyAddress is the page that verifies, printed in QR codes.
func (a *App) verifyAddress() string { return cmp.Or(a.Config.Verify, "http://127.0.0.1:8080/verify") }

// Close lets the loads in the background stop where they are, to be resumed, and closes the store.
func (a *App) Close() error {
	a.Intake.Stop()
	if a.Reader != nil {
		a.Reader.Close()
	}
	for _, c := range a.Carriers {
		c.Close()
	}
	return a.DB.Close()
}
