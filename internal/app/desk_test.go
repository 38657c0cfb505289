package app_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/law"
	"xinban/internal/law/adopted"
	"xinban/internal/report"
	"xinban/internal/web/webtest"
)

// setInForce is the rule set with an identifier.
func setInForce(t *testing.T, w *app.Web, id string) law.Set {
	t.Helper()
	book, err := w.Books.Book("")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range book.Sets() {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("no rule set %s", id)
	return law.Set{}
}

func proposals(t *testing.T, w *app.Web) []adopted.Waiting {
	t.Helper()
	all, err := w.Books.Waiting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A rule is edited on its page, adopted by a second person, and counts at once without a restart; a report of before
// is made again by the rules of before.
func TestTwoPersonsChangeARuleOnThePages(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	who := audit.Actor{ID: "test", Channel: "command"}
	before, err := w.Report.Issue(t.Context(), report.Request{Key: key, Edition: "general"}, who)
	if err != nil {
		t.Fatal(err)
	}
	one, two := as(t, w, centreLogin), as(t, w, "operator")
	set := setInForce(t, w, "domains-52")
	edit := "/rulesets/" + set.Digest + "/edit"
	if a := one.post(edit, url.Values{"text": {strings.Replace(string(set.Body), "name: 生态环境", "nam: 生态环境", 1)}}); a.Code != 422 || !strings.Contains(text(a), "nam") {
		t.Errorf("a wrong text: %d", a.Code)
	}
	if a := one.post(edit, url.Values{"text": {strings.Replace(string(set.Body), "id: domains-52", "id: other", 1)}}); a.Code != 422 {
		t.Errorf("another identifier: %d", a.Code)
	}
	if a := one.post(edit, url.Values{"text": {strings.Replace(string(set.Body), "name: 生态环境,", "name: 生态与环境,", 1)}}); a.Code != http.StatusSeeOther {
		t.Fatalf("proposing: %d %s", a.Code, text(a))
	}
	page := "/rulesets/" + proposals(t, w)[0].Digest
	if s := text(two.get(page)); !strings.Contains(s, "由“生态环境”改为“生态与环境”") || !strings.Contains(s, centreLogin) {
		t.Errorf("the second person sees %s", s)
	}
	if s := text(one.get(page)); !strings.Contains(s, "须由另一人") || strings.Contains(s, `value="adopt"`) {
		t.Error("the author is offered to adopt")
	}
	if a := one.post(page, url.Values{"do": {"adopt"}}); a.Code != 422 || !strings.Contains(text(a), "不能是同一人") {
		t.Errorf("adopted by its author: %d", a.Code)
	}
	if a := two.post(page, url.Values{"do": {"reject"}}); a.Code != 422 || !strings.Contains(text(a), "请写明理由") {
		t.Errorf("rejected without a reason: %d", a.Code)
	}
	if a := two.post(page, url.Values{"do": {"adopt"}, "reason": {"机构名称调整"}}); a.Code != http.StatusSeeOther {
		t.Fatalf("adopting: %d %s", a.Code, text(a))
	}
	if s := text(one.get("/rulesets")); !strings.Contains(s, "没有等待决定的提案") || !strings.Contains(s, "采用") {
		t.Errorf("afterwards: %s", s)
	}
	after, err := w.Report.Issue(t.Context(), report.Request{Key: key, Edition: "general"}, who)
	if err != nil {
		t.Fatal(err)
	}
	names := func(d *report.Issued) (all string) {
		for _, x := range d.Content.Domains {
			all += x.Name + " "
		}
		return all
	}
	if strings.Contains(names(before), "生态与环境") || !strings.Contains(names(after), "生态与环境") {
		t.Errorf("before %s, after %s", names(before), names(after))
	}
	for _, d := range []*report.Issued{before, after} {
		if r, err := w.Report.Replay(t.Context(), d.Content.Number); err != nil || !r.Same {
			t.Errorf("replay of %s: %+v %v", d.Content.Number, r, err)
		}
	}
}

// The auditor reads the log by subject, by account and by day, page after page, and is in it.
func TestTheAuditorReadsTheLogAndIsInIt(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	centre, auditor := as(t, w, centreLogin), as(t, w, "auditor")
	for range 55 {
		if a := centre.get("/subjects/" + string(key)); a.Code != http.StatusOK {
			t.Fatalf("looking at a subject: %d", a.Code)
		}
	}
	rows := regexp.MustCompile(`<tr><th scope="row"`)
	for _, q := range []string{"subject=" + string(key), "login=" + centreLogin, "day=2026-05-18", ""} {
		first := auditor.get("/audit?" + q)
		next := regexp.MustCompile(`rel="next" href="([^"]*)"`).FindStringSubmatch(first.Body.String())
		if first.Code != http.StatusOK || next == nil || len(rows.FindAllString(first.Body.String(), -1)) != 50 {
			t.Fatalf("%q: %d, next %v", q, first.Code, next)
		}
		second := auditor.get(strings.ReplaceAll(next[1], "&amp;", "&"))
		if n := len(rows.FindAllString(second.Body.String(), -1)); second.Code != http.StatusOK || n == 0 || n > 50 {
			t.Errorf("%q: the second page has %d rows, %d", q, n, second.Code)
		}
	}
	for _, own := range [][2]string{{"subject=" + string(key), "查询记录审计"}, {"login=auditor", "查询记录本身"}} {
		if s := text(auditor.get("/audit?" + own[0])); !strings.Contains(s, own[1]) {
			t.Errorf("%s does not show the auditor's own look: %s", own[0], s)
		}
	}
	for q, want := range map[string]string{"subject=000000199001011234": "请不要填写身份证号", "subject=" + url.QueryEscape("没有这家"): "没有查到该主体",
		"login=nobody": "没有这个账号", "day=2026-02-30": "请填写日期", "day=2026-05-18&login=auditor": "只填一项"} {
		a := auditor.get("/audit?" + q)
		if a.Code != 422 || !strings.Contains(text(a), want) {
			t.Errorf("%s: %d, want %s", q, a.Code, want)
		}
	}
}

// The pages on rules and on the log in a browser, at both widths.
func TestDesksInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser")
	}
	w := setup(t, 200)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	set := setInForce(t, w, "O36")
	body := strings.Replace(string(set.Body), "max_months: 12", "max_months: 11", 1)
	if _, err := w.Books.Propose(context.Background(), []byte(body), centreLogin, w.Now().UnixMilli()); err != nil {
		t.Fatal(err)
	}
	proposed := "/rulesets/" + proposals(t, w)[0].Digest
	key, _ := showcase()
	as(t, w, centreLogin).get("/subjects/" + string(key)) // an entry of the log
	issued(t, w, key)
	for login, pages := range map[string][][2]string{
		"operator":  {{"rulesets", "/rulesets?done=propose"}, {"ruleset", "/rulesets/" + set.Digest}, {"proposal", proposed}},
		centreLogin: {{"proposal-mine", proposed}},
		"auditor":   {{"audit", "/audit"}, {"audit-wrong", "/audit?login=nobody"}, {"proposal-reader", proposed}, {"auditor-home", "/"}},
	} {
		b := webtest.Open(t, server.URL)
		b.SignIn(t, as(t, w, login).session)
		for _, p := range pages {
			t.Run(p[0], func(t *testing.T) { b.Look(t, "desk-"+p[0], p[1]) })
		}
	}
}
