package ledger

import (
	"reflect"
	"testing"

	"xinban/internal/credit"
)

// A standing on a day knows no decision taken later, and none of its names; a word without a day counts
// always, and a word whose day was corrected to later is not replaced by the one before it.
func TestDecisionsWaitForTheirDay(t *testing.T) {
	said := func(on credit.Date, name string) credit.Record {
		return credit.Record{Kind: credit.Penalty, Name: name, Decided: on}
	}
	tests := map[string]struct {
		words []credit.Record // of sources 1, 2, … about one matter
		want  int             // assertions on the day
	}{
		"of the day":            {[]credit.Record{said(20250310, "甲")}, 1},
		"of the next":           {[]credit.Record{said(20250311, "甲")}, 0},
		"without a day":         {[]credit.Record{said(0, "甲")}, 1},
		"one of two":            {[]credit.Record{said(20250311, "甲"), said(20250310, "乙")}, 1},
		"both later":            {[]credit.Record{said(20250311, "甲"), said(20250312, "乙")}, 0},
		"both, in either order": {[]credit.Record{said(20250309, "甲"), said(20250310, "乙")}, 2},
	}
	for label, tt := range tests {
		h := story(t)
		for i, r := range tt.words {
			h.record(int64(i+1), 1, r)
		}
		s, n := h.fold(20250310), 0
		if len(s.Matters) > 0 {
			n = len(s.Matters[0].Assertions)
		}
		if n != tt.want || (s.Name == "") != (n == 0) || s.Seq != int64(len(tt.words)) {
			t.Errorf("%s: %d words, name %q, seq %d; want %d words", label, n, s.Name, s.Seq, tt.want)
		}
	}
	moved := story(t).record(1, 1, said(20250310, "甲")).record(1, 1, said(20250401, "甲")).then(1, 20250305, Event{Type: Disputed})
	if s := moved.fold(20250331); len(s.Matters) != 0 {
		t.Errorf("the word before the correction stands: %+v", s.Matters)
	}
}

// What a source states of a later day counts from that day on.
func TestClaimsWaitForTheirDay(t *testing.T) {
	r := credit.Record{Kind: credit.SeriousList, Decided: 20250310, Repaired: 20250420, Removed: 20250501, Annulled: 20250510, Claim: credit.ClaimAnnulled}
	h := story(t).record(1, 1, r)
	for on, want := range map[credit.Date][3]credit.Date{
		20250310: {}, 20250419: {}, 20250420: {20250420}, 20250501: {20250420, 20250501}, 20250509: {20250420, 20250501}, 20250510: {20250420, 20250501, 20250510},
	} {
		m := h.matter(on)
		if got := [3]credit.Date{m.Repaired, m.Removed, m.Annulled}; !reflect.DeepEqual(got, want) {
			t.Errorf("on %v: repaired, removed, annulled %v, want %v", on, got, want)
		}
	}
}
