package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinban/internal/report"
)

// json sends a document to the API.
func (v visitor) json(method, target, body string) *httptest.ResponseRecorder {
	return v.send(method, target, "application/json", strings.NewReader(body))
}

// By the API a receiver registers its webhook, reads it without the secret, and takes it away; the description of the API
// says what a webhook is called with.
func TestTheWebhookByAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	bank := visit(t, w, "receiver")
	const path = "/api/v1/receipt-hook"
	if rec := bank.get(path); rec.Code != http.StatusNotFound {
		t.Errorf("before it is registered: %d", rec.Code)
	}
	if rec := bank.json(http.MethodPut, path, `{"address":"http://10.0.0.1/"}`); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "内部网络") {
		t.Errorf("an address inside: %d %s", rec.Code, rec.Body)
	}
	var h struct{ Address, Secret string }
	rec := bank.json(http.MethodPut, path, `{"address":"http://127.0.0.1:1/hook"}`)
	if err := json.Unmarshal(rec.Body.Bytes(), &h); err != nil || rec.Code != http.StatusOK || len(h.Secret) < 32 || h.Address != "http://127.0.0.1:1/hook" {
		t.Fatalf("registering: %d %s", rec.Code, rec.Body)
	}
	if rec := bank.get(path); rec.Code != http.StatusOK || strings.Contains(rec.Body.String(), h.Secret) {
		t.Errorf("reading: %d %s", rec.Code, rec.Body)
	}
	if rec := bank.get(path + "?holder=91000000MA00000001"); rec.Code != http.StatusForbidden {
		t.Errorf("another's: %d", rec.Code)
	}
	for _, mine := range []string{"/api/v1/receipt-changes", "/api/v1/need-profiles"} {
		if rec := bank.get(mine + "?holder=91000000MA00000001"); rec.Code != http.StatusForbidden {
			t.Errorf("%s of another: %d", mine, rec.Code)
		}
	}
	if rec := bank.json(http.MethodDelete, path, ""); rec.Code != http.StatusNoContent {
		t.Errorf("taking away: %d %s", rec.Code, rec.Body)
	}
	var o struct {
		Webhooks map[string]struct {
			Post struct {
				RequestBody struct {
					Content map[string]struct{ Schema map[string]any }
				}
			}
		}
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := json.Unmarshal(bank.get("/openapi.json").Body.Bytes(), &o); err != nil {
		t.Fatal(err)
	}
	ref, _ := o.Webhooks["paper-status"].Post.RequestBody.Content["application/json"].Schema["$ref"].(string)
	if s := o.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]]; s.Properties["version"] == nil || s.Properties["status"] == nil {
		t.Errorf("the webhook is not described: %q", ref)
	}
}

// A saved need is chosen by its name, on the desk and by the API; what the request says itself goes before it. A purpose for
// which no certificate was needed is said plainly, with how sure that is, and nothing is kept before it is confirmed.
func TestSavedNeedsAndUses(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	bank := visit(t, w, "receiver")
	key, _ := showcase()
	d := issueFor(t, w, report.Request{Key: key, Edition: "general", Purpose: loan, Paper: true})
	file := dropFile{"a.json", d.Envelope}
	if rec := bank.drop("/receive", url.Values{"edition": {"listing"}, "years": {"3"}, "domain": {"tax"}, "use": {"loan"}, "save": {"上市材料"}}, file); rec.Code != http.StatusSeeOther {
		t.Fatalf("saving on the desk: %d", rec.Code)
	}
	if body := bank.get("/receive?profile=" + url.QueryEscape("上市材料")).Body.String(); !strings.Contains(body, `value="listing" selected`) || !strings.Contains(body, `value="loan" selected`) {
		t.Error("the desk does not show the saved need")
	}
	verdict := func(query string) string {
		rec := bank.drop("/api/v1/receipts?"+query, nil, file)
		var b apiTable
		if err := json.Unmarshal(rec.Body.Bytes(), &b); err != nil || rec.Code != http.StatusCreated {
			t.Fatalf("%s: %d %s", query, rec.Code, rec.Body)
		}
		return strings.Join(b.Rows[0].Reasons, "；")
	}
	name := url.QueryEscape("上市材料")
	if why := verdict("profile=" + name); !strings.Contains(why, "需要上市专版") {
		t.Errorf("by the saved need: %s", why)
	}
	if why := verdict("profile=" + name + "&edition=general"); strings.Contains(why, "需要上市专版") {
		t.Errorf("what is said goes first: %s", why)
	}
	if rec := bank.json(http.MethodPut, "/api/v1/need-profiles/bank", `{"edition":"general","years":3,"days":30,"domains":["tax"]}`); rec.Code != http.StatusNoContent {
		t.Errorf("saving by the API: %d %s", rec.Code, rec.Body)
	}
	if rec := bank.json(http.MethodPut, "/api/v1/need-profiles/bank", `{"edition":"none"}`); rec.Code != http.StatusUnprocessableEntity {
		t.Errorf("saving what is no need: %d", rec.Code)
	}
	if body := bank.get("/api/v1/need-profiles").Body.String(); !strings.Contains(body, "上市材料") || !strings.Contains(body, `"days":30`) {
		t.Errorf("%s", body)
	}
	if rec := bank.json(http.MethodDelete, "/api/v1/need-profiles/bank", ""); rec.Code != http.StatusNoContent {
		t.Errorf("deleting: %d", rec.Code)
	}
	if rec := bank.post("/receive/profiles/delete", url.Values{"name": {"bank"}}); rec.Code != http.StatusNotFound {
		t.Errorf("deleting what is gone: %d", rec.Code)
	}

	rec := bank.drop("/receive", url.Values{"use": {"settlement"}}, file)
	for _, want := range []string{"不得要求提供信用报告", "待主管部门确认", "开立账户和日常结算"} {
		if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), want) {
			t.Errorf("where no certificate was needed: %d, %s", rec.Code, want)
		}
	}
	if rec := bank.drop("/api/v1/receipts?use=settlement", nil, file); rec.Code != http.StatusUnprocessableEntity {
		t.Errorf("by the API: %d", rec.Code)
	}
	table := bank.drop("/receive", url.Values{"use": {"settlement"}, "confirm": {"1"}}, file).Header().Get("Location")
	if body := bank.get(table).Body.String(); !strings.Contains(body, "不得要求提供信用报告，接收方确认由当事人自愿提供") {
		t.Error("the table does not say so")
	}
}
