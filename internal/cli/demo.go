package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/intake"
	"xinban/internal/report"
)

type demoCmd struct {
	Data     string `help:"Folder of the demo store; made when absent." default:"xinban-demo" type:"path"`
	Database string `help:"PostgreSQL URL in place of the embedded store."`
	Addr     string `help:"Address to serve on." default:"127.0.0.1:8080"`
	Subjects int    `help:"Number of subjects; ten records for each." default:"20000"`
	Exit     bool   `help:"Stop when the demo is made, without serving."`
	App      string `help:"Address on which an app of the province stands in that embeds the report, such as 127.0.0.1:8090."`
	Identity string `help:"Address on which an identity provider stands in, such as 127.0.0.1:8091."`
}

// demoDoc is what a demo holds, for programs.
type demoDoc struct {
	Address  string       `json:"address"`
	Data     string       `json:"data"`
	Date     credit.Date  `json:"date"`
	Files    int          `json:"files"`
	Rows     int64        `json:"rows"`
	Accepted int64        `json:"accepted"`
	Held     int64        `json:"quarantined"`
	LoadMS   int64        `json:"load_ms"`
	Accounts []accountDoc `json:"accounts"`
	Report   issuedDoc    `json:"report"`
}

type accountDoc struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Name     string `json:"name"`
}

func (c *demoCmd) Run(ctx context.Context, p *printer) error {
	url := "http://" + c.Addr
	if host, port, err := net.SplitHostPort(c.Addr); err == nil && (host == "" || host == "0.0.0.0" || host == "::") {
		url = "http://" + net.JoinHostPort(outward(), port)
	}
	conf := app.Config{Data: c.Data, Database: c.Database, Now: demo.Today, Demo: true, Verify: url + "/verify"}
	if c.Identity != "" {
		var err error
		if conf.Identity, err = standInIdentity(ctx, c.Identity, url); err != nil {
			return err
		}
	}
	a, err := app.Open(ctx, conf)
	if err != nil {
		return err
	}
	defer a.Close()
	if a.Nature != app.Demo {
		return fmt.Errorf("%s里不是演示库，请用 --data 另选一个目录", c.Data)
	}
	w, err := app.OpenWeb(ctx, a, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return err
	}
	doc := &demoDoc{Address: url, Data: c.Data, Date: demo.Today}
	if err := c.seed(ctx, w, doc, p); err != nil {
		return err
	}
	if c.App != "" {
		if err := standInApp(ctx, a, c.App, url); err != nil {
			return err
		}
	}
	if err := c.issue(ctx, a, doc); err != nil {
		return err
	}
	if err := p.print(doc, doc.text); err != nil || c.Exit {
		return err
	}
	return w.Serve(ctx, c.Addr)
}

// outward is an address under which a phone in the room may reach this machine.
func outward() string {
	addrs, err := net.InterfaceAddrs()
	if err == nil {
		for _, x := range addrs {
			if n, ok := x.(*net.IPNet); ok && n.IP.IsPrivate() && n.IP.To4() != nil {
				return n.IP.String()
			}
		}
	}
	return "127.0.0.1"
}

func (c *demoCmd) seed(ctx context.Context, w *app.Web, doc *demoDoc, p *printer) error {
	province := demo.Default()
	province.Subjects, province.Records = c.Subjects, 10*c.Subjects
	for _, x := range province.Accounts() {
		doc.Accounts = append(doc.Accounts, accountDoc{x.Login, app.DemoPassword, x.Role, x.DisplayName})
	}
	if w.Seeded() {
		return nil
	}
	start := time.Now()
	err := w.SeedDemo(ctx, province, w.Accounts, func(f demo.FileInfo, r intake.Result) {
		doc.Files++
		doc.Rows += r.Rows
		doc.Accepted += r.Accepted
		doc.Held += r.Quarantined
		if !p.json {
			fmt.Fprintf(os.Stderr, "\r演示数据：%d个文件，%d行 ", doc.Files, doc.Rows)
		}
	})
	if !p.json {
		fmt.Fprintln(os.Stderr)
	}
	doc.LoadMS = time.Since(start).Milliseconds()
	if err != nil {
		return err
	}
	if err := w.SeedVisits(ctx, province, w.Accounts); err != nil {
		return err
	}
	if err := w.FollowAll(ctx); err != nil {
		return err
	}
	return w.SeedUse(ctx, &province)
}

// issue makes one report, as the first thing a visitor may look at.
func (c *demoCmd) issue(ctx context.Context, a *app.App, doc *demoDoc) error {
	province := demo.Default()
	province.Subjects, province.Records = c.Subjects, 10*c.Subjects
	cmd := reportIssueCmd{Edition: "general", Out: filepath.Join(c.Data, "report.pdf")}
	start := time.Now()
	d, err := a.Report.Issue(ctx, report.Request{Key: province.ShowcaseSubject().Key, Edition: cmd.Edition, Purpose: "招投标", Paper: true},
		audit.Actor{ID: "demo", Name: "演示程序", Role: "operator", Channel: "command"})
	if err != nil {
		return err
	}
	elapsed := time.Since(start)
	if err := os.WriteFile(cmd.Out, d.Paper, 0o640); err != nil {
		return err
	}
	doc.Report = cmd.doc(d, elapsed)
	return nil
}

func (d *demoDoc) text(w io.Writer) {
	if d.Files > 0 {
		fmt.Fprintf(w, "岚海省演示数据：%d个文件，%d行，记入%d行，待改%d行，用时%.1f秒\n", d.Files, d.Rows, d.Accepted, d.Held, float64(d.LoadMS)/1000)
	}
	fmt.Fprintf(w, "地址　　　%s（演示日期%s）\n", d.Address, d.Date)
	fmt.Fprintf(w, "演示账号　密码均为 %s\n", app.DemoPassword)
	for _, x := range d.Accounts {
		fmt.Fprintf(w, "　　%s%s%s\n", x.Login, strings.Repeat(" ", max(1, 20-len(x.Login))), x.Name)
	}
	fmt.Fprintf(w, "已出具报告 %s（%s），用时%.1f毫秒\n　　文件 %s\n", d.Report.Number, d.Report.Name, d.Report.ElapsedMS, d.Report.File)
}

type serveCmd struct {
	common
	Addr     string            `help:"Address to serve on." default:"127.0.0.1:8080"`
	Public   string            `help:"Address under which people reach the server, printed in QR codes." env:"XINBAN_PUBLIC"`
	Proxy    []netip.Prefix    `help:"Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, such as 127.0.0.1/32." env:"XINBAN_PROXY"`
	Reader   map[string]string `help:"Card reader of each kiosk by its login, such as kiosk-1=10.0.0.5:7000." env:"XINBAN_READER"`
	Printer  map[string]string `help:"Printer of each kiosk by its login, such as kiosk-1=10.0.0.6:9100." env:"XINBAN_PRINTER"`
	Messages []string          `help:"Providers of messages in the order in which they are tried, each NAME=URL; the secret of each is in keys/messages-NAME.key of the data folder." env:"XINBAN_MESSAGES"`
	Identity identityFlags     `embed:"" prefix:"identity-"`
	Host     []string          `help:"Host names under which the server answers; any when absent." env:"XINBAN_HOST"`
}

func (c *serveCmd) Run(ctx context.Context) error {
	public := c.Public
	if public == "" {
		public = "http://" + c.Addr
	}
	a, err := app.Open(ctx, app.Config{Data: c.Data, Database: c.Database, Now: c.Now, Issuer: c.Issuer, Region: c.Region, Verify: strings.TrimSuffix(public, "/") + "/verify",
		Proxies: c.Proxy, Hosts: c.Host, Readers: c.Reader, Printers: c.Printer, Messages: c.Messages, Identity: c.Identity.config(public)})
	if err != nil {
		return err
	}
	defer a.Close()
	w, err := app.OpenWeb(ctx, a, slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	if err := tellProposals(ctx, a, os.Stderr); err != nil {
		return err
	}
	return w.Serve(ctx, c.Addr)
}

// tellProposals says that the program came with rules that nobody has adopted or rejected here.
func tellProposals(ctx context.Context, a *app.App, w io.Writer) error {
	waiting, err := a.Books.Waiting(ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, x := range waiting {
		if x.Shipped() {
			n++
		}
	}
	if n > 0 {
		fmt.Fprintf(w, "程序自带的规则有%d份与现行规则不同，仍按现行规则办理。请在“规则管理”页面或用 xinban admin ruleset diff 查看，由有权人员决定是否采用\n", n)
	}
	return nil
}
