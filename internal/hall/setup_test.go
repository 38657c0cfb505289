package hall

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const (
	firm     = credit.Key("91000000MA0000018G")
	firmName = "岚港演示远航有限公司"
	// ownID is an identity number of an area that does not exist.
	ownID = "000000199001011234"
)

var (
	clerk   = account.Principal{ID: "clerk-1", Login: "window", Name: "综合窗口", Roles: []account.Role{account.Window}}
	machine = account.Principal{ID: "machine-1", Login: "kiosk", Name: "自助机一号", Roles: []account.Role{account.Kiosk}}
	listing = Purpose{"listing", "上市", "listing"}
	tender  = Purpose{"tender", "招投标", "general"}
	walkIn  = Person{Name: "演示甲子", Document: "passport", Number: "E00000000", Capacity: Legal, Checked: "eye"}
)

// lobby is a hall with a clock that tests move, and reports, a reader and a printer that they set.
type lobby struct {
	*Service
	t       *testing.T
	at      atomic.Int64
	made    int
	fail    error // of the next report
	card    Card
	cardErr error
	jam     error
	printed int
	// while a report is made or printed
	meanwhile func()
}

func (l *lobby) now() time.Time       { return time.UnixMilli(l.at.Load()) }
func (l *lobby) pass(d time.Duration) { l.at.Add(d.Milliseconds()) }

func (l *lobby) Purposes() []Purpose { return []Purpose{tender, listing} }

func (l *lobby) Issue(ctx context.Context, o Order, _ audit.Actor) (*Sheet, error) {
	l.wait()
	if l.fail != nil {
		return nil, l.fail
	}
	const number = "20260518120000AAAAAAAA"
	err := l.db.Tx(ctx, func(tx *store.Tx) error { return o.Within(tx, number) })
	if err == nil {
		l.made++
	}
	return &Sheet{Number: number, Subject: o.Key, PDF: []byte("%PDF-")}, err
}

func (l *lobby) Sheet(context.Context, string) (*Sheet, error) { return nil, ErrNoReport }

func (l *lobby) ByCode(context.Context, string, string) (*Sheet, error) { return nil, ErrNoReport }

func (l *lobby) Numbers(context.Context, credit.Key, int) ([]Line, error) { return nil, nil }

func (l *lobby) ReadCard(context.Context, string) (Card, error) { return l.card, l.cardErr }

func (l *lobby) wait() {
	if l.meanwhile != nil {
		l.meanwhile()
	}
}

func (l *lobby) PrintPDF(context.Context, string, string, []byte) error {
	l.wait()
	if l.jam == nil {
		l.printed++
	}
	return l.jam
}

func open(t *testing.T, db *store.DB) *lobby {
	t.Helper()
	l := &lobby{t: t, card: Card{Number: string(firm), Name: firmName, Licence: true}}
	l.at.Store(time.Date(2026, 5, 18, 4, 0, 0, 0, time.UTC).UnixMilli())
	ring, err := ledger.NewKeyring(1, make([]byte, 64))
	must(t, err)
	books, err := ledger.Open(t.Context(), db, ring)
	must(t, err)
	must(t, audit.Migrate(t.Context(), db))
	consents, err := consent.New(t.Context(), db, l.now)
	must(t, err)
	l.Service, err = New(t.Context(), Config{Ledger: books, Consent: consents, Reports: l, Reader: l, Printer: l, Now: l.now, Log: slog.New(slog.DiscardHandler)})
	must(t, err)
	r := credit.Record{Kind: credit.Registration, Class: credit.Organisation, Name: firmName, Decided: 20200101, Authority: "岚港市市场监督管理局"}
	id, _ := credit.IdentifyMatter(&r, r.Authority)
	must(t, books.Change(t.Context(), func(tx *store.Tx) error {
		_, err := books.Append(tx, ledger.Subject{Key: firm, Class: credit.Organisation, Name: firmName}, books.NewAssertion(firm, id, 1, &r, nil, 1))
		return err
	}))
	return l
}

func each(t *testing.T, test func(t *testing.T, l *lobby)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, open(t, db)) })
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// known is a visit at the window for which only the signature lacks.
func (l *lobby) known() *Visit {
	l.t.Helper()
	v, err := l.begin(l.t.Context(), clerk, AtWindow, firm, Person{}, nil)
	must(l.t, err)
	must(l.t, l.identify(l.t.Context(), v, walkIn, tender.ID))
	return l.again(v)
}

// again reads the visit as the next request does.
func (l *lobby) again(v *Visit) *Visit {
	l.t.Helper()
	v, err := l.load(l.t.Context(), v.Subject, v.ID)
	must(l.t, err)
	return v
}

// channels are those of the subject's access log.
func (l *lobby) channels() string {
	l.t.Helper()
	entries, _, err := audit.BySubject(l.t.Context(), l.db, firm, audit.Cursor{}, 50)
	must(l.t, err)
	var all []string
	for _, e := range entries {
		all = append(all, string(e.Action)+" "+e.Actor.Channel)
	}
	return strings.Join(all, ",")
}
