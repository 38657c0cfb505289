package ledger

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// A number that no person has: area 000000.
const idNumber = "000000199001011234"

// A cell that holds an identity number lies sealed in the store, and whoever may see it gets it back.
func TestIdentityNumbersLieSealed(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		r := credit.Record{Kind: credit.Penalty, Class: credit.NaturalPerson, Name: "岚某", Decided: 20250310}
		layout, err := l.Layout(t.Context(), []string{"姓名", "证件号码"})
		if err != nil {
			t.Fatal(err)
		}
		f := l.NewAssertion("p:x", credit.MatterID{1}, 1, &r, &Raw{Layout: layout, Cells: []string{"岚某", l.Seal(idNumber)}}, 1)
		appendFacts(t, l, Subject{Key: "p:x"}, f)
		plain, err := l.unpack(f.body, &room{})
		if err != nil || strings.Contains(plain, idNumber) {
			t.Fatalf("the stored body shows the number (%v)", err)
		}
		headings, cells, err := reopen(t, l).ReadRaw(t.Context(), "p:x", 1)
		if err != nil || !slices.Equal(cells, []string{"岚某", idNumber}) || !slices.Equal(headings, []string{"姓名", "证件号码"}) {
			t.Errorf("the row as received is %q %q, %v", headings, cells, err)
		}
		if a, b := l.Seal(idNumber), l.Seal(idNumber); a == b {
			t.Error("the same number sealed twice looks the same: cells could be compared")
		}
	})
}

// A sealed cell does not open with another store's key, and a cell that is not sealed stays as it is.
func TestSealNeedsTheKey(t *testing.T) {
	one, err := OpenKeyring(filepath.Join(t.TempDir(), "one"), true)
	if err != nil {
		t.Fatal(err)
	}
	two, err := OpenKeyring(filepath.Join(t.TempDir(), "two"), true)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := two.unsealCell(one.SealCell(idNumber)); err == nil {
		t.Errorf("another key opened it: %q", s)
	}
	for _, cell := range []string{"", "平文", idNumber} {
		if s, err := one.unsealCell(cell); err != nil || s != cell {
			t.Errorf("%q became %q, %v", cell, s, err)
		}
	}
}

// The keys are made once, only the owner may read them, and a damaged file is not replaced.
func TestKeyringFile(t *testing.T) {
	dir := t.TempDir()
	first, err := OpenKeyring(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenKeyring(dir, false)
	if err != nil || string(again.hash(idNumber)) != string(first.hash(idNumber)) {
		t.Fatalf("the keys changed: %v", err)
	}
	path := filepath.Join(dir, "identity-1.key")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKeyring(dir, false); err == nil {
		t.Error("a damaged key file was taken for a key")
	}
}

func personKey(t testing.TB, l *Ledger, number string) credit.Key {
	t.Helper()
	k, err := l.PersonKey(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A person's key is random, says nothing of the number, and stays the same from then on.
func TestPersonKeysAreRandomAndStable(t *testing.T) {
	var elsewhere credit.Key
	each(t, func(t *testing.T, l *Ledger) {
		key := personKey(t, l, idNumber)
		if !key.Person() || key.Code() != "" || strings.Contains(string(key), idNumber[:6]) {
			t.Errorf("key %q", key)
		}
		if again := personKey(t, reopen(t, l), idNumber); again != key {
			t.Errorf("the key changed from %q to %q", key, again)
		}
		if other := personKey(t, l, "000000199001011235"); other == key {
			t.Error("two persons share a key")
		}
		if key == elsewhere {
			t.Error("two stores give a person the same key: it is computed from the number")
		}
		elsewhere = key
		if found, ok, err := l.FindPerson(t.Context(), idNumber); !ok || found != key || err != nil {
			t.Errorf("found %q %v %v", found, ok, err)
		}
		if _, ok, err := l.FindPerson(t.Context(), "000000199001019999"); ok || err != nil {
			t.Errorf("a person never met was found (%v)", err)
		}
	})
}

// Many loads that meet a person at the same moment agree on one key.
func TestOnePersonMetAtOnce(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		const n = 8
		keys := make(chan credit.Key, n)
		for range n {
			go func() {
				k, err := l.PersonKey(t.Context(), idNumber)
				if err != nil {
					t.Error(err)
				}
				keys <- k
			}()
		}
		first := <-keys
		for range n - 1 {
			if k := <-keys; k != first {
				t.Errorf("two keys: %q, %q", first, k)
			}
		}
	})
}

// Persons met together get a key each, in the order asked, those met before theirs; two loads that meet
// overlapping crowds at the same moment, in opposite order, agree.
func TestACrowdMetAtOnce(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		numbers := make([]string, 300)
		for i := range numbers {
			numbers[i] = fmt.Sprintf("0000001990010%05d", i)
		}
		first := personKey(t, l, numbers[7])
		backwards := slices.Clone(numbers)
		slices.Reverse(backwards)
		var got [2][]credit.Key
		var g errgroup.Group
		for i, ask := range [][]string{append(numbers, numbers[0]), backwards} {
			g.Go(func() (err error) {
				got[i], err = l.PersonKeys(t.Context(), ask)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(got[1])
		if len(got[0]) != 301 || got[0][300] != got[0][0] || got[0][7] != first || !slices.Equal(got[0][:300], got[1]) {
			t.Error("the keys are not those of the numbers")
		}
		slices.Sort(got[1])
		if n := len(slices.Compact(got[1])); n != 300 || !got[1][0].Person() {
			t.Errorf("%d keys for 300 persons", n)
		}
		for _, i := range []int{0, 150, 299} {
			if key, ok, err := l.FindPerson(t.Context(), numbers[i]); !ok || err != nil || key != got[0][i] {
				t.Errorf("person %d is found as %q (%v)", i, key, err)
			}
		}
	})
}

// Forgetting a person erases the way from the number to the facts; the facts stay, under a key that
// nobody can tie to the person; who is met again is somebody new.
func TestForgottenPersonLeavesAnonymousFacts(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		key := personKey(t, l, idNumber)
		r := credit.Record{Kind: credit.Penalty, Class: credit.NaturalPerson, DocNo: "1号", Decided: 20250310}
		appendFacts(t, l, Subject{Key: key}, l.NewAssertion(key, credit.MatterID{1}, 1, &r, nil, 1))
		if err := l.Change(t.Context(), func(tx *store.Tx) error { return l.ForgetPerson(tx, key) }); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := l.FindPerson(t.Context(), idNumber); ok || err != nil {
			t.Errorf("the forgotten person was found (%v)", err)
		}
		if n := len(read(t, l, key)); n != 1 {
			t.Errorf("%d facts are left, want 1", n)
		}
		if again := personKey(t, l, idNumber); again == key {
			t.Error("the same number leads to the old facts again")
		}
	})
}

func TestLostOrForeignKeysAreNoticed(t *testing.T) {
	t.Parallel()
	if _, err := OpenKeyring(t.TempDir(), false); !errors.Is(err, ErrKeysMissing) {
		t.Errorf("a store without its keys: %v", err)
	}
	l := testLedger(t)
	other := make([]byte, 64)
	other[0] = 1
	keys, err := NewKeyring(1, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), l.DB(), keys); !errors.Is(err, ErrWrongKeys) {
		t.Errorf("a store with another's keys: %v", err)
	}
}
