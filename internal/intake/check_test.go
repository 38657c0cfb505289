package intake_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
)

const firmName = "岚港远航货代有限公司"

// stray is a valid code under which nothing is registered.
var stray = code("91000000MA000009")

// mistyped is the firm's code with another check character.
var mistyped = firm[:17] + string("0123456789"[(strings.IndexByte("0123456789", firm[17])+1)%10])

// checked are the domains under check of a subject under all its keys and names.
func (h *house) checked(key string) []string {
	h.t.Helper()
	s, versions, err := h.ledger.Standing(h.t.Context(), credit.Key(key), today, nil)
	must(h.t, err)
	var keys []credit.Key
	for _, v := range versions {
		keys = append(keys, v.Key)
	}
	d, err := h.UnderCheck(h.t.Context(), keys, append(s.Names, s.Name))
	must(h.t, err)
	return d
}

func (h *house) underCheck(why string, want bool, keys ...string) {
	h.t.Helper()
	for _, k := range keys {
		if d := h.checked(k); (len(d) > 0) != want {
			h.t.Errorf("%s: %s under check %v", why, k, d)
		}
	}
}

// registers sends the registration of a firm; number is its 工商注册号, if any.
func (h *house) registers(name, code, number string) {
	h.t.Helper()
	_ = h.AddFeed(h.t.Context(), intake.Feed{Source: h.eco.ID, Kind: credit.Registration, Basis: "目录第1类", Rhythm: 7})
	headings := []string{"主体名称", "统一社会信用代码", "主体类别", "成立日期", "登记机关", "工商注册号"}
	r := registration(name, code)
	r["工商注册号"] = number
	res, err := h.LoadFile(h.t.Context(), intake.Request{Path: write(h.t, [][]string{headings, r.cells(headings)}), Source: "eco", Kind: credit.Registration})
	must(h.t, err)
	if res.Accepted != 1 {
		h.t.Fatalf("the registration was not accepted: %+v %+v", res.Load, res.Findings)
	}
}

// fines sends penalties and returns the result.
func (h *house) fines(rows ...row) intake.Result {
	h.t.Helper()
	return h.load("eco", file(h.t, credit.Penalty, rows...))
}

// answer answers the only open attachment question on a subject.
func (h *house) answer(subject, outcome string) {
	h.t.Helper()
	items, err := h.Attachments(h.t.Context(), credit.Key(subject))
	must(h.t, err)
	if len(items) != 1 {
		h.t.Fatalf("questions on %s: %+v", subject, items)
	}
	must(h.t, h.Decide(h.t.Context(), intake.Decision{Subject: items[0].Subject, ID: items[0].ID, Outcome: outcome, Reason: "经核对营业执照", By: "test", Actor: actor()}))
}

// A row in quarantine that may be a subject's puts its domain under check until the row is settled, by its
// code or, where that cannot be read, by its name, also when the subject comes later; not the report of
// another, and not one of which the code is known to bear the name.
func TestARowInQuarantinePutsItsDomainUnderCheck(t *testing.T) {
	for label, change := range map[string]row{
		"a good code and a bad date":      nil,
		"a code of seventeen characters":  {"统一社会信用代码": firm[:17]},
		"no code at all":                  {"统一社会信用代码": ""},
		"another name under the code":     {"行政相对人名称": "岚港演示别名有限公司"},
		"an unregistered code, this name": {"统一社会信用代码": stray},
	} {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				wrong := penalty("岚环罚〔2026〕2号", bad)
				for k, v := range change {
					wrong[k] = v
				}
				r := h.fines(penalty("岚环罚〔2026〕1号", row{"统一社会信用代码": otherFirm, "行政相对人名称": "岚港演示乙有限公司"}), wrong)
				if r.Quarantined != 1 {
					t.Fatalf("load %+v", r.Load)
				}
				h.registers(firmName, firm, "")
				h.underCheck("a row waits", true, firm)
				h.underCheck("the row of another waits", false, otherFirm)
				held := h.held(r.ID)[0]
				_, err := h.Mend(t.Context(), r.ID, held.Row, map[int]string{column(t, held.Headings, "处罚内容"): "罚款"}, "test")
				must(t, err)
				h.underCheck("still wrong", true, firm)
				_, err = h.Drop(t.Context(), r.ID, held.Row, "不属于归集范围", "test")
				must(t, err)
				h.underCheck("the row was given up", false, firm)
			})
		})
	}
}

// What settles a row in quarantine ends the check: it is mended, or sent back and waits under another code.
func TestASettledRowIsUnderCheckNoMore(t *testing.T) {
	h := open(t)
	h.registers(firmName, firm, "")
	h.registers("岚港演示乙有限公司", otherFirm, "")
	r := h.fines(penalty("岚环罚〔2026〕1号", bad), penalty("岚环罚〔2026〕2号", row{"处罚决定日期": "2022-09-31", "统一社会信用代码": otherFirm, "行政相对人名称": "岚港演示乙有限公司"}))
	h.underCheck("two rows wait", true, firm, otherFirm)
	at := column(t, h.held(r.ID)[0].Headings, "处罚决定日期")
	m, err := h.Mend(t.Context(), r.ID, 1, map[int]string{at: "2026-05-12"}, "test")
	must(t, err)
	if !m.Taken {
		t.Fatalf("findings %+v", m.Findings)
	}
	h.underCheck("mended", false, firm)
	h.underCheck("another row still waits", true, otherFirm)
	held := h.held(r.ID)[0]
	sent := append(slices.Clone(held.Cells), held.Ref())
	sent[column(t, held.Headings, "统一社会信用代码")], sent[column(t, held.Headings, "行政相对人名称")] = firm, firmName
	h.load("eco", write(t, [][]string{append(slices.Clone(held.Headings), normal.RefHeading), sent}))
	h.underCheck("sent back under another code", false, otherFirm)
	h.underCheck("sent back and still wrong", true, firm)
}

// A licence in quarantine hides no violation.
func TestOnlyWhatAReportCountsPutsItUnderCheck(t *testing.T) {
	h := open(t)
	must(t, h.AddFeed(t.Context(), intake.Feed{Source: h.eco.ID, Kind: credit.RedList, Basis: "目录第8类", Rhythm: 7}))
	r := h.load("eco", file(t, credit.RedList, row{"主体名称": firmName, "统一社会信用代码": firm, "认定日期": "2022-09-31"}))
	if r.Quarantined != 1 {
		t.Fatalf("load %+v", r.Load)
	}
	h.underCheck("an honour waits", false, firm)
}

// A key whose rows are reassigned loses all of them that bear the name, however many and whoever sent them,
// before the question closes; the next row under it asks anew, whatever the answer was, unless the keys are
// one subject's.
func TestReassigningMovesAllRowsAndTheNextRowAsksAnew(t *testing.T) {
	for label, tt := range map[string]struct{ code, outcome string }{
		"reassigned, unregistered": {stray, intake.Reassign}, "reassigned, fails its check": {mistyped, intake.Reassign},
		"another's": {stray, intake.Other}, "the same": {stray, intake.Same},
	} {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				h.registers(firmName, firm, "")
				var rows []row
				for i := range 320 {
					rows = append(rows, penalty(fmt.Sprintf("岚环罚〔2026〕%d号", i+1), row{"统一社会信用代码": tt.code}))
				}
				h.fines(rows...)
				h.load("trans", file(t, credit.Penalty, rows[0]))
				h.underCheck("asked", true, firm)
				h.answer(firm, tt.outcome)
				h.underCheck("answered", false, firm, tt.code)
				mine := map[string]int{intake.Reassign: 320, intake.Same: 320}[tt.outcome]
				said := 0
				for _, m := range h.matters(firm) {
					if m.Kind == credit.Penalty && m.Annulled == 0 {
						said++
					}
				}
				if said != mine {
					t.Errorf("%d matters of the firm, want %d", said, mine)
				}
				h.fines(rows...) // the same again is no new row
				h.underCheck("sent again", false, firm)
				h.fines(penalty("岚环罚〔2026〕999号", row{"统一社会信用代码": tt.code}))
				h.underCheck("a new row", tt.outcome != intake.Same, firm)
				if tt.outcome == intake.Reassign {
					h.answer(firm, tt.outcome)
					h.fines(penalty("岚环罚〔2026〕1000号", row{"统一社会信用代码": tt.code}))
					h.underCheck("and the next", true, firm)
				}
			})
		})
	}
}

// The question may name any key of the subject: its report asks for all of them.
func TestAQuestionOnALinkedKeyPutsTheSubjectUnderCheck(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.registers(firmName, firm, "")
		h.fines(penalty("岚环罚〔2026〕1号", row{"统一社会信用代码": mistyped}))
		h.answer(firm, intake.Same)
		h.underCheck("answered", false, firm)
		h.fines(penalty("岚环罚〔2026〕2号", row{"统一社会信用代码": mistyped, "行政相对人名称": "岚港远航货代集团有限公司"}))
		h.fines(penalty("岚环罚〔2026〕3号", row{"统一社会信用代码": stray, "行政相对人名称": "岚港远航货代集团有限公司"}))
		h.underCheck("asked of its other key", true, stray, firm)
	})
}

// A changed word that waits since its source took the matter back is under check until it is answered.
func TestAWordThatWaitsIsUnderCheck(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.fines(penalty("岚环罚〔2026〕1号", nil))
		_, err := h.Withdraw(t.Context(), h.amendment(h.sent(h.eco, "1号"), "误报"))
		must(t, err)
		h.underCheck("taken back", false, firm)
		h.fines(penalty("岚环罚〔2026〕1号", row{"处罚内容": "罚款人民币30000元", "罚款金额（万元）": "3"}))
		h.underCheck("a changed word waits", true, firm)
		items := h.questions(intake.Reconcile)
		must(t, h.Decide(t.Context(), intake.Decision{Subject: items[0].Subject, ID: items[0].ID, Outcome: intake.Keep, Reason: "已核", By: "test", Actor: actor()}))
		h.underCheck("answered", false, firm)
	})
}

// Whether a row is asked of depends neither on the order in which rows come nor on the name that came first,
// and both keys are under check.
func TestWhoseARowIsIsAskedInAnyOrder(t *testing.T) {
	const group = "岚港远航货代集团有限公司"
	number := "370100000000001"
	for label, tt := range map[string]struct {
		rows func(h *house)
		keys []string
	}{
		"a name that a later row brought": {func(h *house) {
			h.fines(penalty("岚环罚〔2026〕1号", nil))
			h.fines(penalty("岚环罚〔2026〕2号", row{"行政相对人名称": group}))
			h.fines(penalty("岚环罚〔2026〕3号", row{"行政相对人名称": group, "统一社会信用代码": "", "工商注册号": number}))
		}, []string{firm, "reg:" + number}},
		"a second row under an unregistered code": {func(h *house) {
			h.registers(firmName, firm, "")
			h.fines(penalty("岚环罚〔2026〕1号", row{"统一社会信用代码": stray, "行政相对人名称": "岚港演示丙有限公司"}))
			h.fines(penalty("岚环罚〔2026〕2号", row{"统一社会信用代码": stray}))
		}, []string{firm}},
		"two unregistered codes": {func(h *house) {
			h.fines(penalty("岚环罚〔2026〕1号", row{"统一社会信用代码": stray}))
			h.fines(penalty("岚环罚〔2026〕2号", nil))
		}, []string{firm, stray}},
		"a registered subject takes the name": {func(h *house) {
			h.fines(penalty("岚环罚〔2026〕1号", row{"统一社会信用代码": stray, "行政相对人名称": group}))
			h.registers(firmName, firm, "")
			h.fines(penalty("岚环罚〔2026〕2号", row{"行政相对人名称": group}))
		}, []string{firm, stray}},
		"a registration claims a number that has rows": {func(h *house) {
			h.fines(penalty("岚环罚〔2026〕1号", row{"行政相对人名称": group, "统一社会信用代码": "", "工商注册号": number}))
			h.registers(firmName, firm, number)
		}, []string{firm}},
		"a code holds an organisation code that has rows": {func(h *house) {
			h.fines(penalty("岚环罚〔2026〕1号", row{"行政相对人名称": group, "统一社会信用代码": "", "组织机构代码": firm[8:17]}))
			h.fines(penalty("岚环罚〔2026〕2号", nil))
		}, []string{firm, "org:" + firm[8:17]}},
	} {
		t.Run(label, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				tt.rows(h)
				h.underCheck(label, true, tt.keys...)
				if q := h.questions(intake.Attachment); len(q) != 1 {
					t.Errorf("questions %+v", q)
				}
			})
		})
	}
}

// A registered subject that shares its name with another registered subject is asked of nothing.
func TestRegisteredNamesakesAreNotAskedOf(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.registers(firmName, firm, "")
		h.registers(firmName, otherFirm, "")
		h.fines(penalty("岚环罚〔2026〕1号", nil), penalty("岚环罚〔2026〕2号", row{"统一社会信用代码": otherFirm}), penalty("岚环罚〔2026〕3号", row{"统一社会信用代码": otherFirm, "处罚决定日期": "2022-09-31"}))
		h.underCheck("its own row waits", true, otherFirm)
		h.underCheck("a namesake's row waits", false, firm)
		if q := h.questions(intake.Attachment); len(q) != 0 {
			t.Errorf("questions %+v", q)
		}
	})
}

// A correction that moves a row to a doubtful code asks whose it is, and the question can be answered.
func TestACorrectionIsAskedOfLikeARow(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.registers(firmName, firm, "")
		h.fines(penalty("岚环罚〔2026〕1号", nil))
		m := h.sent(h.eco, "1号")
		d, err := h.Draft(t.Context(), m.Subject, m.Matter, []int64{m.Source})
		must(t, err)
		d.Cells[column(t, d.Headings, "统一社会信用代码")] = mistyped
		_, err = h.Correct(t.Context(), h.amendment(m, "代码有误"), d.Headings, d.Cells)
		must(t, err)
		h.underCheck("moved to a doubtful code", true, firm, mistyped)
		h.answer(firm, intake.Reassign)
		h.underCheck("answered", false, firm)
		back := 0
		for _, m := range h.matters(firm) {
			for _, a := range m.Assertions {
				if m.Kind == credit.Penalty && a.Load == 0 {
					back++
				}
			}
		}
		if back != 1 {
			t.Errorf("%d words came back", back)
		}
	})
}

// Pasted rows are no whole list either: nobody is absent from them.
func TestPastedRowsAreNoWholeList(t *testing.T) {
	h := open(t)
	h.load("eco", list(t, 6))
	headings := normal.Template(credit.AbnormalList)
	var rows [][]string
	for i := range 5 {
		rows = append(rows, row{"主体名称": fmt.Sprintf("岚港演示新%d号商贸有限公司", i), "统一社会信用代码": member(50 + i), "列入经营异常名录原因": "未按期公示年度报告",
			"名录类型": "经营异常名录", "列入日期": "2026-01-05", "列入决定机关": "岚港市生态环境局"}.cells(headings))
	}
	l, err := h.AcceptRows(t.Context(), intake.Entry{Source: "eco", Kind: credit.AbnormalList, Name: intake.PasteLoad, By: "test", Headings: headings, Rows: rows})
	must(t, err)
	h.Wait()
	if l, err = h.LoadByID(t.Context(), l.ID); err != nil || l.Accepted != 5 {
		t.Fatalf("load %+v, %v", l, err)
	}
	if q := h.removals(); len(q) != 0 {
		t.Errorf("proposed %+v", q)
	}
}
