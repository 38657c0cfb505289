package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
	"xinban/internal/ledger"
)

func TestADecisionTypedInAFormGoesTheWayOfAFile(t *testing.T) {
	t.Parallel()
	h := open(t)
	headings := normal.Template(credit.Penalty)
	good := penalty("岚环罚〔2026〕1号", nil)
	wrong, err := h.Check(credit.Penalty, headings, penalty("", nil).cells(headings))
	must(t, err)
	if !wrong.Blocked || wrong.Findings[0].Field != "行政处罚决定书文号" {
		t.Errorf("without a number: %+v", wrong.Findings)
	}
	for i, want := range []string{"accepted", "unchanged"} { // sent twice, it is in once
		r, err := h.Enter(t.Context(), intake.Entry{Source: "eco", Kind: credit.Penalty, Name: intake.FormLoad, By: "test", Headings: headings,
			Rows: [][]string{good.cells(headings)}})
		must(t, err)
		if r.Name != intake.FormLoad || r.Rows != 1 || (r.Accepted == 1) != (i == 0) || (r.Unchanged == 1) != (i == 1) {
			t.Errorf("time %d, want %s: %+v", i, want, r.Load)
		}
	}
	_, err = h.Enter(t.Context(), intake.Entry{Source: "trans", Kind: credit.Licence, Headings: normal.Template(credit.Licence), Rows: [][]string{{"x"}}})
	wants(t, err, intake.ErrNotInCatalogue)
}

func TestPastedRows(t *testing.T) {
	t.Parallel()
	headings := normal.Template(credit.Penalty)
	line := strings.Join(penalty("岚环罚〔2026〕1号", nil).cells(headings), "\t")
	for name, c := range map[string]struct {
		text     string
		headings bool
		rows     int
		err      error
	}{
		"with headings":               {strings.Join(headings, "\t") + "\r\n" + line + "\r\n", true, 1, nil},
		"in the template's order":     {line + "\n" + line, false, 2, nil},
		"with a short row":            {"岚港远航货代有限公司\t\t" + firm, false, 1, nil},
		"with a line break in quotes": {"\"岚港远航\n货代有限公司\"\t\t" + firm, false, 1, nil},
		"with empty lines":            {"\n" + line + "\n\t\t\n", false, 1, nil},
		"of nothing":                  {" \n", false, 0, intake.ErrPasteEmpty},
		"of headings alone":           {strings.Join(headings, "\t"), true, 0, intake.ErrPasteEmpty},
		"with a row that is too wide": {line + "\tx\ty\tz\tz\tz\tz\tz", false, 0, intake.ErrPasteWide},
		"of too many rows":            {strings.Repeat("a\n", 5001), false, 0, intake.ErrPasteMany},
	} {
		got, rows, err := intake.ParsePaste(c.text, credit.Penalty, c.headings)
		if c.err != nil {
			wants(t, err, c.err)
			continue
		}
		if err != nil || len(rows) != c.rows || len(rows[0]) != len(got) {
			t.Errorf("%s: %d rows of %d cells under %d headings, %v", name, len(rows), len(rows[0]), len(got), err)
		}
	}
}

func FuzzParsePaste(f *testing.F) {
	f.Add("a\tb\n\"c\nd\"\te", true)
	f.Add("\ufeff\t\t\r\n'", false)
	f.Fuzz(func(t *testing.T, text string, with bool) {
		headings, rows, err := intake.ParsePaste(text, credit.Licence, with)
		for _, r := range rows {
			if err != nil || len(r) != len(headings) {
				t.Fatalf("a row of %d cells under %d headings, %v", len(r), len(headings), err)
			}
		}
	})
}

func TestAZeroReportCountsAsArrivalOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	report := func(from, to credit.Date, kind credit.Kind) error {
		return h.ReportZero(t.Context(), intake.ZeroReport{Source: h.eco.ID, Kind: kind, From: from, To: to, By: "test"})
	}
	wants(t, report(20260512, 20260511, credit.Penalty), intake.ErrZeroPeriod)
	wants(t, report(20260512, 20260519, credit.Penalty), intake.ErrZeroFuture)
	wants(t, report(20260511, 20260517, credit.Licence), intake.ErrNotInCatalogue)
	must(t, report(20260511, 20260517, credit.Penalty))
	wants(t, report(20260511, 20260517, credit.Penalty), intake.ErrZeroTwice)
	feeds, err := h.Feeds(t.Context())
	must(t, err)
	for _, f := range feeds {
		if arrived := f.LastArrival != 0; arrived != (f.Source == h.eco.ID && f.Kind == credit.Penalty) {
			t.Errorf("source %d, %s: arrived %v", f.Source, f.Kind, arrived)
		}
	}
	list, err := h.ZeroReports(t.Context(), h.eco.ID, 10)
	must(t, err)
	if len(list) != 1 || list[0].By != "test" {
		t.Errorf("zero reports %+v", list)
	}
}

func (h *house) amendment(m intake.Sent, reason string) intake.Amendment {
	return intake.Amendment{Subject: m.Subject, Matter: m.Matter, Source: m.Source, Reason: reason, By: "test", Actor: actor()}
}

func (h *house) sent(source intake.Source, docNo string) intake.Sent {
	h.t.Helper()
	all, err := h.SentBy(h.t.Context(), credit.Key(firm), []int64{source.ID}, docNo)
	must(h.t, err)
	if len(all) != 1 {
		h.t.Fatalf("%d matters with %q from %s", len(all), docNo, source.Code)
	}
	return all[0]
}

func TestWithdrawingTwiceIsWithdrawingOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
	h.load("trans", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"备注": "转报"})))
	m := h.sent(h.eco, "岚环罚")
	_, err := h.Withdraw(t.Context(), h.amendment(m, ""))
	wants(t, err, intake.ErrReason)
	for i, want := range []bool{true, false} {
		done, err := h.Withdraw(t.Context(), h.amendment(m, "重复报送"))
		must(t, err)
		if done != want {
			t.Errorf("time %d: done %v", i, done)
		}
	}
	matter := h.matters(firm)[0]
	if len(matter.Events) != 1 || matter.Withdrawn || matter.Record.Remark != "转报" {
		t.Errorf("the word of the other source does not stand: %d events, withdrawn %v", len(matter.Events), matter.Withdrawn)
	}
	entries, _, err := audit.BySubject(t.Context(), h.db, credit.Key(firm), audit.Cursor{}, 10)
	must(t, err)
	if len(entries) != 1 || entries[0].Action != audit.Amend {
		t.Errorf("access log %+v", entries)
	}
}

func TestAnotherSourcesWordCannotBeWithdrawn(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
	a := h.amendment(h.sent(h.eco, ""), "不是我报的")
	a.Source = h.trans.ID
	_, err := h.Withdraw(t.Context(), a)
	wants(t, err, intake.ErrNoMatter)
	if h.matters(firm)[0].Withdrawn {
		t.Error("it is withdrawn")
	}
}

func TestACorrectionReplacesTheWordAndKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		heading, text string
		subject       string
		events        []ledger.EventType // on the matter as first sent
	}{
		"of the amount":  {"罚款金额（万元）", "3", firm, []ledger.EventType{ledger.Corrected}},
		"of the number":  {"行政处罚决定书文号", "岚环罚〔2026〕10号", firm, []ledger.EventType{ledger.Withdrawn}},
		"of the subject": {"统一社会信用代码", otherFirm, otherFirm, []ledger.EventType{ledger.Reassigned}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
			m := h.sent(h.eco, "")
			d, err := h.Draft(t.Context(), m.Subject, m.Matter, []int64{h.eco.ID})
			must(t, err)
			_, err = h.Correct(t.Context(), h.amendment(m, "录入有误"), d.Headings, d.Cells)
			wants(t, err, intake.ErrUnchanged)
			at := column(t, d.Headings, c.heading)
			d.Cells[at] = c.text
			_, err = h.Correct(t.Context(), h.amendment(m, "录入有误"), d.Headings, d.Cells)
			must(t, err)
			var types []ledger.EventType
			for _, f := range h.matters(firm)[0].Events {
				types = append(types, f.Event.Type)
			}
			if fmt.Sprint(types) != fmt.Sprint(c.events) {
				t.Errorf("events %v, want %v", types, c.events)
			}
			all := h.matters(c.subject)
			last := all[len(all)-1]
			raw, cells, err := h.ledger.ReadRaw(t.Context(), credit.Key(c.subject), last.Seq)
			must(t, err)
			if cells[column(t, raw, c.heading)] != c.text || last.Withdrawn || last.Annulled != 0 {
				t.Errorf("the new word is %q, withdrawn %v, annulled %v", cells[column(t, raw, c.heading)], last.Withdrawn, last.Annulled)
			}
		})
	}
}

func TestACorrectionThatIsWrongChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
	m := h.sent(h.eco, "")
	d, err := h.Draft(t.Context(), m.Subject, m.Matter, []int64{h.eco.ID})
	must(t, err)
	d.Cells[column(t, d.Headings, "处罚决定日期")] = "2026-02-30"
	findings, err := h.Correct(t.Context(), h.amendment(m, "录入有误"), d.Headings, d.Cells)
	wants(t, err, intake.ErrStillWrong)
	if len(findings) == 0 || len(h.matters(firm)[0].Events) != 0 {
		t.Errorf("findings %v", findings)
	}
	_, err = h.Withdraw(t.Context(), h.amendment(m, "撤回"))
	must(t, err)
	d.Cells[column(t, d.Headings, "处罚决定日期")] = "2026-05-11"
	_, err = h.Correct(t.Context(), h.amendment(m, "录入有误"), d.Headings, d.Cells)
	wants(t, err, intake.ErrIsWithdrawn)
}

// A nightly file that repeats the old row leaves a correction alone; one with a third content asks the
// centre, and stands only when adopted.
func TestAFileDoesNotUndoACorrectionByItself(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]credit.Fen{intake.Keep: 200_000, intake.Adopt: 50_000_000} {
		t.Run(outcome, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			sent := func(wan string, extra row) intake.Result {
				change := row{"罚款金额（万元）": wan, "处罚内容": "罚款人民币" + wan + "万元"}
				return h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", change), penalty("岚环罚〔2026〕2号", extra)))
			}
			sent("2", nil)
			m := h.sent(h.eco, "1号")
			d, err := h.Draft(t.Context(), m.Subject, m.Matter, []int64{h.eco.ID})
			must(t, err)
			d.Cells[column(t, d.Headings, "罚款金额（万元）")] = "0.2"
			d.Cells[column(t, d.Headings, "处罚内容")] = "罚款人民币0.2万元"
			_, err = h.Correct(t.Context(), h.amendment(m, "多录了一个零"), d.Headings, d.Cells)
			must(t, err)
			fine := func() credit.Fen { return h.matters(firm)[0].Record.Fine.Fen }
			if r := sent("2", row{"备注": "另一文件"}); r.Unchanged != 1 || fine() != 200_000 {
				t.Fatalf("the old row sent again: %+v, fine %d", r.Load, fine())
			}
			if r := sent("50", row{"备注": "另一文件"}); r.Amended != 1 || fine() != 200_000 {
				t.Fatalf("a third content: %+v, fine %d", r.Load, fine())
			}
			q := h.questions(intake.Reconcile)
			if len(q) != 1 {
				t.Fatalf("questions %+v", q)
			}
			must(t, h.Decide(t.Context(), intake.Decision{Subject: q[0].Subject, ID: q[0].ID, Outcome: outcome, Reason: "已核对决定书", By: "test", Actor: actor()}))
			if fine() != want {
				t.Errorf("fine %d, want %d", fine(), want)
			}
		})
	}
}

// A changed row does not revive a matter that its source took back, until the centre adopts it.
func TestAFileDoesNotUndoAWithdrawalByItself(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", nil)))
	_, err := h.Withdraw(t.Context(), h.amendment(h.sent(h.eco, ""), "不是本单位的决定"))
	must(t, err)
	h.load("eco", file(t, credit.Penalty, penalty("岚环罚〔2026〕1号", row{"备注": "改"})))
	if !h.matters(firm)[0].Withdrawn {
		t.Error("a file revived it")
	}
	q := h.questions(intake.Reconcile)
	must(t, h.Decide(t.Context(), intake.Decision{Subject: q[0].Subject, ID: q[0].ID, Outcome: intake.Adopt, Reason: "撤回有误", By: "test", Actor: actor()}))
	if m := h.matters(firm)[0]; m.Withdrawn || m.Record.Remark != "改" {
		t.Errorf("adopted: withdrawn %v, %q", m.Withdrawn, m.Record.Remark)
	}
}
