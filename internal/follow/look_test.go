package follow

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// logs writes n looks of as many people, a millisecond apart, and moves the clock behind them.
func (o *office) logs(key credit.Key, n int, id string) {
	o.t.Helper()
	must(o.t, o.db.Tx(o.t.Context(), func(tx *store.Tx) error {
		for i := range n {
			o.now = o.now.Add(time.Millisecond)
			e := audit.Entry{Subject: key, At: o.now, Actor: audit.Actor{ID: fmt.Sprint(id, i), Name: "单位"}, Action: audit.View}
			if err := audit.Record(tx, e); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (o *office) told() int {
	o.t.Helper()
	list, err := o.Messages(o.t.Context(), "1", "", 10_000)
	must(o.t, err)
	return len(list)
}

// The log is read on from where it was read to, also by a program that was started again, in parts, and no look is
// told twice or lost; a look leads to the log of its subject.
func TestTheLogIsReadOnFromItsCursor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.looks()
		o.follow()
		o.logs(firm, lookRows+20, "a")
		o.looks()
		if n := o.told(); n != lookRows+20 {
			t.Errorf("%d told", n)
		}
		list, err := o.Messages(t.Context(), "1", "", 1)
		if must(t, err); list[0].Link != "/access?subject="+string(firm) {
			t.Errorf("leads to %s", list[0].Link)
		}
		o.now = o.now.Add(2 * settle)
		o.looks()
		o.logs(firm, 3, "b")
		o.Service, err = New(t.Context(), o.c)
		must(t, err)
		for range 2 {
			o.looks()
		}
		if n := o.told(); n != lookRows+23 {
			t.Errorf("%d told after a start", n)
		}
	})
}

// A look that came into the log when its place was read already is told by the daily sweep. A log that is longer than
// one sweep reads is read to its end by the next ones.
func TestTheSweepTellsWhatTheLogReadingMissed(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.follow()
	many := lookRows*lookPages + 10
	o.logs(firm, many, "a")
	o.now = o.now.Add(2 * settle)
	must(t, o.keepCursor(t.Context(), looksName, audit.At(o.now)))
	o.looks()
	if n := o.told(); n != 0 {
		t.Fatalf("%d told", n)
	}
	o.sweep()
	first := o.told()
	o.sweep()
	if n := o.told(); first == 0 || first == many || n != many {
		t.Errorf("%d then %d of %d told", first, n, many)
	}
}

// A subscription is swept once a day, and again when it is changed.
func TestASubscriptionIsSweptOnceADay(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	for i := range sweepRows + 5 {
		o.bound[fmt.Sprint(i)] = true
		must(t, o.Subscribe(t.Context(), Subscription{Subject: firm, Account: fmt.Sprint(i), Events: []Event{Ending}, Days: 30}))
	}
	due := func() (n int) {
		t.Helper()
		must(t, o.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM follow_subscription WHERE swept < $1", int64(o.today())).Scan(&n))
		return n
	}
	more, err := o.Sweep(t.Context())
	if must(t, err); !more || due() != 5 {
		t.Errorf("%d due after the first part, more %v", due(), more)
	}
	o.sweep()
	if due() != 0 {
		t.Errorf("%d due at the end", due())
	}
	o.now = o.now.AddDate(0, 0, 1)
	if due() != sweepRows+5 {
		t.Errorf("%d due on the next day", due())
	}
}

// Whoever asked is told of the answer even if it follows nothing, once; and the followers as ever.
func TestWhoAskedIsToldWithoutFollowing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		o.confirmed()
		answered := func(number string) {
			t.Helper()
			must(t, db.Tx(t.Context(), func(tx *store.Tx) error { return o.StatementAnswered(tx, firm, "1", number, "C1") }))
		}
		answered("Q1")
		must(t, db.Tx(t.Context(), func(tx *store.Tx) error { return o.StatementLate(tx, firm, "1", "C2") }))
		o.follow()
		answered("Q2")
		if got := o.kinds(); !slices.Equal(got, []string{"answer", "late", "statement"}) {
			t.Errorf("told %v", got)
		}
		o.send()
		if len(o.a.got) != 3 {
			t.Errorf("sent %v", o.a.got)
		}
		o.bound["1"] = false
		answered("Q3")
		o.send()
		if n := len(o.a.got); n != 3 && !strings.Contains(o.a.got[3].Body, "关注") {
			t.Errorf("sent to one that acts no longer for the subject: %v", o.a.got)
		}
	})
}

// A report is told as withdrawn at once, however old it is.
func TestAnOldReportThatIsWithdrawnIsTold(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.follow()
	for range 2 {
		must(t, o.db.Tx(t.Context(), func(tx *store.Tx) error { return o.ReportEnded(tx, firm, Report{Number: "R1", Withdrawn: true}) }))
	}
	if got := o.kinds(); !slices.Equal(got, []string{"withdrawn"}) {
		t.Errorf("told %v", got)
	}
}

// Five codes a day are sent to an address, whoever enters it, and by an account, whatever it enters.
func TestFiveCodesADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		enter := func(account, to string, want error) {
			t.Helper()
			o.now = o.now.Add(2 * codePause)
			if err := o.Enter(t.Context(), account, to); !errors.Is(err, want) {
				t.Errorf("%s enters %s: %v, want %v", account, to, err, want)
			}
		}
		for i := range codesADay {
			enter(fmt.Sprint(i), phone, nil)
		}
		enter("9", phone, ErrMany)
		for i := range codesADay {
			enter("7", fmt.Sprintf("1391234567%d", i), nil)
		}
		enter("7", "13900000000", ErrMany)
		if a, err := o.address(t.Context(), "7"); err != nil || a.Address != "13912345674" {
			t.Errorf("refused, but kept: %+v, %v", a, err)
		}
		o.now = o.now.AddDate(0, 0, 1)
		enter("9", phone, nil)
	})
}

// In the store an address is sealed, also one of before addresses were; nobody else's seal opens.
func TestAddressesAreSealed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		must(t, o.Enter(t.Context(), "1", phone))
		kept := func(account string) (text string) {
			t.Helper()
			must(t, db.QueryRow(t.Context(), "SELECT address FROM follow_address WHERE account = $1", account).Scan(&text))
			return text
		}
		if text := kept("1"); strings.Contains(text, phone) {
			t.Errorf("kept as %s", text)
		}
		if _, err := o.opened("2", kept("1")); err == nil {
			t.Error("another account's address opens")
		}
		must(t, db.Tx(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Exec("DELETE FROM follow_cursor WHERE name = $1", sealName); err != nil {
				return err
			}
			_, err := tx.Exec("INSERT INTO follow_address (account, address, confirmed, asked, tries) VALUES ('old', $1, 1, 1, 0)", phone)
			return err
		}))
		if a, err := o.address(t.Context(), "old"); err != nil || a.Address != phone {
			t.Errorf("%+v, %v", a, err)
		}
		must(t, o.sealAll(t.Context()))
		if a, err := o.address(t.Context(), "old"); err != nil || a.Address != phone || strings.Contains(kept("old"), phone) {
			t.Errorf("%+v kept as %s, %v", a, kept("old"), err)
		}
	})
}

// The centre of the whole store reads what organs left undone; one of a city has nothing of others.
func TestWhoReadsTheCentresMessages(t *testing.T) {
	t.Parallel()
	whole := account.Principal{ID: "1", Roles: []account.Role{account.Centre}}
	city := whole
	city.Region = "0001"
	if recipients(whole)[0] != "centre" || recipients(city)[0] != "1" {
		t.Errorf("%v %v", recipients(whole), recipients(city))
	}
}

// BenchmarkLooks reads a hundred new entries of the log, one of them of a subject that is followed, beside many other
// subscriptions: what it costs depends on the entries alone.
func BenchmarkLooks(b *testing.B) {
	for _, n := range []int{1_000, 500_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			o := open(b, storetest.SQLite(b))
			o.follow()
			o.subscriptions(n)
			o.looks()
			for b.Loop() {
				b.StopTimer()
				o.logs("91000000MA0000099X", 99, "x")
				o.logs(firm, 1, o.now.String())
				b.StartTimer()
				o.looks()
				b.StopTimer()
				o.now = o.now.Add(3 * settle)
				b.StartTimer()
			}
			b.ReportMetric(float64(o.told())/float64(b.N), "told/op")
		})
	}
}

// subscriptions makes those of many other subjects.
func (o *office) subscriptions(n int) {
	o.t.Helper()
	for done := 0; done < n; done += 1000 {
		var rows [][]any
		for i := range 1000 {
			rows = append(rows, []any{fmt.Sprintf("other%07d", done+i), "8", joinEvents(Events()), int64(30), int64(1), int64(1), int64(99991231)})
		}
		must(o.t, o.db.Tx(o.t.Context(), func(tx *store.Tx) error {
			return tx.Insert("follow_subscription", []string{"subject", "account", "events", "days", "since", "looked", "swept"}, rows)
		}))
	}
}

// BenchmarkSweepNothingDue is a sweep on a day on which everything was told, with many subscriptions.
func BenchmarkSweepNothingDue(b *testing.B) {
	o := open(b, storetest.SQLite(b))
	o.subscriptions(500_000)
	for b.Loop() {
		if more, err := o.Sweep(b.Context()); err != nil || more {
			b.Fatal(more, err)
		}
	}
}
