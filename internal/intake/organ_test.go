package intake_test

import (
	"path/filepath"
	"testing"
	"time"

	"xinban/internal/credit"
	"xinban/internal/intake"
)

// reformed is a register in which one name was two organs': one before a day, another since.
type reformed struct {
	organs
	since credit.Date
}

func (r reformed) Organ(name, _ string, on credit.Date) (string, bool) {
	if on < r.since {
		return name + "（原）", true
	}
	return name, true
}

// The deciding organ is that of the day of the decision: rows of one file under one name, before and after
// a reform, are decisions of two organs, whatever the order.
func TestTheOrganIsThatOfTheDayOfTheDecision(t *testing.T) {
	t.Parallel()
	h := open(t)
	s, err := intake.New(t.Context(), intake.Config{Ledger: h.ledger, Organs: reformed{since: 20260401}, Clocks: clocks{}, Dir: filepath.Join(h.dir, "verdicts"),
		Now: func() time.Time { return today.Time().Add(12 * time.Hour) }})
	must(t, err)
	t.Cleanup(s.Stop)
	h.Service = s
	r := h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"处罚决定日期": "2026-03-31"}), penalty("岚环罚〔2026〕1号", row{"处罚决定日期": "2026-04-01"}),
		penalty("岚环罚〔2026〕2号", row{"处罚决定日期": "2026-04-01"}), penalty("岚环罚〔2026〕2号", row{"处罚决定日期": "2026-03-31"})))
	if r.Accepted != 4 || len(h.matters(firm)) != 4 {
		t.Errorf("%d matters, %+v, %+v", len(h.matters(firm)), r.Load, r.Findings)
	}
}
