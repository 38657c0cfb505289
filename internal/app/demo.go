package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xinban/internal/account"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/intake"
)

// DemoPassword is the password of every account of a demo, which is printed when it starts.
const DemoPassword = "lanhai-demo-2026"

// SeedDemo fills a fresh demo store with the province: sources, feeds, organs' files and accounts.
// It does nothing for a source's file that is in already, so a start that was cut off goes on.
// tell is told of each file.
func (a *App) SeedDemo(ctx context.Context, p demo.Province, accounts *account.Service, tell func(demo.FileInfo, intake.Result)) error {
	if err := a.seedSources(ctx); err != nil {
		return err
	}
	if err := seedAccounts(ctx, &p, accounts); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(a.Config.Data, "demo-files-")
	if err != nil {
		return fmt.Errorf("app: making a folder for the demo's files: %w", err)
	}
	defer os.RemoveAll(dir)
	files, err := p.WriteFiles(dir)
	if err != nil {
		return err
	}
	if err := a.seedFiles(ctx, files, tell); err != nil {
		return err
	}
	if err := a.seedGrants(ctx, &p); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(a.Config.Data, "seeded"), []byte(demo.Today.String()+"\n"), 0o640)
}

// seedFiles takes the files in; a small province leaves some feeds without anything to send.
func (a *App) seedFiles(ctx context.Context, files []demo.FileInfo, tell func(demo.FileInfo, intake.Result)) error {
	var sent []demo.FileInfo
	var requests []intake.Request
	for _, f := range files {
		if f.Rows == 0 {
			if err := a.seedZero(ctx, f); err != nil {
				return err
			}
			continue
		}
		sent = append(sent, f)
		requests = append(requests, intake.Request{Path: f.Path, Name: filepath.Base(f.Path), Source: f.Source, Kind: f.Kind,
			By: "demo", Arrived: f.Arrived.Time().Add(9 * time.Hour)})
	}
	var errs []error
	stopped := a.Intake.LoadFiles(ctx, requests, func(i int, r intake.Result, err error) {
		if err != nil {
			errs = append(errs, fmt.Errorf("app: taking in %s: %w", filepath.Base(sent[i].Path), err))
			return
		}
		tell(sent[i], r)
	})
	return errors.Join(append(errs, stopped)...)
}

// seedZero reports that a feed had nothing to send by the day of its file.
func (a *App) seedZero(ctx context.Context, f demo.FileInfo) error {
	src, err := a.Intake.SourceByCode(ctx, f.Source)
	if err != nil {
		return err
	}
	err = a.Intake.ReportZero(ctx, intake.ZeroReport{Source: src.ID, Kind: f.Kind, From: f.Arrived, To: f.Arrived, By: "demo"})
	if errors.Is(err, intake.ErrZeroTwice) {
		return nil
	}
	return err
}

// Seeded tells whether the demo is in the store.
func (a *App) Seeded() bool {
	_, err := os.Stat(filepath.Join(a.Config.Data, "seeded"))
	return err == nil
}

func (a *App) seedSources(ctx context.Context) error {
	for _, src := range demo.Sources() {
		organ := ""
		if o, err := demo.OrganByID(cmp.Or(src.Organ, src.Keeper)); err == nil {
			organ = o.Code
		}
		s, err := a.Intake.AddSource(ctx, intake.Source{Code: src.Code, Name: src.Name, Organ: organ})
		if err != nil {
			return err
		}
		for _, f := range src.Feeds {
			err := a.Intake.AddFeed(ctx, intake.Feed{Source: s.ID, Kind: f.Kind, Basis: f.Basis, Snapshot: f.Snapshot, Rhythm: f.Rhythm,
				Domains: f.Domains, Since: f.Since})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func seedAccounts(ctx context.Context, p *demo.Province, accounts *account.Service) error {
	for _, x := range p.Accounts() {
		if _, err := accounts.ByLogin(ctx, x.Login); err == nil {
			continue
		} else if !errors.Is(err, account.ErrNoAccount) {
			return err
		}
		acc := account.Account{Login: x.Login, Name: x.DisplayName, Roles: []account.Role{account.Role(x.Role)}, Region: x.Region}
		if x.SubjectKey != "" {
			acc.Subjects = []credit.Key{x.SubjectKey}
		}
		if o, err := demo.OrganByID(x.Organ); err == nil {
			acc.Organ, acc.OrganOf = o.Code, o.Name
		}
		if _, err := accounts.Create(ctx, acc, DemoPassword); err != nil {
			return fmt.Errorf("app: making demo account %s: %w", x.Login, err)
		}
	}
	return nil
}
