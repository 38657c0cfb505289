package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/ledger"
)

type fsckCmd struct{ common }

// fsckDoc is the result of a check.
type fsckDoc struct {
	Facts     int64             `json:"facts"`
	Documents int64             `json:"documents"`
	Faults    []ledger.Fault    `json:"faults"`
	Broken    map[string]string `json:"broken_documents"`
}

func (c *fsckCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	doc := fsckDoc{Faults: []ledger.Fault{}, Broken: map[string]string{}}
	if doc.Facts, err = a.Ledger.Check(ctx, func(f ledger.Fault) { doc.Faults = append(doc.Faults, f) }); err != nil {
		return err
	}
	if doc.Documents, err = a.Report.CheckDocuments(ctx, func(number, what string) { doc.Broken[number] = what }); err != nil {
		return err
	}
	err = p.print(doc, func(w io.Writer) {
		fmt.Fprintf(w, "事实%d条，报告%d份，问题%d处\n", doc.Facts, doc.Documents, len(doc.Faults)+len(doc.Broken))
		for _, f := range doc.Faults {
			fmt.Fprintf(w, "  %s 第%d条：%s\n", f.Subject, f.Seq, f.What)
		}
		for n, what := range doc.Broken {
			fmt.Fprintf(w, "  %s：%s\n", n, what)
		}
	})
	if err == nil && len(doc.Faults)+len(doc.Broken) > 0 {
		return errRefused
	}
	return err
}

type backupCmd struct {
	common
	Dir string `arg:"" help:"Folder to write; must not exist." type:"path"`
}

func (c *backupCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Backup(ctx, c.Dir); err != nil {
		return err
	}
	return p.print(map[string]string{"backup": c.Dir}, func(w io.Writer) {
		fmt.Fprintf(w, "已备份到%s。其中有密钥，请妥善保管\n", c.Dir)
	})
}

type restoreCmd struct {
	From string `arg:"" help:"Folder that backup wrote." type:"existingdir"`
	Data string `help:"Folder to restore into; must not exist." default:"xinban-data" type:"path"`
}

func (c *restoreCmd) Run(p *printer) error {
	if err := app.Restore(c.From, c.Data); err != nil {
		return err
	}
	return p.print(map[string]string{"data": c.Data}, func(w io.Writer) { fmt.Fprintf(w, "已恢复到%s\n", c.Data) })
}

type openapiCmd struct{}

func (c *openapiCmd) Run(ctx context.Context, p *printer) error {
	dir, err := os.MkdirTemp("", "xinban-openapi-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a, err := app.Open(ctx, app.Config{Data: dir})
	if err != nil {
		return err
	}
	defer a.Close()
	w, err := app.OpenWeb(ctx, a, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	text, err := w.Server.OpenAPI()
	if err != nil {
		return err
	}
	_, err = p.out.Write(text)
	return err
}

type adminCmd struct {
	Account   adminAccountCmd  `cmd:"" help:"Make an account."`
	Password  adminPasswordCmd `cmd:"" help:"Give an account a new password."`
	List      adminListCmd     `cmd:"" help:"List the accounts."`
	Close     adminCloseCmd    `cmd:"" help:"Close an account: its sessions and tokens end, it cannot sign in."`
	Reopen    adminReopenCmd   `cmd:"" help:"Open a closed account again."`
	Bind      adminBindCmd     `cmd:"" help:"Let an enterprise account act for subjects."`
	Unbind    adminUnbindCmd   `cmd:"" help:"End that an account acts for subjects."`
	ResetTotp adminResetCmd    `cmd:"" name:"reset-totp" help:"Remove the second factor of somebody who lost it."`
	App       adminAppCmd      `cmd:"" help:"Register an app of the province that embeds the report; its secret is shown once."`
	Apps      adminAppsCmd     `cmd:"" help:"List the apps that are registered."`
	CloseApp  adminCloseAppCmd `cmd:"" name:"close-app" help:"Close an app: its secret, tickets and sessions stop."`
	Source    adminSourceCmd   `cmd:"" help:"Register a source of files and what it may send."`
	Platform  adminPlatformCmd `cmd:"" help:"Set up a platform that shows matters and is told of repairs."`
	Ruleset   rulesetCmd       `cmd:"" help:"Rule sets in force and proposals."`
	Identity  identityKeyCmd   `cmd:"" name:"new-identity-key" help:"Find and seal identity numbers by a new key; servers must be started again."`
}

type adminAccountCmd struct {
	common
	Login   string   `arg:""`
	Role    []string `help:"enterprise, clerk, centre, operator, auditor, receiver, window or kiosk." required:""`
	Name    string   `help:"Name as shown." required:""`
	Organ   string   `help:"Code of the organ a clerk acts for."`
	OrganOf string   `name:"organ-name" help:"Its name."`
	Area    string   `help:"Digits with which the area codes begin that the account reaches, such as 3702; empty for the whole store."`
	Subject []string `help:"Codes of the subjects an enterprise user acts for."`
}

func (c *adminAccountCmd) Run(ctx context.Context, p *printer) error {
	return withWeb(ctx, &c.common, func(w *app.Web) error {
		acc := account.Account{Login: c.Login, Name: c.Name, Organ: c.Organ, OrganOf: c.OrganOf, Region: c.Area}
		for _, r := range c.Role {
			acc.Roles = append(acc.Roles, account.Role(r))
		}
		for _, s := range c.Subject {
			acc.Subjects = append(acc.Subjects, credit.OrgKey(credit.NormalCode(s)))
		}
		if err := w.HoldsOrgan(acc); err != nil {
			return err
		}
		password := newPassword()
		if _, err := w.Accounts.Create(ctx, acc, password); err != nil {
			return err
		}
		return tellPassword(p, c.Login, password)
	})
}

type adminPasswordCmd struct {
	common
	Login string `arg:""`
}

func (c *adminPasswordCmd) Run(ctx context.Context, p *printer) error {
	return withAccounts(ctx, &c.common, func(accounts *account.Service) error {
		acc, err := accounts.ByLogin(ctx, c.Login)
		if err != nil {
			return err
		}
		password := newPassword()
		if err := accounts.SetPassword(ctx, acc.ID, password); err != nil {
			return err
		}
		return tellPassword(p, c.Login, password)
	})
}

func withAccounts(ctx context.Context, c *common, fn func(*account.Service) error) error {
	return withWeb(ctx, c, func(w *app.Web) error { return fn(w.Accounts) })
}

func withWeb(ctx context.Context, c *common, fn func(*app.Web) error) error {
	a, err := c.make(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	w, err := app.OpenWeb(ctx, a, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return fn(w)
}

// existing opens a store that is there, with its accounts.
func (c *common) existing(ctx context.Context, fn func(*app.Web) error) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	w, err := app.OpenWeb(ctx, a, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return fn(w)
}

// newPassword is 80 bits that can be read out on the phone.
func newPassword() string { return strings.ToLower(rand.Text()[:16]) + "-7" }

func tellPassword(p *printer, login, password string) error {
	return p.print(map[string]string{"login": login, "password": password}, func(w io.Writer) {
		fmt.Fprintf(w, "账号 %s\n初始密码 %s（只显示这一次，请登录后修改）\n", login, password)
	})
}
