package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/document/seal"
	"xinban/internal/intake"
	"xinban/internal/ledger"
	"xinban/internal/publicity"
	"xinban/internal/report"
	"xinban/internal/store"
)

// visitor makes requests as one account; the empty login is anybody.
type visitor struct {
	t       *testing.T
	w       *app.Web
	session string
}

func visit(t *testing.T, w *app.Web, login string) visitor {
	t.Helper()
	v := visitor{t: t, w: w}
	if login != "" {
		var err error
		if v.session, err = w.Accounts.Open(context.Background(), login, "test"); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func (v visitor) send(method, target, media string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept", "text/html")
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	if strings.HasPrefix(target, "/api/") {
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Idempotency-Key", rand.Text())
	}
	if v.session != "" {
		r.AddCookie(&http.Cookie{Name: "xinban", Value: v.session})
	}
	rec := httptest.NewRecorder()
	v.w.Server.Handler().ServeHTTP(rec, r)
	return rec
}

func (v visitor) get(target string) *httptest.ResponseRecorder {
	return v.send(http.MethodGet, target, "", nil)
}

func (v visitor) post(target string, form url.Values) *httptest.ResponseRecorder {
	form.Set("_idempotency", rand.Text())
	return v.send(http.MethodPost, target, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (v visitor) upload(target string, file []byte) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("_idempotency", rand.Text())
	part, err := m.CreateFormFile("file", "report.pdf")
	if err == nil {
		_, err = part.Write(file)
	}
	if err = errors.Join(err, m.Close()); err != nil {
		v.t.Fatal(err)
	}
	return v.send(http.MethodPost, target, m.FormDataContentType(), &b)
}

// has fails the test when a page does not say something.
func has(t *testing.T, rec *httptest.ResponseRecorder, status int, words ...string) {
	t.Helper()
	if rec.Code != status {
		t.Fatalf("status %d, want %d: %.600s", rec.Code, status, rec.Body)
	}
	for _, w := range append(words, "") {
		if !strings.Contains(rec.Body.String(), w) {
			t.Errorf("the page does not say %q", w)
		}
	}
	if i := strings.Index(rec.Body.String(), "⟦"); i >= 0 {
		t.Errorf("a text is missing: %.60s", rec.Body.String()[i:])
	}
}

func showcase() (key, other credit.Key) {
	p := demo.Default()
	p.Subjects, p.Records = 40, 400
	all := p.ShowcaseSubjects()
	return all[0].Subject.Key, all[1].Subject.Key
}

// issued makes a report with every record in it.
func issued(t *testing.T, w *app.Web, key credit.Key) *report.Issued {
	t.Helper()
	d, err := w.Report.Issue(context.Background(), report.Request{Key: key, Edition: "listing", Purpose: "上市", Paper: true}, audit.Actor{ID: "test", Name: "测试", Channel: "command"})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Content.Records) == 0 {
		t.Fatal("the showcase subject has no record to speak of")
	}
	return d
}

func TestOneKeyOneReport(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	mine, other, anybody := visit(t, w, "enterprise"), visit(t, w, "enterprise2"), visit(t, w, "")
	has(t, mine.get("/reports/new"), 200, "招投标", "上市", "资金奖励", "贷款", "行政审批")
	if page := mine.get("/reports/new?purpose=listing").Body.String(); !regexp.MustCompile(`value="listing" checked`).MatchString(page) {
		t.Error("上市 does not propose the listing edition")
	}
	rec := mine.post("/reports", url.Values{"purpose": {"tender"}, "span": {"3"}})
	if rec.Code != 303 {
		t.Fatalf("issuing answers %d: %.500s", rec.Code, rec.Body)
	}
	at, _, _ := strings.Cut(rec.Header().Get("Location"), "?")
	has(t, mine.get(rec.Header().Get("Location")), 200, "报告已出具", "普通版", "各领域查询结果", "再次开具")
	if again := mine.post("/reports", url.Values{"purpose": {"tender"}, "span": {"3"}}).Header().Get("Location"); again != at+"?made=again" {
		t.Errorf("the same request on the same day leads to %s, not to %s", again, at)
	}
	paper, data := mine.get(at+"/paper"), mine.get(at+"/data")
	if !strings.HasPrefix(paper.Body.String(), "%PDF-") || paper.Header().Get("Content-Disposition") == "" {
		t.Error("the paper is no PDF")
	}
	for _, file := range [][]byte{paper.Body.Bytes(), data.Body.Bytes()} {
		has(t, anybody.upload("/verify", file), 200, "未被改动", "岚海省公共信用中心", "有效")
	}
	has(t, mine.get("/reports"), 200, strings.TrimPrefix(at, "/reports/"))
	has(t, mine.get("/access"), 200, "开具报告", "下载报告", "核验报告", "招投标")
	for _, path := range []string{at, at + "/paper", at + "/data", "/api/v1" + at} {
		if rec := other.get(path); rec.Code != 404 {
			t.Errorf("another firm gets %d for %s", rec.Code, path)
		}
	}
}

func TestWhatIsFilledInIsMeant(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	mine := visit(t, w, "enterprise")
	for name, c := range map[string]struct {
		form url.Values
		want string
	}{
		"a period before the data":        {url.Values{"purpose": {"fund"}, "span": {"own"}, "from": {"2019-01-01"}, "to": {"2019-12-31"}}, "2020年6月1日"},
		"a day that does not exist":       {url.Values{"purpose": {"fund"}, "from": {"2026-02-30"}, "to": {"2026-03-01"}}, "请填写日期"},
		"none of the domains":             {url.Values{"purpose": {"fund"}, "scope": {"some"}}, "请至少勾选一个领域"},
		"a domain that does not exist":    {url.Values{"purpose": {"fund"}, "domain": {"no-such"}}, "没有名为"},
		"an edition that does not exist":  {url.Values{"purpose": {"fund"}, "edition": {"gold"}}, "没有“gold”这一专版"},
		"no purpose":                      {url.Values{}, "这份报告用来做什么"},
		"longer than five years, own end": {url.Values{"purpose": {"fund"}, "from": {"2020-06-01"}, "to": {"2025-12-31"}}, "最长5年"},
	} {
		rec := mine.post("/reports", c.form)
		if rec.Code != 422 || !strings.Contains(rec.Body.String(), c.want) {
			t.Errorf("%s: status %d, %q is not said", name, rec.Code, c.want)
		}
	}
	rec := mine.post("/reports", url.Values{"purpose": {"fund"}, "scope": {"all"}, "domain": {"transport", "ecology"}})
	has(t, mine.get(rec.Header().Get("Location")), 200, "共查询 2 个")
}

// Nobody learns from an answer whether a number exists.
func TestWrongCodeIsAnsweredLikeAnUnknownNumber(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, _ := showcase()
	c, anybody := issued(t, w, key).Content, visit(t, w, "")
	fields := regexp.MustCompile(`value="[^"]*"|请求编号 \w+|"instance":"[^"]*"`)
	for _, path := range []string{"/verify?n=%s&c=%s", "/api/v1/verifications?number=%s&code=%s"} {
		ask := func(number, code string) (int, string) {
			rec := anybody.get(strings.NewReplacer("=%s&", "="+number+"&", "%s", code).Replace(path))
			return rec.Code, fields.ReplaceAllString(rec.Body.String(), "")
		}
		status, known := ask(c.Number, "WWWWWWWW")
		status2, unknown := ask("20260101000000WWWWWWWW", c.Code)
		if known, unknown = dropRequest(known), dropRequest(unknown); status != 404 || status2 != 404 || known != unknown {
			t.Errorf("%s: a wrong code answers %d, an unknown number %d; the same: %v", path, status, status2, known == unknown)
		}
		if status, _ := ask(strings.ToLower(c.Number), strings.ToLower(c.Code)); status != 200 {
			t.Errorf("%s: the right code answers %d", path, status)
		}
	}
	has(t, anybody.get("/verify?n="+c.Number), 422, "请填写此项")
}

// dropRequest takes out what differs from request to request.
func dropRequest(s string) string {
	return regexp.MustCompile(`"request(_id)?":"[^"]*"|return" value|\?n=[^"]*`).ReplaceAllString(s, "")
}

func TestAlteredFilesSaySo(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, _ := showcase()
	d, anybody := issued(t, w, key), visit(t, w, "")
	paper := bytes.Clone(d.Paper)
	at := bytes.Index(paper, []byte("stream\n"))
	paper[at+40] ^= 1
	has(t, anybody.upload("/verify", paper), 200, "文件不完整或被改动过", "不要采信这份文件")
	envelope := bytes.Replace(bytes.Clone(d.Envelope), []byte("payload"), []byte("payl0ad"), 1)
	for name, file := range map[string][]byte{"a damaged envelope": envelope, "no document at all": []byte("hello"), "half a paper": d.Paper[:len(d.Paper)/2]} {
		rec := anybody.upload("/verify", file)
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), "文件不完整或被改动过") || strings.Contains(rec.Body.String(), d.Content.Name) {
			t.Errorf("%s: %d, or the page tells what the report says", name, rec.Code)
		}
	}
	has(t, anybody.upload("/verify", nil), 422, "请选择PDF或者JSON")
}

// A fact in a report is annulled: the report is withdrawn, its holder is told and has a new one with
// one click, which does not show the fact.
func TestAnnulmentWithdrawsTheReportAndTellsItsHolder(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	ctx := context.Background()
	key, _ := showcase()
	d := issued(t, w, key)
	mine, centre, operator := visit(t, w, "enterprise"), visit(t, w, "centre"), visit(t, w, "operator")
	rec := d.Content.Records[0]
	form := url.Values{"subject": {string(key)}, "reason": {"行政复议决定撤销原处罚决定"}, "ref": {"岚复决〔2026〕3号"}}
	if operator.post("/matters/"+rec.Matter+"/annul", form).Code != 403 {
		t.Error("an operator may annul")
	}
	short := url.Values{"subject": {string(key)}, "reason": {"错了"}}
	has(t, centre.post("/matters/"+rec.Matter+"/annul", short), 422, "请写明理由")
	if done := centre.post("/matters/"+rec.Matter+"/annul", form); done.Code != 303 {
		t.Fatalf("annulling answers %d: %.500s", done.Code, done.Body)
	}
	has(t, centre.post("/matters/"+rec.Matter+"/annul", form), 422, "无需重复处理")
	if err := w.FollowAll(ctx); err != nil {
		t.Fatal(err)
	}
	has(t, visit(t, w, "").get("/verify?n="+d.Content.Number+"&c="+d.Content.Code), 200, "已作废", "已撤销")
	has(t, mine.get("/notices"), 200, d.Content.Number, "按原设置重新开具", `name="instead"`)
	has(t, mine.get("/"), 200, "报告通知")
	fresh := mine.post("/reports/"+d.Content.Number+"/again", url.Values{"instead": {"1"}}).Header().Get("Location")
	if strings.Contains(fresh, d.Content.Number) || fresh == "" {
		t.Fatalf("the new report is at %q", fresh)
	}
	if strings.Contains(mine.get(fresh).Body.String(), rec.DocNo) {
		t.Error("the new report still shows what was annulled")
	}
	has(t, mine.get("/access"), 200, "更正", "撤销")
	has(t, centre.get("/matters/"+rec.Matter+"?subject="+url.QueryEscape(string(key))), 200, "行政复议决定撤销原处罚决定", "岚复决〔2026〕3号")
}

// What a notice offers answers what the withdrawn report answered, by the rules in force; only issuing
// again moves a chosen period up to today.
func TestANoticeOffersThePeriodThatWasWithdrawn(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	ctx := context.Background()
	key, _ := showcase()
	mine, today := visit(t, w, "enterprise"), credit.DateOf(w.Now())
	const from, to = credit.Date(20250101), credit.Date(20251231)
	old, err := w.Report.Issue(ctx, report.Request{Key: key, Edition: "listing", RuleSet: "SD-2023", From: from, To: to, Purpose: "上市", Domains: []string{"ecology"}}, audit.Actor{ID: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for label, tt := range map[string]struct {
		form     url.Values
		from, to credit.Date
		rules    string
	}{
		"in its place": {url.Values{"instead": {"1"}}, from, to, "NDRC-2025"},
		"again":        {url.Values{}, from.AddDays(to.DaysUntil(today)), today, "SD-2023"},
	} {
		rec := mine.post("/reports/"+old.Content.Number+"/again", tt.form)
		number, _, _ := strings.Cut(strings.TrimPrefix(rec.Header().Get("Location"), "/reports/"), "?")
		doc, err := w.Report.Document(ctx, number)
		if err != nil {
			t.Fatalf("%s: %d %v", label, rec.Code, err)
		}
		c := doc.Content
		if c.From != tt.from || c.To != tt.to || c.RuleSet != tt.rules || c.Purpose != "上市" || c.Edition != "listing" || len(c.Domains) != 1 {
			t.Errorf("%s: %s to %s by %s for %s", label, c.From, c.To, c.RuleSet, c.Purpose)
		}
	}
}

// broken is a queue that fails when the writing ends, as a kill would.
type broken struct{ *intake.Service }

func (broken) Followed(*store.Tx, report.Touched) error { return errors.New("killed") }

func TestFollowerKilledLosesNothingAndTellsOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	ctx := context.Background()
	key, _ := showcase()
	d := issued(t, w, key)
	id, err := credit.ParseMatterID(d.Content.Records[0].Matter)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Report.Annul(ctx, w.Intake, report.Amendment{Key: key, Matter: id, Reason: "行政复议决定撤销原处罚决定", Login: "centre", Who: audit.Actor{Name: "中心"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := report.NewFollower(w.Ledger, broken{w.Intake}, w.Report, w.Publicity).Follow(ctx, 10); err == nil {
		t.Fatal("the follower was not killed")
	}
	if n := notices(t, w, key); n != 0 {
		t.Errorf("%d notices although the transaction was undone", n)
	}
	for range 2 {
		if err := w.FollowAll(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.DB.Tx(ctx, func(tx *store.Tx) error { return w.Intake.Touch(tx, key) }); err != nil {
		t.Fatal(err)
	}
	if err := w.FollowAll(ctx); err != nil { // once more for the same subject
		t.Fatal(err)
	}
	if n := notices(t, w, key); n != 1 {
		t.Errorf("%d notices, want one", n)
	}
}

func notices(t *testing.T, w *app.Web, key credit.Key) int {
	t.Helper()
	all, err := w.Report.Notices(context.Background(), key, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

func TestTwoAtOnceGetOneReport(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, _ := showcase()
	mine := visit(t, w, "enterprise")
	numbers := make([]string, 6)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			rec := mine.send("POST", "/api/v1/reports", "application/json", strings.NewReader(`{"subject":"`+string(key)+`","edition":"general","purpose":"贷款"}`))
			var doc struct {
				Number string `json:"number"`
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil || rec.Code != 201 {
				t.Errorf("status %d: %.300s", rec.Code, rec.Body)
			}
			numbers[i] = doc.Number
		})
	}
	all.Wait()
	for _, n := range numbers {
		if n != numbers[0] || n == "" {
			t.Errorf("numbers %v", numbers)
			break
		}
	}
}

func TestReassignedMatterCountsThereAndNotHere(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	ctx := context.Background()
	key, other := showcase()
	d, centre := issued(t, w, key), visit(t, w, "centre")
	rec := d.Content.Records[0]
	form := url.Values{"subject": {string(key)}, "to": {string(other)}, "reason": {"原报送代码填写错误，经机关核实"}}
	if done := centre.post("/matters/"+rec.Matter+"/reassign", form); done.Code != 303 {
		t.Fatalf("reassigning answers %d: %.500s", done.Code, done.Body)
	}
	if err := w.FollowAll(ctx); err != nil {
		t.Fatal(err)
	}
	count := func(k credit.Key) (n int) {
		again, err := w.Report.Issue(ctx, report.Request{Key: k, Edition: "listing"}, audit.Actor{Channel: "command"})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range again.Content.Records {
			if r.Matter == rec.Matter {
				n++
			}
		}
		return n
	}
	if count(key) != 0 || count(other) != 1 || notices(t, w, key) != 1 {
		t.Errorf("here %d, there %d, notices %d", count(key), count(other), notices(t, w, key))
	}
}

func TestLinkedKeysAreOneSubjectUntilUndone(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, other := showcase()
	centre := visit(t, w, "centre")
	standing := func() int {
		st, _, err := w.Ledger.Standing(context.Background(), key, credit.DateOf(w.Now()), nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(st.Matters)
	}
	before := standing()
	form := url.Values{"subject": {string(key)}, "to": {string(other)}, "link": {string(ledger.SameAs)}, "reason": {"换码前后的同一主体，登记机关已确认"}}
	if done := centre.post("/subject-links", form); done.Code != 303 {
		t.Fatalf("linking answers %d: %.500s", done.Code, done.Body)
	}
	linked := standing()
	has(t, centre.get("/subjects/"+string(key)), 200, "同一主体", string(other))
	form.Set("undo", "1")
	if done := centre.post("/subject-links", form); done.Code != 303 {
		t.Fatalf("undoing answers %d: %.500s", done.Code, done.Body)
	}
	if after := standing(); linked <= before || after != before {
		t.Errorf("%d matters, linked %d, undone %d", before, linked, after)
	}
}

func TestPersonIsMaskedInsideAndNeverPublic(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	var key, name string
	if err := w.DB.QueryRow(t.Context(), "SELECT key, name FROM subject WHERE key >= 'p:' AND key < 'p;' AND name <> '' LIMIT 1").Scan(&key, &name); err != nil {
		t.Fatal("the demo has no person: ", err)
	}
	centre := visit(t, w, "centre")
	page := centre.get("/subjects/" + url.PathEscape(key))
	has(t, page, 200, "自然人", "＊")
	pages := []string{page.Body.String(), centre.get("/subjects?q=" + url.QueryEscape(name)).Body.String(), centre.get("/api/v1/subjects/" + url.PathEscape(key)).Body.String()}
	for _, link := range regexp.MustCompile(`/matters/[^"]*`).FindAllString(pages[0], 3) {
		target := strings.ReplaceAll(link, "&amp;", "&")
		pages = append(pages, centre.get(target).Body.String(), centre.get(target+"&raw=1").Body.String())
	}
	for i, p := range pages {
		p = strings.ReplaceAll(p, `value="`+name+`"`, "") // what was typed stays in its field
		p = regexp.MustCompile(`name="return" value="[^"]*"`).ReplaceAllString(p, "")
		if strings.Contains(p, name) {
			t.Errorf("page %d shows the person's name", i)
		}
	}
	for _, tab := range []publicity.Tab{publicity.Licences, publicity.Penalty, publicity.Lists} {
		rows, _, _, err := w.Publicity.List(t.Context(), publicity.Query{Tab: tab, Text: name, Limit: 5})
		if err != nil || len(rows) > 0 {
			t.Errorf("%s: %d public entries of a person, %v", tab, len(rows), err)
		}
	}
	for way, rec := range map[string]*httptest.ResponseRecorder{"in an address": centre.get("/subjects?q=000000199001011234"), "in the form": centre.post("/subjects", url.Values{"q": {"000000199001011234"}})} {
		if rec.Code != 422 || strings.Contains(rec.Body.String(), "199001011234") {
			t.Errorf("an identity number %s answers %d", way, rec.Code)
		}
	}
}

// What the centre searches for stands in no address, and whoever is listed reads of it.
func TestASearchIsWrittenIntoTheLogOfWhomItLists(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, _ := showcase()
	centre := visit(t, w, "centre")
	entries := func() (n int) {
		all, _, err := audit.BySubject(t.Context(), w.DB, key, audit.Cursor{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.Action == audit.Search {
				n++
			}
		}
		return n
	}
	before := entries()
	rec := centre.post("/subjects", url.Values{"q": {string(key)}})
	has(t, rec, 200, string(key), `<form method="post" action="/subjects"`)
	if got := entries() - before; got != 1 {
		t.Errorf("%d entries of a search", got)
	}
	if again := centre.post("/subjects", url.Values{"q": {string(key)}}); again.Code != 200 || entries()-before != 2 {
		t.Errorf("the second search answers %d", again.Code)
	}
}

// Whoever has no network later takes the public list and roots along: they answer for a file alone.
func TestAnybodyTakesAlongWhatVerifiesOffline(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, _ := showcase()
	anybody := visit(t, w, "")
	doc := issued(t, w, key)
	roots, list := anybody.get("/verify/trust.pem"), anybody.get("/verify/status-list.json")
	trust, err := seal.ParseTrust(roots.Body.Bytes())
	if err != nil || roots.Code != 200 || list.Code != 200 || !strings.Contains(list.Header().Get("Cache-Control"), "max-age") {
		t.Fatalf("roots %d, list %d, %v", roots.Code, list.Code, err)
	}
	if v, err := report.VerifyOffline(doc.Envelope, list.Body.Bytes(), trust, w.Now()); err != nil || v.Status != report.Valid || !v.IssuerTrusted {
		t.Errorf("%+v, %v", v, err)
	}
	if again := anybody.get("/verify/status-list.json"); again.Body.String() != list.Body.String() {
		t.Error("the list is made anew for each who asks")
	}
}

func TestAPISaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, other := showcase()
	mine, centre := visit(t, w, "enterprise"), visit(t, w, "centre")
	issue := func(body string) *httptest.ResponseRecorder {
		return mine.send("POST", "/api/v1/reports", "application/json", strings.NewReader(body))
	}
	for name, c := range map[string]struct {
		rec    *httptest.ResponseRecorder
		status int
		say    string
	}{
		"an unknown report":        {mine.get("/api/v1/reports/20260101000000WWWWWWWW"), 404, "/problems/no-document"},
		"another's subject":        {issue(`{"subject":"` + string(other) + `","edition":"general"}`), 403, "/problems/forbidden"},
		"an unknown edition":       {issue(`{"subject":"` + string(key) + `","edition":"gold"}`), 422, "body.edition"},
		"a period before the data": {issue(`{"subject":"` + string(key) + `","edition":"general","from":"2019-01-01","to":"2019-02-01"}`), 422, "body.from"},
		"an unknown subject":       {centre.get("/api/v1/subjects/91000000MA000000XX"), 404, "/problems/no-subject-on-record"},
		"a matter not public":      {mine.get("/api/v1/public/matters/none"), 404, "/problems/not-public"},
		"an identity number":       {mine.get("/api/v1/public/matters?q=000000199001011234"), 422, "query.q"},
	} {
		if c.rec.Code != c.status || !strings.Contains(c.rec.Body.String(), c.say) || c.rec.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, c.rec.Code, c.rec.Body)
		}
	}
	if rec := mine.get("/api/v1/subjects/" + string(key)); rec.Code != 403 {
		t.Errorf("an enterprise reads a subject: %d", rec.Code)
	}
}

func TestAPIIssuesDownloadsAndVerifies(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	key, _ := showcase()
	mine, anybody, centre := visit(t, w, "enterprise"), visit(t, w, ""), visit(t, w, "centre")
	rec := mine.send("POST", "/api/v1/reports", "application/json", strings.NewReader(`{"subject":"`+string(key)+`","edition":"listing","purpose":"上市","domains":["transport","ecology"]}`))
	var doc struct {
		Number, Code, Status, SHA256, Conclusion string
		Domains                                  []struct{ ID, State string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil || rec.Code != 201 || len(doc.Domains) != 2 || doc.Status != "valid" {
		t.Fatalf("status %d: %.400s", rec.Code, rec.Body)
	}
	paper, data := mine.get("/api/v1/reports/"+doc.Number+"/paper"), mine.get("/api/v1/reports/"+doc.Number+"/data")
	if !strings.HasPrefix(paper.Body.String(), "%PDF-") || paper.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("the paper is %s", paper.Header().Get("Content-Type"))
	}
	type answer struct {
		Unaltered     bool
		IssuerTrusted bool `json:"issuer_trusted"`
		Status        string
		Document      *struct{ SHA256, Name string }
	}
	verify := func(rec *httptest.ResponseRecorder) (a answer) {
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil || rec.Code != 200 {
			t.Errorf("verifying answers %d: %.300s", rec.Code, rec.Body)
		}
		return a
	}
	altered := bytes.Clone(paper.Body.Bytes())
	altered[bytes.Index(altered, []byte("stream\n"))+40] ^= 1
	for name, c := range map[string]struct {
		rec       *httptest.ResponseRecorder
		unaltered bool
	}{
		"the paper":       {anybody.upload("/api/v1/verifications", paper.Body.Bytes()), true},
		"the data":        {anybody.upload("/api/v1/verifications", data.Body.Bytes()), true},
		"number and code": {anybody.get("/api/v1/verifications?number=" + doc.Number + "&code=" + doc.Code), true},
		"altered paper":   {anybody.upload("/api/v1/verifications", altered), false},
	} {
		a := verify(c.rec)
		if a.Unaltered != c.unaltered || a.IssuerTrusted != c.unaltered || c.unaltered && (a.Status != "valid" || a.Document == nil || a.Document.SHA256 != doc.SHA256) {
			t.Errorf("%s: %+v", name, a)
		}
	}
	for _, path := range []string{"/api/v1/subjects/" + string(key) + "?limit=2", "/api/v1/public/matters?tab=licence&limit=2", "/api/v1/public/matters?q=" + string(key)} {
		rec := centre.get(path)
		var list struct {
			Matters []map[string]any
			Next    string
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &list); err != nil || rec.Code != 200 || len(list.Matters) == 0 {
			t.Errorf("%s: %d %.300s", path, rec.Code, rec.Body)
		}
		if list.Next != "" {
			again := centre.get(path + "&after=" + url.QueryEscape(list.Next)).Body.String()
			if id := list.Matters[0]["id"].(string); strings.Contains(again, id) {
				t.Errorf("%s: the next page begins again", path)
			}
		}
	}
}

// A program reads the check-up as a person does, of its own subject only.
func TestCheckupByAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	firm := visit(t, w, "enterprise")
	var d struct {
		Editions []struct {
			Edition    string
			Counted    int
			Unanswered []string
			Domains    []struct{ ID string }
		}
		Matters []struct {
			Matter   string
			Editions []struct {
				Shown bool
				Why   string
			}
		}
		Next string
	}
	read := func(query string) {
		t.Helper()
		d.Next, d.Matters = "", nil
		rec := firm.get("/api/v1/checkup?subject=" + firmKey() + query)
		if err := json.Unmarshal(rec.Body.Bytes(), &d); rec.Code != http.StatusOK || err != nil {
			t.Fatalf("status %d, %v: %.300s", rec.Code, err, rec.Body)
		}
	}
	read("&limit=2")
	if len(d.Editions) != 3 || len(d.Editions[0].Domains) < 50 || len(d.Matters) != 2 || d.Next == "" {
		t.Fatalf("%d editions, %d matters, next %q", len(d.Editions), len(d.Matters), d.Next)
	}
	seen := map[string]bool{}
	for query := "&limit=2"; ; query = "&limit=2&after=" + url.QueryEscape(d.Next) {
		read(query)
		for _, m := range d.Matters {
			if seen[m.Matter] || len(m.Editions) != 3 {
				t.Errorf("%s is told twice, or not for every edition", m.Matter)
			}
			seen[m.Matter] = true
			for _, e := range m.Editions {
				if e.Shown == (e.Why != "") {
					t.Errorf("%s is shown %v because %q", m.Matter, e.Shown, e.Why)
				}
			}
		}
		if d.Next == "" {
			break
		}
	}
	read("")
	if len(seen) != len(d.Matters) {
		t.Errorf("%d matters by pages, %d at once", len(seen), len(d.Matters))
	}
	if rec := visit(t, w, "enterprise2").get("/api/v1/checkup?subject=" + firmKey()); rec.Code != http.StatusNotFound {
		t.Errorf("another's check-up answers %d", rec.Code)
	}
}
