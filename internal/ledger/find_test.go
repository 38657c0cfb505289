package ledger

import (
	"fmt"
	"slices"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/store"
)

func found(t testing.TB, l *Ledger, text string) []credit.Key {
	t.Helper()
	all, err := l.Find(t.Context(), text, 10)
	if err != nil {
		t.Fatal(err)
	}
	keys := []credit.Key{}
	for _, s := range all {
		keys = append(keys, s.Key)
	}
	return keys
}

// A subject is found by its code, by each legacy number with or without its scheme, by its name now and
// formerly, typed full-width or with spaces; what is on nobody's record finds nobody.
func TestFind(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		const key = credit.Key("91000000000000001A")
		row := incoming(l, key, "1号", 1, 100)
		row.Kind, row.Name = credit.Registration, "岚港演示（甲）有限公司"
		row.Aliases = Aliases(&credit.Record{OrgCode: "00000000X", Registration: "000000000000011", TaxNo: "00000000000022T", Institution: "100000000033", Society: "50000000044"})
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{row})
		rename := func(tx *store.Tx) error { return l.Rename(tx, key, "岚港演示新名有限公司") }
		if err := l.Change(t.Context(), rename); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			"91000000000000001A", "91000000000000001a", " ９１００００００００００００００１Ａ ", "91000000-000000001A",
			"岚港演示（甲）有限公司", "岚港演示(甲)有限公司", "岚港演示 新名 有限公司",
			"00000000X", "0000000-0X", "org:00000000X", "000000000000011", "reg:000000000000011", "00000000000022T", "100000000033", "ins:100000000033", "50000000044",
		} {
			if got := found(t, l, text); !slices.Equal(got, []credit.Key{key}) {
				t.Errorf("%q finds %v", text, got)
			}
		}
		for _, text := range []string{"", "岚港演示", "91000000000000001B", "%", "' OR 1=1 --"} {
			if got := found(t, l, text); len(got) != 0 {
				t.Errorf("%q finds %v", text, got)
			}
		}
		if s, ok, err := l.Subject(t.Context(), key); !ok || s.Name != "岚港演示新名有限公司" || err != nil {
			t.Errorf("directory says %+v %v %v", s, ok, err)
		}
	})
}

// Several subjects may share a name; all are found.
func TestFindSharedName(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		for _, k := range []credit.Key{"B", "A", "C"} {
			row := incoming(l, k, "1号", 1, 100)
			row.Name = "演示小吃店"
			merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{row})
		}
		if got := found(t, l, "演示小吃店"); !slices.Equal(got, []credit.Key{"A", "B", "C"}) {
			t.Errorf("found %v", got)
		}
		if all, err := l.Find(t.Context(), "演示小吃店", 2); err != nil || len(all) != 2 {
			t.Errorf("a limit of 2 gave %d (%v)", len(all), err)
		}
	})
}

// A row that holds only a legacy number belongs to the subject whose registration names the number; a
// number that two subjects claim decides nothing.
func TestLegacyNumbersLeadToTheSubject(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		known := &credit.Record{OrgCode: "00000000X"}
		registration := incoming(l, "91000000000000001A", "1号", 1, 100)
		registration.Kind, registration.Aliases = credit.Registration, Aliases(known)
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{registration})
		legacy := func(want ...credit.Key) {
			t.Helper()
			rows := [][]credit.Key{Aliases(known), Aliases(&credit.Record{Registration: "0000001"}), Aliases(&credit.Record{Registration: "0000001", OrgCode: known.OrgCode}),
				Aliases(&credit.Record{TaxNo: "0000002", Registration: "0000003"})}
			if keys, err := l.LegacyKeys(t.Context(), rows); err != nil || !slices.Equal(keys, want) {
				t.Errorf("%q, want %q (%v)", keys, want, err)
			}
		}
		legacy("91000000000000001A", "reg:0000001", "91000000000000001A", "reg:0000003")
		if _, err := l.LegacyKeys(t.Context(), [][]credit.Key{Aliases(known), nil}); err != ErrNoCode {
			t.Errorf("a row without any number: %v", err)
		}
		registration.Key, registration.Row = "91000000000000002B", 2
		merge(t, l, Batch{Source: 1, Load: 2}, []Incoming{registration})
		legacy("org:00000000X", "reg:0000001", "org:00000000X", "reg:0000003")
	})
}

// Every name that any row uses of a subject leads to it, whichever row came first.
func TestEveryNameUsedLeadsToTheSubject(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		for i, name := range []string{"岚港演示甲有限公司", "岚港演示甲集团有限公司", "岚港演示甲有限公司"} {
			row := incoming(l, "A", fmt.Sprintf("%d号", i), 1, 100)
			row.Name = name
			out := merge(t, l, Batch{Source: 1, Load: int64(i + 1)}, []Incoming{row})[1]
			if out.Named != (i < 2) {
				t.Errorf("row %d under %s: named anew %v", i, name, out.Named)
			}
			if got := found(t, l, name); !slices.Equal(got, []credit.Key{"A"}) {
				t.Errorf("%s finds %v", name, got)
			}
		}
		row := incoming(l, "A", "9号", 1, 100)
		row.Name, row.Kind = "岚港演示乙有限公司", credit.Registration
		merge(t, l, Batch{Source: 1, Load: 9}, []Incoming{row})
		if s, _, err := l.Subject(t.Context(), "A"); err != nil || s.Name != row.Name {
			t.Errorf("after the registration the directory says %+v, %v", s, err)
		}
	})
}

// A credit code holds the organisation code as its characters 9 to 17: a row that gives only that belongs to
// the code's subject, but not where the code fails its check.
func TestAnOrganisationCodeLeadsToTheCreditCodeThatHoldsIt(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{incoming(l, "91320100748204660Q", "1号", 1, 100), incoming(l, "91320100000000001A", "1号", 2, 100)})
		for number, want := range map[string]credit.Key{"748204660": "91320100748204660Q", "000000001": "org:000000001"} {
			if k, err := l.LegacyKeys(t.Context(), [][]credit.Key{Aliases(&credit.Record{OrgCode: number})}); err != nil || k[0] != want {
				t.Errorf("%s leads to %q, %v", number, k, err)
			}
		}
		if got := found(t, l, "74820466-0"); !slices.Equal(got, []credit.Key{"91320100748204660Q"}) {
			t.Errorf("found %v", got)
		}
	})
}

// A subject known only by a legacy number is found by it, typed with or without its scheme.
func TestFindASubjectWithoutACode(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		const key = credit.Key("reg:370100000000001")
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{incoming(l, key, "1号", 1, 100)})
		for _, text := range []string{"370100000000001", "3701 0000 0000 001", "reg:370100000000001", " reg:370100000000001 "} {
			if got := found(t, l, text); !slices.Equal(got, []credit.Key{key}) {
				t.Errorf("%q finds %v", text, got)
			}
		}
	})
}

// Names page by key: every name that begins with the prefix once, in byte order, whatever the page size.
func TestNamesPageByKey(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		var want []string
		for i := range 11 {
			row := incoming(l, credit.Key(fmt.Sprintf("K%02d", i)), "1号", 1, 100)
			row.Name = fmt.Sprintf("青梧演示%d", i/2) // pairs share a name
			want = append(want, row.Name+" "+string(row.Key))
			merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{row})
		}
		other := incoming(l, "Z", "1号", 1, 100)
		other.Name = "溯岚演示"
		merge(t, l, Batch{Source: 1, Load: 1}, []Incoming{other})
		for _, size := range []int{1, 2, 3, 100} {
			var got []string
			name, key := "", ""
			for {
				page, err := l.NamesFrom(t.Context(), "青梧", name, key, size)
				if err != nil {
					t.Fatal(err)
				}
				if len(page) == 0 {
					break
				}
				for _, s := range page {
					got = append(got, s.Name+" "+string(s.Key))
					name, key = s.Name, string(s.Key)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("pages of %d: %v", size, got)
			}
		}
	})
}
