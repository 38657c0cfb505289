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
	ended atomic.Bool // the report is no longer in force
}

// InForce says what the test set.
func (d *desk) InForce(context.Context, credit.Key, string) (bool, error) {
	return !d.ended.Load(), nil
}

// Snapshot is a report with a record.
func (d *desk) Snapshot(context.Context, credit.Key, Choice, audit.Actor) (Snapshot, error) {
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

func (d *desk) begin(t *testing.T, f Fields, uses int) (*Showing, string) {
	t.Helper()
	sh, c, err := d.Begin(t.Context(), firm, Choice{"general", f, nil, uses}, audit.Actor{})
	must(t, err)
	return sh, c.Text
}

func (d *desk) make(t *testing.T, f Fields, uses int) string {
	t.Helper()
	_, code := d.begin(t, f, uses)
	return code
}

// left is how many rows a table has.
func (d *desk) left(t *testing.T, table string) (n int64) {
	t.Helper()
	must(t, d.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n))
	return n
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
		sh, code := d.begin(t, Counts, 3)
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
		seen, err := d.Scans(t.Context(), firm, sh.ID)
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
		d.clock.Add((Longest + kept).Milliseconds())
		if _, err := d.Purge(t.Context()); err != nil {
			t.Error(err)
		}
		for _, table := range []string{"livecode_code", "livecode_showing", "livecode_scan"} {
			if n := d.left(t, table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
	})
}

// The codes of one showing share its scans: a new code is no new consent. Nothing renews what is at its end.
func TestCodesOfAShowingShareItsScans(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		sh, one := d.begin(t, Conclusion, 2)
		_, err := d.scan(t, one)
		must(t, err)
		d.clock.Add(110_000)
		now, next, err := d.Renew(t.Context(), firm, sh.ID)
		must(t, err)
		if now.Left() != 1 || next.Text == one {
			t.Errorf("%d scans are left", now.Left())
		}
		if _, err := d.scan(t, next.Text); err != nil {
			t.Error(err)
		}
		for _, code := range []string{one, next.Text} {
			if _, err := d.scan(t, code); !errors.Is(err, ErrOver) || errors.Is(err, ErrUnknown) {
				t.Errorf("a third scan: %v", err)
			}
		}
		now, code, err := d.Renew(t.Context(), firm, sh.ID)
		if !errors.Is(err, ErrStopped) || code != nil || now.State(d.c.Now()) != UsedUp {
			t.Errorf("renewed after its last scan: %v", err)
		}
		if seen, err := d.Scans(t.Context(), firm, sh.ID); err != nil || len(seen) != 2 {
			t.Errorf("%v %v", seen, err)
		}
		if _, _, err := d.Renew(t.Context(), "91000000MA0000026X", sh.ID); !errors.Is(err, ErrShowing) {
			t.Errorf("another's showing: %v", err)
		}
	})
}

// Who stops showing, shows no more: neither with the code on the screen nor with the one before.
func TestAStoppedShowingShowsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *desk) {
		sh, one := d.begin(t, Counts, 5)
		_, two, err := d.Renew(t.Context(), firm, sh.ID)
		must(t, err)
		must(t, d.End(t.Context(), firm, sh.ID))
		must(t, d.End(t.Context(), firm, sh.ID))
		for _, code := range []string{one, two.Text} {
			if _, err := d.scan(t, code); !errors.Is(err, ErrOver) {
				t.Errorf("after the stop: %v", err)
			}
		}
		if now, _, err := d.Renew(t.Context(), firm, sh.ID); !errors.Is(err, ErrStopped) || now.State(d.c.Now()) != Stopped {
			t.Errorf("renewed after the stop: %v", err)
		}
	})
}

// A showing goes on for half an hour at most, and not longer than its report.
func TestAShowingEnds(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t))
	sh, _ := d.begin(t, Counts, 5)
	d.clock.Add((Longest - time.Minute).Milliseconds())
	_, last, err := d.Renew(t.Context(), firm, sh.ID)
	must(t, err)
	if want := sh.Begun.Add(Longest); !last.Until.Equal(want) {
		t.Errorf("the last code lives until %s, the showing until %s", last.Until, want)
	}
	d.clock.Add(time.Minute.Milliseconds())
	if now, _, err := d.Renew(t.Context(), firm, sh.ID); !errors.Is(err, ErrStopped) || now.State(d.c.Now()) != Over {
		t.Errorf("renewed after half an hour: %v", err)
	}
	sh, code := d.begin(t, Counts, 5)
	d.ended.Store(true)
	if now, _, err := d.Renew(t.Context(), firm, sh.ID); !errors.Is(err, ErrStopped) || now.State(d.c.Now()) != Stopped {
		t.Errorf("renewed after its report was withdrawn: %v", err)
	}
	if _, err := d.scan(t, code); !errors.Is(err, ErrOver) {
		t.Errorf("scanned after its report was withdrawn: %v", err)
	}
}

func (d *desk) scan(t *testing.T, code string) (*Snapshot, error) {
	t.Helper()
	s, _, err := d.Scan(t.Context(), code, anybody)
	return s, err
}

// A code shows what was consented to and nothing else, in what is kept of it too.
func TestACodeShowsWhatWasConsentedTo(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t))
	for f, want := range map[Fields][2]int{Conclusion: {0, 0}, Counts: {1, 0}, Records: {1, 1}} {
		code := d.make(t, f, 1)
		var body string
		must(t, d.db.QueryRow(t.Context(), "SELECT s.shown FROM livecode_showing s JOIN livecode_code c ON c.subject = s.subject AND c.showing = s.id WHERE c.id = $1", digest(code)).Scan(&body))
		if strings.Contains(body, "岚税罚") != (want[1] == 1) {
			t.Errorf("%s keeps %s", f, body)
		}
		s, _, err := d.Scan(t.Context(), code, anybody)
		if err != nil || len(s.Counts) != want[0] || len(s.Records) != want[1] || s.Conclusion != "found" {
			t.Errorf("%s shows %+v, %v", f, s, err)
		}
	}
	for _, uses := range []int{0, -1, Most + 1} {
		if err := begun(d.Begin(t.Context(), firm, Choice{"general", Counts, nil, uses}, anybody)); !errors.Is(err, ErrUses) {
			t.Errorf("%d uses: %v", uses, err)
		}
	}
	if err := begun(d.Begin(t.Context(), firm, Choice{"general", "all", nil, 1}, anybody)); err == nil {
		t.Error("fields that are no choice are accepted")
	}
}

func begun(_ *Showing, _ *Code, err error) error { return err }

// What can be no code, or is another's characters, is answered like one that is over; the store holds no code in clear.
func TestAWrongCode(t *testing.T) {
	t.Parallel()
	d := setup(t, storetest.SQLite(t))
	code := d.make(t, Counts, 1)
	for _, wrong := range []string{"", "x", code[:19], code + "A", strings.Repeat("A", 20), digest(code), strings.Repeat("码", 20), "' OR 1=1 -- 12345678"} {
		if _, _, err := d.Scan(t.Context(), wrong, anybody); !errors.Is(err, ErrUnknown) || err.Error() != ErrOver.Error() {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	var id string
	must(t, d.db.QueryRow(t.Context(), "SELECT id FROM livecode_code WHERE subject = $1", string(firm)).Scan(&id))
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

// After twenty codes that never were an address waits, others do not, and it may be wrong again after a pause.
func TestWhoGuessesWaits(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBrake(func() time.Time { return now })
	for i := range wrongAtOnce {
		if b.wrong("a") {
			t.Fatalf("held after %d", i)
		}
	}
	if !b.wrong("a") || b.wrong("b") {
		t.Error("the wrong one is held")
	}
	now = now.Add(wrongPause)
	if b.wrong("a") {
		t.Error("held after the pause")
	}
	if !b.wrong("a") {
		t.Error("one try a pause, not more")
	}
}
