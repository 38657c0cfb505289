package ledger

import (
	"slices"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/store"
)

func initialled(t testing.TB, l *Ledger, prefix string) (keys []credit.Key) {
	t.Helper()
	after, key := "", ""
	for {
		all, err := l.InitialsFrom(t.Context(), prefix, after, key, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			return keys
		}
		for _, s := range all {
			if !slices.Contains(keys, s.Key) {
				keys = append(keys, s.Key)
			}
			after, key = s.Initials, string(s.Key)
		}
	}
}

func named(t testing.TB, l *Ledger, key credit.Key, name string) {
	t.Helper()
	row := incoming(l, key, "1号", 1, 100)
	row.Kind, row.Name = credit.Registration, name
	merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{row})
}

// An organisation is found by the beginning of the initials of its name now and formerly, page by page; a
// natural person never is.
func TestInitialsLeadToOrganisationsOnly(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		const one, two, person = credit.Key("91000000000000001A"), credit.Key("91000000000000002B"), credit.Key("p:0123456789abcdef0123456789abcdef")
		if !person.Person() {
			t.Fatal("the key is no person's")
		}
		named(t, l, one, "岚港海蓝渔具有限公司")
		named(t, l, two, "岚港海莲渔具有限公司")
		named(t, l, person, "岚港海")
		if err := l.Change(t.Context(), func(tx *store.Tx) error { return l.Rename(tx, one, "青梧新名有限公司") }); err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string][]credit.Key{"lghlyj": {one, two}, "lgh": {one, two}, "lghlyjyxgs": {one, two}, "qwxm": {one}, "hlyj": nil, "x": nil} {
			if got := initialled(t, l, text); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", text, got, want)
			}
		}
	})
}

// Names that were there before get their initials step by step, and then there is nothing left to do.
func TestNamesOfBeforeGetTheirInitials(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		const key = credit.Key("91000000000000001A")
		named(t, l, key, "岚港海蓝渔具有限公司")
		err := l.db.Tx(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Exec("DELETE FROM subject_initials"); err != nil {
				return err
			}
			return tx.Insert("initials_fill", []string{"id", "name", "key"}, [][]any{{int64(1), "", ""}})
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{true, false, false} {
			if more, err := l.FillInitials(t.Context()); err != nil || more != want {
				t.Fatalf("call %d: more %v, %v", i+1, more, err)
			}
		}
		if got := initialled(t, l, "lghlyj"); !slices.Equal(got, []credit.Key{key}) {
			t.Errorf("after filling in: %v", got)
		}
	})
}
