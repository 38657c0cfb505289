package report_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/document/pdf/font"
	"xinban/internal/document/seal"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/tally"
)

const (
	today = credit.Date(20260518)
	firm  = credit.Key("91000000MA0000018A")
	name  = "岚港演示远航有限公司"
)

// office is a report service with a clock that tests move, feeds and checks that they set.
type office struct {
	*report.Service
	t      testing.TB
	db     *store.DB
	ledger *ledger.Ledger
	books  *adopted.Books
	keys   *seal.Keys
	config report.Config

	mu      sync.Mutex
	now     time.Time
	feeds   []report.DomainFeed
	needs   []report.Need // as last asked for
	checks  []string
	asked   int      // how often rows under check were asked for, which is just after the facts are read
	askedOf []string // the keys and names asked of last
	onBook  func()   // called when the rules are asked for, also just before a paper is made
}

func (o *office) book(digest string) (*law.Book, error) {
	if o.onBook != nil {
		o.onBook()
	}
	return o.books.Book(digest)
}

// DomainFeeds says what the test set.
func (o *office) DomainFeeds(_ context.Context, needs []report.Need) ([]report.DomainFeed, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.needs = needs
	return append([]report.DomainFeed{}, o.feeds...), nil
}

// UnderCheck says what the test set.
func (o *office) UnderCheck(_ context.Context, keys []credit.Key, names []string) ([]string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	o.askedOf = nil
	for _, k := range keys {
		o.askedOf = append(o.askedOf, string(k))
	}
	o.askedOf = append(o.askedOf, names...)
	return o.checks, nil
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

var fonts = sync.OnceValues(font.Load)

const register = `set: organ
id: lanhai
title: 岚海省机关目录（演示）
effective_from: 2020-01-01
source: 演示数据
sureness: assumed
organs:
  - {id: lg-ecology, name: 岚港市生态环境局, region: "000100", domains: [ecology]}
  - {id: lg-market, name: 岚港市市场监督管理局, region: "000100", domains: [market]}
`

func each(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, open(t, db, t.TempDir())) })
}

// open is an office in which every domain's data are fresh.
func open(t testing.TB, db *store.DB, dir string) *office {
	t.Helper()
	return openWith(t, db, dir, register)
}

func openWith(t testing.TB, db *store.DB, dir, register string) *office {
	t.Helper()
	o := &office{t: t, db: db, now: today.Time().Add(9 * time.Hour)}
	ring, err := ledger.NewKeyring(1, make([]byte, 64))
	must(t, err)
	o.ledger, err = ledger.Open(t.Context(), db, ring)
	must(t, err)
	o.books, err = adopted.Open(t.Context(), db, today, o.now.UnixMilli())
	must(t, err)
	must(t, audit.Migrate(t.Context(), db))
	_, err = tally.New(t.Context(), db)
	must(t, err)
	o.keys, err = seal.LoadOrCreate(dir, "岚海省公共信用中心", o.now)
	must(t, err)
	organs, err := law.ReadRegister([]byte(register))
	must(t, err)
	f, err := fonts()
	must(t, err)
	book, err := o.books.Book("")
	must(t, err)
	for _, d := range book.Domains(today).IDs() {
		o.feeds = append(o.feeds, report.DomainFeed{Domain: d, AsOf: today.AddDays(-1)})
	}
	o.config = report.Config{Ledger: o.ledger, Books: o.book, Organs: organs, Feeds: o, Checks: o, Keys: o.keys,
		Fonts: f, Writer: pdf.NewWriter(f), Now: o.clock, Issuer: "岚海省公共信用中心", Verify: "http://127.0.0.1/verify", Demo: true}
	o.reopen(nil)
	return o
}

// reopen opens the service with the statements that it asks, nil for none.
func (o *office) reopen(s report.Statements) {
	o.t.Helper()
	o.config.Statements = s
	var err error
	o.Service, err = report.New(o.t.Context(), o.config)
	must(o.t, err)
}

// with is the service with somebody who is told of changed documents.
func (o *office) with(changed func(*store.Tx, credit.Key, string, report.Status) error) *report.Service {
	o.t.Helper()
	c := o.config
	c.Changed = changed
	s, err := report.New(o.t.Context(), c)
	must(o.t, err)
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// penalised is an ordinary decision that counts in every edition, changed as asked.
func penalised(docNo string, change func(*credit.Record)) credit.Record {
	r := credit.Record{Kind: credit.Penalty, Class: credit.Organisation, Name: name, DocNo: docNo, Behaviour: "未按规定贮存", Facts: "危险废物贮存场所未设置标志",
		Basis: "演示条例", Content: "罚款人民币叁万元，没收违法所得", Penalties: credit.PenaltySet(credit.Fine, credit.ConfiscateProperty), Procedure: credit.ProcedureOrdinary,
		Fine: credit.Amount{Fen: 3_000_000, Known: true}, Decided: 20260410, Authority: "岚港市生态环境局"}
	if change != nil {
		change(&r)
	}
	return r
}

func matterOf(r credit.Record) credit.MatterID {
	organ := map[string]string{"岚港市生态环境局": "lg-ecology", "岚港市市场监督管理局": "lg-market"}[r.Authority]
	id, _ := credit.IdentifyMatter(&r, organ)
	return id
}

// says appends that source 1 says r of a subject.
func (o *office) says(key credit.Key, records ...credit.Record) {
	o.t.Helper()
	for _, r := range records {
		o.append(key, r.Name, o.ledger.NewAssertion(key, matterOf(r), 1, &r, nil, o.clock().UnixMilli()))
	}
}

func (o *office) happens(key credit.Key, m credit.MatterID, e ledger.Event) {
	o.t.Helper()
	if e.On == 0 {
		e.On = today
	}
	f, err := ledger.NewEvent(key, credit.Penalty, m, e, o.clock().UnixMilli())
	must(o.t, err)
	o.append(key, "", f)
}

func (o *office) append(key credit.Key, name string, f ledger.Fact) {
	o.t.Helper()
	must(o.t, o.ledger.Change(o.t.Context(), func(tx *store.Tx) error {
		_, err := o.ledger.Append(tx, ledger.Subject{Key: key, Class: credit.Organisation, Name: name}, f)
		return err
	}))
}

// registered is a subject with nothing against it.
func registered() credit.Record {
	return credit.Record{Kind: credit.Registration, Class: credit.Organisation, Name: name, Decided: 20200101, Authority: "岚港市市场监督管理局"}
}

var enterprise = audit.Actor{ID: "7", Name: "经办人", Role: "enterprise"}

func (o *office) ask(r report.Request) (*report.Issued, error) {
	if r.Key == "" {
		r.Key = firm
	}
	if r.Edition == "" {
		r.Edition = "general"
	}
	return o.Issue(o.t.Context(), r, enterprise)
}

func (o *office) issue(r report.Request) *report.Issued {
	o.t.Helper()
	doc, err := o.ask(r)
	must(o.t, err)
	return doc
}

// paperText is what pdftotext reads on the paper.
func paperText(t *testing.T, paper []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	path := filepath.Join(t.TempDir(), "report.pdf")
	must(t, os.WriteFile(path, paper, 0o600))
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	must(t, err)
	return string(out)
}

func (o *office) verify(file []byte) *report.Verification {
	o.t.Helper()
	v, err := o.VerifyFile(o.t.Context(), file, nil)
	must(o.t, err)
	return v
}

func (o *office) count(table string) (n int64) {
	o.t.Helper()
	must(o.t, o.db.QueryRow(o.t.Context(), fmt.Sprintf("SELECT COUNT(*) FROM %s", table)).Scan(&n))
	return n
}

func contains(all []string, part string) bool { return strings.Contains(strings.Join(all, "\n"), part) }
