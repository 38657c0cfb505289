package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/credit"
)

var matterBox = regexp.MustCompile(`name="matter" value="([0-9a-f]+)"`)

// askRepair applies for every matter that the demo's enterprise can ask for, with what its form fills in, and returns the
// page of the application and that of the item of the port's transport bureau.
func askRepair(t *testing.T, w *app.Web, key credit.Key) (application, item string) {
	t.Helper()
	firm := visit(t, w, "enterprise")
	form := url.Values{"subject": {string(key)}, "on": {"2026-05-01"}, "corrected": {"已改正"}, "contact": {"演示联系人"}, "commit": {"1"}}
	for _, m := range matterBox.FindAllStringSubmatch(firm.get("/repairs/new").Body.String(), -1) {
		form.Add("matter", m[1])
	}
	a := firm.post("/repairs", form)
	has(t, a, http.StatusSeeOther)
	application, _, _ = strings.Cut(a.Header().Get("Location"), "?")
	return application, visit(t, w, "clerk-port").follows("/repairs", "/repairs/items/")
}

// One application is walked from its form to the grant by people who know nothing but the home page: the body accepts and
// grants, the record is public no more, the paper that named it has changed, and progress is told by its code.
func TestARepairIsWalkedFromItsFormToItsEffect(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	firm, port := visit(t, w, "enterprise"), visit(t, w, "clerk-port")
	has(t, firm.get("/repairs/new"), http.StatusOK, "信用修复不收取任何费用", "现在不能申请的")
	has(t, firm.post("/repairs", url.Values{"subject": {string(key)}}), http.StatusUnprocessableEntity, "请至少勾选一项", "请阅读并勾选信用承诺")
	application, item := askRepair(t, w, key)
	has(t, firm.get(application), http.StatusOK, "待受理", "查询码")
	send(t, w)
	has(t, port.get("/messages"), http.StatusOK, "有新的信用修复申请")
	for _, paper := range []string{"apply-creditchina", "apply-local", "apply-publicity-system", "commitment"} {
		if file := firm.get(application + "/papers/" + paper).Body.String(); !strings.HasPrefix(file, "%PDF-") {
			t.Errorf("%s is no paper: %.200s", paper, file)
		}
	}
	has(t, firm.get(item+"/papers/decision"), http.StatusNotFound, "现在没有这份文书")
	has(t, visit(t, w, "clerk-ecology").get(item), http.StatusNotFound)
	has(t, port.post(item+"/accept", url.Values{}), http.StatusSeeOther)
	has(t, port.post(item+"/grant", url.Values{"grant": {"缴款记录已核对"}, "password": {"wrong"}}), http.StatusUnprocessableEntity, "密码不正确")
	has(t, port.post(item+"/grant", url.Values{"grant": {"缴款记录已核对"}, "password": {app.DemoPassword}}), http.StatusSeeOther)
	has(t, port.post(item+"/grant", url.Values{"grant": {"缴款记录已核对"}, "password": {app.DemoPassword}}), http.StatusUnprocessableEntity)
	has(t, firm.get(item), http.StatusOK, "已修复", "缴款记录已核对")
	if file := firm.get(item + "/papers/decision").Body.String(); !strings.HasPrefix(file, "%PDF-") {
		t.Errorf("the decision is no paper: %.300s", file)
	}
	send(t, w)
	has(t, firm.get("/messages"), http.StatusOK, "您申请的信用修复有新的进展")
	has(t, firm.get("/repairs/new"), http.StatusOK, "尚未修复")
	code := regexp.MustCompile(`>([A-Z2-7]{10})<`).FindStringSubmatch(firm.get("/repairs").Body.String())[1]
	anyone := visit(t, w, "")
	has(t, anyone.get("/repairs/progress?code="+strings.ToLower(code)), http.StatusOK, "已修复", "岚港市交通运输局")
	has(t, anyone.get("/repairs/progress?code=AAAAAAAAAA"), http.StatusOK, "没有这个查询码的申请")
}

// A batch does what it can and names the rest with its reason: rows in, results out.
func TestABatchOfRepairsNamesItsExceptions(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, _ := showcase()
	_, item := askRepair(t, w, key)
	port := visit(t, w, "clerk-port")
	id := item[strings.LastIndex(item, "/")+1:]
	has(t, port.post("/repairs/batch/accept", url.Values{}), http.StatusUnprocessableEntity, "请至少勾选一项")
	grant := url.Values{"item": {id, "none"}, "grant": {"缴款记录已核对"}, "password": {app.DemoPassword}}
	has(t, port.post("/repairs/batch/grant", grant), http.StatusOK, "共2项，办成0项，没有办成2项", "当前的状态不允许", "没有查到这件信用修复")
	has(t, port.post("/repairs/batch/accept", url.Values{"item": {id, "none"}}), http.StatusOK, "共2项，办成1项，没有办成1项")
	grant.Set("password", "wrong")
	has(t, port.post("/repairs/batch/grant", grant), http.StatusUnprocessableEntity, "密码不正确")
	grant.Set("password", app.DemoPassword)
	has(t, port.post("/repairs/batch/grant", grant), http.StatusOK, "办成1项", "已办")
	has(t, port.get(item), http.StatusOK, "已修复")
}
