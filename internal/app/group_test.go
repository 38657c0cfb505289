package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/group"
	reports "xinban/internal/report"
	"xinban/internal/store"
)

// grantForm lets somebody act for the caller's subject.
func grantForm(w *app.Web, grantee, purpose string) url.Values {
	return url.Values{"grantee": {grantee}, "scope": {"ask"}, "purpose": {purpose}, "until": {credit.DateOf(w.Now()).AddDays(30).String()}}
}

var hidden = regexp.MustCompile(`name="words" value="([^"]*)"`)

// signGrant goes the whole way of giving consent and returns the page of the grant.
func signGrant(t *testing.T, v visitor, grantee string) string {
	t.Helper()
	form := grantForm(v.w, grantee, "招投标")
	checked := v.post("/mandates/check", form)
	has(t, checked, http.StatusOK, "签署内容")
	form.Set("words", html.UnescapeString(hidden.FindStringSubmatch(checked.Body.String())[1]))
	form.Set("password", app.DemoPassword)
	signed := v.post("/mandates", form)
	has(t, signed, http.StatusSeeOther)
	to, _, _ := strings.Cut(signed.Header().Get("Location"), "&made")
	return strings.Replace(to, "made=new&", "", 1)
}

// A subject signs, an agent asks in its name and reads, the subject sees who did; then it withdraws, and all ends at once.
func TestConsentFromSigningToWithdrawal(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, other := showcase()
	agent, subject := visit(t, w, "enterprise"), visit(t, w, "enterprise2")
	ask := url.Values{"purpose": {"tender"}, "subject": {string(other)}}

	has(t, agent.post("/reports", ask), http.StatusForbidden) // nobody has allowed it yet
	page := signGrant(t, subject, "enterprise")
	has(t, subject.get(page), http.StatusOK, "已签署的内容", "授权岚港", "还没有使用过")
	has(t, agent.get("/reports/new?purpose=tender"), http.StatusOK, "（代办）", string(other))
	has(t, agent.get("/reports/new?purpose=loan&subject="+string(other)), http.StatusForbidden, "不包括所申请的用途")

	made := agent.post("/reports", ask)
	has(t, made, http.StatusSeeOther)
	report, _, _ := strings.Cut(made.Header().Get("Location"), "?")
	has(t, agent.get(report), http.StatusOK, "代办", "再次开具")
	has(t, agent.get(report+"/paper"), http.StatusOK)
	has(t, agent.get("/mandates"), http.StatusOK, strings.TrimPrefix(report, "/reports/"))
	name := demo.Default()
	has(t, subject.get("/access"), http.StatusOK, "（演示）", "开具报告", "下载报告", "授权")
	has(t, subject.get(page), http.StatusOK, "开具报告", strings.TrimPrefix(report, "/reports/"), "核验一致", name.ShowcaseSubject().Name)

	has(t, agent.post("/reports", url.Values{"purpose": {"loan"}, "subject": {string(other)}}), http.StatusForbidden, "不包括所申请的用途")
	own, err := w.Report.Issue(t.Context(), reports.Request{Key: other, Edition: "administration", Purpose: "行政审批"}, audit.Actor{ID: "test", Channel: "command"})
	if err != nil { // made by others: not the agent's to read
		t.Fatal(err)
	}
	has(t, agent.get("/reports/"+own.Content.Number), http.StatusNotFound)

	has(t, subject.post(strings.Replace(page, "?", "/withdraw?", 1), url.Values{"subject": {string(other)}}), http.StatusSeeOther)
	has(t, subject.get(page), http.StatusOK, "已撤回")
	for _, path := range []string{report, report + "/paper", report + "/data"} {
		has(t, agent.get(path), http.StatusForbidden, "该主体已撤回授权", "请主体重新授权")
	}
	has(t, agent.post(report+"/again", url.Values{}), http.StatusForbidden, "该主体已撤回授权")
	has(t, agent.post("/reports", ask), http.StatusForbidden, "该主体已撤回授权")
	has(t, agent.get("/mandates"), http.StatusOK, "已撤回")
	if key == other {
		t.Fatal("the two showcase firms are one")
	}
}

func TestConsentIsNotGivenByHalf(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, other := showcase()
	v := visit(t, w, "enterprise2")
	for name, c := range map[string]struct {
		change func(url.Values)
		says   string
	}{
		"a login that nobody has": {func(f url.Values) { f.Set("grantee", "nobody-here") }, "没有可以授权的这一登录名"},
		"an official":             {func(f url.Values) { f.Set("grantee", "centre") }, "机关依法查询，不需要授权"},
		"itself":                  {func(f url.Values) { f.Set("grantee", "enterprise2") }, "不需要授权给本主体自己的账号"},
		"its own code":            {func(f url.Values) { f.Set("grantee", string(other)) }, "不需要授权给本主体自己的账号"},
		"an identity number":      {func(f url.Values) { f.Set("grantee", "11010119900307123X") }, "不要填写身份证号"},
		"for ever":                {func(f url.Values) { f.Set("until", "2036-01-01") }, "个月内"},
		"in the past":             {func(f url.Values) { f.Set("until", "2026-01-01") }, "个月内"},
		"no times":                {func(f url.Values) { f.Set("uses", "0") }, "1至1000"},
		"another purpose":         {func(f url.Values) { f.Set("purpose", "随便看看") }, "用途"},
	} {
		form := grantForm(w, "enterprise", "招投标")
		c.change(form)
		rec := v.post("/mandates/check", form)
		if rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), c.says) || strings.Contains(rec.Body.String(), "11010119900307123X") {
			t.Errorf("%s: %d, without “%s”", name, rec.Code, c.says)
		}
	}
	form := grantForm(w, string(key), "招投标") // an organisation by its code
	checked := v.post("/mandates/check", form)
	has(t, checked, http.StatusOK, "签署内容")
	form.Set("words", html.UnescapeString(hidden.FindStringSubmatch(checked.Body.String())[1]))
	form.Set("password", "not the password")
	has(t, v.post("/mandates", form), http.StatusUnprocessableEntity, "密码不正确")
	form.Set("password", app.DemoPassword)
	form.Set("words", "我授权任何人做任何事")
	has(t, v.post("/mandates", form), http.StatusUnprocessableEntity, "签署内容与刚才显示的不同")
	if given, err := w.Consent.Given(t.Context(), other); err != nil || len(given) != 0 {
		t.Errorf("given by half: %+v, %v", given, err)
	}
}

// A person's consent has its own text, and an agent may have no subject of its own.
func TestAPersonConsentsSeparately(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	ctx := context.Background()
	p, err := w.Ledger.PersonKey(ctx, "000000199001011239")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"a-person": "演示甲子", "an-agent": "演示乙丑", "unnamed": "unnamed"}
	for login, subjects := range map[string][]credit.Key{"a-person": {p}, "an-agent": nil, "unnamed": {p}} {
		if _, err := w.Accounts.Create(ctx, account.Account{Login: login, Name: names[login], Roles: []account.Role{account.Enterprise}, Subjects: subjects}, app.DemoPassword); err != nil {
			t.Fatal(err)
		}
	}
	person := visit(t, w, "a-person")
	has(t, person.get("/mandates/new"), http.StatusOK, "个人单独同意", "不提供身份证号码")
	has(t, person.post("/mandates/check", grantForm(w, "an-agent", "招投标")), http.StatusOK, "演示甲子单独同意：", "与其他事项无关", "本人单独同意并签署")
	has(t, visit(t, w, "unnamed").post("/mandates/check", grantForm(w, "an-agent", "招投标")), http.StatusUnprocessableEntity, "须写明本人姓名")
	signGrant(t, person, "an-agent")
	has(t, visit(t, w, "an-agent").get("/mandates"), http.StatusOK, "给我的授权")
	has(t, visit(t, w, "enterprise2").get("/mandates/new"), http.StatusOK, "作出授权")
	if strings.Contains(visit(t, w, "enterprise2").get("/mandates/new").Body.String(), "个人单独同意") {
		t.Error("a firm is shown the text for persons")
	}
}

// withdrawnFirm is the code of the demo's subsidiary that has withdrawn.
func withdrawnFirm(t *testing.T, w *app.Web) string {
	t.Helper()
	key, _ := showcase()
	grants, err := w.Consent.ToGrantee(context.Background(), consent.OrganisationGrantee(key), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range grants {
		if g.Withdrawn != 0 {
			return string(g.Subject)
		}
	}
	t.Fatal("nobody has withdrawn")
	return ""
}

// askGroup asks for the known subjects and more, waits until all are through, and returns the request's number.
func askGroup(t *testing.T, w *app.Web, v visitor, more ...string) string {
	t.Helper()
	key, _ := showcase()
	form := url.Values{"members": {strings.Join(append(more, string(key)), "\n")}}
	has(t, v.post("/groups/check", form), http.StatusOK, "核对名单", "可以出具")
	made := v.post("/groups", form)
	has(t, made, http.StatusSeeOther)
	id := strings.TrimPrefix(made.Header().Get("Location"), "/groups/")
	through(t, v, id)
	return id
}

func through(t *testing.T, v visitor, id string) {
	t.Helper()
	for range 300 {
		if strings.Contains(v.get("/groups/"+id).Body.String(), "/groups/"+id+"/renew") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("request %s does not end", id)
}

func TestAGroupOnThePages(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	working(t, w)
	v := visit(t, w, "enterprise")
	has(t, v.get("/groups/new"), http.StatusOK, "本账号绑定", "已授权代办")
	has(t, v.post("/groups/check", url.Values{"members": {""}}), http.StatusUnprocessableEntity, "请选择或填写")
	rec := v.post("/groups/check", url.Values{"members": {"11010119900307123X"}})
	has(t, rec, http.StatusUnprocessableEntity, "不能有身份证号")
	if strings.Contains(rec.Body.String(), "11010119900307123X") {
		t.Error("an identity number is shown again")
	}
	rec = v.post("/groups/new", url.Values{"members": {"甲公司\n11010119900307123X"}})
	has(t, rec, http.StatusOK, "甲公司")
	if strings.Contains(rec.Body.String(), "11010119900307123X") {
		t.Error("going back shows an identity number again")
	}
	has(t, v.post("/groups/check", url.Values{"members": {"甲"}, "from": {"1990-01-01"}, "to": {"2026-05-18"}}), http.StatusUnprocessableEntity)

	id := askGroup(t, w, v, "没有这家公司", withdrawnFirm(t, w))
	has(t, v.get("/groups/"+id), http.StatusOK, "已出具", "未查到", "该主体已撤回授权", "请该主体在“授权管理”中授权代办")
	has(t, v.get("/groups/"+id+"/download"), http.StatusOK, "PK")
	has(t, v.get("/groups"), http.StatusOK, "/groups/"+id, "已完成")
	missing := v.post("/groups/"+id+"/missing", url.Values{})
	has(t, missing, http.StatusSeeOther)
	has(t, v.get(missing.Header().Get("Location")), http.StatusOK, "再办自", id, "未查到")
	has(t, v.get("/groups/"+id+"/progress"), http.StatusOK, "/groups/"+id, "已办结")
	if body := v.get("/groups/" + id + "/progress").Body.String(); len(body) > 1500 || strings.Contains(body, "没有这家公司") {
		t.Errorf("what is asked for each second is %d bytes", len(body))
	}
	has(t, visit(t, w, "enterprise2").get("/groups/"+id+"/progress"), http.StatusNotFound)
	renewed := v.post("/groups/"+id+"/renew", url.Values{})
	has(t, renewed, http.StatusSeeOther)
	through(t, v, strings.TrimPrefix(renewed.Header().Get("Location"), "/groups/"))
	has(t, v.get(renewed.Header().Get("Location")), http.StatusOK, "续期自", id)
	has(t, v.post("/groups/"+id+"/cancel", url.Values{}), http.StatusSeeOther) // over already: nothing happens
	has(t, visit(t, w, "enterprise2").get("/groups/"+id), http.StatusNotFound)
	has(t, visit(t, w, "enterprise2").get("/groups/"+id+"/download"), http.StatusNotFound)
}

// A paper that was withdrawn since is not shown and handed out as one in force, and a subsidiary that declined is shown with its reason.
func TestAGroupSaysHowItsPapersAndConsentsStand(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	working(t, w)
	key, _ := showcase()
	v := visit(t, w, "enterprise")
	id := askGroup(t, w, v, withdrawnFirm(t, w))
	page := v.get("/groups/" + id)
	has(t, page, http.StatusOK, ">有效<")
	if strings.Contains(page.Body.String(), "已作废") {
		t.Error("a paper in force is warned of")
	}
	view, err := w.Group.View(account.With(t.Context(), account.Principal{Subjects: []credit.Key{key}, Roles: []account.Role{account.Enterprise}, ID: "x"}), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range view.Members {
		if m.Number == "" {
			continue
		}
		if err := w.DB.Tx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE document SET status = 'withdrawn', reason = '所列处罚已撤销' WHERE subject = $1 AND number = $2", string(m.Key), m.Number)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	has(t, v.get("/groups/"+id), http.StatusOK, "其中1份报告已作废或者已有新的报告", ">已作废<")
	has(t, v.get("/api/v1/group-requests/"+id), http.StatusOK, `"now":"withdrawn"`)
	zip := v.get("/groups/" + id + "/download")
	has(t, zip, http.StatusOK, "已作废/002-", "所列处罚已撤销", "已作废，请勿使用", "结果.xlsx")

	for state, says := range map[group.AskingState]string{"": "/mandates/requests?scope=ask&amp;subject=" + withdrawnFirm(t, w) + "&amp;purpose=", group.Asked: "已请其授权，等待答复",
		group.Declined: "已拒绝授权（不同意提供）", group.Given: "此后已授权，可以再办"} {
		w.Group.Asking = func(_ context.Context, me account.Principal, subject credit.Key, purpose string) (group.Asking, error) {
			if me.Login != "enterprise" || string(subject) != withdrawnFirm(t, w) || purpose != view.Settings.Purpose {
				t.Errorf("asked of %s for %s, %s", me.Login, subject, purpose)
			}
			return group.Asking{State: state, Reason: "不同意提供"}, nil
		}
		has(t, v.get("/groups/"+id), http.StatusOK, says)
	}
	has(t, v.post("/groups/check", url.Values{"members": {withdrawnFirm(t, w)}}), http.StatusOK, "/mandates/requests?scope=ask&amp;subject="+withdrawnFirm(t, w))
}

// Between the steps nothing that was listed is lost: back from the check, and where something is wrong at the end, the list is in its
// field, what is known is ticked as it was, and what was not ticked is not.
func TestTheListOfAGroupIsKeptBetweenTheSteps(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	v := visit(t, w, "enterprise")
	checked := v.post("/groups/check", url.Values{"member": {string(key)}, "members": {"没有这家公司\n也没有这家"}})
	has(t, checked, http.StatusOK, `formaction="/groups/new"`)
	form := url.Values{}
	for _, m := range regexp.MustCompile(`name="(member|purpose|edition)" value="([^"]*)"`).FindAllStringSubmatch(checked.Body.String(), -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	wrong := url.Values{"member": form["member"], "span": {"own"}, "from": {"1990-01-01"}, "to": {"2026-05-18"}}
	for name, rec := range map[string]*httptest.ResponseRecorder{"back": v.post("/groups/new", form), "wrong at the end": v.post("/groups", wrong)} {
		body := rec.Body.String()
		ticked := regexp.MustCompile(`name="member" value="([^"]*)" checked`).FindAllStringSubmatch(body, -1)
		if !strings.Contains(body, ">没有这家公司\n也没有这家</textarea>") || len(ticked) != 1 || ticked[0][1] != string(key) {
			t.Errorf("%s: ticked %v in %.3000s", name, ticked, body[max(0, strings.Index(body, "<textarea")):])
		}
	}
}

// Programs ask for agents and groups as pages do.
func TestAgentsAndGroupsByAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	working(t, w)
	key, other := showcase()
	v := visit(t, w, "enterprise")
	post := func(target, body string) *httptest.ResponseRecorder {
		return v.send(http.MethodPost, target, "application/json", strings.NewReader(body))
	}
	one := func(purpose string) string {
		return fmt.Sprintf(`{"subject":%q,"edition":"general","purpose":%q}`, other, purpose)
	}
	has(t, post("/api/v1/reports", one("招投标")), http.StatusForbidden)
	signGrant(t, visit(t, w, "enterprise2"), string(key))
	has(t, post("/api/v1/reports", one("")), http.StatusForbidden, "不包括所申请的用途")
	made := post("/api/v1/reports", one("招投标"))
	has(t, made, http.StatusCreated, `"number"`)
	var doc struct{ Number string }
	if err := json.Unmarshal(made.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	has(t, v.get("/api/v1/reports/"+doc.Number+"/paper"), http.StatusOK, "%PDF")
	entries, _, err := audit.BySubject(t.Context(), w.DB, other, audit.Cursor{}, 10)
	if err != nil || len(entries) != 3 || entries[1].Action != audit.Issue && entries[0].Action != audit.Issue || entries[0].Actor.Channel != account.ChannelAPI {
		t.Errorf("the access log %+v, %v", entries, err)
	}

	has(t, post("/api/v1/group-requests", fmt.Sprintf(`{"subject":%q,"members":["x"],"edition":"listing","purpose":"上市"}`, other)), http.StatusForbidden)
	has(t, post("/api/v1/group-requests", fmt.Sprintf(`{"subject":%q,"members":["11010119900307123X"],"edition":"listing","purpose":"上市"}`, key)), http.StatusUnprocessableEntity, "身份证号")
	asked := post("/api/v1/group-requests", fmt.Sprintf(`{"subject":%q,"members":[%q,"没有这家公司",%q],"edition":"listing","purpose":"上市"}`, key, key, withdrawnFirm(t, w)))
	has(t, asked, http.StatusAccepted, `"state":"running"`)
	var q struct{ ID string }
	if err := json.Unmarshal(asked.Body.Bytes(), &q); err != nil {
		t.Fatal(err)
	}
	through(t, v, q.ID)
	has(t, v.get("/api/v1/group-requests/"+q.ID), http.StatusOK, `"state":"done"`, `"issued":1`, `"state":"unknown"`, `"state":"refused"`, "该主体已撤回授权")
	has(t, v.get("/api/v1/group-requests/"+q.ID+"/download"), http.StatusOK, "PK")
	has(t, v.get("/api/v1/group-requests?subject="+string(key)), http.StatusOK, q.ID, `"edition":"listing"`)
	has(t, v.get("/api/v1/group-requests?subject="+string(other)), http.StatusForbidden)
	has(t, post("/api/v1/group-requests/"+q.ID+"/cancel", ""), http.StatusOK, `"state":"done"`) // it has ended already
	has(t, post("/api/v1/group-requests/"+q.ID+"/renew", ""), http.StatusAccepted, `"total":3`, `"of":"`+q.ID)
	missing := post("/api/v1/group-requests/"+q.ID+"/missing", "")
	has(t, missing, http.StatusAccepted, `"total":2`, `"of":"`+q.ID, `"issued":0`)
	has(t, visit(t, w, "enterprise2").send(http.MethodPost, "/api/v1/group-requests/"+q.ID+"/missing", "application/json", nil), http.StatusNotFound)
}

// exerciseGroups gives consent, acts by it and asks for a group, so that statements are used.
func exerciseGroups(t *testing.T, w *app.Web) {
	t.Helper()
	working(t, w)
	_, other := showcase()
	v := visit(t, w, "enterprise")
	page := signGrant(t, visit(t, w, "enterprise2"), "enterprise")
	made := v.post("/reports", url.Values{"purpose": {"tender"}, "subject": {string(other)}})
	has(t, made, http.StatusSeeOther)
	has(t, v.get(made.Header().Get("Location")), http.StatusOK)
	has(t, v.get("/mandates"), http.StatusOK)
	has(t, visit(t, w, "enterprise2").get(page), http.StatusOK)
	has(t, v.get("/groups/"+askGroup(t, w, v)+"/download"), http.StatusOK)
	has(t, v.get("/groups"), http.StatusOK)
}
