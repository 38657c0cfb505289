package app_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	verdict "xinban/internal/decision"
	"xinban/internal/ledger"
	"xinban/internal/report"
)

func ownMatter(t *testing.T, w *app.Web, key credit.Key, id string) report.MatterCheck {
	t.Helper()
	own, _, err := w.Report.OwnMatters(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range own {
		if m.ID.String() == id {
			return m
		}
	}
	t.Fatal("the matter is not there")
	return report.MatterCheck{}
}

// From the filing to the outcome: the matter is neither counted nor cleared while the objection is open, its papers say so, and
// a correction that was recorded ends it.
func TestADisputedMatterIsUnknownUntilTheObjectionEnds(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	firm, stranger := visit(t, w, "enterprise"), visit(t, w, "enterprise2")
	port, ecology, centre := visit(t, w, "clerk-port"), visit(t, w, "clerk-ecology"), visit(t, w, "centre")
	id := portPenalty(t, w, key)
	about := url.Values{"subject": {string(key)}, "matter": {id}}
	has(t, firm.get("/objections/new?subject="+string(key)), http.StatusOK, "选择事项", id)
	has(t, firm.get("/objections/new?"+about.Encode()), http.StatusOK, "岚港市交通运输局", "办结期限", "异议理由")
	has(t, firm.post("/objections", about), http.StatusUnprocessableEntity)
	if a := stranger.post("/objections", about); a.Code != http.StatusForbidden {
		t.Errorf("another firm objects: %d", a.Code)
	}
	about.Set("ground", "content")
	about.Set("reasons", "罚款金额与决定书不一致")
	filed := firm.post("/objections", about)
	page, _, _ := strings.Cut(filed.Header().Get("Location"), "?")
	if filed.Code != http.StatusSeeOther || page == "" {
		t.Fatalf("filing: %d %s", filed.Code, filed.Body)
	}
	has(t, firm.post("/objections", about), http.StatusUnprocessableEntity, "正在处理")
	for name, who := range map[string]visitor{"another firm": stranger, "another body": ecology} {
		if a := who.get(page); a.Code != http.StatusNotFound {
			t.Errorf("%s sees it: %d", name, a.Code)
		}
	}
	has(t, port.get("/objections"), http.StatusOK, page, "待受理")
	before := ownMatter(t, w, key, id)
	if before.Disputed || before.Judgement.Adverse == verdict.Unknown {
		t.Fatalf("the matter is disputed before: %v %v", before.Disputed, before.Judgement.Adverse)
	}
	if a := port.post(page+"/accept", url.Values{}); a.Code != http.StatusSeeOther {
		t.Fatalf("accepting: %d %s", a.Code, a.Body)
	}
	during := ownMatter(t, w, key, id)
	if !during.Disputed {
		t.Error("an accepted objection does not mark the matter")
	}
	if during.Judgement.Counts && during.Judgement.Adverse != verdict.Unknown {
		t.Errorf("a disputed matter is %v to automatic decisions", during.Judgement.Adverse)
	}
	has(t, port.get(page), http.StatusOK, "还没有对该事项的更正记录")
	has(t, port.post(page+"/close", url.Values{"outcome": {"correct"}, "finding": {"异议成立"}}), http.StatusUnprocessableEntity, "没有查到提出异议之后对该事项的更正")
	has(t, centre.get("/objections"), http.StatusOK, "没有逾期的异议")

	annul := report.Amendment{Key: during.Subject, Matter: during.ID, Reason: "处罚决定经复议被撤销", Who: audit.Actor{ID: "9", Name: "信用中心"}, Login: "centre"}
	if err := w.Report.Annul(t.Context(), w.Intake, annul); err != nil {
		t.Fatal(err)
	}
	all, err := w.Ledger.Read(t.Context(), during.Subject)
	if err != nil {
		t.Fatal(err)
	}
	seq := ""
	for _, f := range all {
		if f.Op == ledger.OpEvent && f.Event.Type == ledger.Annulled && f.Matter == during.ID {
			seq = strconv.FormatInt(f.Seq, 10)
		}
	}
	has(t, port.get(page), http.StatusOK, "撤销：处罚决定经复议被撤销")
	if a := port.post(page+"/close", url.Values{"outcome": {"correct"}, "correction": {seq}, "finding": {"异议成立，决定已撤销"}}); a.Code != http.StatusSeeOther {
		t.Fatalf("closing: %d %s", a.Code, a.Body)
	}
	has(t, firm.get(page), http.StatusOK, "已更正", "处罚决定经复议被撤销", "下一步")
	send(t, w)
	has(t, firm.get("/messages"), http.StatusOK, "您提出的异议有新的进展")
	st, _, err := w.Ledger.Standing(t.Context(), during.Subject, credit.DateOf(w.Now()), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range st.Matters {
		if m.ID == during.ID && (m.Disputed || m.Annulled == 0) {
			t.Errorf("at the end: disputed %v, annulled %v", m.Disputed, m.Annulled)
		}
	}
}
