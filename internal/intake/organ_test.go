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

// unregistered is a register that knows no organ.
type unregistered struct{ organs }

func (unregistered) Organ(string, string, credit.Date) (string, bool) { return "", false }

// A system's name is no organ: rows under two systems' names with one good code are of one organ, which
// may be one that sends under its own name, so a person looks.
func TestAnOrganUnderASystemsNameIsKnownByItsCode(t *testing.T) {
	t.Parallel()
	h := open(t)
	s, err := intake.New(t.Context(), intake.Config{Ledger: h.ledger, Organs: unregistered{}, Clocks: clocks{}, Dir: filepath.Join(h.dir, "verdicts"),
		Now: func() time.Time { return today.Time().Add(12 * time.Hour) }})
	must(t, err)
	t.Cleanup(s.Stop)
	h.Service = s
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"处罚机关": "信用中国"})))
	h.load("trans", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"处罚机关": "岚港市行政处罚管理系统"})))
	if m := h.matters(firm); len(m) != 1 || len(m[0].Assertions) != 2 {
		t.Errorf("%d matters", len(m))
	}
	if q := h.questions(intake.Duplicate); len(q) == 0 {
		t.Error("nobody is asked whether the organ sent the same under its name")
	}
}

// One list under two of its names, or under none, is one list: its entry of a day is one matter.
func TestAListUnderTwoOfItsNamesIsOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	must(t, h.AddFeed(t.Context(), intake.Feed{Source: h.trans.ID, Kind: credit.AbnormalList, Basis: "目录第5类", Rhythm: 7}))
	entry := func(list string) row {
		return row{"主体名称": "岚港远航货代有限公司", "统一社会信用代码": firm, "名录类型": list, "列入经营异常名录原因": "通过登记的住所无法联系", "列入日期": "2026-05-12",
			"列入决定机关": "岚港市市场监督管理局", "行政相对人类别": "法人及非法人组织"}
	}
	h.load("eco", file(t, credit.AbnormalList, entry("经营异常名录")))
	h.load("trans", file(t, credit.AbnormalList, entry("异常名录")))
	if m := h.matters(firm); len(m) != 1 || len(m[0].Assertions) != 2 || m[0].Record.List != "经营异常名录" {
		t.Fatalf("%d matters", len(m))
	}
	h.load("trans", file(t, credit.AbnormalList, entry("")))
	if m := h.matters(firm); len(m) != 1 {
		t.Errorf("an entry without the list's name: %d matters", len(m))
	}
	h.load("trans", file(t, credit.AbnormalList, entry("社会组织活动异常名录"), entry("某县异常名录")))
	if m := h.matters(firm); len(m) != 3 {
		t.Errorf("another list and one not in the table: %d matters", len(m))
	}
}
