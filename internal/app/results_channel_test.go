package app_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/hall"
)

// A report that is asked for through each surface stands on the page of results under the name of its channel, and
// nothing falls under other.
func TestEveryChannelHasItsNameOnTheResults(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	working(t, w)
	key, _ := showcase()
	has(t, visit(t, w, "enterprise").post("/reports", url.Values{"purpose": {"tender"}, "span": {"3"}}), http.StatusSeeOther)
	rec := visit(t, w, "enterprise").send("POST", "/api/v1/reports", "application/json", strings.NewReader(`{"subject":"`+string(key)+`","edition":"administration"}`))
	if rec.Code >= 300 {
		t.Fatalf("by API: %d %s", rec.Code, rec.Body)
	}
	clerk := visit(t, w, "window")
	has(t, clerk.post(begun(t, clerk, key)+"/pad", url.Values{"drawing": {signature()}}), http.StatusSeeOther)
	askGroup(t, w, visit(t, w, "enterprise"))
	allow(t, w, key, 1)
	has(t, visit(t, w, "receiver").post("/authorised", url.Values{"subject": {string(key)}, "purpose": {loan}, "edition": {"general"}}), http.StatusSeeOther)
	has(t, visit(t, w, ecologyClerk).post("/organ-requests", url.Values{"code": {key.Code()}, "purpose": {"licence"}, "reason": {"行政许可审查"}}), http.StatusSeeOther)
	inAnApp(t, w, key)
	roll(t, w)
	body := visit(t, w, "centre").get("/results").Body.String()
	_, part, _ := strings.Cut(body, "按渠道")
	part, _, _ = strings.Cut(part, "</section>")
	for _, name := range []string{"网页", "接口", "综合窗口", "集团批量", "授权查询", "机关依法查询", "应用内嵌页面"} {
		if !regexp.MustCompile(`<th scope="row">` + name + `</th><td class="number">[1-9]`).MatchString(part) {
			t.Errorf("nothing under %s: %s", name, part)
		}
	}
	if strings.Contains(part, "其他") {
		t.Errorf("something is under another channel: %s", part)
	}
}

// inAnApp issues a report on a page inside a province's app.
func inAnApp(t *testing.T, w *app.Web, key credit.Key) {
	t.Helper()
	secret, err := w.Hall.Register(t.Context(), &hall.App{Name: "掌上岚海", Origins: []string{"https://app.example"}})
	if err != nil {
		t.Fatal(err)
	}
	_, start := ticket(t, w, secret, map[string]string{"code": key.Code()})
	cookies := visit(t, w, "").get(start).Result().Cookies()
	if len(cookies) == 0 {
		t.Fatal("the ticket opens nothing")
	}
	r := httptest.NewRequest("POST", "/embed/reports", strings.NewReader("_idempotency="+rand.Text()+"&purpose=fund&agree=yes"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(cookies[0])
	rec := httptest.NewRecorder()
	if w.Server.Handler().ServeHTTP(rec, r); rec.Code != http.StatusSeeOther {
		t.Fatalf("in an app: %d %.300s", rec.Code, rec.Body)
	}
}
