package livecode

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

const firm = credit.Key("91000000MA0000018A")

type desk struct {
	*Service
	clock atomic.Int64
}

// Snapshot is a report with a record.
func (d *desk) Snapshot(context.Context, credit.Key, string, audit.Actor) (Snapshot, error) {
	return Snapshot{Name: "岚港演示远航有限公司", Conclusion: "found", Number: "N1", Counts: []Count{{"税务", 1}}, Records: []Line{{DocNo: "岚税罚〔2026〕1号"}}}, nil
}

func setup(t *testing.T, db *store.DB) *desk {
	t.Helper()
	d := &desk{}
	d.clock.Store(time.Date(2026, 5, 18, 4, 0, 0, 0, time.UTC).UnixMilli())
	must(t, audit.Migrate(t.Context(), db))
	var err error
	d.Service, err = New(t.Context(), Config{DB: db, Reports: d, Base: "http://host", Now: func() time.Time { return time.UnixMilli(d.clock.Load()) }})
	must(t, err)
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) make(t *testing.T, f Fields, uses int) string {
	t.Helper()
	c, err := d.Make(t.Context(), firm, "general", f, uses, audit.Actor{})
	must(t, err)
	return c.Text
}

var anybody = audit.Actor{Name: "社会公众", Role: "public"}

func each(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, setup(t, db)) })
}

// Of many scans at one moment exactly as many succeed as were chosen, and each of those is in the access log.
func TestACodeIsScannedAsOftenAsChosen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		code := d.make(t, Counts, 3)
		var ok, over atomic.Int64
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				switch _, _, err := d.Scan(t.Context(), code, anybody); {
				case err == nil:
					ok.Add(1)
				case errors.Is(err, ErrOver):
					over.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		seen, err := d.Scans(t.Context(), firm, time.Time{})
		must(t, err)
		if ok.Load() != 3 || over.Load() != 9 || len(seen) != 3 || seen[0].Who != "社会公众" {
			t.Errorf("%d scans, %d refused, %v logged", ok.Load(), over.Load(), seen)
		}
	})
}

// A code lives two minutes, to the millisecond.
func TestACodeLivesTwoMinutes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		code := d.make(t, Counts, 5)
		d.clock.Add(Life.Milliseconds() - 1)
		if _, _, err := d.Scan(t.Context(), code, anybody); err != nil {
			t.Error(err)
		}
		d.clock.Add(1)
		if _, _, err := d.Scan(t.Context(), code, anybody); !errors.Is(err, ErrOver) {
			t.Errorf("after two minutes: %v", err)
		}
		if more, err := d.Purge(t.Context()); err != nil || more {
			t.Errorf("%v %v", more, err)
		}
		d.clock.Add(kept.Milliseconds())
		if _, err := d.Purge(t.Context()); err != nil {
			t.Error(err)
		}
		var n int64
		if err := d.db.QueryRow(t.Context(), "SELECT COUNT(id) FROM livecode").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d codes are left, %v", n, err)
		}
	})
}

// A code shows what was consented to and nothing else, in what is kept of it too.
func TestACodeShowsWhatWasConsentedTo(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t))
	for f, want := range map[Fields][2]int{Conclusion: {0, 0}, Counts: {1, 0}, Records: {1, 1}} {
		code := d.make(t, f, 1)
		var body string
		must(t, d.db.QueryRow(t.Context(), "SELECT shown FROM livecode WHERE id = $1", digest(code)).Scan(&body))
		if strings.Contains(body, "岚税罚") != (want[1] == 1) {
			t.Errorf("%s keeps %s", f, body)
		}
		s, _, err := d.Scan(t.Context(), code, anybody)
		if err != nil || len(s.Counts) != want[0] || len(s.Records) != want[1] || s.Conclusion != "found" {
			t.Errorf("%s shows %+v, %v", f, s, err)
		}
	}
	for _, uses := range []int{0, -1, Most + 1} {
		if _, err := d.Make(t.Context(), firm, "general", Counts, uses, anybody); !errors.Is(err, ErrUses) {
			t.Errorf("%d uses: %v", uses, err)
		}
	}
	if _, err := d.Make(t.Context(), firm, "general", "all", 1, anybody); err == nil {
		t.Error("fields that are no choice are accepted")
	}
}

// What can be no code, or is another's characters, is answered like one that is over; the store holds no code in clear.
func TestAWrongCode(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t))
	code := d.make(t, Counts, 1)
	for _, wrong := range []string{"", "x", code[:19], code + "A", strings.Repeat("A", 20), digest(code), strings.Repeat("码", 20), "' OR 1=1 -- 12345678"} {
		if _, _, err := d.Scan(t.Context(), wrong, anybody); !errors.Is(err, ErrOver) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	var id string
	must(t, d.db.QueryRow(t.Context(), "SELECT id FROM livecode WHERE subject = $1", string(firm)).Scan(&id))
	if strings.Contains(id, code) {
		t.Error("the code is kept in clear")
	}
	if _, _, err := d.Scan(t.Context(), " "+strings.ToLower(Grouped(code))+"\n", anybody); err != nil {
		t.Errorf("as a person types it: %v", err)
	}
}

// Codes differ, and carry 100 bits: 20 characters out of 32.
func TestCodesCannotBeGuessed(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		c := newCode()
		if len(c) != 20 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || seen[c] {
			t.Fatalf("%q", c)
		}
		seen[c] = true
	}
}

// After twenty wrong codes an address waits, others do not, and it may try again after a pause.
func TestWhoGuessesWaits(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBrake(func() time.Time { return now })
	for i := range wrongAtOnce {
		if b.held("a") {
			t.Fatalf("held after %d", i)
		}
		b.wrong("a")
	}
	if !b.held("a") || b.held("b") {
		t.Error("the wrong one is held")
	}
	now = now.Add(wrongPause)
	if b.held("a") {
		t.Error("held after the pause")
	}
	b.wrong("a")
	if !b.held("a") {
		t.Error("one try a pause, not more")
	}
}
