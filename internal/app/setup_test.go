package app_test

import (
	"context"
	"log/slog"
	"testing"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/demo"
	"xinban/internal/intake"
)

// setup makes the demo province with a few subjects and mounts everything.
func setup(t testing.TB, subjects int) *app.Web {
	t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, app.Config{Data: t.TempDir(), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	w, err := app.OpenWeb(ctx, a, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p := demo.Default()
	p.Subjects, p.Records = subjects, 10*subjects
	if err := w.SeedDemo(ctx, p, w.Accounts, func(demo.FileInfo, intake.Result) {}); err != nil {
		t.Fatal(err)
	}
	if err := w.FollowAll(ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

// logins is one account of each role.
func logins() map[account.Role]string {
	m := map[account.Role]string{}
	p := demo.Default()
	for _, a := range p.Accounts() {
		if r := account.Role(a.Role); m[r] == "" {
			m[r] = a.Login
		}
	}
	return m
}
