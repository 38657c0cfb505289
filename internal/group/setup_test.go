package group_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/casework"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/group"
	"xinban/internal/ledger"
	"xinban/internal/mandate"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const (
	today  = credit.Date(20260518)
	parent = credit.Key("91000000MA0000001R")
	child  = credit.Key("91000000MA0000018A")
	other  = credit.Key("91000000MA0000026B")
)

// desk is a service over real cases and consent, with reports that are only counted.
type desk struct {
	*group.Service
	t       *testing.T
	db      *store.DB
	cases   *casework.Service
	ledger  *ledger.Ledger
	consent *consent.Service
	mandate *mandate.Service

	mu     sync.Mutex
	now    time.Time
	closed bool   // the asker's account
	area   string // of the platform

	issued  sync.Map // of subject: how often
	count   atomic.Int64
	broken  credit.Key                                              // whose report cannot be made
	stands  map[string]group.Status                                 // papers that are not valid, by number
	panics  credit.Key                                              // whose report is a fault of the program
	checked func(key credit.Key)                                    // called after consent was looked at and before it is used
	refuse  func(group.Settings) error                              // what the rules say
	kept    func(tx *store.Tx, key credit.Key, number string) error // called in the transaction of an issue
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// Check says what the test set.
func (d *desk) check(s group.Settings) error {
	if d.refuse != nil {
		return d.refuse(s)
	}
	return nil
}

type reports struct{ *desk }

func (r reports) Check(s group.Settings) error { return r.check(s) }

func (r reports) Issue(ctx context.Context, key credit.Key, _ group.Settings, _ audit.Actor, within func(*store.Tx, string) error) (string, error) {
	if key == r.broken {
		return "", errors.New("the printer is on fire")
	}
	if key == r.panics {
		panic("nobody thought of this one")
	}
	r.count.Add(1)
	number := fmt.Sprintf("N%d%s", credit.DateOf(r.clock()), strings.ReplaceAll(string(key), ":", "")) // the same on the same day
	if err := r.db.Tx(ctx, func(tx *store.Tx) error {
		if r.kept != nil {
			if err := r.kept(tx, key, number); err != nil {
				return err
			}
		}
		return within(tx, number)
	}); err != nil {
		return "", fmt.Errorf("report: keeping a document: %w", err)
	}
	n, _ := r.issued.LoadOrStore(key, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
	return number, nil
}

func (r reports) status(number string) group.Status {
	if s, ok := r.stands[number]; ok {
		return s
	}
	return group.Valid
}

func (r reports) Ended(_ context.Context, papers []group.Place) (map[string]group.Status, error) {
	all := map[string]group.Status{}
	for _, p := range papers {
		all[p.Number] = r.status(p.Number)
	}
	return all, nil
}

func (r reports) Paper(_ context.Context, number string) (group.Paper, error) {
	return group.Paper{Status: r.status(number), Name: "某", From: today.AddMonths(-60), To: today, Conclusion: "未查见违法违规记录", PDF: []byte("%PDF " + number), JSON: []byte("{}")}, nil
}

// mandates lets a test act between the look at consent and its use.
type mandates struct {
	*mandate.Service
	d *desk
}

func (m mandates) MayAct(ctx context.Context, me account.Principal, key credit.Key, act consent.Act) error {
	err := m.Service.MayAct(ctx, me, key, act)
	if err == nil && m.d.checked != nil {
		m.d.checked(key)
	}
	return err
}

// ByID is the asker's account.
func (d *desk) ByID(_ context.Context, id string) (account.Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := asker()
	if id != a.ID {
		return account.Account{}, account.ErrNoAccount
	}
	return account.Account{ID: a.ID, Login: a.Login, Name: a.Name, Roles: a.Roles, Subjects: a.Subjects, Closed: d.closed}, nil
}

func asker() account.Principal {
	return account.Principal{ID: "7", Login: "agent", Name: "母公司经办人", Roles: []account.Role{account.Enterprise}, Subjects: []credit.Key{parent}, Channel: account.ChannelPage}
}

func (d *desk) ctx() context.Context { return account.With(d.t.Context(), asker()) }

func open(t *testing.T, db *store.DB) *desk {
	t.Helper()
	d := connect(t, db)
	d.meet(parent, "岚港母公司有限公司")
	d.meet(child, "岚港子公司有限公司")
	d.meet(other, "岚港参股有限公司")
	return d
}

// connect is a desk over what the store holds already.
func connect(t *testing.T, db *store.DB) *desk {
	t.Helper()
	d := &desk{t: t, db: db, area: "37", now: today.Time().Add(9 * time.Hour)}
	ring, err := ledger.NewKeyring(1, make([]byte, 64))
	d.must(err)
	d.ledger, err = ledger.Open(t.Context(), db, ring)
	d.must(err)
	d.must(audit.Migrate(t.Context(), db))
	d.cases, err = casework.New(t.Context(), db, d.clock, group.Machines()...)
	d.must(err)
	d.consent, err = consent.New(t.Context(), db, d.clock)
	d.must(err)
	d.mandate, err = mandate.New(t.Context(), db, d.consent, d.clock)
	d.must(err)
	d.Service = d.again()
	return d
}

// again is a service such as another process has over the same store.
func (d *desk) again() *group.Service {
	s, err := group.New(d.t.Context(), group.Config{DB: d.db, Cases: d.cases, Ledger: d.ledger, Reports: reports{d}, Mandates: mandates{d.mandate, d}, Accounts: d, Now: d.clock, AtOnce: 3, Area: func() (string, error) { return d.area, nil }})
	d.must(err)
	return s
}

func each(t *testing.T, test func(d *desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(open(t, db)) })
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// meet puts a subject on record under a name; a second name makes the first a former one.
func (d *desk) meet(key credit.Key, name string) {
	d.t.Helper()
	r := credit.Record{Kind: credit.Registration, Class: credit.Organisation, Name: name, Decided: 20200101, Authority: "岚港市市场监督管理局"}
	id, _ := credit.IdentifyMatter(&r, "lg-market")
	f := d.ledger.NewAssertion(key, id, 1, &r, nil, d.clock().UnixMilli())
	d.must(d.ledger.Change(d.t.Context(), func(tx *store.Tx) error {
		_, err := d.ledger.Append(tx, ledger.Subject{Key: key, Class: credit.Organisation, Name: name}, f)
		return err
	}))
}

// allow lets the parent act for a subject until a day.
func (d *desk) allow(key credit.Key, until credit.Date) consent.Grant {
	d.t.Helper()
	g := consent.Grant{Subject: key, Grantee: consent.OrganisationGrantee(parent), Name: "岚港母公司有限公司", Scope: consent.Ask, Purpose: "上市", Until: until,
		Signature: consent.Signature{Text: "授权", By: "9", Name: "子公司", Method: consent.ByPassword}}
	d.must(d.db.Tx(d.t.Context(), func(tx *store.Tx) error { return d.consent.Give(tx, &g) }))
	return g
}

func (d *desk) withdraw(g consent.Grant) {
	d.t.Helper()
	d.must(d.db.Tx(d.t.Context(), func(tx *store.Tx) error { return d.consent.Withdraw(tx, g.Subject, g.ID) }))
}

var listing = group.Settings{Edition: "listing", Purpose: "上市"}

// ask makes a request for the lines.
func (d *desk) ask(lines ...string) string {
	d.t.Helper()
	return d.askWith(listing, lines...)
}

func (d *desk) askWith(set group.Settings, lines ...string) string {
	d.t.Helper()
	members, err := d.Resolve(d.ctx(), set, lines)
	d.must(err)
	id, err := d.Create(d.ctx(), parent, set, members)
	d.must(err)
	return id
}

// work works until nothing is left to do.
func (d *desk) work() {
	d.t.Helper()
	for {
		more, err := d.Work(d.t.Context())
		d.must(err)
		if !more {
			return
		}
	}
}

func (d *desk) view(id string) *group.View {
	d.t.Helper()
	v, err := d.View(d.ctx(), id)
	d.must(err)
	return v
}
