package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/intake"
	"xinban/internal/intake/normal"
	"xinban/internal/page"
	"xinban/internal/report"
	"xinban/internal/web/webtest"
)

// Clerks of two organs of the demo and the credit centre.
const (
	ecologyClerk   = "clerk-ecology"
	transportClerk = "clerk-transport"
	centreLogin    = "centre"
)

// person is somebody who is signed in and uses the pages.
type person struct {
	t       *testing.T
	w       *app.Web
	session string
}

func as(t *testing.T, w *app.Web, login string) person {
	t.Helper()
	session, err := w.Accounts.Open(context.Background(), login, "test")
	if err != nil {
		t.Fatal(err)
	}
	return person{t, w, session}
}

func (p person) do(r *http.Request) *httptest.ResponseRecorder {
	p.t.Helper()
	r.AddCookie(&http.Cookie{Name: "xinban", Value: p.session})
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "text/html")
	}
	w := httptest.NewRecorder()
	p.w.Server.Handler().ServeHTTP(w, r)
	if w.Code >= 500 {
		p.t.Fatalf("%s %s: %d %s", r.Method, r.URL.Path, w.Code, w.Body)
	}
	if i := strings.Index(w.Body.String(), "⟦"); i >= 0 {
		p.t.Errorf("%s %s: no text for %.60s", r.Method, r.URL.Path, w.Body.String()[i:])
	}
	return w
}

func (p person) get(path string) *httptest.ResponseRecorder {
	p.t.Helper()
	return p.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// key is a new Idempotency-Key for each post.
var posts = 0

func (p person) post(path string, f url.Values) *httptest.ResponseRecorder {
	p.t.Helper()
	posts++
	if f == nil {
		f = url.Values{}
	}
	f.Set(page.IdempotencyField, fmt.Sprintf("intake-page-%d", posts))
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(r)
}

// upload sends a file as the form does.
func (p person) upload(feed, name, text string) *httptest.ResponseRecorder {
	p.t.Helper()
	return p.uploadForm(map[string]string{"feed": feed}, name, text)
}

// uploadForm sends the fields of the form and, when it has a name, a file.
func (p person) uploadForm(fields map[string]string, name, text string) *httptest.ResponseRecorder {
	p.t.Helper()
	posts++
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	fields[page.IdempotencyField] = fmt.Sprintf("intake-page-%d", posts)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			p.t.Fatal(err)
		}
	}
	if name != "" {
		f, err := m.CreateFormFile("file", name)
		if err == nil {
			_, err = f.Write([]byte(text))
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		p.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/intake/upload", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return p.do(r)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// loaded follows an answer to its load and waits until that has ended.
func (p person) loaded(w *httptest.ResponseRecorder) intake.Load {
	p.t.Helper()
	to := w.Header().Get("Location")
	id, err := strconv.ParseInt(strings.TrimPrefix(to, "/intake/load/"), 10, 64)
	if w.Code != http.StatusSeeOther || err != nil {
		p.t.Fatalf("status %d to %q: %s", w.Code, to, text(w))
	}
	p.w.Intake.Wait()
	l, err := p.w.Intake.LoadByID(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return l
}

var tags = regexp.MustCompile(`<[^>]*>|\s+`)

func text(w *httptest.ResponseRecorder) string {
	return html.UnescapeString(tags.ReplaceAllString(w.Body.String(), " "))
}

// feedOf is the value of the penalty feed of a source.
func feedOf(t *testing.T, w *app.Web, source string) string {
	t.Helper()
	s, err := w.Intake.SourceByCode(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d.penalty", s.ID)
}

// decision is a penalty typed by a clerk of the demo; change overrides fields by heading.
func decision(change map[string]string) url.Values {
	f := url.Values{}
	row := map[string]string{"行政相对人名称": "岚港演示填报商贸有限公司", "行政相对人类别": "法人及非法人组织", "统一社会信用代码": uscc("91000000MA9XXX01"),
		"法定代表人": "演示甲", "行政处罚决定书文号": "岚环罚〔2026〕901号", "违法行为类型": "未按规定贮存", "违法事实": "危险废物贮存场所未设置标志",
		"处罚依据": "演示条例第一条", "处罚类别": "罚款", "案件程序类别": "普通程序", "处罚内容": "罚款人民币20000元", "罚款金额（万元）": "2",
		"处罚决定日期": "2026-05-12", "处罚机关": "岚海省生态环境厅", "数据来源单位": "岚海省生态环境厅"}
	for k, v := range change {
		row[k] = v
	}
	for i, h := range normal.Template(credit.Penalty) {
		f.Set(fmt.Sprintf("c%d", i), row[h])
	}
	return f
}

func uscc(first16 string) string {
	c := first16 + string(credit.OrgCodeCheck(first16[8:16]))
	return c + string(credit.USCCCheck(c))
}

func csvOf(change map[string]string) string {
	f := decision(change)
	var cells []string
	for i := range normal.Template(credit.Penalty) {
		cells = append(cells, f.Get(fmt.Sprintf("c%d", i)))
	}
	return strings.Join(normal.Template(credit.Penalty), ",") + "\n" + strings.Join(cells, ",") + "\n"
}

func column(heading string) int { return slices.Index(normal.Template(credit.Penalty), heading) }

func TestAClerkSendsMendsAndCorrects(t *testing.T) {
	w := setup(t, 200)
	p := as(t, w, ecologyClerk)
	feed := feedOf(t, w, "lanhai-ecology")

	t.Run("a bad row is mended in the grid", func(t *testing.T) {
		l := p.loaded(p.upload(feed, "处罚.csv", csvOf(map[string]string{"处罚决定日期": "2022-09-31", "行政处罚决定书文号": "岚环罚〔2026〕801号"})))
		if l.State != intake.Done || l.Quarantined != 1 || l.Name != "处罚.csv" || l.By != ecologyClerk {
			t.Fatalf("load %+v", l)
		}
		grid := fmt.Sprintf("/intake/load/%d/quarantine", l.ID)
		if s := text(p.get(grid)); !strings.Contains(s, "2022-09-31") || !strings.Contains(s, "不是真实存在的日期") {
			t.Errorf("the grid shows %s", s)
		}
		at := fmt.Sprintf("c%d", column("处罚决定日期"))
		if a := p.post(grid+"/1", url.Values{"do": {"save"}, at: {"2026-02-30"}}); a.Code != 422 || !strings.Contains(text(a), "2026-02-30") {
			t.Errorf("a wrong mend: %d", a.Code)
		}
		if a := p.post(grid+"/1", url.Values{"do": {"drop"}}); a.Code != 422 || !strings.Contains(text(a), "请写明理由") {
			t.Errorf("dropping without a reason: %d", a.Code)
		}
		if a := p.post(grid+"/1", url.Values{"do": {"save"}, at: {"2026-05-13"}}); a.Code != http.StatusSeeOther {
			t.Errorf("a right mend: %d %s", a.Code, text(a))
		}
		if a := p.post(grid+"/1", url.Values{"do": {"save"}, at: {"2026-05-14"}}); a.Code != http.StatusConflict {
			t.Errorf("mending again: %d", a.Code)
		}
		if a := p.get(grid + ".csv"); a.Code != 404 {
			t.Errorf("a file of no rows: %d", a.Code)
		}
	})
	t.Run("a form is checked as it is filled in", func(t *testing.T) {
		form := "/intake/entry/" + feed
		if s := p.get(form); s.Code != 200 || !strings.Contains(s.Body.String(), "岚海省生态环境厅") {
			t.Errorf("the form: %d", s.Code)
		}
		live := p.post(form+"/check", decision(map[string]string{"处罚决定日期": "2026-02-30", "行政处罚决定书文号": ""}))
		s := live.Body.String()
		if live.Code != 200 || !strings.Contains(s, "不是真实存在的日期") || strings.Contains(s, "没有填写") || strings.Contains(s, "<html") {
			t.Errorf("the live check: %d %s", live.Code, s)
		}
		if a := p.post(form, decision(map[string]string{"行政处罚决定书文号": ""})); a.Code != 422 || !strings.Contains(text(a), "没有填写") {
			t.Errorf("a missing number: %d", a.Code)
		}
		if a := p.post(form, decision(nil)); a.Code != 200 || !strings.Contains(text(a), "确认报送") {
			t.Errorf("the preview: %d %s", a.Code, text(a))
		}
		l := p.loaded(p.post(form+"/send", decision(nil)))
		if l.Accepted != 1 || l.Name != intake.FormLoad {
			t.Errorf("load %+v", l)
		}
	})
	t.Run("pasted rows come in", func(t *testing.T) {
		rows := strings.ReplaceAll(csvOf(map[string]string{"行政处罚决定书文号": "岚环罚〔2026〕902号"}), ",", "\t")
		l := p.loaded(p.post("/intake/paste", url.Values{"feed": {feed}, "headings": {"yes"}, "text": {rows}}))
		if l.Accepted != 1 || l.Name != intake.PasteLoad {
			t.Errorf("load %+v", l)
		}
		if a := p.post("/intake/paste", url.Values{"feed": {feed}, "headings": {"yes"}, "text": {"a\tb\n1\t2"}}); a.Code != 422 || !strings.Contains(text(a), "缺少必需的列") {
			t.Errorf("pasted without the columns: %d", a.Code)
		}
	})
	t.Run("a person is found by the document, which is not shown again", func(t *testing.T) {
		rows := strings.ReplaceAll(csvOf(map[string]string{"行政处罚决定书文号": "岚环罚〔2026〕903号", "行政相对人类别": "自然人", "行政相对人名称": "演示乙", "统一社会信用代码": "",
			"证件类型": "护照", "证件号码": "E00000001"}), ",", "\t")
		if l := p.loaded(p.post("/intake/paste", url.Values{"feed": {feed}, "headings": {"yes"}, "text": {rows}})); l.Accepted != 1 {
			t.Fatalf("load %+v", l)
		}
		if s := p.post("/intake/records", url.Values{"q": {"护照:E00000001"}}).Body.String(); !strings.Contains(s, "903号") || strings.Contains(s, "E00000001") {
			t.Errorf("by the passport: %s", s)
		}
		if s := p.post("/intake/records", url.Values{"q": {"台胞证:E00000001"}}).Body.String(); strings.Contains(s, "903号") {
			t.Error("found by another document of that number")
		}
		centre := as(t, w, centreLogin)
		if a := centre.post("/subjects/person", url.Values{"number": {"护照:e00000001"}}); a.Code != http.StatusSeeOther || strings.Contains(a.Header().Get("Location"), "00001") {
			t.Errorf("the centre's search: %d to %q", a.Code, a.Header().Get("Location"))
		}
		if a := centre.post("/subjects/person", url.Values{"number": {"E00000001"}}); a.Code != 422 {
			t.Errorf("without the type: %d", a.Code)
		}
	})
	t.Run("a zero report is sent once", func(t *testing.T) {
		f := url.Values{"feed": {feed}, "from": {"2026-05-04"}, "to": {"2026-05-10"}}
		if a := p.post("/intake/zero", f); a.Code != http.StatusSeeOther {
			t.Errorf("status %d %s", a.Code, text(a))
		}
		if a := p.post("/intake/zero", f); a.Code != 422 || !strings.Contains(text(a), "已报过零报告") {
			t.Errorf("again: %d", a.Code)
		}
	})
	t.Run("a record is corrected, then withdrawn", func(t *testing.T) {
		found := p.post("/intake/records", url.Values{"q": {uscc("91000000MA9XXX01")}, "doc": {"901"}})
		m := regexp.MustCompile(`href="(/intake/record/[^"]*)"`).FindStringSubmatch(found.Body.String())
		if m == nil {
			t.Fatalf("not found: %s", text(found))
		}
		f := decision(map[string]string{"罚款金额（万元）": "3", "处罚内容": "罚款人民币30000元"})
		if a := p.post(m[1]+"/correct", f); a.Code != 422 || !strings.Contains(text(a), "请写明理由") {
			t.Errorf("without a reason: %d", a.Code)
		}
		f.Set("reason", "录入有误，以决定书为准")
		if a := p.post(m[1]+"/correct", f); a.Code != http.StatusSeeOther || a.Header().Get("Location") != m[1]+"?done=corrected" {
			t.Fatalf("correcting: %d to %q: %s", a.Code, a.Header().Get("Location"), text(a))
		}
		if s := text(p.get(m[1])); !strings.Contains(s, "30000") || !strings.Contains(s, "第 2 版") {
			t.Errorf("after the correction: %s", s)
		}
		for range 2 {
			if a := p.post(m[1]+"/withdraw", url.Values{"reason": {"重复报送"}}); a.Code != http.StatusSeeOther {
				t.Errorf("withdrawing: %d", a.Code)
			}
		}
		if s := text(p.get(m[1])); !strings.Contains(s, "已撤回") {
			t.Errorf("after the withdrawal: %s", s)
		}
	})
	t.Run("a file that cannot be read is refused with what to do", func(t *testing.T) {
		for name, c := range map[string]struct{ body, want string }{"empty": {"", "文件没有内容"}, "other": {"a,b\n1,2\n", "缺少必需的列"},
			"old": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600), "另存为.xlsx"}} {
			if a := p.upload(feed, name+".csv", c.body); a.Code != 422 || !strings.Contains(text(a), c.want) {
				t.Errorf("%s: %d %s", name, a.Code, text(a))
			}
		}
	})
}

// What belongs to another organ is not found, by whatever way it is asked for.
func TestAClerkFindsNothingOfAnotherOrgan(t *testing.T) {
	w := setup(t, 200)
	mine, other, centre := as(t, w, ecologyClerk), as(t, w, transportClerk), as(t, w, centreLogin)
	feed := feedOf(t, w, "lanhai-ecology")
	bad := mine.loaded(mine.upload(feed, "处罚.csv", csvOf(map[string]string{"处罚决定日期": "2022-09-31"})))
	mine.loaded(mine.post("/intake/entry/"+feed+"/send", decision(nil)))
	found := mine.post("/intake/records", url.Values{"q": {uscc("91000000MA9XXX01")}})
	record := regexp.MustCompile(`href="(/intake/record/[^"]*)"`).FindStringSubmatch(found.Body.String())
	if record == nil {
		t.Fatal("the clerk's own record is not found")
	}
	load := fmt.Sprintf("/intake/load/%d", bad.ID)
	api := fmt.Sprintf("/api/v1/loads/%d", bad.ID)
	for _, path := range []string{load, load + "/verdicts.csv", load + "/quarantine.csv", load + "/quarantine", record[1], record[1] + "/correct",
		"/intake/entry/" + feed, api, api + "/verdicts", api + "/quarantine"} {
		if a := mine.get(path); a.Code != 200 {
			t.Errorf("its own %s: %d", path, a.Code)
		}
		if a := centre.get(path); a.Code != 200 {
			t.Errorf("%s for the centre: %d", path, a.Code)
		}
		if a := other.get(path); a.Code != 404 {
			t.Errorf("%s for another organ: %d", path, a.Code)
		}
	}
	for _, path := range []string{load + "/retry", load + "/quarantine/1", load + "/drop", record[1] + "/withdraw", record[1] + "/correct",
		"/intake/entry/" + feed, "/intake/entry/" + feed + "/check", "/intake/entry/" + feed + "/send"} {
		if a := other.post(path, url.Values{"reason": {"越权"}, "do": {"drop"}}); a.Code != 404 {
			t.Errorf("post to %s by another organ: %d", path, a.Code)
		}
	}
	if a := other.upload(feed, "处罚.csv", csvOf(nil)); a.Code != 422 {
		t.Errorf("an upload into another's feed: %d", a.Code)
	}
	if s := text(other.post("/intake/records", url.Values{"q": {uscc("91000000MA9XXX01")}})); strings.Contains(s, "901号") {
		t.Error("another's record is listed")
	}
	if s := text(other.get("/intake/loads")); strings.Contains(s, "处罚.csv") {
		t.Error("another's load is listed")
	}
}

// A report that rests on a row says that it is void when the clerk corrects the row, and the new one says the new.
func TestACorrectionByTheClerkReachesTheReport(t *testing.T) {
	w := setup(t, 200)
	p := as(t, w, ecologyClerk)
	feed := feedOf(t, w, "lanhai-ecology")
	row := map[string]string{"处罚内容": "罚款人民币300000元", "罚款金额（万元）": "30"}
	p.loaded(p.post("/intake/entry/"+feed+"/send", decision(row)))
	issue := func() *report.Issued {
		d, err := w.Report.Issue(t.Context(), report.Request{Key: credit.Key(uscc("91000000MA9XXX01")), Edition: "listing"}, audit.Actor{ID: "test", Channel: "command"})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := issue()
	if first.Content.FinesFen != 30000000 {
		t.Fatalf("fines of the first report %d", first.Content.FinesFen)
	}
	found := p.post("/intake/records", url.Values{"q": {uscc("91000000MA9XXX01")}})
	m := regexp.MustCompile(`href="(/intake/record/[^"]*)"`).FindStringSubmatch(found.Body.String())
	row["处罚内容"], row["罚款金额（万元）"] = "罚款人民币200000元", "20"
	f := decision(row)
	f.Set("reason", "金额录入有误，以决定书为准")
	if a := p.post(m[1]+"/correct", f); a.Code != http.StatusSeeOther {
		t.Fatalf("correcting: %d %s", a.Code, text(a))
	}
	if err := w.FollowAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := w.Report.LookUp(t.Context(), first.Content.Number, first.Content.Code)
	if err != nil {
		t.Fatal(err)
	}
	if v.Status != report.Withdrawn {
		t.Errorf("the first report is %s: %v", v.Status, v.Reasons)
	}
	if second := issue(); second.Content.Number == first.Content.Number || second.Content.FinesFen != 20000000 {
		t.Errorf("the second report %s with fines %d", second.Content.Number, second.Content.FinesFen)
	}
}

// A list that lost too much is stopped; saying why sends the kept file on, and who is absent is asked about.
func TestAListThatShrankIsSentOnWithAReason(t *testing.T) {
	w := setup(t, 200)
	p := as(t, w, centreLogin)
	src, err := w.Intake.SourceByCode(t.Context(), "lanhai-market")
	if err != nil {
		t.Fatal(err)
	}
	feed := fmt.Sprintf("%d.abnormal_list", src.ID)
	headings := normal.Template(credit.AbnormalList)
	row := map[string]string{"主体名称": "岚港演示名录商贸有限公司", "统一社会信用代码": uscc("91000000MA9XXX02"), "名录类型": "经营异常名录",
		"列入经营异常名录原因": "未按期公示年度报告", "列入日期": "2026-01-05", "列入决定机关": "岚海省市场监督管理局"}
	var cells []string
	for _, h := range headings {
		cells = append(cells, row[h])
	}
	file := strings.Join(headings, ",") + "\n" + strings.Join(cells, ",") + "\n"
	before, err := w.Intake.Loads(t.Context(), src.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	a := p.upload(feed, "名录.csv", file)
	kept := regexp.MustCompile(`name="kept" value="([0-9a-f]{64})"`).FindStringSubmatch(a.Body.String())
	if a.Code != 422 || kept == nil || !strings.Contains(text(a), "减少超过三分之一") || !strings.Contains(text(a), "名录.csv") {
		t.Fatalf("the short list: %d %s", a.Code, text(a))
	}
	if after, err := w.Intake.Loads(t.Context(), src.ID, 0, 100); err != nil || len(after) != len(before) {
		t.Errorf("the stopped file left a load: %d, then %d, %v", len(before), len(after), err)
	}
	l := p.loaded(p.uploadForm(map[string]string{"feed": feed, "kept": kept[1], "name": "名录.csv", "shrink": "年度集中移出"}, "", ""))
	if l.Accepted != 1 || l.Name != "名录.csv" {
		t.Errorf("load %+v", l)
	}
	list := p.get("/questions?type=removal")
	m := regexp.MustCompile(`href="(/questions/removal/[^"]*)"`).FindStringSubmatch(list.Body.String())
	if m == nil {
		t.Fatalf("nobody is proposed for removal: %s", text(list))
	}
	address := html.UnescapeString(m[1])
	if a := p.post(address, url.Values{"outcome": {"remove"}}); a.Code != 422 || !strings.Contains(text(a), "请写明理由") {
		t.Errorf("without a reason: %d", a.Code)
	}
	if a := p.post(address, url.Values{"outcome": {"remove"}, "reason": {"移出决定已核"}}); a.Code != http.StatusSeeOther {
		t.Errorf("deciding: %d %s", a.Code, text(a))
	}
	if a := p.post(address, url.Values{"outcome": {"keep"}, "reason": {"再想想"}}); a.Code != http.StatusConflict {
		t.Errorf("deciding again: %d", a.Code)
	}
	if s := text(p.get(address)); !strings.Contains(s, "确已移出") || !strings.Contains(s, "移出名单") {
		t.Errorf("after the decision: %s", s)
	}
	if a := as(t, w, ecologyClerk).get(address); a.Code != 404 {
		t.Errorf("another organ's clerk sees the question: %d", a.Code)
	}
}

func TestTheCentreKeepsTheRegisterOfFeeds(t *testing.T) {
	w := setup(t, 200)
	p := as(t, w, centreLogin)
	for _, c := range []struct {
		f    url.Values
		code int
		want string
	}{
		{url.Values{"code": {"新来源"}, "name": {"岚海省演示局"}}, 422, "来源代码只能用"},
		{url.Values{"code": {"lanhai-demo"}, "name": {""}}, 422, "请填写单位名称"},
		{url.Values{"code": {"lanhai-demo"}, "name": {"岚海省演示局"}, "organ": {"123"}}, 422, "统一社会信用代码不正确"},
		{url.Values{"code": {"lanhai-ecology"}, "name": {"岚海省演示局"}}, 422, "该代码已被使用"},
		{url.Values{"code": {"lanhai-demo"}, "name": {"岚海省演示局"}}, 303, ""},
	} {
		if a := p.post("/feeds/new", c.f); a.Code != c.code || !strings.Contains(text(a), c.want) {
			t.Errorf("%v: %d, want %d and %q", c.f, a.Code, c.code, c.want)
		}
	}
	for _, c := range []struct {
		f    url.Values
		code int
		want string
	}{
		{url.Values{"kind": {"penalty"}, "rhythm": {"7"}}, 422, "目录外不得归集"},
		{url.Values{"kind": {"x"}, "rhythm": {"7"}, "basis": {"目录第3类"}}, 422, "请选择信息类别"},
		{url.Values{"kind": {"penalty"}, "rhythm": {"-1"}, "basis": {"目录第3类"}}, 422, "报送频率填"},
		{url.Values{"kind": {"penalty"}, "rhythm": {"0"}, "basis": {"目录第3类"}}, 422, "报送频率填"},
		{url.Values{"kind": {"penalty"}, "rhythm": {"30"}, "basis": {"目录第3类"}, "domains": {"ecology、水里"}}, 422, "领域清单中没有：水里"},
		{url.Values{"kind": {"penalty"}, "rhythm": {"30"}, "basis": {"目录第3类"}, "domains": {"生态环境、water ecology"}}, 303, ""},
	} {
		if a := p.post("/feeds/source/lanhai-demo/feed", c.f); a.Code != c.code || !strings.Contains(text(a), c.want) {
			t.Errorf("%v: %d, want %d and %q", c.f, a.Code, c.code, c.want)
		}
	}
	feeds, err := w.Intake.Feeds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f := feeds[len(feeds)-1]; !slices.Equal(f.Domains, []string{"ecology", "water"}) && !slices.Equal(f.Domains, []string{"water", "ecology"}) {
		t.Errorf("names are kept as identifiers: %v", f.Domains)
	}
	if s := text(p.get("/feeds")); !strings.Contains(s, "岚海省演示局") {
		t.Error("the new source is not listed")
	}
	if a := p.get("/feeds/source/none"); a.Code != 404 {
		t.Errorf("no source: %d", a.Code)
	}
}

func TestAProgramSendsAFileAndReadsItsVerdicts(t *testing.T) {
	w := setup(t, 200)
	p := as(t, w, ecologyClerk)
	send := func(query, key, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/loads?"+query, strings.NewReader(body))
		r.Header.Set("Content-Type", "text/csv")
		r.Header.Set("Accept", "application/json")
		if key != "" {
			r.Header.Set("Idempotency-Key", key)
		}
		return p.do(r)
	}
	body := csvOf(map[string]string{"处罚决定日期": "2022-09-31"})
	if a := send("kind=penalty", "", body); a.Code != 400 {
		t.Errorf("without a key: %d", a.Code)
	}
	for query, want := range map[string]int{"kind=licence": 422, "kind=penalty&source=lanhai-transport": 422} {
		if a := send(query, "intake-api-"+query, body); a.Code != want || a.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", query, a.Code, a.Body)
		}
	}
	if a := send("kind=penalty", "intake-api-empty", "a,b\n1,2\n"); a.Code != 422 || !strings.Contains(a.Body.String(), "缺少必需的列") {
		t.Errorf("a file without its columns: %d %s", a.Code, a.Body)
	}
	var first, again struct {
		ID int64 `json:"id"`
	}
	a, b := send("kind=penalty&name=x.csv", "intake-api-send", body), send("kind=penalty&name=x.csv", "intake-api-send", body)
	if a.Code != http.StatusAccepted || json.Unmarshal(a.Body.Bytes(), &first) != nil || json.Unmarshal(b.Body.Bytes(), &again) != nil || first != again || first.ID == 0 {
		t.Fatalf("sent twice under one key: %d %s, %d %s", a.Code, a.Body, b.Code, b.Body)
	}
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("file", "表单.csv")
	if err == nil {
		_, err = part.Write([]byte(csvOf(nil)))
	}
	if err = firstOf(err, m.Close()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/loads?kind=penalty", &form)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Idempotency-Key", "intake-api-form")
	if a := p.do(r); a.Code != http.StatusAccepted || !strings.Contains(a.Body.String(), "表单.csv") {
		t.Errorf("as a form: %d %s", a.Code, a.Body)
	}
	w.Intake.Wait()
	for path, want := range map[string]string{"": `"quarantined":1`, "/verdicts": "date_impossible", "/quarantine": `"2022-09-31"`} {
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/api/v1/loads/%d%s", first.ID, path), nil)
		r.Header.Set("Accept", "application/json")
		if a := p.do(r); a.Code != 200 || !strings.Contains(a.Body.String(), want) {
			t.Errorf("%s: %d %s", path, a.Code, a.Body)
		}
	}
	r = httptest.NewRequest(http.MethodGet, "/api/v1/feeds", nil)
	r.Header.Set("Accept", "application/json")
	if a := p.do(r); !strings.Contains(a.Body.String(), "lanhai-ecology") || strings.Contains(a.Body.String(), "lanhai-transport") {
		t.Errorf("feeds: %s", a.Body)
	}
}

// Every page of the desks at both widths, with data, without, and with what is wrong.
func TestTheDesksInABrowser(t *testing.T) {
	t.Parallel()
	w := setup(t, 400)
	srv := httptest.NewServer(w.Server.Handler())
	t.Cleanup(srv.Close)
	b := webtest.Open(t, srv.URL)
	p := as(t, w, ecologyClerk)
	feed := feedOf(t, w, "lanhai-ecology")
	long := strings.Repeat("岚港市青梧新材料循环利用产业研究院", 4) + "有限公司"
	bad := p.loaded(p.upload(feed, "二〇二六年五月行政处罚信息双公示报送数据（第二批补报）终稿.csv", csvOf(map[string]string{"处罚决定日期": "2022-09-31", "行政相对人名称": long, "罚款金额（万元）": "贰万"})))
	sent := p.loaded(p.post("/intake/entry/"+feed+"/send", decision(map[string]string{"行政相对人名称": long})))
	found := p.post("/intake/records", url.Values{"q": {uscc("91000000MA9XXX01")}})
	record := regexp.MustCompile(`href="(/intake/record/[^"]*)"`).FindStringSubmatch(found.Body.String())
	b.SignIn(t, p.session)
	for name, path := range map[string]string{"home": "/intake", "upload": "/intake/upload", "load-bad": fmt.Sprintf("/intake/load/%d", bad.ID),
		"held": fmt.Sprintf("/intake/load/%d/quarantine", bad.ID), "held-none": fmt.Sprintf("/intake/load/%d/quarantine", sent.ID),
		"entry": "/intake/entry/" + feed, "paste": "/intake/paste", "zero": "/intake/zero", "records": "/intake/records",
		"record": record[1], "correct": record[1] + "/correct"} {
		b.Look(t, "intake-"+name, path)
	}
	live(t, b, srv.URL+"/intake/entry/"+feed)
	c := as(t, w, centreLogin)
	b.SignIn(t, c.session)
	for name, path := range map[string]string{"feeds": "/feeds?only=late", "source": "/feeds/source/lanhai-ecology?kind=penalty", "quality": "/quality?lang=en", "desk": "/questions"} {
		b.Look(t, "intake-"+name, path)
	}
	items, err := w.Intake.OpenItems(t.Context(), intake.Attachment, 0, "", 1)
	if err != nil || len(items) == 0 {
		t.Fatalf("no attachment question in the demo: %v", err)
	}
	b.Look(t, "intake-item", "/questions/attachment/"+url.PathEscape(string(items[0].Subject))+"/"+items[0].ID)
}

// live fills in a field of the form and waits until what is wrong with it stands beside it, while what
// is typed stays.
func live(t *testing.T, b *webtest.Browser, address string) {
	t.Helper()
	p := b.MustPage(address).Timeout(30 * time.Second)
	defer p.MustClose()
	name := fmt.Sprintf("c%d", column("统一社会信用代码"))
	p.MustElement("#f-" + name).MustInput("91000000").MustBlur()
	p.MustElementR("#w-"+name, "统一社会信用代码有误")
	if got := p.MustElement("#f-" + name).MustProperty("value").Str(); got != "91000000" {
		t.Errorf("after the check the field holds %q", got)
	}
	p.MustElementR("#check", "1 处需要改正")
}
