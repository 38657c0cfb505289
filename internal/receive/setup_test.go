package receive

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const (
	today = credit.Date(20260518)
	firm  = credit.Key("91000000MA0000018A")
	other = credit.Key("91000000MA0000002R")
)

// desk is a service whose papers are the JSON of a Paper, with a clock that tests move.
type desk struct {
	*Service
	t       *testing.T
	clock   atomic.Int64
	reports *standIn
	outbox  *outbox.Outbox
	grants  *consent.Service
}

// standIn reads papers that are plain JSON and issues numbers.
type standIn struct {
	db     *store.DB
	ended  map[string]string
	now    map[string]string // how papers stand today
	since  int
	before func() // called before a report is issued or what is new is counted
	fault  error
}

func (s *standIn) Verify(_ context.Context, file []byte) (Paper, error) {
	if string(file) == "panic" {
		panic("a parser stumbles")
	}
	var p Paper
	if json.Unmarshal(file, &p) != nil {
		return Paper{Status: Unknown, Reasons: []string{"不是本系统出具的报告文件，或文件已损坏"}}, nil
	}
	return p, s.fault
}

func (s *standIn) Ended(_ context.Context, _ credit.Key, number string) (string, error) {
	if e := s.ended[number]; e != "" {
		return e, nil
	}
	return Valid, nil
}

func (s *standIn) Status(_ context.Context, _ credit.Key, number string) (string, error) {
	if s.now[number] == "fault" {
		return "", errTest
	}
	return cmp.Or(s.now[number], s.ended[number], Valid), nil
}

func (s *standIn) Since(context.Context, string) (int, error) {
	if s.before != nil {
		s.before()
		s.before = nil
	}
	return s.since, nil
}

func (s *standIn) Make(ctx context.Context, q Query, who audit.Actor) (string, error) {
	if s.before != nil {
		s.before()
	}
	number := "N" + rand.Text()[:8]
	return number, s.db.Tx(ctx, func(tx *store.Tx) error {
		if err := q.Within(tx, number); err != nil {
			return fmt.Errorf("issuing: %w", err)
		}
		return audit.Record(tx, audit.Entry{Subject: q.Key, At: today.Time(), Actor: who, Action: audit.Issue, Purpose: q.Purpose, Document: number})
	})
}

func (s *standIn) Read(_ context.Context, number string) (*Report, error) {
	return &Report{Paper: Paper{Number: number}}, nil
}

func each(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, setup(t, db, false)) })
}

func setup(t *testing.T, db *store.DB, live bool) *desk {
	t.Helper()
	d := &desk{t: t, reports: &standIn{db: db, ended: map[string]string{}, now: map[string]string{}}}
	d.clock.Store(today.Time().Add(9 * time.Hour).UnixMilli())
	now := func() time.Time { return time.UnixMilli(d.clock.Load()) }
	must(t, audit.Migrate(t.Context(), db))
	var err error
	d.grants, err = consent.New(t.Context(), db, now)
	must(t, err)
	d.outbox, err = outbox.New(t.Context(), db, now, map[string]outbox.Sender{
		Scheme: func(ctx context.Context, m outbox.Message) error { return d.Send(ctx, m) }})
	must(t, err)
	d.Service, err = New(t.Context(), Config{DB: db, Reports: d.reports, Consent: d.grants, Outbox: d.outbox, Key: make([]byte, 32), Live: live, Now: now,
		Domains: func() []Domain { return []Domain{{"ecology", "生态环境"}, {"tax", "税务"}} },
		Name:    func(_ context.Context, k credit.Key) (string, error) { return string(k), nil },
		Find: func(_ context.Context, text string) (credit.Key, bool, error) {
			return credit.Key(text), text != "", nil
		}})
	must(t, err)
	return d
}

func (d *desk) pass(by time.Duration) { d.clock.Add(by.Milliseconds()) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func bank(name string) *Receiver {
	g := consent.Grantee("subject:" + name)
	return &Receiver{ID: g, Name: name, Whom: []consent.Grantee{g}, Access: audit.Actor{ID: name, Name: name, Role: "receiver", Channel: "page"}}
}

// paper is a genuine paper in force, changed as asked.
func paper(number string, change func(*Paper)) []byte {
	p := Paper{Unaltered: true, Trusted: true, Status: Valid, Number: number, Known: Known{Subject: firm, Name: "岚港演示远航有限公司", Edition: "general",
		From: 20210519, To: 20260518, Domains: []string{"ecology", "tax"}, Purpose: "贷款", Fines: 100}}
	if change != nil {
		change(&p)
	}
	b, _ := json.Marshal(p)
	return b
}

// dropped files of a form, as a browser sends them.
func headers(t testing.TB, files ...[]byte) []*multipart.FileHeader {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i, f := range files {
		part, err := m.CreateFormFile("file", fmt.Sprintf("%d.json", i+1))
		must(t, err)
		_, err = part.Write(f)
		must(t, err)
	}
	must(t, m.Close())
	form, err := multipart.NewReader(&b, m.Boundary()).ReadForm(1 << 20)
	must(t, err)
	t.Cleanup(func() { form.RemoveAll() })
	return form.File["file"]
}

func zipped(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range files {
		w, err := z.Create(name)
		must(t, err)
		_, err = w.Write(body)
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

func (d *desk) check(who *Receiver, files ...[]byte) *Batch {
	d.t.Helper()
	b, err := d.Check(d.t.Context(), who, headers(d.t, files...), Need{}, false)
	must(d.t, err)
	return b
}

func (d *desk) tx(do func(tx *store.Tx) error) error { return d.db.Tx(d.t.Context(), do) }

// log is the access log of a subject in short, newest first.
func (d *desk) log(key credit.Key) string {
	d.t.Helper()
	entries, _, err := audit.BySubject(d.t.Context(), d.db, key, audit.Cursor{}, 50)
	must(d.t, err)
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%s %s %s", e.Actor.Name, e.Action, e.Purpose))
	}
	return strings.Join(all, "\n")
}

// allow lets a receiver read a subject for loans.
func (d *desk) allow(who *Receiver, uses int64) consent.Grant {
	d.t.Helper()
	return d.allowEditions(who, uses)
}

func (d *desk) allowEditions(who *Receiver, uses int64, editions ...string) consent.Grant {
	d.t.Helper()
	g := consent.Grant{Subject: firm, Grantee: who.ID, Name: who.Name, Scope: consent.Read, Purpose: "贷款", Uses: uses, Editions: editions, Until: today.AddDays(10),
		Signature: consent.Signature{Text: "x", By: "x", Method: consent.ByPassword}}
	must(d.t, d.tx(func(tx *store.Tx) error { return d.grants.Give(tx, &g) }))
	return g
}

var errTest = errors.New("the store is gone")
