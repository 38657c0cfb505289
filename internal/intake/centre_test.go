package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
)

// list is a snapshot of n firms without those left out.
func list(t *testing.T, n int, without ...int) string {
	t.Helper()
	var rows []row
	for i := range n {
		gone := false
		for _, w := range without {
			gone = gone || w == i
		}
		if !gone {
			rows = append(rows, row{"主体名称": fmt.Sprintf("岚港演示%d号商贸有限公司", i), "统一社会信用代码": member(i), "列入经营异常名录原因": "未按期公示年度报告", "名录类型": "经营异常名录",
				"列入日期": "2026-01-05", "列入决定机关": "岚港市生态环境局"})
		}
	}
	return file(t, credit.AbnormalList, rows...)
}

func member(i int) string { return code(fmt.Sprintf("91000000MA0100%02d", i)) }

func (h *house) removals() []intake.Item {
	h.t.Helper()
	items, err := h.OpenItems(h.t.Context(), intake.Removal, 0, "", 100)
	must(h.t, err)
	return items
}

func TestAbsenceFromASnapshotProposesARemoval(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", list(t, 9))
	if len(h.removals()) != 0 {
		t.Fatal("the first snapshot proposes removals")
	}
	h.load("eco", list(t, 9, 2, 5))
	items := h.removals()
	if len(items) != 2 || items[0].Subject != credit.Key(member(2)) && items[1].Subject != credit.Key(member(2)) {
		t.Fatalf("proposed %+v", items)
	}
	if h.matters(member(2))[0].Removed != 0 {
		t.Error("absence alone removed an entry")
	}
	h.load("eco", list(t, 9, 2, 5, 7)) // still absent: asked once; a third one is new
	if n := len(h.removals()); n != 3 {
		t.Errorf("%d questions, want 3", n)
	}
	h.load("eco", list(t, 9, 2)) // two came back
	if got := h.removals(); len(got) != 1 || got[0].Subject != credit.Key(member(2)) {
		t.Fatalf("after the return: %+v", got)
	}
	d := intake.Decision{Subject: credit.Key(member(2)), ID: h.removals()[0].ID, Outcome: intake.Remove, By: "test", Actor: actor()}
	wants(t, h.Decide(t.Context(), d), intake.ErrReason)
	d.Reason = "已补报年报，移出决定已核"
	must(t, h.Decide(t.Context(), d))
	wants(t, h.Decide(t.Context(), d), intake.ErrItemClosed)
	if h.matters(member(2))[0].Removed != today || len(h.removals()) != 0 {
		t.Errorf("removed %v, open %d", h.matters(member(2))[0].Removed, len(h.removals()))
	}
}

func TestASnapshotThatShrinksByMoreThanAThirdIsStopped(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", list(t, 9))
	for name, c := range map[string]struct {
		without []int
		stop    bool
	}{"a third": {[]int{0, 1, 2}, false}, "more than a third": {[]int{0, 1, 2, 3}, true}} {
		path := list(t, 9, c.without...)
		_, err := h.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco", By: "test"})
		var shrink *intake.ShrinkError
		if errors.As(err, &shrink) != c.stop {
			t.Errorf("%s less: %v", name, err)
		}
		if !c.stop {
			continue
		}
		if shrink.Before != 9 || shrink.Now != 5 || !strings.Contains(err.Error(), "写明理由") {
			t.Errorf("%s less: %+v %v", name, shrink, err)
		}
		before, err := h.Loads(t.Context(), h.eco.ID, 0, 10)
		must(t, err)
		_, err = h.LoadFile(t.Context(), intake.Request{Path: path, Source: "eco", By: "test", Shrink: "年度集中移出"})
		must(t, err)
		after, err := h.Loads(t.Context(), h.eco.ID, 0, 10)
		must(t, err)
		if len(after) != len(before)+1 {
			t.Errorf("the stopped file left a load: %d, then %d", len(before), len(after))
		}
	}
}

// A typed entry, a row mended in place and a returned quarantine file are no whole list: nobody is absent
// from them, and who is in them stands on the list.
func TestAMendedRowIsNoWholeList(t *testing.T) {
	t.Parallel()
	headings := normal.Template(credit.AbnormalList)
	entry := func(i int, day string) row {
		return row{"主体名称": fmt.Sprintf("岚港演示%d号商贸有限公司", i), "统一社会信用代码": member(i), "列入经营异常名录原因": "未按期公示年度报告",
			"名录类型": "经营异常名录", "列入日期": day, "列入决定机关": "岚港市生态环境局"}
	}
	for way, mend := range map[string]func(h *house, held intake.Held){
		"typed": func(h *house, _ intake.Held) {
			_, err := h.Enter(t.Context(), intake.Entry{Source: "eco", Kind: credit.AbnormalList, Name: intake.FormLoad, By: "test",
				Headings: headings, Rows: [][]string{entry(5, "2026-01-05").cells(headings)}})
			must(t, err)
		},
		"mended in place": func(h *house, held intake.Held) {
			m, err := h.Mend(t.Context(), held.Load, held.Row, map[int]string{column(t, held.Headings, "列入日期"): "2026-01-05"}, "test")
			must(t, err)
			if !m.Taken {
				t.Errorf("findings %+v", m.Findings)
			}
		},
		"sent back": func(h *house, held intake.Held) {
			var b bytes.Buffer
			must(t, h.WriteReturnFile(t.Context(), &b, held.Load))
			lines := readCSV(t, b.String())
			lines[1][column(t, lines[0], "列入日期")] = "2026-01-05"
			h.load("eco", write(t, lines))
		},
	} {
		t.Run(way, func(t *testing.T) {
			h := open(t)
			h.load("eco", list(t, 9))
			var rows []row
			for i := range 9 {
				rows = append(rows, entry(i, "2026-01-05"))
			}
			rows[5] = entry(5, "2022-09-31")
			r := h.load("eco", file(t, credit.AbnormalList, rows...))
			if n := len(h.removals()); n != 1 || r.Quarantined != 1 {
				t.Fatalf("%d questions after %+v", n, r.Load)
			}
			mend(h, h.held(r.ID)[0])
			if q := h.removals(); len(q) != 0 {
				t.Errorf("questions %+v", q)
			}
		})
	}
}

// The questions of a source are listed page by page, each once, the oldest first, and no other's.
func TestQuestionsOfASourceArePaged(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", list(t, 20))
	h.load("eco", list(t, 20, 1, 2, 3, 4, 5))
	var got []string
	opened, place := int64(0), ""
	for {
		some, err := h.OpenItemsOf(t.Context(), intake.Removal, h.eco.ID, opened, place, 2)
		must(t, err)
		if len(some) == 0 {
			break
		}
		for _, it := range some {
			got = append(got, it.Place())
		}
		opened, place = some[len(some)-1].Opened, some[len(some)-1].Place()
	}
	var want []string
	for _, it := range h.removals() {
		want = append(want, it.Place())
	}
	if len(want) != 5 || !slices.Equal(got, want) {
		t.Errorf("by page %v, all %v", got, want)
	}
	if other, err := h.OpenItemsOf(t.Context(), intake.Removal, h.trans.ID, 0, "", 9); err != nil || len(other) != 0 {
		t.Errorf("another source's questions: %v, %v", other, err)
	}
}

// doubtful sends a row whose code fails its check under the name of another subject.
func (h *house) doubtful() (intake.Item, string) {
	h.t.Helper()
	h.load("eco", file(h.t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
	wrong := firm[:17] + string("0123456789"[(strings.IndexByte("0123456789", firm[17])+1)%10])
	h.load("eco", file(h.t, credit.Penalty, penalty("岚环罚〔2026〕2号", row{"统一社会信用代码": wrong})))
	items, err := h.OpenItems(h.t.Context(), intake.Attachment, 0, "", 10)
	must(h.t, err)
	if len(items) != 1 || items[0].Subject != credit.Key(firm) || items[0].Other != credit.Key(wrong) {
		h.t.Fatalf("questions %+v", items)
	}
	return items[0], wrong
}

func TestWhatFollowsFromAnAttachmentDecision(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]struct {
		mine   int  // matters that the firm's report is made of
		theirs bool // the row still stands under the doubtful code
	}{intake.Same: {2, true}, intake.Other: {1, true}, intake.Reassign: {2, false}} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			it, wrong := h.doubtful()
			if d, err := h.UnderCheck(t.Context(), []credit.Key{credit.Key(firm)}, nil); err != nil || len(d) != 1 {
				t.Fatalf("under check %v, %v", d, err)
			}
			must(t, h.Decide(t.Context(), intake.Decision{Subject: it.Subject, ID: it.ID, Outcome: outcome, Reason: "经核对营业执照", By: "test", Actor: actor()}))
			if d, err := h.UnderCheck(t.Context(), []credit.Key{credit.Key(firm)}, nil); err != nil || len(d) != 0 {
				t.Errorf("still under check: %v, %v", d, err)
			}
			if n := len(h.matters(firm)); n != want.mine {
				t.Errorf("%d matters of the firm, want %d", n, want.mine)
			}
			facts, err := h.ledger.Read(t.Context(), credit.Key(wrong))
			must(t, err)
			annulled := false
			for _, f := range facts {
				annulled = annulled || f.Event != nil && f.Event.Type == "reassigned"
			}
			if annulled == want.theirs {
				t.Errorf("annulled there: %v", annulled)
			}
		})
	}
}

func TestAnAnswerMustFitItsQuestion(t *testing.T) {
	t.Parallel()
	h := open(t)
	it, _ := h.doubtful()
	for _, o := range []string{"", intake.Remove, "什么"} {
		wants(t, h.Decide(t.Context(), intake.Decision{Subject: it.Subject, ID: it.ID, Outcome: o, Reason: "理由", Actor: actor()}), intake.ErrOutcome)
	}
	wants(t, h.Decide(t.Context(), intake.Decision{Subject: it.Subject, ID: "x", Outcome: intake.Same, Reason: "理由", Actor: actor()}), intake.ErrItemUnknown)
}

func TestQualityIsSummedByLoad(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil), penalty("岚环罚〔2026〕2号", bad)))
	h.load("trans", file(t, credit.Penalty, penalty("岚交罚〔2026〕1号", nil)))
	q, err := h.Quality(t.Context(), today.AddDays(-30), 0)
	must(t, err)
	if q.Rows != 3 || q.Bad != 1 || len(q.Sources) != 2 || q.Sources[0].Source != h.eco.ID || q.Sources[0].BadShare() != 0.5 {
		t.Errorf("quality %+v", q)
	}
	found := false
	for _, c := range q.Codes {
		found = found || c.Code == "date_impossible" && c.N == 1 && c.Block
	}
	if !found {
		t.Errorf("codes %+v", q.Codes)
	}
	if q, err = h.Quality(t.Context(), today.AddDays(1), 0); err != nil || q.Rows != 0 {
		t.Errorf("of the future: %+v, %v", q, err)
	}
}
