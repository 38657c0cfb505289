package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"xinban/internal/app"
	"xinban/internal/demo"
	"xinban/internal/exchange/identity"
	"xinban/internal/exchange/provinceapp"
	"xinban/internal/hall"
)

type adminAppCmd struct {
	common
	Name   string   `arg:"" help:"Name of the app as users and subjects see it."`
	Origin []string `help:"Origin of the app's pages that may frame ours, such as https://app.example.cn." required:""`

	Persons bool  `help:"The app may ask for natural persons too; without it, for organisations only."`
	Daily   int64 `help:"How many times a day the app may ask." default:"500"`
}

func (c *adminAppCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	x := hall.App{Name: c.Name, Origins: c.Origin, Persons: c.Persons, Daily: c.Daily}
	secret, err := a.Hall.Register(ctx, &x)
	if err != nil {
		return err
	}
	return p.print(map[string]any{"app": x.ID, "name": x.Name, "secret": secret, "persons": x.Persons, "daily": x.Daily}, func(w io.Writer) {
		fmt.Fprintf(w, "应用 %s（编号%s），%s，每日最多%d次\n密钥 %s（只显示这一次，请交给应用的后台保存）\n", x.Name, x.ID, forWhom(x.Persons), x.Daily, secret)
	})
}

func forWhom(persons bool) string {
	if persons {
		return "可为单位和自然人办理"
	}
	return "只为单位办理"
}

type adminAppsCmd struct{ common }

// appRow is an app, for programs.
type appRow struct {
	ID      string   `json:"app"`
	Name    string   `json:"name"`
	Origins []string `json:"origins"`
	Persons bool     `json:"persons"`
	Daily   int64    `json:"daily"`
}

func (c *adminAppsCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	rows, after := []appRow{}, ""
	for {
		apps, err := a.Hall.Apps(ctx, after, listPage)
		if err != nil {
			return err
		}
		for _, x := range apps {
			rows = append(rows, appRow(x))
			after = x.ID
		}
		if len(apps) < listPage {
			break
		}
	}
	return p.print(rows, func(w io.Writer) {
		for _, r := range rows {
			fmt.Fprintf(w, "%s  %s  %s，每日最多%d次  %s\n", r.ID, r.Name, forWhom(r.Persons), r.Daily, strings.Join(r.Origins, " "))
		}
		fmt.Fprintf(w, "共%d个应用\n", len(rows))
	})
}

type adminCloseAppCmd struct {
	common
	ID string `arg:"" help:"Number of the app, printed when it was registered."`
}

func (c *adminCloseAppCmd) Run(ctx context.Context, p *printer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Hall.CloseApp(ctx, c.ID); err != nil {
		return err
	}
	return p.print(map[string]string{"closed": c.ID}, func(w io.Writer) { fmt.Fprintf(w, "应用%s已停用，密钥、凭证和会话即刻失效\n", c.ID) })
}

// identityFlags are how people may sign in through a province's unified identity.
type identityFlags struct {
	Issuer string `help:"Address of the OpenID provider through which people may sign in." env:"XINBAN_IDENTITY_ISSUER"`
	Client string `help:"Our number at the provider." env:"XINBAN_IDENTITY_CLIENT"`
	Secret string `help:"Our secret at the provider; better in the environment." env:"XINBAN_IDENTITY_SECRET"`
	Claim  string `help:"Claim that names the login of an account that is there; one that only the provider can set. Required with the issuer." env:"XINBAN_IDENTITY_CLAIM"`
	Name   string `help:"What the provider is called on the sign-in page." default:"统一身份认证" env:"XINBAN_IDENTITY_NAME"`
}

// callback is where the provider sends people back to.
const callback = "/login/identity/back"

func (f *identityFlags) config(public string) identity.Config {
	return identity.Config{Issuer: f.Issuer, Client: f.Client, Secret: f.Secret, Claim: f.Claim, Name: f.Name, Redirect: strings.TrimSuffix(public, "/") + callback}
}

// standInIdentity answers as an identity provider on addr, for the demo's accounts, and returns how to reach it.
func standInIdentity(ctx context.Context, addr, public string) (identity.Config, error) {
	secret := rand.Text()
	p := demo.Default()
	logins := []string{"nobody"} // who has no account here
	for _, a := range p.Accounts() {
		logins = append(logins, a.Login)
	}
	s, err := identity.NewStandIn("xinban-demo", secret, logins...)
	if err != nil {
		return identity.Config{}, err
	}
	if s.Issuer, err = standIn(ctx, addr, s); err != nil {
		return identity.Config{}, err
	}
	return identity.Config{Issuer: s.Issuer, Client: s.Client, Secret: secret, Claim: "preferred_username", Plain: true, Name: "统一身份认证（演示）", Redirect: public + callback}, nil
}

// standInApp answers as an app of the province on addr.
func standInApp(ctx context.Context, a *app.App, addr, public string) error {
	p := demo.Default()
	page := &provinceapp.App{Server: public, Code: p.ShowcaseSubject().Key.Code()}
	origin, err := standIn(ctx, addr, page)
	if err != nil {
		return err
	}
	page.Secret, err = a.Hall.Register(ctx, &hall.App{Name: "掌上岚海（演示）", Origins: []string{origin}, Persons: true})
	return err
}

// standIn serves until ctx ends and returns the address that reaches it.
func standIn(ctx context.Context, addr string, h http.Handler) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", fmt.Errorf("cli: listening on %s: %w", addr, err)
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		s.Close()
	}()
	go func() {
		if err := s.Serve(l); err != nil && ctx.Err() == nil {
			slog.Error("a stand-in", "address", addr, "error", err)
		}
	}()
	return "http://" + l.Addr().String(), nil
}
