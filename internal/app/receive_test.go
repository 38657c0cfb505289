package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/web/webtest"
)

const loan = "贷款"

// dropFile is one file of an upload.
type dropFile struct {
	name string
	body []byte
}

func (v visitor) drop(target string, fields url.Values, files ...dropFile) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	err := m.WriteField("_idempotency", rand.Text())
	for name, values := range fields {
		for _, value := range values {
			err = errors.Join(err, m.WriteField(name, value))
		}
	}
	for _, f := range files {
		part, perr := m.CreateFormFile("file", f.name)
		if perr == nil {
			_, perr = part.Write(f.body)
		}
		err = errors.Join(err, perr)
	}
	if err = errors.Join(err, m.Close()); err != nil {
		v.t.Fatal(err)
	}
	return v.send(http.MethodPost, target, m.FormDataContentType(), &b)
}

// firms are so many organisations of the province.
func firms(t testing.TB, w *app.Web, n int) (keys []credit.Key) {
	t.Helper()
	rows, err := w.DB.Query(t.Context(), "SELECT key FROM subject WHERE key > $1 ORDER BY key LIMIT $2", "9", int64(n))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var k credit.Key
		if err := rows.Scan(&k); err != nil {
			t.Fatal(err)
		}
		if !k.Person() {
			keys = append(keys, k)
		}
	}
	if len(keys) < n-5 {
		t.Fatalf("only %d firms", len(keys))
	}
	return keys
}

var issuing = audit.Actor{ID: "test", Name: "测试", Channel: "command"}

func issueFor(t *testing.T, w *app.Web, r report.Request) *report.Issued {
	t.Helper()
	d, err := w.Report.Issue(t.Context(), r, issuing)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// annul has a fact of a document annulled, by which the document is withdrawn.
func annul(t *testing.T, w *app.Web, d *report.Issued) {
	t.Helper()
	id, err := credit.ParseMatterID(d.Content.Records[0].Matter)
	if err != nil {
		t.Fatal(err)
	}
	err = w.Report.Annul(t.Context(), w.Intake, report.Amendment{Key: d.Content.Subject, Matter: id, Reason: "行政复议决定撤销原处罚决定", Ref: "岚复决〔2026〕3号",
		Login: "centre", Who: audit.Actor{Name: "岚海省信用中心"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.FollowAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// sixty are papers as a bank gets them: 3 altered, 2 withdrawn, 1 of one year where three are needed.
func sixty(t *testing.T, w *app.Web) (files []dropFile, withdrawn []*report.Issued) {
	t.Helper()
	today := credit.DateOf(w.Now())
	for _, key := range firms(t, w, 150) {
		if len(files) == 60 {
			break
		}
		d, err := w.Report.Issue(t.Context(), report.Request{Key: key, Edition: "administration", Purpose: loan, Paper: len(files) < 4}, issuing)
		if err != nil {
			continue
		}
		name, body := fmt.Sprintf("报告%02d.json", len(files)+1), d.Envelope
		switch n := len(files); {
		case n < 3: // two papers with other words in them, and one file with another name in it
			name, body = fmt.Sprintf("报告%02d.pdf", n+1), bytes.Clone(d.Paper)
			if n == 2 {
				name, body = "报告03.json", bytes.Replace(d.Envelope, []byte(d.Content.Name), []byte("岚港诚信有限公司"), 1)
				break
			}
			body[len(body)/3] ^= 1
		case n == 3:
			name, body = "报告04.pdf", d.Paper
		case n == 10:
			body = issueFor(t, w, report.Request{Key: key, Edition: "administration", Purpose: loan, From: today.AddMonths(-12).AddDays(1), To: today}).Envelope
		case len(withdrawn) < 2 && len(d.Content.Records) > 0:
			withdrawn = append(withdrawn, d)
		}
		files = append(files, dropFile{name, body})
	}
	if len(files) != 60 || len(withdrawn) != 2 {
		t.Fatalf("%d papers, of which %d have a record", len(files), len(withdrawn))
	}
	for _, d := range withdrawn {
		annul(t, w, d)
	}
	return files, withdrawn
}

// A bank drops sixty papers; the table names the altered, the withdrawn and the one of the wrong period, first and
// with the reason.
func TestReceiverDropsSixtyPapers(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	files, _ := sixty(t, w)
	bank := visit(t, w, "receiver")
	rec := bank.drop("/receive", url.Values{"years": {"3"}, "days": {"30"}, "purpose": {loan}}, files...)
	if rec.Code != http.StatusSeeOther {
		t.Fatalf("status %d: %.500s", rec.Code, rec.Body)
	}
	b := tableOf(t, w, rec.Header().Get("Location"))
	if b.Papers != 60 || b.Problems != 6 {
		t.Errorf("%d papers, %d problems", b.Papers, b.Problems)
	}
	count := map[string]int{}
	for _, r := range b.Rows[:6] {
		switch {
		case !r.Genuine:
			count["altered"]++
		case r.Status == "withdrawn":
			count["withdrawn"]++
		case !r.Enough:
			count["period"]++
		}
		if r.Verdict != "problem" || len(r.Reasons) == 0 {
			t.Errorf("row %d: %+v", r.No, r)
		}
	}
	if fmt.Sprint(count) != "map[altered:3 period:1 withdrawn:2]" {
		t.Errorf("%v", count)
	}
	for _, r := range b.Rows[6:] {
		if r.Verdict == "problem" || r.Conclusion == "" || r.Conclusion == "incomplete" && r.Verdict != "attend" || r.Conclusion == "found" && r.Records == 0 {
			t.Errorf("row %d: %+v", r.No, r)
		}
	}
	body := bank.get(rec.Header().Get("Location")).Body.String()
	for _, want := range []string{"改动过", "已作废", "不足所需的3年", "报告结论", "个领域未作结论"} {
		if !strings.Contains(body, want) {
			t.Errorf("the table does not say %s", want)
		}
	}
}

type apiRow struct {
	No      int
	Verdict string
	Genuine bool
	Status  string
	Enough  bool `json:"sufficient"`
	Number  string
	Reasons []string
	Newer   string
	SameAs  int `json:"same_as"`

	Conclusion string
	Records    int
	Unanswered []string
}

type apiTable struct {
	ID               string
	Papers, Problems int
	Rows             []apiRow
}

// tableOf reads a table by the API.
func tableOf(t *testing.T, w *app.Web, page string) (b apiTable) {
	t.Helper()
	rec := visit(t, w, "receiver").get("/api/v1/receipts/" + page[strings.LastIndex(page, "/")+1:])
	if err := json.Unmarshal(rec.Body.Bytes(), &b); err != nil || rec.Code != http.StatusOK {
		t.Fatalf("status %d, %v: %.300s", rec.Code, err, rec.Body)
	}
	return b
}

// dropInBrowser drops the files as a person does, on a window of the given width, and returns where the table is and what it says.
func dropInBrowser(t *testing.T, b *webtest.Browser, base string, width int, files []dropFile) (path, text string) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, f.body, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	p := b.MustPage("").Timeout(time.Minute)
	defer p.Close()
	p.MustSetViewport(width, 844, 1, width < 600)
	p.MustNavigate(base + "/receive").MustWaitLoad()
	p.MustElement("#f-file").MustSetFiles(paths...)
	p.MustElement("#f-purpose").MustInput(loan)
	wait := p.MustWaitNavigation()
	p.MustElement("main form button.btn-large").MustClick()
	wait()
	table := p.MustElement("#papers")
	return strings.TrimPrefix(p.MustInfo().URL, base), table.MustText()
}

// The pages of a receiver and of an organ that asks, empty, full and refusing, at both widths. The receiver drops sixty
// papers in the browser, and the table tells the altered, the withdrawn and the one of the wrong period.
func TestPagesOfReceiversInABrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser and half a minute")
	}
	w := setup(t, 200)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	files, withdrawn := sixty(t, w)
	bank := visit(t, w, "receiver")
	desk := webtest.Open(t, server.URL)
	desk.SignIn(t, bank.session)
	var table string
	for _, width := range webtest.Widths {
		var text string
		table, text = dropInBrowser(t, desk, server.URL, width, files)
		for what, n := range map[string]int{"有问题": 6, "不能确认": 3, "已作废": 2, "不足所需的3年": 1, "核验通过": 0, "需留意": 54} {
			if got := strings.Count(text, what); got != n {
				t.Errorf("at %d pixels the table says %q %d times, want %d:\n%s", width, what, got, n, text)
			}
		}
	}
	key := withdrawn[0].Content.Subject
	allow(t, w, key, 2)
	made := bank.post("/authorised", url.Values{"subject": {string(key)}, "purpose": {loan}, "edition": {"administration"}}).Header().Get("Location")
	clerk := visit(t, w, ecologyClerk)
	asked := clerk.post("/organ-requests", url.Values{"code": {key.Code()}, "purpose": {"licence"}, "reason": {"办理排污许可"}}).Header().Get("Location")
	for _, who := range []struct {
		login string
		pages [][2]string
	}{
		{"receiver", [][2]string{{"desk", "/receive"}, {"table", table}, {"table-by-file", table + "?sort=file"}, {"changes", "/receive/changes"},
			{"authorised", "/authorised"}, {"authorised-report", made}}},
		{ecologyClerk, [][2]string{{"organ", "/organ-requests"}, {"organ-report", asked}}},
	} {
		b := webtest.Open(t, server.URL)
		b.SignIn(t, visit(t, w, who.login).session)
		for _, p := range who.pages {
			t.Run(p[0], func(t *testing.T) { b.Look(t, "receive-"+p[0], p[1]) })
		}
	}
}

// allow lets the demo's receiver have reports made on a subject, for loans, so many times.
func allow(t *testing.T, w *app.Web, key credit.Key, uses int64) consent.Grant {
	t.Helper()
	p := demo.Default()
	to := p.ShowcaseSubjects()[2].Subject
	g := consent.Grant{Subject: key, Grantee: consent.OrganisationGrantee(to.Key), Name: to.Name, Scope: consent.Read, Purpose: loan, Uses: uses,
		Until: credit.DateOf(w.Now()).AddDays(30)}
	g.Signature = consent.Signature{Text: g.Text(""), By: "enterprise", Name: "演示", Method: consent.ByPassword}
	if err := w.DB.Tx(context.Background(), func(tx *store.Tx) error { return w.Consent.Give(tx, &g) }); err != nil {
		t.Fatal(err)
	}
	return g
}

// fact gives a subject a new penalty, as a department sends one, and lets everything follow.
func fact(t *testing.T, w *app.Web, key credit.Key, docNo string) {
	t.Helper()
	r := credit.Record{Kind: credit.Penalty, Class: credit.Organisation, DocNo: docNo, Behaviour: "未按规定贮存", Content: "罚款人民币叁万元",
		Penalties: credit.PenaltySet(credit.Fine), Procedure: credit.ProcedureOrdinary, Fine: credit.Amount{Fen: 3_000_000, Known: true},
		Decided: credit.DateOf(w.Now()).AddDays(-3), Authority: "岚港市生态环境局"}
	id, _ := credit.IdentifyMatter(&r, "lg-ecology")
	err := w.Ledger.Change(t.Context(), func(tx *store.Tx) error {
		f := w.Ledger.NewAssertion(key, id, 1, &r, nil, w.Now().UnixMilli())
		if _, err := w.Ledger.Append(tx, ledger.Subject{Key: key, Class: credit.Organisation}, f); err != nil {
			return err
		}
		return w.Intake.Touch(tx, key)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.FollowAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A newer report and an annulment reach a receiver that checked the papers, each once; a new fact only where the subject
// allows this receiver to read it. A receiver that checked none hears nothing.
func TestChangesOfPapersReachTheirReceivers(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	var mu sync.Mutex
	heard := map[string][]string{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m struct{ Number, Status string }
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		heard[m.Number] = append(heard[m.Number], m.Status)
	}))
	defer server.Close()
	bank := visit(t, w, "receiver")
	if rec := bank.post("/receive/hook", url.Values{"address": {server.URL}}); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), `id="secret"`) {
		t.Fatalf("registering answers %d", rec.Code)
	}
	var files []dropFile
	var papers []*report.Issued
	for _, key := range firms(t, w, 60) {
		d, err := w.Report.Issue(t.Context(), report.Request{Key: key, Edition: "administration", Purpose: loan}, issuing)
		if err != nil || len(papers) < 2 && len(d.Content.Records) > 0 || len(papers) == 2 && len(d.Content.Records) == 0 {
			continue
		}
		if papers, files = append(papers, d), append(files, dropFile{d.Content.Number + ".json", d.Envelope}); len(papers) == 3 {
			break
		}
	}
	if rec := bank.drop("/receive", nil, files...); rec.Code != http.StatusSeeOther {
		t.Fatalf("dropping answers %d", rec.Code)
	}
	changed, replaced, withdrawn := papers[0].Content, papers[1].Content, papers[2]
	allow(t, w, changed.Subject, 0)
	fact(t, w, changed.Subject, "岚港环罚〔2026〕901号")
	fact(t, w, replaced.Subject, "岚港环罚〔2026〕902号")
	send(t, w)
	issueFor(t, w, report.Request{Key: replaced.Subject, Edition: "administration", Purpose: loan})
	annul(t, w, withdrawn)
	send(t, w)
	mu.Lock()
	defer mu.Unlock()
	if got := fmt.Sprint(heard[changed.Number], heard[replaced.Number], heard[withdrawn.Content.Number], len(heard)); got != "[changed] [replaced] [withdrawn] 3" {
		t.Errorf("heard %s", got)
	}
	if body := bank.get("/receive/changes").Body.String(); strings.Count(body, "已送达") != 3 {
		t.Error("the page does not list three deliveries")
	}
}

func send(t *testing.T, w *app.Web) {
	t.Helper()
	for more := true; more; {
		var err error
		if more, err = w.Receive.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for {
		n, err := w.Outbox.Send(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// By the API: several files, the table again, and deleted; another's account finds nothing.
func TestReceiptsByAPI(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	d := issueFor(t, w, report.Request{Key: key, Edition: "general", Purpose: loan, Paper: true})
	bank := visit(t, w, "receiver")
	rec := bank.drop("/api/v1/receipts?edition=general&days=30&domain=tax&domain=ecology", nil, dropFile{"a.pdf", d.Paper}, dropFile{"b.json", d.Envelope}, dropFile{"c.json", []byte("{}")})
	var b apiTable
	if err := json.Unmarshal(rec.Body.Bytes(), &b); err != nil || rec.Code != http.StatusCreated || b.Papers != 3 || b.Problems != 1 {
		t.Fatalf("status %d, %v: %.500s", rec.Code, err, rec.Body)
	}
	if r := b.Rows; r[0].No != 3 || r[2].SameAs != 1 || !r[1].Genuine || !r[1].Enough || r[1].Number != d.Content.Number ||
		r[1].Conclusion != string(d.Content.Conclusion) || len(r[1].Unanswered) != len(d.Content.Unanswered) {
		t.Errorf("%+v", b.Rows)
	}
	for _, q := range []string{"edition=none", "years=11", "newer=true", "domain=none", "purpose=" + strings.Repeat("x", 61)} {
		if rec := bank.drop("/api/v1/receipts?"+q, nil, dropFile{"a.json", d.Envelope}); rec.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", q, rec.Code)
		}
	}
	path := "/api/v1/receipts/" + b.ID
	if rec := bank.send(http.MethodDelete, path, "application/json", strings.NewReader("{}")); rec.Code != http.StatusNoContent {
		t.Errorf("deleting answers %d: %s", rec.Code, rec.Body)
	}
	if rec := bank.get(path); rec.Code != http.StatusNotFound {
		t.Errorf("a deleted table answers %d", rec.Code)
	}
}

// A receiver sees a subject's newer records, has a report made and reads it, while the grant stands; an organ by law.
func TestAuthorisedAndOrgansQueries(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	key, _ := showcase()
	bank, clerk := visit(t, w, "receiver"), visit(t, w, ecologyClerk)
	ask := func() *httptest.ResponseRecorder {
		return bank.post("/authorised", url.Values{"subject": {string(key)}, "purpose": {loan}, "edition": {"general"}})
	}
	if rec := ask(); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "有效授权") {
		t.Errorf("without a grant: %d", rec.Code)
	}
	g := allow(t, w, key, 2)
	d := issueFor(t, w, report.Request{Key: key, Edition: "general", Purpose: loan})
	fact(t, w, key, "岚港环罚〔2026〕903号")
	location := bank.drop("/receive", url.Values{"newer": {"1"}, "purpose": {loan}}, dropFile{"a.json", d.Envelope}).Header().Get("Location")
	if b := tableOf(t, w, location); b.Rows[0].Newer != "出具后新增1条记录" || b.Rows[0].Status != "changed" {
		t.Errorf("%+v", b.Rows)
	}
	made := ask().Header().Get("Location")
	for _, path := range []string{made, made + "/paper", made + "/data", "/api/v1/authorised-reports/" + made[strings.LastIndex(made, "/")+1:] + "/data",
		"/api/v1/authorised-reports/" + made[strings.LastIndex(made, "/")+1:] + "/paper"} {
		if rec := bank.get(path); rec.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, rec.Code)
		}
	}
	if rec := ask(); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), consent.ErrUsedUp.Error()) {
		t.Errorf("used up: %d", rec.Code)
	}
	if err := w.DB.Tx(t.Context(), func(tx *store.Tx) error { return w.Consent.Withdraw(tx, key, g.ID) }); err != nil {
		t.Fatal(err)
	}
	if rec := bank.get(made); rec.Code != http.StatusForbidden || !strings.Contains(rec.Body.String(), consent.ErrWithdrawn.Error()) {
		t.Errorf("after the withdrawal: %d", rec.Code)
	}
	request := url.Values{"code": {key.Code()}, "purpose": {"inspection"}, "reason": {"双随机检查"}}
	if rec := clerk.post("/organ-requests", request); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "不得要求提供信用报告") {
		t.Errorf("where no certificate was needed: %d", rec.Code)
	}
	request.Set("purpose", "licence")
	asked := clerk.post("/organ-requests", request).Header().Get("Location")
	if rec := clerk.get(asked); rec.Code != http.StatusOK {
		t.Errorf("the organ's report answers %d", rec.Code)
	}
	if rec := visit(t, w, "clerk-transport").get(asked); rec.Code != http.StatusNotFound {
		t.Errorf("another organ reads it: %d", rec.Code)
	}
	if body := visit(t, w, "enterprise").get("/access").Body.String(); !strings.Contains(body, "理由：双随机检查") || !strings.Contains(body, "查询报告出具后的新增情况") {
		t.Error("the subject does not see who asked and why")
	}
	request.Set("code", "91000000MA00000000")
	if rec := clerk.post("/organ-requests", request); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "没有查到该主体") {
		t.Errorf("nobody: %d", rec.Code)
	}
}

// useReceivers does what receivers and live codes do, so that their statements are used.
func useReceivers(t *testing.T, w *app.Web) {
	t.Helper()
	key, _ := showcase()
	d := issueFor(t, w, report.Request{Key: key, Edition: "administration", Purpose: loan})
	allow(t, w, key, 9)
	bank := visit(t, w, "receiver")
	bank.post("/receive/hook", url.Values{"address": {"http://127.0.0.1:1/"}})
	table := bank.drop("/receive", url.Values{"newer": {"1"}, "purpose": {loan}}, dropFile{"a.json", d.Envelope}).Header().Get("Location")
	made := bank.post("/authorised", url.Values{"subject": {string(key)}, "purpose": {loan}, "edition": {"general"}}).Header().Get("Location")
	annul(t, w, d)
	send(t, w)
	bank.post("/receive/changes/"+d.Content.Number+"/again", url.Values{})
	for _, path := range []string{"/receive", table, "/receive/changes", "/authorised", made, "/c/" + shown(t, visit(t, w, "enterprise"), "counts", "1")} {
		if rec := bank.get(path); rec.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, rec.Code)
		}
	}
	bank.drop("/receive", url.Values{"save": {"模板"}}, dropFile{"a.json", d.Envelope})
	for _, path := range []string{"/receive?profile=" + url.QueryEscape("模板"), "/authorised?tab=over"} {
		if rec := bank.get(path); rec.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, rec.Code)
		}
	}
	bank.post("/authorised/search", url.Values{"q": {key.Code()}})
	bank.post("/receive/profiles/delete", url.Values{"name": {"模板"}})
	bank.post(table+"/delete", url.Values{})
	bank.post("/receive/hook/delete", url.Values{})
	_, err := w.Receive.Purge(t.Context())
	centre := visit(t, w, centreLogin)
	for _, path := range []string{"/outbox", "/outbox?tab=waiting"} {
		if rec := centre.get(path); rec.Code != http.StatusOK {
			t.Errorf("%s answers %d", path, rec.Code)
		}
	}
	centre.post("/outbox/target", url.Values{"target": {"webhook:none"}})
	if _, ferr := w.Outbox.Forget(t.Context()); ferr != nil {
		t.Error(ferr)
	}
	if _, lerr := w.Livecode.Purge(t.Context()); errors.Join(err, lerr) != nil {
		t.Error(err, lerr)
	}
}
