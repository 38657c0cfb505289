package ledger

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/store"
)

const today = credit.Date(20260518)

func standing(t testing.TB, l *Ledger, key credit.Key, known []KeySeq) (*Standing, []KeySeq) {
	t.Helper()
	s, versions, err := l.Standing(t.Context(), key, today, known)
	if err != nil {
		t.Fatal(err)
	}
	return s, versions
}

func penalty(l *Ledger, key credit.Key, source int64, docNo string, fine credit.Fen) Fact {
	r := credit.Record{Kind: credit.Penalty, Class: credit.Organisation, Name: "演示" + string(key), DocNo: docNo, Decided: 20250310, Authority: "岚港市生态环境局",
		Fine: credit.Amount{Fen: fine, Known: true}}
	id, _ := credit.IdentifyMatter(&r, r.Authority)
	return l.NewAssertion(key, id, source, &r, nil, 1)
}

func docNos(s *Standing) []string {
	var all []string
	for _, m := range s.Matters {
		all = append(all, m.Record.DocNo)
	}
	slices.Sort(all)
	return all
}

// As known then: after any later assertions, events and links, the fold at the seqs noted earlier is
// the fold of that time, and the facts of that time still lie where they lay, unchanged.
func TestAsKnownThen(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		walk := 0
		rapid.Check(t, func(rt *rapid.T) {
			walk++
			keys := make([]credit.Key, 3)
			for i := range keys {
				keys[i] = credit.Key(fmt.Sprintf("W%d-%d", walk, i))
			}
			type moment struct {
				key      credit.Key
				standing *Standing
				versions []KeySeq
				facts    []Fact
			}
			var past []moment
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				key := rapid.SampledFrom(keys).Draw(rt, "key")
				appendFacts(t, l, Subject{Key: key}, anyFact(rt, l, key, keys))
				who := rapid.SampledFrom(keys).Draw(rt, "who")
				s, v := standing(t, l, who, nil)
				past = append(past, moment{who, s, v, read(t, l, who)})
			}
			for i, m := range past {
				s, v := standing(t, l, m.key, m.versions)
				if !reflect.DeepEqual(s, m.standing) || !reflect.DeepEqual(v, m.versions) {
					rt.Fatalf("step %d as known then is another standing:\n%+v %+v\n%+v %+v", i, m.standing, m.versions, s, v)
				}
				if now := read(t, l, m.key); len(m.facts) > 0 && !reflect.DeepEqual(now[:len(m.facts)], m.facts) {
					rt.Fatalf("step %d: the facts known then were moved or edited", i)
				}
			}
		})
	})
}

func anyFact(rt *rapid.T, l *Ledger, key credit.Key, keys []credit.Key) Fact {
	doc := rapid.SampledFrom([]string{"岚环罚〔2025〕1号", "岚环罚〔2025〕2号"}).Draw(rt, "doc")
	said := penalty(l, key, rapid.Int64Range(1, 2).Draw(rt, "source"), doc, credit.Fen(rapid.IntRange(1, 3).Draw(rt, "fine")))
	if rapid.Bool().Draw(rt, "assertion") {
		return said
	}
	e := Event{Type: rapid.SampledFrom([]EventType{Withdrawn, Annulled, Repaired, RepairRevoked, Removed, Disputed, DisputeClosed, Linked, LinkUndone}).Draw(rt, "event"),
		On: credit.Date(20250401 + rapid.IntRange(0, 5).Draw(rt, "on")), Source: said.Source}
	matter := said.Matter
	if e.Type == Linked || e.Type == LinkUndone {
		e.Link = rapid.SampledFrom([]Link{SameAs, SuccessorOf, SplitFrom}).Draw(rt, "link")
		e.To, matter = rapid.SampledFrom(keys).Draw(rt, "to"), credit.MatterID{}
	}
	f, err := NewEvent(key, credit.Penalty, matter, e, 1)
	if err != nil {
		rt.Fatal(err)
	}
	return f
}

// Same-as and successor join the records; lineage of other kinds is shown and joins nothing; an undone
// link joins nothing any more. The facts lie where they lay throughout.
func TestLinks(t *testing.T) {
	tests := []struct {
		link Link
		want []string
	}{
		{SameAs, []string{"甲1", "乙1"}}, {SuccessorOf, []string{"甲1", "乙1"}},
		{SplitFrom, []string{"甲1"}}, {BranchOf, []string{"甲1"}}, {RenamedFrom, []string{"甲1"}},
	}
	each(t, func(t *testing.T, l *Ledger) {
		for i, tt := range tests {
			a, b := credit.Key(fmt.Sprint("A", i)), credit.Key(fmt.Sprint("B", i))
			appendFacts(t, l, Subject{Key: a}, penalty(l, a, 1, "甲1", 100))
			appendFacts(t, l, Subject{Key: b}, penalty(l, b, 1, "乙1", 200))
			appendFacts(t, l, Subject{Key: a}, event(t, a, credit.MatterID{}, Event{Type: Linked, Link: tt.link, To: b, On: 20250401}))
			s, versions := standing(t, l, a, nil)
			slices.Sort(tt.want)
			if got := docNos(s); !slices.Equal(got, tt.want) {
				t.Errorf("%s: records %v, want %v", tt.link, got, tt.want)
			}
			if tt.link.Includes() != (len(versions) == 2) {
				t.Errorf("%s: folded %v", tt.link, versions)
			}
			if other, _ := standing(t, l, b, nil); len(other.Matters) != 1 {
				t.Errorf("%s: the other subject has %v", tt.link, docNos(other))
			}
			if n := len(read(t, l, b)); n != 1 {
				t.Errorf("%s: a link moved facts: %d under the other key", tt.link, n)
			}
			appendFacts(t, l, Subject{Key: a}, event(t, a, credit.MatterID{}, Event{Type: LinkUndone, Link: tt.link, To: b, On: 20250402}))
			if s, _ := standing(t, l, a, nil); !slices.Equal(docNos(s), []string{"甲1"}) {
				t.Errorf("%s undone: records %v", tt.link, docNos(s))
			}
		}
	})
}

// A matter that two keys of one subject both hold is one matter; a circle of links ends.
func TestLinkedKeysHoldOneMatterOnce(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		for _, pair := range [][2]credit.Key{{"A", "B"}, {"B", "A"}} {
			appendFacts(t, l, Subject{Key: pair[0]}, penalty(l, pair[0], 1, "同一决定", 100),
				event(t, pair[0], credit.MatterID{}, Event{Type: Linked, Link: SameAs, To: pair[1], On: 20250401}))
		}
		if s, versions := standing(t, l, "A", nil); len(s.Matters) != 1 || len(versions) != 2 {
			t.Errorf("%d matters from %v", len(s.Matters), versions)
		}
	})
}

// A key linked before it had any fact stays empty in a fold as known then.
func TestLinkedKeyWithoutFactsAsKnownThen(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		appendFacts(t, l, Subject{Key: "A"}, event(t, "A", credit.MatterID{}, Event{Type: Linked, Link: SuccessorOf, To: "B", On: 20250401}))
		_, versions := standing(t, l, "A", nil)
		appendFacts(t, l, Subject{Key: "B"}, penalty(l, "B", 1, "后来的决定", 100))
		if s, _ := standing(t, l, "A", versions); len(s.Matters) != 0 {
			t.Errorf("a fold as known then tells of later facts: %v", docNos(s))
		}
	})
}

// Two writers on one subject collide; one reads again; both land; the sequence is unique and dense.
func TestTwoWritersOnOneSubject(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		const writers, turns = 2, 25
		done := make(chan error, writers)
		for w := range writers {
			go func() {
				var err error
				for i := range turns {
					f := penalty(l, "A", int64(w+1), fmt.Sprint(w, "-", i), 100)
					err = l.Change(t.Context(), func(tx *store.Tx) error { _, err := l.Append(tx, Subject{Key: "A"}, f); return err })
					if err != nil {
						break
					}
				}
				done <- err
			}()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		facts := read(t, l, "A")
		if len(facts) != writers*turns {
			t.Fatalf("%d facts landed, want %d", len(facts), writers*turns)
		}
		seen := map[string]bool{}
		for i, f := range facts {
			if f.Seq != int64(i+1) || seen[f.Record.DocNo] {
				t.Fatalf("fact %d has seq %d and number %s", i, f.Seq, f.Record.DocNo)
			}
			seen[f.Record.DocNo] = true
		}
	})
}

// A load and an event on the same subjects at once: neither is lost.
func TestMergeAndChangeAtOnce(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		keys := []credit.Key{"A", "B", "C"}
		done := make(chan error, 1)
		go func() {
			for i := range 30 {
				k := keys[i%len(keys)]
				f, err := NewEvent(k, 0, credit.MatterID{}, Event{Type: Linked, Link: BranchOf, To: "Z", On: 20250401}, 1)
				if err == nil {
					err = l.Change(t.Context(), func(tx *store.Tx) error { _, err := l.Append(tx, Subject{Key: k}, f); return err })
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		for load := range 20 {
			var rows []Incoming
			for i, k := range keys {
				rows = append(rows, incoming(l, k, fmt.Sprint("第", load, "号"), int64(i+1), 100))
			}
			merge(t, l, Batch{Source: 1, Load: int64(load + 1)}, rows)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			facts := read(t, l, k)
			if len(facts) != 30 {
				t.Errorf("%s has %d facts, want 20 rows and 10 events", k, len(facts))
			}
			for i := range facts {
				if facts[i].Seq != int64(i+1) {
					t.Fatalf("%s: fact %d has seq %d", k, i, facts[i].Seq)
				}
			}
		}
	})
}
