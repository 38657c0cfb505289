package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// ready makes the table.
func ready(t *testing.T, db *store.DB) *store.DB {
	t.Helper()
	if err := audit.Migrate(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

var noon = time.Date(2026, 5, 18, 4, 0, 0, 0, time.UTC)

func TestSubjectReadsWhoLookedNewestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, mine := context.Background(), credit.Key("91000000MA00000001")
		ready(t, db)
		err := db.Tx(ctx, func(tx *store.Tx) error {
			for i := range 25 { // three an instant, so that pages end between equal instants
				e := audit.Entry{Subject: mine, At: noon.Add(time.Duration(i/3) * time.Second), Action: audit.View,
					Actor: audit.Actor{ID: "a1", Name: "岚港市交通运输局", Role: "clerk", Organ: "11", Channel: "page"}, Purpose: "招投标", Document: fmt.Sprint(i)}
				if err := audit.Record(tx, e); err != nil {
					return err
				}
			}
			return audit.Record(tx, audit.Entry{Subject: mine + "X", At: noon, Action: audit.View})
		})
		if err != nil {
			t.Fatal(err)
		}
		seen, last, pages := map[string]bool{}, noon.Add(time.Hour), 0
		for cursor := (audit.Cursor{}); ; pages++ {
			list, next, err := audit.BySubject(ctx, db, mine, cursor, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list {
				if e.At.After(last) || seen[e.Document] {
					t.Errorf("%s at %v comes late or twice", e.Document, e.At)
				}
				last, seen[e.Document] = e.At, true
			}
			if list[0].Actor.Name != "岚港市交通运输局" || list[0].Purpose != "招投标" || list[0].Action != audit.View {
				t.Errorf("entry %+v", list[0])
			}
			if next == (audit.Cursor{}) {
				break
			}
			if cursor, err = audit.ParseCursor(next.String()); err != nil {
				t.Fatal(err)
			}
		}
		if len(seen) != 25 || pages != 2 {
			t.Errorf("%d entries on %d pages", len(seen), pages+1)
		}
	})
}

func TestEntryIsNotKeptWithoutWhatItRecords(t *testing.T) {
	ctx := context.Background()
	db := ready(t, storetest.SQLite(t))
	undone := errors.New("the report was not written")
	err := db.Tx(ctx, func(tx *store.Tx) error {
		if err := audit.Record(tx, audit.Entry{Subject: "91000000MA00000001", At: noon, Action: audit.Issue}); err != nil {
			return err
		}
		return undone
	})
	list, _, rerr := audit.BySubject(ctx, db, "91000000MA00000001", audit.Cursor{}, 10)
	if !errors.Is(err, undone) || rerr != nil || len(list) != 0 {
		t.Errorf("after an undone transaction: %v, %v, %d entries", err, rerr, len(list))
	}
}

func TestRefusedEntries(t *testing.T) {
	ctx := context.Background()
	db := ready(t, storetest.SQLite(t))
	good := audit.Entry{Subject: "p:abc", At: noon, Action: audit.View}
	for name, c := range map[string]struct {
		change func(*audit.Entry)
		want   error
	}{
		"no subject":                           {func(e *audit.Entry) { e.Subject = "" }, audit.ErrIncomplete},
		"no instant":                           {func(e *audit.Entry) { e.At = time.Time{} }, audit.ErrIncomplete},
		"no action":                            {func(e *audit.Entry) { e.Action = "" }, audit.ErrIncomplete},
		"an identity number as the subject":    {func(e *audit.Entry) { e.Subject = "000000199001011234" }, audit.ErrIdentityNumber},
		"an identity number in the purpose":    {func(e *audit.Entry) { e.Purpose = "查 000000199001011234" }, audit.ErrIdentityNumber},
		"an identity number in the name":       {func(e *audit.Entry) { e.Actor.Name = "000000900101123" }, audit.ErrIdentityNumber},
		"a registration number is no identity": {func(e *audit.Entry) { e.Subject = "reg:000000900101123" }, nil},
		"a person by random key":               {func(e *audit.Entry) {}, nil},
	} {
		e := good
		c.change(&e)
		if err := db.Tx(ctx, func(tx *store.Tx) error { return audit.Record(tx, e) }); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("")
	f.Add("MTIzLmFiYw")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := audit.ParseCursor(s)
		if err != nil {
			return
		}
		if again, err := audit.ParseCursor(c.String()); err != nil || again != c {
			t.Errorf("%q reads as %v, which reads as %v, %v", s, c, again, err)
		}
	})
}
