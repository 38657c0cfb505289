package app_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/group"
	"xinban/internal/intake"
	"xinban/internal/store"
)

// BenchmarkGroupOf200 issues for a group of 200 subjects of a small demo, papers included, while departments' files are taken in and
// followed. Half of the members are the asker's own, half let it act by a grant. At most 5 s is the aim.
func BenchmarkGroupOf200(b *testing.B) {
	w := setup(b, 800)
	parent, _ := showcase()
	keys := organisations(b, w, 200)
	half := len(keys) / 2
	who, err := w.Accounts.ByLogin(b.Context(), "enterprise")
	if err == nil {
		err = w.Accounts.Bind(b.Context(), who.ID, keys[:half]...)
	}
	if err != nil {
		b.Fatal(err)
	}
	allowAll(b, w, parent, keys[half:])
	me := account.Principal{ID: who.ID, Name: who.Name, Roles: who.Roles, Subjects: append(slices.Clone(keys[:half]), parent), Channel: account.ChannelAPI}
	ctx := account.With(b.Context(), me)
	var lines []string
	for _, k := range keys {
		lines = append(lines, string(k))
	}
	takeIn(b, w)
	began, before := time.Now(), facts(b, w)
	for n := 0; b.Loop(); n++ {
		to := credit.DateOf(w.Now()).AddDays(-n) // another period is another report
		issueAll(b, w, ctx, parent, group.Settings{Edition: "listing", Purpose: "上市", From: to.AddMonths(-30), To: to}, lines)
	}
	b.ReportMetric(float64(facts(b, w)-before)/time.Since(began).Seconds(), "facts-taken-in/s")
}

func facts(b *testing.B, w *app.Web) (n int) {
	b.Helper()
	if err := w.DB.QueryRow(b.Context(), "SELECT COUNT(*) FROM fact").Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

func issueAll(b *testing.B, w *app.Web, ctx context.Context, parent credit.Key, set group.Settings, lines []string) {
	b.Helper()
	members, err := w.Group.Resolve(ctx, set, lines)
	if err != nil {
		b.Fatal(err)
	}
	id, err := w.Group.Create(ctx, parent, set, members)
	for more := true; more && err == nil; {
		more, err = w.Group.Work(ctx)
	}
	if err != nil {
		b.Fatal(err)
	}
	if v, err := w.Group.View(ctx, id); err != nil || v.Issued != len(lines) {
		b.Fatalf("%d issued, %v", v.Issued, err)
	}
}

// organisations are n firms of the demo.
func organisations(b *testing.B, w *app.Web, n int) (keys []credit.Key) {
	b.Helper()
	firms, err := w.Ledger.NamesFrom(b.Context(), "岚港", "", "", 10*n)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range firms {
		if f.Class == credit.Organisation && len(keys) < n && !slices.Contains(keys, f.Key) { // under each of its names
			keys = append(keys, f.Key)
		}
	}
	if len(keys) < n {
		b.Fatalf("only %d firms", len(keys))
	}
	return keys
}

// allowAll lets everybody who acts for the parent ask in the name of the subjects.
func allowAll(b *testing.B, w *app.Web, parent credit.Key, subjects []credit.Key) {
	b.Helper()
	for _, k := range subjects {
		g := consent.Grant{Subject: k, Grantee: consent.OrganisationGrantee(parent), Name: "母公司", Scope: consent.Ask, Purpose: "上市",
			Until: credit.DateOf(w.Now()).AddDays(90), Signature: consent.Signature{Text: "授权", By: "9", Name: "子公司", Method: consent.ByPassword}}
		if err := w.DB.Tx(b.Context(), func(tx *store.Tx) error { return w.Consent.Give(tx, &g) }); err != nil {
			b.Fatal(err)
		}
	}
}

// takeIn takes departments' files in and follows them, one set of files after the other, until the benchmark ends.
func takeIn(b *testing.B, w *app.Web) {
	b.Helper()
	var files []demo.FileInfo
	for seed := range 4 { // other decisions on the same firms and on more
		p := demo.Province{Seed: uint64(seed + 1), Subjects: 4000, Records: 40_000}
		set, err := p.WriteFiles(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, set...)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			f := files[i%len(files)]
			if f.Rows == 0 {
				continue
			}
			_, err := w.Intake.LoadFile(ctx, intake.Request{Path: f.Path, Name: fmt.Sprintf("%d-%s", i, filepath.Base(f.Path)), Source: f.Source, Kind: f.Kind,
				By: "bench", Arrived: w.Now()})
			if err != nil && ctx.Err() == nil {
				b.Errorf("taking in %s: %v", f.Path, err)
				return
			}
		}
	})
	work.Go(func() {
		for ctx.Err() == nil {
			if err := w.FollowAll(ctx); err != nil && ctx.Err() == nil {
				b.Errorf("following: %v", err)
				return
			}
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	b.Cleanup(func() { cancel(); work.Wait() })
}
