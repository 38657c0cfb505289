package ledger

import (
	"reflect"
	"testing"

	"xinban/internal/credit"
)

const subject = credit.Key("91000000000000001A")

// history builds the facts of one subject, a fact a call.
type history struct {
	t     *testing.T
	facts []Fact
}

func (h *history) add(f Fact) *history {
	f.Subject, f.Seq = subject, int64(len(h.facts)+1)
	h.facts = append(h.facts, f)
	return h
}

// says: a source says that the decision of matter m fined so many fen.
func (h *history) says(source int64, m byte, fine credit.Fen) *history {
	r := credit.Record{Kind: credit.Penalty, Name: "岚港演示甲有限公司", Decided: 20250310, Fine: credit.Amount{Fen: fine, Known: true}}
	return h.record(source, m, r)
}

func (h *history) record(source int64, m byte, r credit.Record) *history {
	return h.add(Fact{Op: OpAssertion, Kind: r.Kind, Matter: credit.MatterID{m}, Source: source, Effective: r.Decided, Record: r})
}

// then: an event happens to matter m.
func (h *history) then(m byte, on credit.Date, e Event) *history {
	e.On = on
	return h.add(Fact{Op: OpEvent, Kind: credit.Penalty, Matter: credit.MatterID{m}, Effective: on, Event: &e})
}

func (h *history) fold(on credit.Date) *Standing { return Fold(subject, h.facts, 0, on) }

func (h *history) matter(on credit.Date) *Matter {
	h.t.Helper()
	s := h.fold(on)
	if len(s.Matters) != 1 {
		h.t.Fatalf("%d matters, want 1", len(s.Matters))
	}
	return &s.Matters[0]
}

func story(t *testing.T) *history { return &history{t: t} }

// What happened to a matter is folded by the day it took effect, then by the order recorded.
func TestEventsFoldByEffectiveDateThenSeq(t *testing.T) {
	late := story(t).says(1, 1, 100).
		then(1, 20250501, Event{Type: RepairRevoked}).
		then(1, 20250401, Event{Type: Repaired}) // recorded later, happened earlier
	if m := late.matter(20250601); m.Repaired != 0 {
		t.Errorf("a repair that was revoked afterwards stands: %v", m.Repaired)
	}
	if m := late.matter(20250430); m.Repaired != 20250401 {
		t.Errorf("before the revocation took effect the repair is %v", m.Repaired)
	}
	same := story(t).says(1, 1, 100).
		then(1, 20250401, Event{Type: RepairRevoked}).
		then(1, 20250401, Event{Type: Repaired})
	if m := same.matter(20250601); m.Repaired != 20250401 {
		t.Errorf("on one day the later recorded counts: %v", m.Repaired)
	}
}

// An event counts from its effective date on, not before.
func TestEventsWaitForTheirDay(t *testing.T) {
	for _, e := range []EventType{Annulled, Reassigned, Repaired, Removed, Disputed} {
		h := story(t).says(1, 1, 100).then(1, 20250401, Event{Type: e, Source: 1})
		before, after := h.matter(20250331), h.matter(20250401)
		if before.Annulled != 0 || before.Repaired != 0 || before.Removed != 0 || before.Disputed {
			t.Errorf("%s counts before its day", e)
		}
		got := map[EventType]bool{Annulled: after.Annulled == 20250401, Reassigned: after.Annulled == 20250401,
			Repaired: after.Repaired == 20250401, Removed: after.Removed == 20250401, Disputed: after.Disputed}
		if !got[e] {
			t.Errorf("%s does not count on its day", e)
		}
	}
}

func TestDisputeClosed(t *testing.T) {
	h := story(t).says(1, 1, 100).then(1, 20250401, Event{Type: Disputed}).then(1, 20250410, Event{Type: DisputeClosed})
	if !h.matter(20250409).Disputed || h.matter(20250410).Disputed {
		t.Error("a dispute stands from its day until the day it is closed")
	}
}

// A source that takes its word back leaves the other's; the matter is withdrawn when all have.
func TestWithdrawnSources(t *testing.T) {
	h := story(t).says(1, 1, 100).says(2, 1, 200).then(1, 20250401, Event{Type: Withdrawn, Source: 1})
	m := h.matter(20250601)
	if m.Withdrawn || m.Record.Fine.Fen != 200 || m.Differ {
		t.Errorf("the second source must lead alone: withdrawn %v, fine %d, differ %v", m.Withdrawn, m.Record.Fine.Fen, m.Differ)
	}
	if m := h.then(1, 20250402, Event{Type: Withdrawn, Source: 2}).matter(20250601); !m.Withdrawn {
		t.Error("nobody says it any more, and it stands")
	}
	if m := h.says(1, 1, 150).matter(20250601); m.Withdrawn || m.Record.Fine.Fen != 150 {
		t.Error("a source that says it again after taking it back has said it")
	}
}

// sends: a file of a source says it.
func (h *history) sends(source int64, m byte, fine credit.Fen) *history {
	h.says(source, m, fine)
	f := &h.facts[len(h.facts)-1]
	f.Load, f.Row, f.Digest = f.Seq, 1, int64(fine)
	return h
}

// What a person corrected or took back stays so whatever files say, until the new word is adopted.
func TestAFileDoesNotUndoACorrectionOrAWithdrawal(t *testing.T) {
	corrected := func() *history {
		h := story(t).sends(1, 1, 20).says(1, 1, 2)
		h.facts[1].Digest = 2
		return h.then(1, 20250401, Event{Type: Corrected, Source: 1})
	}
	taken := func() *history { return story(t).sends(1, 1, 20).then(1, 20250401, Event{Type: Withdrawn, Source: 1}) }
	adopt := Event{Type: Adopted, Source: 1, Seq: 4}
	for name, c := range map[string]struct {
		h         *history
		fine      credit.Fen
		withdrawn bool
		pending   int
	}{
		"corrected":                            {corrected(), 2, false, 0},
		"corrected, sent otherwise":            {corrected().sends(1, 1, 30), 2, false, 1},
		"corrected, sent otherwise by another": {corrected().sends(2, 1, 30), 2, false, 0},
		"corrected, sent as corrected":         {corrected().sends(1, 1, 2), 2, false, 0},
		"corrected, agreed, sent otherwise":    {corrected().sends(1, 1, 2).sends(1, 1, 30), 2, false, 1},
		"corrected, adopted":                   {corrected().sends(1, 1, 30).then(1, 20250402, adopt), 30, false, 0},
		"corrected, adopted, sent otherwise":   {corrected().sends(1, 1, 30).then(1, 20250402, adopt).sends(1, 1, 40), 40, false, 0},
		"corrected, the older word adopted":    {corrected().sends(1, 1, 30).sends(1, 1, 40).then(1, 20250402, adopt), 30, false, 1},
		"taken back, sent otherwise":           {taken().sends(1, 1, 30), 20, true, 1},
		"taken back, adopted":                  {taken().sends(2, 1, 9).sends(1, 1, 30).then(1, 20250402, adopt), 30, false, 0},
	} {
		m := c.h.matter(20250601)
		if m.Record.Fine.Fen != c.fine || m.Withdrawn != c.withdrawn || len(m.Assertions[0].Pending) != c.pending {
			t.Errorf("%s: fine %d, withdrawn %v, %d words wait", name, m.Record.Fine.Fen, m.Withdrawn, len(m.Assertions[0].Pending))
		}
	}
}

// The leading assertion is the first source's latest word.
func TestFirstSourceLeadsWithItsLatestWord(t *testing.T) {
	m := story(t).says(1, 1, 100).says(2, 1, 200).says(1, 1, 300).says(2, 1, 400).matter(20250601)
	if m.Record.Fine.Fen != 300 || m.Seq != 3 || len(m.Assertions) != 2 || m.Assertions[0].Versions != 2 || m.Assertions[1].Versions != 2 {
		t.Errorf("fine %d, seq %d, %d assertions", m.Record.Fine.Fen, m.Seq, len(m.Assertions))
	}
}

// Two sources that disagree on what matters are found out; on what does not matter they may differ.
func TestSourcesDiffer(t *testing.T) {
	base := credit.Record{Kind: credit.Penalty, Decided: 20250310, Penalties: credit.PenaltySet(credit.Fine), Procedure: credit.ProcedureOrdinary,
		Fine: credit.Amount{Fen: 100, Known: true}}
	tests := map[string]struct {
		change func(*credit.Record)
		want   bool
	}{
		"nothing":                  {func(r *credit.Record) {}, false},
		"a remark":                 {func(r *credit.Record) { r.Remark = "补报" }, false},
		"the amount":               {func(r *credit.Record) { r.Fine.Fen = 101 }, true},
		"one gives no amount":      {func(r *credit.Record) { r.Fine = credit.Amount{} }, false},
		"the day":                  {func(r *credit.Record) { r.Decided = 20250311 }, true},
		"the kinds":                {func(r *credit.Record) { r.Penalties |= credit.PenaltySet(credit.Warning) }, true},
		"the procedure":            {func(r *credit.Record) { r.Procedure = credit.ProcedureSimple }, true},
		"one gives no procedure":   {func(r *credit.Record) { r.Procedure = 0 }, false},
		"that it is annulled":      {func(r *credit.Record) { r.Claim = credit.ClaimAnnulled }, true},
		"the day of annulment":     {func(r *credit.Record) { r.Annulled = 20250401 }, true},
		"an annulment yet to come": {func(r *credit.Record) { r.Annulled = 20250701 }, false},
		"a repair":                 {func(r *credit.Record) { r.Repaired = 20250401 }, true},
		"a removal":                {func(r *credit.Record) { r.Removed = 20250401 }, true},
		"a claim without effect":   {func(r *credit.Record) { r.Claim = credit.ClaimOther }, false},
		"only the text of a basis": {func(r *credit.Record) { r.Basis = "第二条" }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			other := base
			tt.change(&other)
			if m := story(t).record(1, 1, base).record(2, 1, other).matter(20250601); m.Differ != tt.want {
				t.Errorf("differ %v, want %v", m.Differ, tt.want)
			}
		})
	}
}

// What an event says stands above what a source claims; a later word of a source does not undo it.
func TestDecidedEventsStandAboveClaims(t *testing.T) {
	h := story(t).says(1, 1, 100).then(1, 20250401, Event{Type: Annulled}).then(1, 20250402, Event{Type: Repaired})
	again := h.says(1, 1, 999)
	m := again.matter(20250601)
	if m.Annulled != 20250401 || m.Repaired != 20250402 {
		t.Errorf("a new word undid what was decided: annulled %v, repaired %v", m.Annulled, m.Repaired)
	}
	revoked := story(t).record(1, 1, credit.Record{Kind: credit.Penalty, Decided: 20250310, Repaired: 20250320}).
		then(1, 20250401, Event{Type: RepairRevoked})
	if m := revoked.matter(20250601); m.Repaired != 0 {
		t.Errorf("a repair that only a source claims outlives its revocation: %v", m.Repaired)
	}
}

// What a source itself states counts until something is decided.
func TestClaimsOfSources(t *testing.T) {
	r := credit.Record{Kind: credit.SeriousList, Decided: 20250310, Removed: 20250501, Repaired: 20250420}
	m := story(t).record(1, 1, r).matter(20250601)
	if m.Removed != 20250501 || m.Repaired != 20250420 || m.Annulled != 0 {
		t.Errorf("removed %v, repaired %v, annulled %v", m.Removed, m.Repaired, m.Annulled)
	}
	annulled := credit.Record{Kind: credit.Penalty, Decided: 20250310, Claim: credit.ClaimAnnulled}
	if m := story(t).record(1, 1, annulled).matter(20250601); m.Annulled == 0 {
		t.Error("a source says 撤销 without a day, and the matter stands")
	}
	disputed := credit.Record{Kind: credit.Penalty, Decided: 20250310, Claim: credit.ClaimDisputed}
	if m := story(t).record(1, 1, disputed).matter(20250601); !m.Disputed {
		t.Error("a source says 异议, and nothing is disputed")
	}
}

// What one source states does not undo a matter for another that leads: it stands, and is marked.
func TestOneSourceDoesNotUndoTheWordOfAnother(t *testing.T) {
	decided := credit.Record{Kind: credit.Penalty, Decided: 20250310, Authority: "岚港市生态环境局", Provider: "岚港市生态环境局"}
	platform := decided
	platform.Provider = "岚港市大数据中心"
	annulled := func(r credit.Record) credit.Record { r.Annulled = 20250401; return r }
	ended := func(r credit.Record) credit.Record { r.Repaired, r.Removed = 20250401, 20250402; return r }
	silent := credit.Record{Kind: credit.Penalty, Decided: 20250310}
	for name, tt := range map[string]struct {
		first, second credit.Record
		ends          bool
	}{
		"the organ leads, a platform annuls":                     {decided, annulled(platform), false},
		"the organ leads, a platform repairs and removes":        {decided, ended(platform), false},
		"a platform leads and annuls, the organ says nothing":    {annulled(platform), decided, false},
		"a platform leads, the organ annuls":                     {platform, annulled(decided), true},
		"a platform leads, the organ repairs and removes":        {platform, ended(decided), true},
		"neither says who it is: the first leads":                {silent, annulled(silent), false},
		"the first says nothing of itself, another calls itself": {silent, annulled(decided), false},
		"two platforms: the first leads":                         {platform, annulled(platform), false},
		"two platforms: the first leads with its own annulment":  {annulled(platform), platform, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := story(t).record(1, 1, tt.first).record(2, 1, tt.second).matter(20250601)
			if ends := m.Annulled != 0 || m.Repaired != 0 && m.Removed != 0; ends != tt.ends || !m.Differ {
				t.Errorf("ended %v, differ %v", ends, m.Differ)
			}
		})
	}
	taken := story(t).record(1, 1, decided).record(2, 1, annulled(platform)).then(1, 20250501, Event{Type: Withdrawn, Source: 1}).matter(20250601)
	if taken.Annulled == 0 || taken.Differ {
		t.Errorf("the source that is left does not speak: annulled %v, differ %v", taken.Annulled, taken.Differ)
	}
}

// Removed from the list, repaired and repaired again: the state is the last that took effect.
func TestRepairedRevokedRepaired(t *testing.T) {
	h := story(t).says(1, 1, 100).then(1, 20250401, Event{Type: Repaired}).
		then(1, 20250501, Event{Type: RepairRevoked}).then(1, 20250601, Event{Type: Repaired})
	for on, want := range map[credit.Date]credit.Date{20250331: 0, 20250401: 20250401, 20250501: 0, 20250531: 0, 20250601: 20250601} {
		if m := h.matter(on); m.Repaired != want {
			t.Errorf("on %v the repair is %v, want %v", on, m.Repaired, want)
		}
	}
}

// The registration has the last word on the name; former names stay, the present one is not among them.
func TestNames(t *testing.T) {
	said := func(kind credit.Kind, name string) credit.Record {
		return credit.Record{Kind: kind, Class: credit.Organisation, Name: name, Decided: 20250101}
	}
	h := story(t).record(1, 1, said(credit.Penalty, "旧名")).record(1, 2, said(credit.Registration, "新名")).record(1, 3, said(credit.Penalty, "别名"))
	s := h.fold(20250601)
	if s.Name != "新名" || !reflect.DeepEqual(s.Names, []string{"旧名", "别名"}) {
		t.Errorf("name %q, others %q", s.Name, s.Names)
	}
	back := h.record(1, 2, said(credit.Registration, "旧名")).fold(20250601)
	if back.Name != "旧名" || !reflect.DeepEqual(back.Names, []string{"别名", "新名"}) {
		t.Errorf("after renaming back: name %q, others %q", back.Name, back.Names)
	}
}

// The class is the first that a source gives, also when an earlier row gave the name without it.
func TestClassIsTheFirstGiven(t *testing.T) {
	s := story(t).record(1, 1, credit.Record{Name: "甲"}).record(1, 2, credit.Record{Name: "甲", Class: credit.IndividualTrader}).fold(20250601)
	if s.Class != credit.IndividualTrader {
		t.Errorf("class %v", s.Class)
	}
}

// Links hold from their day until undone.
func TestLinksInForce(t *testing.T) {
	h := story(t).says(1, 1, 100).
		then(0, 20250401, Event{Type: Linked, Link: SameAs, To: "B"}).
		then(0, 20250402, Event{Type: Linked, Link: SuccessorOf, To: "B"}).
		then(0, 20250501, Event{Type: LinkUndone, Link: SameAs, To: "B"})
	for on, want := range map[credit.Date]int{20250331: 0, 20250401: 1, 20250402: 2, 20250501: 1} {
		if got := len(h.fold(on).Links); got != want {
			t.Errorf("on %v %d links, want %d", on, got, want)
		}
	}
	if l := h.fold(20250501).Links[0].Link; l != SuccessorOf {
		t.Errorf("the undone link stands and %s does not", l)
	}
}

// A matter that was reassigned and that a person brought back counts again; a file's word alone does not
// bring it back.
func TestAMatterReassignedToAndFroCounts(t *testing.T) {
	moved := func() *history { return story(t).sends(1, 1, 100).then(1, 20260102, Event{Type: Reassigned, To: "B"}) }
	for name, c := range map[string]struct {
		h    *history
		gone bool
	}{
		"reassigned":               {moved(), true},
		"then sent again, changed": {moved().sends(1, 1, 200), true},
		"then brought back":        {moved().says(1, 1, 100), false},
		"and reassigned again":     {moved().says(1, 1, 100).then(1, 20260103, Event{Type: Reassigned, To: "B"}), true},
	} {
		m := c.h.matter(20260201)
		if (m.Annulled != 0) != c.gone || m.Reassigned() != c.gone {
			t.Errorf("%s: annulled %v, reassigned %v", name, m.Annulled, m.Reassigned())
		}
	}
}
