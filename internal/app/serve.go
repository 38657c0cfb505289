package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/exchange/identity"
	"xinban/internal/i18n"
	"xinban/internal/page"
	"xinban/internal/web"
)

// Web is an open program with its pages and its API.
type Web struct {
	*App
	Accounts *account.Service
	Server   *web.Server
	log      *slog.Logger
}

// OpenWeb opens the accounts and mounts the surfaces of all capabilities.
func OpenWeb(ctx context.Context, a *App, log *slog.Logger) (*Web, error) {
	if err := errors.Join(account.Migrate(ctx, a.DB), web.Migrate(ctx, a.DB)); err != nil {
		return nil, err
	}
	key, err := secret(filepath.Join(a.Config.Data, "keys", "account.key"))
	if err != nil {
		return nil, err
	}
	w := &Web{App: a, log: log}
	if w.Accounts, err = account.New(a.DB, account.Config{Key: key, Issuer: "信用办事一体化平台", Log: log}); err != nil {
		return nil, err
	}
	a.accounts = w.Accounts
	if a.Group, err = a.newGroup(ctx, w.Accounts); err != nil {
		return nil, err
	}
	text, err := i18n.New()
	if err != nil {
		return nil, err
	}
	assets, err := page.NewAssets()
	if err != nil {
		return nil, err
	}
	pages, err := page.New(text, assets)
	if err != nil {
		return nil, err
	}
	d := web.Deps{Store: a.DB, Accounts: w.Accounts, Pages: pages, Assets: assets, Text: text, Log: log, Surfaces: w.surfaces(pages), Version: Version,
		Proxies: a.Config.Proxies, Hosts: a.Config.Hosts}
	if a.Config.Identity.Issuer != "" {
		if d.Identity, err = identity.New(a.Config.Identity); err != nil {
			return nil, err
		}
	}
	if a.Nature == Demo {
		d.Demo = &web.Demo{Roles: demoRoles(), Date: func() string { return credit.DateOf(a.Now()).String() }}
	}
	w.Server, err = web.New(d)
	return w, err
}

// Version is the version of the program, set when it is built.
var Version = "dev"

func demoRoles() []web.DemoRole {
	p := demo.Default()
	var roles []web.DemoRole
	seen := map[string]bool{}
	for _, x := range p.Accounts() {
		if !seen[x.Role] {
			roles = append(roles, web.DemoRole{Login: x.Login, Title: "role." + x.Role})
			seen[x.Role] = true
		}
	}
	return roles
}

// secret reads 32 secret bytes, making them when absent.
func secret(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		b = make([]byte, 32)
		if _, err := rand.Read(b); err != nil {
			return nil, err
		}
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("app: reading a secret: %w", err)
	}
	return b, nil
}

// Serve answers requests on addr until ctx ends, then lets running ones finish. Meanwhile it takes up
// loads that a stop cut off and follows changed facts.
func (w *Web) Serve(ctx context.Context, addr string) error {
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	defer work.Wait()
	defer cancel()
	work.Go(func() { w.follow(ctx, w.log) })
	work.Go(func() { w.keepUp(ctx, w.log) })
	work.Go(func() { w.refresh(ctx, w.log) })
	if err := w.Intake.Resume(ctx); err != nil {
		return err
	}
	return w.Server.Serve(ctx, addr, nil)
}

// refreshEvery is how soon rules that another process adopted are in force here.
const refreshEvery = 5 * time.Second

// refresh takes up what other processes adopt until ctx ends.
func (a *App) refresh(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.Books.Refresh(ctx); err != nil && ctx.Err() == nil {
				log.Error("reading the adopted rules", "error", err)
			}
		}
	}
}
