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
	"strings"
	"testing"

	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/demo"
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
func firms(t *testing.T, w *app.Web, n int) (keys []credit.Key) {
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
		if r.Verdict == "problem" {
			t.Errorf("row %d: %+v", r.No, r)
		}
	}
	body := bank.get(rec.Header().Get("Location")).Body.String()
	for _, want := range []string{"改动过", "已作废", "不足所需的3年", "真实、有效、满足需要"} {
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

// The pages of a receiver and of an organ that asks, empty, full and refusing, at both widths.
func TestPagesOfReceiversInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a browser and half a minute")
	}
	w := setup(t, 200)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	files, withdrawn := sixty(t, w)
	bank := visit(t, w, "receiver")
	table := bank.drop("/receive", url.Values{"years": {"3"}, "days": {"30"}, "purpose": {loan}}, files...).Header().Get("Location")
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
