package app_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/store"
)

var requestLink = regexp.MustCompile(`/mandate-requests/([0-9A-Z]+)`)

// A parent asks, the subsidiary is told, sees what is asked with all filled in and signs; the parent sees it and may act.
func TestConsentIsAskedForAndGiven(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, other := showcase()
	asker, subject := visit(t, w, "enterprise"), visit(t, w, "enterprise2")
	ask := url.Values{"subject": {string(other)}, "scope": {"ask"}, "purpose": {"上市"}, "why": {"集团上市申报"}, "until": {credit.DateOf(w.Now()).AddDays(90).String()}}
	has(t, asker.get("/mandates/requests?purpose=上市&subject="+string(other)), http.StatusOK, string(other), "还没有提出请求")
	has(t, asker.post("/mandates/requests", url.Values{"subject": {"11010119900307123X"}, "scope": {"ask"}}), http.StatusUnprocessableEntity, "不要填写身份证号")
	has(t, asker.post("/mandates/requests", ask), http.StatusSeeOther)
	has(t, asker.post("/mandates/requests", ask), http.StatusUnprocessableEntity, "还没有答复")
	for more := 1; more > 0; {
		var err error
		if more, err = w.Outbox.Send(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	has(t, subject.get("/messages"), http.StatusOK, "有单位请您授权")
	list := subject.get("/mandates/requests")
	has(t, list, http.StatusOK, "请我方授权", "等待答复")
	id := requestLink.FindStringSubmatch(list.Body.String())[1]
	has(t, visit(t, w, "receiver").get("/mandate-requests/"+id), http.StatusNotFound)
	shown := subject.get("/mandate-requests/" + id)
	has(t, shown, http.StatusOK, "集团上市申报", "核对并签署授权", "不同意")
	form := onPage(t, shown, `href="(/mandates/new\?[^"]*)"`)
	has(t, subject.get(form), http.StatusOK, `name="request" value="`+id+`"`, key.Code())

	to, err := url.Parse(form)
	if err != nil {
		t.Fatal(err)
	}
	sign := to.Query()
	checked := subject.post("/mandates/check", sign)
	has(t, checked, http.StatusOK, "签署内容")
	sign.Set("words", html.UnescapeString(hidden.FindStringSubmatch(checked.Body.String())[1]))
	sign.Set("password", "lanhai-demo-2026")
	has(t, subject.post("/mandates", sign), http.StatusSeeOther)
	has(t, asker.get("/mandate-requests/"+id), http.StatusOK, "已授权")
	has(t, asker.post("/reports", url.Values{"purpose": {"listing"}, "subject": {string(other)}}), http.StatusSeeOther)
	has(t, subject.post("/mandate-requests/"+id+"/decline", url.Values{"reason": {"太晚了"}}), http.StatusConflict)
}

func onPage(t *testing.T, rec *httptest.ResponseRecorder, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(rec.Body.String())
	if found == nil {
		t.Fatalf("no %s on the page", pattern)
	}
	return html.UnescapeString(found[1])
}

// Programs ask, decline, sign and withdraw as pages do, and what was signed verifies for anybody.
func TestConsentByAPIAndItsSeal(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, other := showcase()
	asker, subject := visit(t, w, "enterprise"), visit(t, w, "enterprise2")
	post := func(v visitor, target, body string) *httptest.ResponseRecorder {
		return v.send(http.MethodPost, "/api/v1"+target, "application/json", strings.NewReader(body))
	}
	until := credit.DateOf(w.Now()).AddDays(30).String()
	asked := post(asker, "/consent-requests", fmt.Sprintf(`{"subject":%q,"scope":"ask","purpose":"招投标","until":%q,"why":"代为投标"}`, other, until))
	has(t, asked, http.StatusCreated, `"state":"asked"`)
	var q struct{ ID string }
	if err := json.Unmarshal(asked.Body.Bytes(), &q); err != nil {
		t.Fatal(err)
	}
	has(t, subject.get("/api/v1/consent-requests?subject="+string(other)), http.StatusOK, q.ID)
	has(t, post(asker, "/consent-requests/"+q.ID+"/decline", `{"reason":"自己不同意"}`), http.StatusForbidden)
	has(t, post(subject, "/consent-requests/"+q.ID+"/decline", `{"reason":"暂不需要"}`), http.StatusOK, `"state":"declined"`, "暂不需要")
	has(t, asker.get("/api/v1/consent-requests"), http.StatusOK, "暂不需要")

	give := func(words, password string) *httptest.ResponseRecorder {
		return post(subject, "/consents", fmt.Sprintf(`{"subject":%q,"grantee":%q,"scope":"ask","purpose":"招投标","until":%q,"level":"counts","words":%q,"password":%q}`,
			other, key.Code(), until, words, password))
	}
	first := give("", "")
	has(t, first, http.StatusUnprocessableEntity, "只提供各领域记录条数")
	words := onPage(t, first, `"(岚港[^"]*授权[^"]*)"`)
	has(t, give(words, "wrong"), http.StatusUnprocessableEntity)
	given := give(words, "lanhai-demo-2026")
	has(t, given, http.StatusCreated, `"state":"good"`, `"level":"counts"`)
	var g struct{ ID string }
	if err := json.Unmarshal(given.Body.Bytes(), &g); err != nil {
		t.Fatal(err)
	}
	has(t, asker.post("/reports", url.Values{"purpose": {"tender"}, "subject": {string(other)}, "edition": {"listing"}}), http.StatusForbidden) // shows more than counts
	signed := subject.get("/mandates/" + g.ID + "/envelope?subject=" + string(other))
	has(t, signed, http.StatusOK, `"ES256"`, `"SM2-SM3"`)
	has(t, subject.drop("/verify", nil, dropFile{"consent.json", signed.Body.Bytes()}), http.StatusOK, "授权书", "有效")
	bad := strings.Replace(signed.Body.String(), "招投标", "贷款", 1)
	has(t, subject.drop("/verify", nil, dropFile{"consent.json", []byte(bad)}), http.StatusOK, "文件被改动过")

	if err := w.DB.Tx(t.Context(), func(tx *store.Tx) error { // by who writes to the store
		_, err := tx.Exec("UPDATE consent SET level = '' WHERE subject = $1 AND id = $2", string(other), g.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	has(t, asker.post("/reports", url.Values{"purpose": {"tender"}, "subject": {string(other)}, "edition": {"listing"}}), http.StatusForbidden, "签名核验不通过")
	has(t, subject.get("/mandates/"+g.ID+"?subject="+string(other)), http.StatusOK, "已停止使用")
	if _, err := w.NoteBroken(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries, _, err := audit.BySubject(t.Context(), w.DB, other, audit.Cursor{}, 10)
	if err != nil || len(entries) == 0 || !strings.Contains(entries[0].Purpose, "签名核验不通过") {
		t.Errorf("the access log %+v, %v", entries, err)
	}
	has(t, post(subject, "/consents/"+g.ID+"/withdraw?subject="+string(other), ""), http.StatusOK, `"state":"withdrawn"`)
	has(t, subject.get("/api/v1/consents?subject="+string(other)), http.StatusOK, g.ID)
}
