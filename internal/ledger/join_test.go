package ledger

import (
	"errors"
	"fmt"
	"testing"

	"xinban/internal/credit"
)

// What happened to a matter under one of two linked keys counts under the other too, whichever is asked.
func TestWhatHappensUnderOneKeyCountsUnderTheOther(t *testing.T) {
	tests := map[string]struct {
		happens []Event // under the second key
		holds   func(m *Matter) bool
	}{
		"annulled":            {[]Event{{Type: Annulled, On: 20250402}}, func(m *Matter) bool { return m.Annulled == 20250402 }},
		"repaired":            {[]Event{{Type: Repaired, On: 20250402}}, func(m *Matter) bool { return m.Repaired == 20250402 }},
		"repaired, revoked":   {[]Event{{Type: Repaired, On: 20250402}, {Type: RepairRevoked, On: 20250403}}, func(m *Matter) bool { return m.Repaired == 0 }},
		"removed":             {[]Event{{Type: Removed, On: 20250402}}, func(m *Matter) bool { return m.Removed == 20250402 }},
		"disputed":            {[]Event{{Type: Disputed, On: 20250402}}, func(m *Matter) bool { return m.Disputed }},
		"reassigned within":   {[]Event{{Type: Reassigned, To: "A", On: 20250402}}, func(m *Matter) bool { return m.Annulled == 0 }},
		"reassigned away":     {[]Event{{Type: Reassigned, To: "Z", On: 20250402}}, func(m *Matter) bool { return m.Annulled == 20250402 }},
		"one word taken back": {[]Event{{Type: Withdrawn, Source: 1, On: 20250402}}, func(m *Matter) bool { return !m.Withdrawn && m.Subject == "A" }},
		"nothing":             {nil, func(m *Matter) bool { return m.Annulled+m.Repaired+m.Removed == 0 && !m.Disputed && !m.Differ }},
	}
	for label, tt := range tests {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, l *Ledger) {
				for _, pair := range [][2]credit.Key{{"A", "B"}, {"B", "A"}} {
					appendFacts(t, l, Subject{Key: pair[0]}, penalty(l, pair[0], 1, "同一决定", 100),
						event(t, pair[0], credit.MatterID{}, Event{Type: Linked, Link: SameAs, To: pair[1], On: 20250401}))
				}
				id := read(t, l, "B")[0].Matter
				for _, e := range tt.happens {
					appendFacts(t, l, Subject{Key: "B"}, event(t, "B", id, e))
				}
				for _, key := range []credit.Key{"A", "B"} {
					s, _ := standing(t, l, key, nil)
					if len(s.Matters) != 1 || len(s.Matters[0].Assertions) != 2 || len(s.Matters[0].Events) != len(tt.happens) || !tt.holds(&s.Matters[0]) {
						t.Errorf("under %s: %+v", key, s.Matters)
					}
				}
			})
		})
	}
}

// A dispute that is open under one key stays open when another is closed under the other.
func TestADisputeUnderEitherKeyIsOpen(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		for i, key := range []credit.Key{"A", "B"} {
			f := penalty(l, key, 1, "同一决定", 100)
			appendFacts(t, l, Subject{Key: key}, f, event(t, key, f.Matter, Event{Type: Disputed, On: credit.Date(20250401 + i)}))
		}
		appendFacts(t, l, Subject{Key: "A"}, event(t, "A", read(t, l, "A")[0].Matter, Event{Type: DisputeClosed, On: 20250410}),
			event(t, "A", credit.MatterID{}, Event{Type: Linked, Link: SameAs, To: "B", On: 20250401}))
		if s, _ := standing(t, l, "A", nil); !s.Matters[0].Disputed {
			t.Error("the dispute under the other key is lost")
		}
	})
}

// Sources that disagree are found out also when each speaks of another key of the subject.
func TestSourcesDifferAcrossKeys(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		appendFacts(t, l, Subject{Key: "A"}, penalty(l, "A", 1, "同一决定", 100), event(t, "A", credit.MatterID{}, Event{Type: Linked, Link: SameAs, To: "B", On: 20250401}))
		appendFacts(t, l, Subject{Key: "B"}, penalty(l, "B", 2, "同一决定", 200))
		if s, _ := standing(t, l, "A", nil); len(s.Matters) != 1 || !s.Matters[0].Differ {
			t.Errorf("%+v", s.Matters)
		}
	})
}

// More linked keys than can be folded are an error; no record is left out in silence.
func TestTooManyLinkedKeysAreAnError(t *testing.T) {
	each(t, func(t *testing.T, l *Ledger) {
		link := func(from, to int) {
			key := func(i int) credit.Key { return credit.Key(fmt.Sprint("K", i)) }
			appendFacts(t, l, Subject{Key: key(from)}, event(t, key(from), credit.MatterID{}, Event{Type: Linked, Link: SuccessorOf, To: key(to), On: 20250401}))
		}
		for i := range maxKeys - 1 {
			link(i, i+1)
		}
		if _, versions := standing(t, l, "K0", nil); len(versions) != maxKeys {
			t.Fatalf("%d keys folded", len(versions))
		}
		link(maxKeys-1, maxKeys)
		if _, _, err := l.Standing(t.Context(), "K0", today, nil); !errors.Is(err, ErrTooManyKeys) {
			t.Errorf("%v", err)
		}
	})
}
