package app_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/intake"
	"xinban/internal/law"
	"xinban/internal/report"
	"xinban/internal/store"
)

// states is what the domains of a report on a subject answer.
func states(t *testing.T, a *app.App, key credit.Key) map[string]report.State {
	t.Helper()
	d, err := a.Report.Issue(t.Context(), report.Request{Key: key, Edition: "general"}, audit.Actor{ID: "test", Channel: "command"})
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]report.State{}
	for _, x := range d.Content.Domains {
		m[x.ID] = x.State
	}
	return m
}

// Every domain of the demo has all the feeds that count, but for the one that never sent. Where a source
// that gathers for all domains falls silent or is not there, none of them answers 未查见.
func TestADomainOfTheDemoAnswersByAllItsFeeds(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	_, key := showcase() // nothing against it
	change := func(set string, kind credit.Kind) {
		t.Helper()
		if err := w.DB.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(set, int64(kind))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		feeds, err := w.Intake.Feeds(t.Context())
		if err == nil {
			err = w.Intake.AddFeed(t.Context(), feeds[0]) // on the same terms: what was read of the feeds is forgotten
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	check := func(label string, others report.State, late report.State) {
		t.Helper()
		for d, got := range states(t, w.App, key) {
			want := others
			switch d {
			case demo.LateDomain:
				want = late
			case demo.AbsentDomain:
				want = report.NoData
			}
			if got != want {
				t.Errorf("%s: %s answers %s, want %s", label, d, got, want)
			}
		}
	}
	check("as made", report.None, report.Late)
	change(fmt.Sprintf("UPDATE feed SET last_arrival = %d WHERE domains = 'null' AND kind = $1", demo.Today.AddMonths(-3).Time().UnixMilli()), credit.Penalty)
	check("the platforms of the cities silent", report.Late, report.Late)
	change("DELETE FROM feed WHERE kind = $1", credit.CriminalJudgment)
	check("no feed of criminal judgments", report.NoData, report.NoData)
}

const penaltyHead = "行政相对人名称,行政相对人类别,统一社会信用代码,行政处罚决定书文号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,罚款金额（万元）,处罚决定日期,处罚机关,案件程序类别\n"

// penalties takes in one decision of each day.
func penalties(t *testing.T, a *app.App, source string, days ...credit.Date) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(penaltyHead)
	for _, d := range days {
		fmt.Fprintf(&b, "岚港海蓝渔具有限公司,法人及非法人组织,91000000MA0000001R,岚环罚〔%d〕%d号,未按规定排放污染物,该单位未按规定排放污染物。,《岚海省环境保护条例》第十条,罚款,罚款人民币2000元,0.2,%s,岚港市生态环境局,普通程序\n", d.Year(), d, d)
	}
	path := filepath.Join(t.TempDir(), "penalties.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := a.Intake.LoadFile(t.Context(), intake.Request{Path: path, Source: source, By: "test"})
	if err != nil || r.Accepted != int64(len(days)) {
		t.Fatalf("%+v, %v", r, err)
	}
}

// openTest is a fresh store with a date of its own.
func openTest(t *testing.T, now credit.Date) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// A trial that has sent penalties alone finds what is in them, and answers 未查见 for nothing.
func TestATrialWithPenaltiesAlone(t *testing.T) {
	t.Parallel()
	a := openTest(t, 20260518)
	penalties(t, a, intake.Local, 20260305)
	for d, got := range states(t, a, "91000000MA0000001R") {
		if want := map[bool]report.State{true: report.Found, false: report.NoData}[d == "ecology"]; got != want {
			t.Errorf("%s answers %s, want %s", d, got, want)
		}
	}
}

// Lateness is told by the adopted clocks of the region, and not where the last day is not final because
// it lies past the published calendar.
func TestLatenessIsToldByTheRegionsClocks(t *testing.T) {
	t.Parallel()
	a := openTest(t, 20270210)
	src, err := a.Intake.AddSource(t.Context(), intake.Source{Code: "env", Name: "岚港市生态环境局"})
	if err == nil {
		err = a.Intake.AddFeed(t.Context(), intake.Feed{Source: src.ID, Kind: credit.Penalty, Basis: "目录第3类", Rhythm: 7, Domains: []string{"ecology"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	late := func() intake.Timeliness {
		t.Helper()
		feeds, err := a.Intake.Feeds(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return feeds[0].Timeliness
	}
	penalties(t, a, "env", 20260105) // what lay in store
	penalties(t, a, "env", 20261102, 20261229)
	if got := late(); got != (intake.Timeliness{Rows: 3, LatePublish: 1, LateArrive: 2}) {
		t.Errorf("%+v", got)
	}
	for _, p := range law.Proposals() {
		if p.ID != "shandong" {
			continue
		}
		body := strings.Replace(string(p.Body), "id: arrive, value: 14", "id: arrive, value: 60", 1)
		set := law.Adopted{Body: []byte(body), KnownFrom: 20270210, Author: "甲", Approver: "乙"}
		if err := a.Books.Adopt(t.Context(), []law.Adopted{set}, "", a.Now().UnixMilli()); err != nil {
			t.Fatal(err)
		}
	}
	penalties(t, a, "env", 20261103, 20261230)
	if got := late(); got != (intake.Timeliness{Rows: 5, LatePublish: 2, LateArrive: 3}) {
		t.Errorf("with another clock: %+v", got)
	}
}
