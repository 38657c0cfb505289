package intake_test

import (
	"bytes"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// What a clerk and the centre do, once on every engine: the statements are the same.
func TestTheDesksOnEveryEngine(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := reopen(t, db, t.TempDir())
		first := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil), penalty("岚环罚〔2026〕2号", bad), penalty("岚环罚〔2026〕3号", bad)))
		held := h.held(first.ID)
		m, err := h.Mend(t.Context(), first.ID, 2, map[int]string{column(t, held[0].Headings, "处罚决定日期"): "2026-05-13"}, "test")
		must(t, err)
		var b bytes.Buffer
		must(t, h.WriteReturnFile(t.Context(), &b, first.ID))
		n, err := h.Drop(t.Context(), first.ID, 0, "不属于归集范围", "test")
		must(t, err)
		if !m.Taken || n != 1 {
			t.Errorf("mended %v, dropped %d", m.Taken, n)
		}
		must(t, h.ReportZero(t.Context(), intake.ZeroReport{Source: h.eco.ID, Kind: credit.Penalty, From: 20260511, To: 20260517, By: "test"}))
		done, err := h.Withdraw(t.Context(), h.amendment(h.sent(h.eco, "1号"), "重复报送"))
		must(t, err)
		h.load("eco", list(t, 9))
		h.load("eco", list(t, 9, 2))
		items := h.removals()
		if !done || len(items) != 1 {
			t.Fatalf("withdrawn %v, removals %v", done, items)
		}
		if of, err := h.OpenItemsOf(t.Context(), intake.Removal, h.eco.ID, 0, "", 10); err != nil || len(of) != 1 {
			t.Errorf("the source's own questions: %v, %v", of, err)
		}
		must(t, h.Decide(t.Context(), intake.Decision{Subject: items[0].Subject, ID: items[0].ID, Outcome: intake.Remove, Reason: "已核", By: "test", Actor: actor()}))
		h.load("eco", list(t, 9))
		q, err := h.Quality(t.Context(), today.AddDays(-30), 0)
		must(t, err)
		if q.Rows != 30 || q.Bad != 2 || len(q.Codes) == 0 {
			t.Errorf("quality %+v", q)
		}
		lines, next, err := h.Verdicts(first.ID, 0, 10, true)
		must(t, err)
		if len(lines) == 0 || next != 0 {
			t.Errorf("verdicts %v, next %d", lines, next)
		}
		must(t, h.Resume(t.Context()))
	})
}
