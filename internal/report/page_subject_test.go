package report

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/ledger"
)

// The order of a subject's matters is that of the places in its links, or a page would skip some.
func TestMattersAreOrderedAsTheirPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *ledger.Matter {
			d, _ := credit.NewDate(rapid.IntRange(2019, 2026).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 31).Draw(t, "day"))
			m := &ledger.Matter{Record: &credit.Record{Decided: d}} // 0 where there is no such day
			copy(m.ID[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
			return m
		}), 0, 30).Draw(t, "matters")
		slices.SortFunc(all, newer)
		if !slices.IsSortedFunc(all, func(a, b *ledger.Matter) int { return cmp.Compare(place(b), place(a)) }) {
			t.Fatal("the orders differ")
		}
	})
}

func TestNamesOfPersonsKeepOneCharacter(t *testing.T) {
	for in, want := range map[string]string{"溯某某": "溯＊＊", "岚某": "岚＊", "岚": "＊", "": "＊"} {
		if got := credit.MaskName(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
	if got := masked("岚某某与岚港货代", []string{"岚某某", ""}); got != "岚＊＊与岚港货代" {
		t.Errorf("masked to %q", got)
	}
}

// Groups follow the numbers of the list, and the last takes whatever a longer list has.
func TestEveryDomainOfTheListIsInAGroup(t *testing.T) {
	last := 0
	for _, g := range domainGroups {
		if g.last <= last {
			t.Errorf("group %s ends at %d, after %d", g.title, g.last, last)
		}
		last = g.last
	}
	if last < 1<<20 {
		t.Error("a longer list would have domains without a group")
	}
}
