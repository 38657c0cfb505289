package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/app"
)

// leads are where a page leads.
var leads = regexp.MustCompile(`href="([^"#]+)"`)

// follows goes from a page to the one to which the first link that begins so leads.
func (v visitor) follows(page, begin string) string {
	v.t.Helper()
	body := v.get(page).Body.String()
	for _, l := range leads.FindAllStringSubmatch(body, -1) {
		if to := strings.ReplaceAll(l[1], "&amp;", "&"); strings.HasPrefix(to, begin) {
			return to
		}
	}
	v.t.Fatalf("%s leads nowhere like %s", page, begin)
	return ""
}

// A statement that was signed with a mistake is found again and replaced by whoever knows nothing but the home page; a
// receiver that holds a report which names it is told.
func TestAWrongStatementIsCorrectedByWalkingLinks(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	firm, port := visit(t, w, "enterprise"), visit(t, w, "clerk-port")
	a := firm.post("/statements", url.Values{"subject": {string(key)}, "matter": {portPenalty(t, w, key)}})
	has(t, a, http.StatusSeeOther)
	send(t, w)
	has(t, port.get("/"), http.StatusOK, "企业请本机关说明")
	has(t, port.get("/messages"), http.StatusOK, "有新的情节说明请求")
	page := port.follows(port.follows(port.follows("/", "/messages"), "/statements/"), "/statements")
	page = port.follows(page, "/statements/2")
	answer := url.Values{"verdict": {"not_major"}, "reasons": {"第一段\n第二段"}, "basis": {"《行政处罚法》第三十二条"}, "password": {app.DemoPassword}}
	has(t, port.post(page+"/answer", answer), http.StatusSeeOther)
	if strings.Contains(port.get("/statements").Body.String(), page) {
		t.Error("an answered request still waits")
	}
	send(t, w)
	has(t, firm.get("/messages"), http.StatusOK, "您请求的情节说明有新的答复", page)
	doc := issued(t, w, key)
	bank := visit(t, w, "receiver")
	allow(t, w, key, 0)
	bank.drop("/receive", url.Values{"edition": {"listing"}, "purpose": {loan}}, dropFile{"a.json", doc.Envelope})
	found := port.follows(port.follows(port.follows("/", "/statements"), "/statements?tab=done"), "/statements/2")
	if found != page {
		t.Fatalf("done leads to %s", found)
	}
	number := statementNumber.FindString(port.get(found).Body.String())
	has(t, port.get("/statements?tab=done&q="+number), http.StatusOK, page)
	answer.Set("replaces", number)
	answer.Set("change", "依据写错")
	has(t, port.post(found+"/answer", answer), http.StatusSeeOther)
	has(t, firm.get(found), http.StatusOK, "已由新的情节说明", "依据写错")
	if _, err := w.Receive.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	var status string
	if err := w.DB.QueryRow(t.Context(), "SELECT status FROM receive_holder WHERE number = $1", doc.Content.Number).Scan(&status); err != nil || status != "changed" {
		t.Errorf("the receiver's paper is %q, %v", status, err)
	}
	has(t, firm.upload("/verify", firm.get(found+"/"+number+"/paper").Body.Bytes()), http.StatusOK, "岚港市交通运输局答复，岚海省公共信用中心平台签章")
	has(t, visit(t, w, "centre").get("/statements"), http.StatusOK, "没有逾期的请求")
}
