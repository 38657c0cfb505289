package statement

import (
	"slices"
	"testing"

	"xinban/internal/account"
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// What an organ has dealt with stays in its list, the latest first, page by page and found by words; nobody else's clerk
// sees it, and the successor takes it over.
func TestWhatIsDoneStaysInTheListOfTheOrgan(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := open(t, db)
		var numbers, ids []string
		for _, matter := range []string{"walk1", "walk2", "walk3"} {
			c, err := o.Ask(t.Context(), asker, firm, matter, "")
			must(t, err)
			number, err := o.Answer(t.Context(), clerk(market), &c, light)
			must(t, err)
			numbers, ids = append(numbers, number), append(ids, c.ID)
			o.now = o.now.Add(1e9)
		}
		done := func(who account.Principal, words string, after *casework.Case, limit int) (got []string, next *casework.Case) {
			t.Helper()
			cases, next, err := o.Done(t.Context(), who, words, after, limit)
			must(t, err)
			for _, c := range cases {
				got = append(got, c.ID)
			}
			return got, next
		}
		first, next := done(clerk(market), "", nil, 2)
		if !slices.Equal(first, []string{ids[2], ids[1]}) || next == nil {
			t.Fatalf("first page %v of %v", first, ids)
		}
		if last, end := done(clerk(market), "", next, 2); !slices.Equal(last, ids[:1]) || end != nil {
			t.Errorf("last page %v", last)
		}
		for words, want := range map[string]int{numbers[1]: 1, ids[0]: 1, "远航 有限": 3, string(firm): 3, "岚市监罚": 3, "没有": 0, "%": 0, "_": 0} {
			if got, _ := done(clerk(market), words, nil, 10); len(got) != want {
				t.Errorf("%q finds %d, want %d", words, len(got), want)
			}
		}
		if got, _ := done(clerk(merged), "", nil, 10); len(got) != 0 {
			t.Errorf("another organ sees %v", got)
		}
		o.on(20260601) // the duties have moved
		if got, _ := done(clerk(merged), "", nil, 10); len(got) != 3 {
			t.Errorf("the successor sees %v", got)
		}
	})
}

// Requests of before there were lists are brought into them when the program starts.
func TestOlderRequestsAreListed(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	d := o.answer()
	_, err := o.Ask(t.Context(), asker, firm, "walk1", "")
	must(t, err)
	must(t, o.db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE statement_row SET organ = '', words = '' WHERE subject = $1", string(firm))
		return err
	}))
	must(t, o.fill(t.Context()))
	for _, words := range []string{d.Content.Number, d.Content.Request, "远航"} {
		if all, _, err := o.Done(t.Context(), clerk(market), words, nil, 10); err != nil || len(all) != 1 {
			t.Errorf("%q finds %d, %v", words, len(all), err)
		}
	}
}

// The centre sees what organs of its region have not answered in time, never one with a provisional day.
func TestTheCentreSeesWhatIsOverdue(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	o.ask()
	centre := account.Principal{ID: "3", Roles: []account.Role{account.Centre}}
	other := centre
	other.Region = "0002"
	for _, x := range []struct {
		on        credit.Date
		who       account.Principal
		want      int
		escalated bool
	}{{20260601, centre, 0, false}, {20260602, centre, 1, false}, {20260604, centre, 1, true}, {20260604, other, 0, false}} {
		o.on(x.on)
		all, err := o.Overdue(t.Context(), x.who, 10)
		must(t, err)
		if len(all) != x.want || x.want == 1 && (all[0].Escalated != x.escalated || all[0].Organ != "岚港市综合执法局") {
			t.Errorf("on %s: %+v", x.on, all)
		}
	}
}

// A case whose data nobody can read holds up no other.
func TestOneBadRowHoldsUpNoReminder(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t))
	bad := o.ask()
	_, err := o.Ask(t.Context(), asker, firm, "walk1", "")
	must(t, err)
	must(t, o.db.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE case_file SET data = '{' WHERE subject = $1 AND id = $2", string(firm), bad.ID)
		return err
	}))
	o.on(20260602)
	if _, err := o.Remind(t.Context()); err == nil {
		t.Error("the bad row is not reported")
	}
	_, err = o.box.Send(t.Context())
	if must(t, err); len(o.sent) != 3 { // two requests, one reminder
		t.Errorf("%d messages", len(o.sent))
	}
}
