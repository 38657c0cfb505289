package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/document/pdf"
	"xinban/internal/exchange"
)

// portPenalty finds a penalty of the first showcase firm for which the organ of clerk-port answers.
func portPenalty(t *testing.T, w *app.Web, key credit.Key) string {
	t.Helper()
	own, _, err := w.Report.OwnMatters(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range own {
		if m.Kind == credit.Penalty && m.Organ == "岚港市交通运输局" && slices.Contains(m.In, "上市专版") {
			return m.ID.String()
		}
	}
	t.Fatal("the firm has no penalty of the port's organ")
	return ""
}

var statementNumber = regexp.MustCompile(`Q\d{14}[0-9A-Z]{8}`)

// From the check-up to the verified report: asked, seen by its organ alone, signed with the password, named by the
// listing report, withdrawn, and said so.
func TestAStatementFromTheCheckupToTheReport(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	firm, other := visit(t, w, "enterprise"), visit(t, w, "enterprise2")
	port, ecology := visit(t, w, "clerk-port"), visit(t, w, "clerk-ecology")
	id := portPenalty(t, w, key)
	has(t, firm.get("/reports/checkup"), http.StatusOK, "各专版会写什么", "最早无记录日期", "/statements/new?matter="+id, `id="m-`+id+`"`)
	ask := url.Values{"subject": {string(key)}, "matter": {id}}
	has(t, firm.get("/statements/new?"+ask.Encode()), http.StatusOK, "岚港市交通运输局", "系统设定，待主管部门确认")
	if a := other.get("/statements/new?" + ask.Encode()); a.Code != http.StatusForbidden {
		t.Errorf("another firm asks about it: %d", a.Code)
	}
	if a := firm.post("/statements", url.Values{"subject": {string(key)}, "matter": {id}, "why": {"身份证号 11010519491231002X"}}); a.Code != http.StatusUnprocessableEntity {
		t.Errorf("an identity number is taken: %d", a.Code)
	}
	a := firm.post("/statements", ask)
	if a.Code != http.StatusSeeOther {
		t.Fatalf("asking: %d %s", a.Code, a.Body)
	}
	page, _, _ := strings.Cut(a.Header().Get("Location"), "?")
	for name, who := range map[string]visitor{"another firm": other, "another organ": ecology} {
		if a := who.get(page); a.Code != http.StatusNotFound {
			t.Errorf("%s sees the request: %d", name, a.Code)
		}
	}
	has(t, port.get("/statements"), http.StatusOK, page)
	answer := url.Values{"verdict": {"not_major"}, "reasons": {"情节轻微"}, "basis": {"《行政处罚法》第三十二条"}, "password": {"wrong password 1"}}
	has(t, port.post(page+"/answer", answer), http.StatusUnprocessableEntity, "密码")
	if a := ecology.post(page+"/answer", answer); a.Code != http.StatusNotFound {
		t.Errorf("another organ answers: %d", a.Code)
	}
	answer.Set("password", app.DemoPassword)
	if a := port.post(page+"/answer", answer); a.Code != http.StatusSeeOther {
		t.Fatalf("answering: %d %s", a.Code, a.Body)
	}
	if a := port.post(page+"/answer", answer); a.Code != http.StatusUnprocessableEntity {
		t.Errorf("answered twice: %d", a.Code)
	}
	shown := firm.get(page)
	has(t, shown, http.StatusOK, "不属于重大违法")
	number := statementNumber.FindString(shown.Body.String())
	doc := issued(t, w, key)
	has(t, firm.get("/reports/"+doc.Content.Number), http.StatusOK, "情节说明", number)
	paper := firm.get(page + "/" + number + "/paper")
	has(t, visit(t, w, "").upload("/verify", paper.Body.Bytes()), http.StatusOK, "行政处罚情节说明", "不属于重大违法", "未被改动")
	verify := "/verify?" + url.Values{"n": {doc.Content.Number}, "c": {doc.Content.Code}}.Encode()
	has(t, visit(t, w, "").get(verify), http.StatusOK, "所附情节说明"+number+"有效")
	// With the report alone anybody reaches the statement: by the link on its page, and by what the paper encloses.
	link := regexp.MustCompile(`/verify\?n=` + number + `&amp;c=[0-9A-Z]+`).FindString(visit(t, w, "").get(verify).Body.String())
	has(t, visit(t, w, "").get(strings.ReplaceAll(link, "&amp;", "&")), http.StatusOK, "行政处罚情节说明", "情节轻微", "第三十二条")
	enclosed, err := pdf.ExtractAttachment(firm.get("/reports/"+doc.Content.Number+"/paper").Body.Bytes(), "statement-"+number+".json")
	if err != nil {
		t.Fatal(err)
	}
	has(t, visit(t, w, "").upload("/verify", enclosed), http.StatusOK, "行政处罚情节说明", "情节轻微", "未被改动")
	has(t, firm.get("/reports/checkup"), http.StatusOK, "不属于重大违法（编号"+number, "上市专版在这条记录下写明")
	back := url.Values{"number": {number}, "retraction": {"依据有误"}, "password": {app.DemoPassword}}
	if a := port.post(page+"/retract", back); a.Code != http.StatusSeeOther {
		t.Fatalf("withdrawing: %d %s", a.Code, a.Body)
	}
	has(t, visit(t, w, "").get(verify), http.StatusOK, number+"已由出具机关撤回：依据有误", "有效，此后有变化")
	has(t, firm.get("/access"), http.StatusOK, "出具前体检", "岚港市交通运输局")
	if strings.Contains(firm.get("/access").Body.String(), "/reports/Q") {
		t.Error("the access log leads to a report that is none")
	}
}

// A follower is told of a look, on the page and on the phone, by the second provider when the first is down.
func TestAFollowerIsToldOfALook(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	firm := visit(t, w, "enterprise")
	form := url.Values{"subject": {string(key)}, "days": {"30"}, "event": {"looked", "statement"}}
	send := func() {
		t.Helper()
		for n := 1; n > 0; {
			var err error
			if n, err = w.Outbox.Send(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if a := firm.post("/follow", form); a.Code != http.StatusSeeOther {
		t.Fatalf("following: %d %s", a.Code, a.Body)
	}
	has(t, firm.post("/follow", url.Values{"subject": {string(key)}, "days": {"0"}, "event": {"new"}}), http.StatusUnprocessableEntity, "1到180")
	has(t, firm.post("/follow", url.Values{"subject": {string(key)}, "days": {"1"}}), http.StatusUnprocessableEntity, "请至少选择一项")
	has(t, firm.post("/follow/address", url.Values{"subject": {string(key)}, "address": {"no"}}), http.StatusUnprocessableEntity, "手机号码")
	if a := firm.post("/follow/address", url.Values{"subject": {string(key)}, "address": {"13812345678"}}); a.Code != http.StatusSeeOther {
		t.Fatalf("an address: %d %s", a.Code, a.Body)
	}
	send()
	texts, err := w.Carriers[0].Texts()
	if err != nil || len(texts) != 1 {
		t.Fatalf("%v, %v", texts, err)
	}
	code := regexp.MustCompile(`\d{6}`).FindString(texts[0].Body)
	if a := firm.post("/follow/confirm", url.Values{"subject": {string(key)}, "code": {code}}); a.Code != http.StatusSeeOther {
		t.Fatalf("the code: %d", a.Code)
	}
	if err := w.Carriers[0].Set(exchange.Down); err != nil {
		t.Fatal(err)
	}
	has(t, visit(t, w, "centre").get("/subjects/"+string(key)), http.StatusOK)
	if _, err := w.Following.Looks(t.Context()); err != nil {
		t.Fatal(err)
	}
	send()
	if texts, err := w.Carriers[1].Texts(); err != nil || len(texts) != 1 || !strings.Contains(texts[0].Body, "有人查看") {
		t.Errorf("the second provider sent %v, %v", texts, err)
	}
	has(t, firm.get("/messages"), http.StatusOK, "有人查看了信用信息", "全部标为已读")
	has(t, firm.get("/"), http.StatusOK, "/messages")
	upTo := regexp.MustCompile(`name="upto" value="([^"]+)"`).FindStringSubmatch(firm.get("/messages").Body.String())
	firm.post("/messages/seen", url.Values{"upto": {upTo[1]}})
	if strings.Contains(firm.get("/messages").Body.String(), "全部标为已读") {
		t.Error("read messages are still new")
	}
	if a := firm.post("/follow/stop", url.Values{"subject": {string(key)}}); a.Code != http.StatusSeeOther {
		t.Errorf("stopping: %d", a.Code)
	}
}

// A store in earnest has no stand-ins: what is only written to a file never counts as sent.
func TestALiveStoreHasNoStandIns(t *testing.T) {
	t.Parallel()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if len(a.Carriers) != 0 {
		t.Errorf("%d stand-ins", len(a.Carriers))
	}
}

// A checked-up subject learns of it: its own look is in its access log, and nothing was issued.
func TestACheckupIsLogged(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	has(t, visit(t, w, "enterprise").get("/reports/checkup"), http.StatusOK)
	entries, _, err := audit.BySubject(t.Context(), w.DB, key, audit.Cursor{}, 10)
	if err != nil || len(entries) == 0 || entries[0].Action != audit.View || entries[0].Purpose != "出具前体检" {
		t.Errorf("%+v, %v", entries, err)
	}
	if docs, err := w.Report.Documents(t.Context(), key, "", 10); err != nil || len(docs) != 0 {
		t.Errorf("%d documents, %v", len(docs), err)
	}
}

// askAndFollow uses the statements of requests, papers, subscriptions and messages.
func askAndFollow(t *testing.T, w *app.Web) {
	t.Helper()
	key, _ := showcase()
	firm, port := visit(t, w, "enterprise"), visit(t, w, "clerk-port")
	id := portPenalty(t, w, key)
	firm.post("/follow", url.Values{"subject": {string(key)}, "days": {"30"}, "event": {"new", "ending", "looked", "document", "statement"}})
	firm.post("/follow/address", url.Values{"subject": {string(key)}, "address": {"13812345678"}})
	firm.post("/follow/confirm", url.Values{"subject": {string(key)}, "code": {"000000"}})
	for range 2 {
		a := firm.post("/statements", url.Values{"subject": {string(key)}, "matter": {id}})
		page, _, _ := strings.Cut(a.Header().Get("Location"), "?")
		port.get("/statements")
		port.get("/statements?tab=done&q=2026")
		visit(t, w, "centre").get("/statements")
		answer := url.Values{"verdict": {"major"}, "reasons": {"情节严重"}, "basis": {"演示"}, "password": {app.DemoPassword}, "change": {"更正"}}
		port.post(page+"/answer", answer)
		number := statementNumber.FindString(firm.get(page).Body.String())
		answer.Set("replaces", number)
		port.post(page+"/answer", answer)
		number = statementNumber.FindString(firm.get(page).Body.String())
		firm.get(page + "/" + number + "/data")
		visit(t, w, "").upload("/verify", firm.get(page+"/"+number+"/paper").Body.Bytes())
		port.post(page+"/retract", url.Values{"number": {number}, "retraction": {"更正"}, "password": {app.DemoPassword}})
	}
	issued(t, w, key)
	if _, err := w.Following.Project(t.Context(), key, nil); err != nil {
		t.Error(err)
	}
	if _, err := w.Statement.Remind(t.Context()); err != nil {
		t.Error(err)
	}
	for _, work := range []func() error{func() error { _, err := w.Following.Sweep(t.Context()); return err }, func() error { _, err := w.Following.Looks(t.Context()); return err }, func() error { _, err := w.Outbox.Send(t.Context()); return err }} {
		if err := work(); err != nil {
			t.Error(err)
		}
	}
	for _, path := range []string{"/reports/checkup", "/statements", "/messages", "/follow", "/"} {
		has(t, firm.get(path), http.StatusOK)
	}
	if _, err := w.Following.AskReceipts(t.Context()); err != nil {
		t.Error(err)
	}
	upTo := regexp.MustCompile(`name="upto" value="([^"]+)"`).FindStringSubmatch(firm.get("/messages").Body.String())
	firm.post("/messages/seen", url.Values{"upto": {upTo[1]}})
	firm.post("/follow/stop", url.Values{"subject": {string(key)}})
	firm.post("/follow/forget", url.Values{"subject": {string(key)}})
}
