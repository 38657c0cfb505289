package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/form"
	"xinban/internal/law"
	"xinban/internal/repair"
)

// repairs opens credit repair as one thing.
func (a *App) repairs(ctx context.Context) (err error) {
	forms, err := ownForms(filepath.Join(a.Config.Data, "forms"))
	if err != nil {
		return err
	}
	clocks, err := ownClocks(filepath.Join(a.Config.Data, "repair-clocks.yaml"))
	if err != nil {
		return err
	}
	press := &form.Press{Fonts: a.fonts, Writer: a.writer, Keys: a.Keys, Issuer: a.issuer, Demo: a.Nature != Live}
	a.Repair, err = repair.New(ctx, repair.Config{DB: a.DB, Cases: a.Casework, Outbox: a.Outbox, Ledger: a.Ledger, Matters: repairables{a},
		Teller: a.Following, Organs: a.Organs, Calendar: a.Calendar, Now: a.Now, Touch: a.Intake.Touch,
		Granted: a.tellPlatforms, Platforms: a.onPlatforms, Bar: a.repairBar, Clocks: clocks, Forms: forms, Press: press, Issuer: a.issuer, Progress: strings.TrimSuffix(a.verifyAddress(), "/verify") + "/repairs/progress"})
	return err
}

// ownForms are the program's templates and those that the centre keeps in a folder.
func ownForms(folder string) (*form.Set, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var own []*form.Template
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		t, err := form.Read(body)
		if err != nil {
			return nil, fmt.Errorf("%s：%w", name, err)
		}
		own = append(own, t)
	}
	return form.NewSet(own...)
}

// ownClocks are the days that the centre keeps in a file, else the program's.
func ownClocks(name string) (repair.Clocks, error) {
	body, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return repair.DefaultClocks(), nil
	}
	if err != nil {
		return repair.Clocks{}, err
	}
	c, err := repair.ReadClocks(body)
	if err != nil {
		return c, fmt.Errorf("%s：%w", name, err)
	}
	return c, nil
}

// repairBar is what the rules on repair in force say of a breach.
func (a *App) repairBar(found credit.Date) (until, shown credit.Date) {
	book, err := a.Books.Book("")
	if err != nil {
		return 0, 0
	}
	if rules := book.RepairRules(found); rules != nil {
		until, shown, _ = rules.Bar(found)
	}
	return until, shown
}

// repairables tells which of a subject's own matters can be repaired.
type repairables struct{ a *App }

func (r repairables) Repairable(ctx context.Context, subject credit.Key) ([]repair.Matter, string, error) {
	today := credit.DateOf(r.a.Now())
	_, versions, err := r.a.Ledger.Standing(ctx, subject, today, nil) // before the matters: what comes between is noticed
	if err != nil {
		return nil, "", err
	}
	seen := map[credit.Key]int64{}
	for _, v := range versions {
		seen[v.Key] = v.Seq
	}
	book, err := r.a.Books.Book("")
	if err != nil {
		return nil, "", err
	}
	barred, err := r.a.Repair.BarredUntil(ctx, subject)
	if err != nil {
		return nil, "", err
	}
	own, name, err := r.a.Report.OwnMatters(ctx, subject)
	if err != nil {
		return nil, "", err
	}
	var all []repair.Matter
	for i := range own {
		m := &own[i]
		if m.Kind == credit.CriminalJudgment {
			continue
		}
		x := repair.Matter{ID: m.ID.String(), Lies: m.Subject, Seen: seen[m.Subject], Kind: m.Kind, DocNo: m.Record.DocNo, Title: m.Record.Title, Authority: m.Organ,
			Organ: m.Law.Organ, Domain: m.Domain, DomainName: m.DomainName, Decided: m.Record.Decided, Content: m.Record.Penalties.Chinese(),
			Disputed: m.Disputed, Answer: book.Repair(&m.Law, law.RepairFacts{BarredUntil: barred}, today)}
		if m.Record.Fine.Known {
			x.Fine = &m.Record.Fine.Fen
		}
		if x.DocNo == "" {
			x.DocNo = m.Record.List
		}
		all = append(all, x)
	}
	return all, name, nil
}
