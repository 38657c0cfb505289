package objection

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/outbox"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
	"xinban/internal/workday"
)

const (
	monday = credit.Date(20260518)
	firm   = credit.Key("91000000MA0000018A")
	market = "11000100MB90000008"
	other  = "11000100MB90000016"
)

const register = `set: organ
id: lanhai
title: 岚海省机关目录（演示）
effective_from: 2020-01-01
source: 演示数据
sureness: assumed
organs:
  - {id: old, code: "11000100MB90000008", name: 岚港市城管局, region: "000100", domains: [market]}
  - {id: new, code: "11000100MB90000016", name: 岚港市综合执法局, region: "000100", domains: [ecology]}
`

// office is a service with a clock that tests move, matters, and a ledger that notes marks.
type office struct {
	*Service
	t        *testing.T
	db       *store.DB
	box      *outbox.Outbox
	gone     bool
	changes  []Correction
	disputed map[string]int // marks set less marks taken off, by matter

	mu   sync.Mutex
	now  time.Time
	sent []outbox.Message
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) on(day credit.Date) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = day.Time().Add(9 * time.Hour)
}

func (o *office) Matter(_ context.Context, subject credit.Key, id string) (Matter, error) {
	if n, err := strconv.Atoi(id); subject != firm || err != nil || n > 9 {
		return Matter{}, ErrNoMatter
	}
	return Matter{ID: id, Key: firm, Kind: credit.Penalty, Subject: "岚港演示远航有限公司", DocNo: "岚市监罚〔2026〕" + id + "号", Authority: "岚港市城管局", Organ: "old",
		Domain: "market", Decided: 20260410, Gone: o.gone}, nil
}

func (o *office) Matters(ctx context.Context, subject credit.Key) ([]Matter, error) {
	m, err := o.Matter(ctx, subject, "1")
	return []Matter{m}, err
}

func (o *office) Corrections(context.Context, credit.Key, string, int64) ([]Correction, error) {
	return o.changes, nil
}

func (o *office) Mark(_ *store.Tx, m Mark) error {
	if m.Closed {
		o.disputed[m.Matter]--
	} else {
		o.disputed[m.Matter]++
	}
	return nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, db *store.DB, region string) *office {
	t.Helper()
	o := &office{t: t, db: db, disputed: map[string]int{}}
	o.on(monday)
	must(t, audit.Migrate(t.Context(), db))
	cases, err := casework.New(t.Context(), db, o.clock, Machine())
	must(t, err)
	o.box, err = outbox.New(t.Context(), db, o.clock, map[string]outbox.Sender{"desk": func(_ context.Context, m outbox.Message) error {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.sent = append(o.sent, m)
		return nil
	}})
	must(t, err)
	books, err := adopted.Open(t.Context(), db, monday, o.now.UnixMilli())
	must(t, err)
	organs, err := law.ReadRegister([]byte(register))
	must(t, err)
	o.Service, err = New(t.Context(), Config{DB: db, Cases: cases, Outbox: o.box, Matters: o, Change: db.Tx, Organs: organs, Books: books.Book,
		Region: region, Calendar: workday.Default(), Now: o.clock})
	must(t, err)
	return o
}

func shandong(t *testing.T) *office { return open(t, storetest.SQLite(t), "") }

var objector = account.Principal{ID: "1", Login: "firm", Name: "企业", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{firm}}

func clerk(code string) account.Principal {
	return account.Principal{ID: "2", Login: "clerk", Name: "经办人", Roles: []account.Role{account.Clerk}, Organ: code}
}

var body = clerk(market)

func (o *office) file(evidence string) casework.Case {
	o.t.Helper()
	c, err := o.File(o.t.Context(), objector, firm, Filing{Matter: "1", Ground: Content, Reasons: "罚款金额有误", Text: evidence})
	must(o.t, err)
	return c
}

func (o *office) accepted(evidence string) casework.Case {
	o.t.Helper()
	c := o.file(evidence)
	must(o.t, o.Accept(o.t.Context(), body, &c))
	return c
}
