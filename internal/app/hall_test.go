package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/audit"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/hall"
)

var visitAt = regexp.MustCompile(`/hall/visit/[a-z0-9]{20}`)

// walkInID is an identity number of an area that does not exist.
const walkInID = "00000019900101123X"

func walkIn(change ...string) url.Values {
	f := url.Values{"name": {"演示甲子"}, "document": {"resident"}, "number": {walkInID}, "capacity": {"legal"}, "checked": {"eye"}, "purpose": {"tender"}}
	for i := 0; i < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

// showcaseFirm is the firm that the demo's first account acts for.
func showcaseFirm() (credit.Key, string) {
	p := demo.Default()
	s := p.ShowcaseSubjects()[0].Subject
	return s.Key, s.Name
}

func signature() string {
	m := image.NewNRGBA(image.Rect(0, 0, 300, 120))
	for i := range 600 {
		m.Set(i%300, i/300, color.NRGBA{A: 255})
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}

// begun starts a service for the showcase firm and notes the person; it returns the page's address.
func begun(t *testing.T, clerk visitor, key credit.Key) string {
	t.Helper()
	a := clerk.post("/hall", url.Values{"q": {string(key)}})
	at := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !visitAt.MatchString(at) {
		t.Fatalf("finding a subject answers %d to %q", a.Code, at)
	}
	if a := clerk.post(at+"/person", walkIn()); a.Code != http.StatusSeeOther || a.Header().Get("Location") != at {
		t.Fatalf("the person: status %d: %.500s", a.Code, a.Body)
	}
	return at
}

// The hall from end to end, on one province: making it takes longest.
func TestTheHall(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	for _, c := range []struct {
		name string
		test func(*testing.T, *app.Web)
	}{
		{"a walk-in gets a report at the window", aWalkInGetsAReportAtTheWindow},
		{"a paper that was signed", aPaperThatWasSigned},
		{"an agent's authority is kept", anAgentsAuthorityIsKept},
		{"a report is printed again at the window", aReportIsPrintedAgain},
		{"a kiosk that nobody touched for long", aKioskThatNobodyTouched},
		{"every card of the demo", everyCardOfTheDemo},
		{"the subject sees by which way and as what", theSubjectSeesTheWay},
		{"another clerk's service is not shown", anotherClerksServiceIsNotShown},
		{"numbers typed at the window are not shown again", numbersTypedAtTheWindowAreNotShownAgain},
		{"an app opens the report by ticket", anAppOpensTheReportByTicket},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, w) })
	}
}

// A walk-in without an account gets a report on a pad's signature; the subject sees who did it, the auditor who stood there, and the
// page afterwards knows nothing of it.
func aWalkInGetsAReportAtTheWindow(t *testing.T, w *app.Web) {
	key, name := showcaseFirm()
	clerk := visit(t, w, "window")
	at := begun(t, clerk, key)
	sign := clerk.get(at)
	if body := sign.Body.String(); !strings.Contains(body, name+"授权") || strings.Contains(body, walkInID) || strings.Contains(body, "甲子") || sign.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the page to sign is %.2000s", body)
	}
	if a := clerk.post(at+"/pad", url.Values{"drawing": {signature()}}); a.Code != http.StatusSeeOther || a.Header().Get("Location") != at {
		t.Fatalf("signing answers %d: %.500s", a.Code, a.Body)
	}
	number := regexp.MustCompile(`\d{14}[A-Z0-9]{8}`).FindString(clerk.get(at).Body.String())
	if number == "" {
		t.Fatal("no report is shown")
	}
	paper := clerk.get(at + "/report")
	if !bytes.HasPrefix(paper.Body.Bytes(), []byte("%PDF-")) || paper.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the paper answers %d", paper.Code)
	}
	done := clerk.post(at+"/close", url.Values{})
	fresh := clerk.get(done.Header().Get("Location"))
	if body := fresh.Body.String(); strings.Contains(body, name) || strings.Contains(body, number) || strings.Contains(body, "甲子") || fresh.Header().Get("Cache-Control") != "no-store" {
		t.Error("the last walk-in is still on the page")
	}
	for _, path := range []string{at, at + "/report"} {
		if a := clerk.get(path); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/hall" {
			t.Errorf("%s after the end answers %d", path, a.Code)
		}
	}
	log := visit(t, w, "auditor").get("/hall/log").Body.String()
	for _, s := range []string{name, number, "演＊＊＊", "000*************3X", "法定代表人", "屏上签名"} {
		if !strings.Contains(log, s) {
			t.Errorf("the auditor does not see %q", s)
		}
	}
	if strings.Contains(log, walkInID) || strings.Contains(log, "甲子") {
		t.Error("the auditor's page shows who it was in clear")
	}
	if got := channelsOf(t, w, key, "window"); got != "download,issue,search" {
		t.Errorf("the subject's access log has %q", got)
	}
	if !strings.Contains(visit(t, w, "enterprise").get("/access").Body.String(), number) {
		t.Error("the subject does not see the report in its access log")
	}
}

func channelsOf(t *testing.T, w *app.Web, key credit.Key, channel string) string {
	t.Helper()
	entries, _, err := audit.BySubject(context.Background(), w.DB, key, audit.Cursor{}, 50)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		if e.Actor.Channel == channel {
			all = append(all, string(e.Action))
		}
	}
	return strings.Join(all, ",")
}

// attach sends a signed paper, as the form without a script does.
func (v visitor) attach(target string, file []byte) *httptest.ResponseRecorder {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("_idempotency", rand.Text()) // a buffer takes everything
	if file != nil {
		part, _ := m.CreateFormFile("paper", "scan.jpg")
		_, _ = part.Write(file)
	}
	_ = m.Close()
	return v.send(http.MethodPost, target, m.FormDataContentType(), &b)
}

func aPaperThatWasSigned(t *testing.T, w *app.Web) {
	key, _ := showcaseFirm()
	clerk := visit(t, w, "window")
	at := begun(t, clerk, key)
	for name, file := range map[string][]byte{"nothing": nil, "empty": {}, "a web page": []byte("<html><script>alert(1)</script>"), "a program": []byte("\x7fELF0000")} {
		if a := clerk.attach(at+"/paper", file); a.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, a.Code)
		}
	}
	if a := clerk.attach(at+"/paper", append([]byte("%PDF-1.4"), make([]byte, 10<<20)...)); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "文件超过8MB") {
		t.Errorf("ten megabytes: status %d", a.Code)
	}
	if a := clerk.attach(at+"/paper", append([]byte("%PDF-1.4"), make([]byte, 20<<20)...)); a.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("twenty megabytes: status %d", a.Code)
	}
	scan := []byte("%PDF-1.4 signed on paper")
	if a := clerk.attach(at+"/paper", scan); a.Code != http.StatusSeeOther {
		t.Fatalf("a scan: status %d: %.500s", a.Code, a.Body)
	}
	kept := visit(t, w, "auditor").get(strings.Replace(at, "/visit/", "/log/", 1) + "/paper")
	if !bytes.Equal(kept.Body.Bytes(), scan) || kept.Header().Get("Content-Disposition") != "attachment" {
		t.Errorf("the auditor gets %d: %.80q", kept.Code, kept.Body)
	}
}

func anotherClerksServiceIsNotShown(t *testing.T, w *app.Web) {
	key, name := showcaseFirm()
	at := begun(t, visit(t, w, "window"), key)
	if _, err := w.Accounts.Create(context.Background(), account.Account{Login: "window2", Name: "二号窗口", Roles: []account.Role{account.Window}}, app.DemoPassword); err != nil {
		t.Fatal(err)
	}
	other := visit(t, w, "window2")
	if a := other.get(at); a.Header().Get("Location") != "/hall" {
		t.Errorf("another clerk is answered %d", a.Code)
	}
	if a := other.post(at+"/pad", url.Values{"drawing": {signature()}}); a.Header().Get("Location") != "/hall" {
		t.Errorf("another clerk signs: %d", a.Code)
	}
	if body := other.get("/hall/today").Body.String(); strings.Contains(body, name) {
		t.Error("another clerk's day lists it")
	}
	own := visit(t, w, "window").get("/hall/today").Body.String()
	if menu := own[:strings.Index(own, "<main")]; strings.Count(menu, `aria-current="page"`) != 1 {
		t.Error("the menu does not say where one is, or says it twice")
	}
	if !strings.Contains(own, name) {
		t.Error("the clerk's own day does not")
	}
}

// What is typed wrong is said beside its field, and no number that was typed is shown or logged.
func numbersTypedAtTheWindowAreNotShownAgain(t *testing.T, w *app.Web) {
	key, _ := showcaseFirm()
	clerk := visit(t, w, "window")
	if a := clerk.post("/hall", url.Values{"q": {walkInID}}); a.Code != http.StatusUnprocessableEntity || strings.Contains(a.Body.String(), walkInID) {
		t.Errorf("an unknown person: status %d", a.Code)
	}
	if a := clerk.post("/hall", url.Values{"q": {"演示甲子"}}); a.Code != http.StatusUnprocessableEntity {
		t.Errorf("a person by name: status %d", a.Code)
	}
	at := begun(t, clerk, key)
	a := clerk.post(at+"/person", walkIn("capacity", "agent"))
	if body := a.Body.String(); a.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "经办人须出示授权委托书") || strings.Contains(body, walkInID) {
		t.Errorf("an agent without authority: status %d", a.Code)
	}
}

// ticket asks for a ticket as the app's backend does.
func ticket(t *testing.T, w *app.Web, secret string, body map[string]string) (status int, start string) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/api/v1/embed/tickets", bytes.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "the-same-each-time")
	r.Header.Set("Xinban-App", secret)
	rec := httptest.NewRecorder()
	w.Server.Handler().ServeHTTP(rec, r)
	var got struct {
		Start string `json:"start"`
	}
	_ = json.Unmarshal(rec.Body.Bytes(), &got) // a refusal has no ticket
	return rec.Code, got.Start
}

func anAppOpensTheReportByTicket(t *testing.T, w *app.Web) {
	key, name := showcaseFirm()
	secret, err := w.Hall.Register(context.Background(), &hall.App{Name: "掌上岚海", Origins: []string{"https://app.example", "https://other.example"}})
	if err != nil {
		t.Fatal(err)
	}
	status, start := ticket(t, w, secret, map[string]string{"code": key.Code()})
	if status != http.StatusCreated || !strings.HasPrefix(start, "/embed/start?ticket=") {
		t.Fatalf("status %d, %q", status, start)
	}
	if _, again := ticket(t, w, secret, map[string]string{"code": key.Code()}); again == start {
		t.Error("a ticket is given twice")
	}
	if status, _ := ticket(t, w, secret+"x", map[string]string{"code": key.Code()}); status != http.StatusUnauthorized {
		t.Errorf("a wrong secret gets %d", status)
	}
	for name, body := range map[string]map[string]string{"nobody": {}, "both": {"code": key.Code(), "person": walkInID}, "unknown": {"code": "91000000MA0000001R"}, "a person unknown": {"person": walkInID}} {
		if status, _ := ticket(t, w, secret, body); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, status)
		}
	}
	anybody := visit(t, w, "")
	a := anybody.get(start)
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/embed" {
		t.Fatalf("the ticket answers %d", a.Code)
	}
	session := a.Result().Cookies()[0]
	if session.Path != "/embed" || !session.HttpOnly {
		t.Errorf("the cookie is %+v", session)
	}
	ask := func(method, path, form string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(session)
		rec := httptest.NewRecorder()
		w.Server.Handler().ServeHTTP(rec, r)
		return rec
	}
	home := ask("GET", "/embed", "")
	if body := home.Body.String(); !strings.Contains(body, name) || strings.Contains(body, "site-header") {
		t.Errorf("the page in the app: %.600s", body)
	}
	if h := home.Header(); h.Get("X-Frame-Options") != "" || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors https://app.example https://other.example") {
		t.Errorf("headers: %v", h)
	}
	asked := ask("POST", "/embed/reports", "_idempotency="+rand.Text()+"&purpose=loan")
	if body := asked.Body.String(); asked.Code != http.StatusOK || !strings.Contains(body, name+"授权掌上岚海") || !strings.Contains(body, "同意并出具") {
		t.Fatalf("before the consent: %d %.600s", asked.Code, body)
	}
	if got := channelsOf(t, w, key, string(audit.Embedded)); strings.Contains(got, "issue") {
		t.Errorf("issued before the consent: %s", got)
	}
	made := ask("POST", "/embed/reports", "_idempotency="+rand.Text()+"&purpose=loan&agree=yes")
	if made.Code != http.StatusSeeOther {
		t.Fatalf("issuing answers %d: %.300s", made.Code, made.Body)
	}
	if body := ask("GET", made.Header().Get("Location"), "").Body.String(); !strings.Contains(body, name) {
		t.Error("the report is not shown")
	}
	if paper := ask("GET", made.Header().Get("Location")+"/paper", ""); !bytes.HasPrefix(paper.Body.Bytes(), []byte("%PDF-")) {
		t.Errorf("the paper answers %d", paper.Code)
	}
	if got := channelsOf(t, w, key, string(audit.Embedded)); !strings.HasPrefix(got, "download,") || !strings.Contains(got, "allow") || !strings.Contains(got, "issue") {
		t.Errorf("the access log has %q", got)
	}
	// it opens nothing else, and nothing of another subject
	if a := ask("GET", "/reports", ""); a.Code != http.StatusUnauthorized {
		t.Errorf("the workbench answers an app's session %d", a.Code)
	}
	_, second := showcase()
	for what, of := range map[string]credit.Key{"another's report": second, "a report made elsewhere": key} {
		other := generalReport(t, w, of)
		if a := ask("GET", "/embed/reports/"+other.Content.Number, ""); a.Code != http.StatusNotFound || !strings.Contains(a.Body.String(), "不是在本应用中出具的") {
			t.Errorf("%s answers %d", what, a.Code)
		}
	}
	for what, path := range map[string]string{"used": start, "tampered": start[:len(start)-1] + "!", "none": "/embed/start"} {
		a := anybody.get(path)
		if a.Code != http.StatusForbidden || !strings.Contains(a.Body.String(), "进入凭证无效") || a.Header().Get("X-Frame-Options") != "DENY" {
			t.Errorf("a ticket that is %s answers %d", what, a.Code)
		}
	}
	if a := ask("POST", "/embed/end", "_idempotency="+rand.Text()); a.Code != http.StatusOK {
		t.Errorf("leaving answers %d", a.Code)
	}
	if a := ask("GET", "/embed", ""); a.Code != http.StatusForbidden || a.Header().Get("X-Frame-Options") != "DENY" {
		t.Errorf("after leaving: %d", a.Code)
	}
}

// An agent signs as an agent, and the authorisation is kept beside the signature; without it nothing is signed.
func anAgentsAuthorityIsKept(t *testing.T, w *app.Web) {
	key, _ := showcaseFirm()
	clerk := visit(t, w, "window")
	at := clerk.post("/hall", url.Values{"q": {string(key)}}).Header().Get("Location")
	clerk.post(at+"/person", walkIn("capacity", "agent", "authorised", "yes"))
	if body := clerk.get(at).Body.String(); !strings.Contains(body, "签署人：受委托的经办人演＊＊＊") || strings.Count(body, `name="authority"`) != 2 {
		t.Errorf("the words to sign: %.3000s", body)
	}
	if a := clerk.post(at+"/pad", url.Values{"drawing": {signature()}}); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "经办人须留存授权委托书") {
		t.Errorf("signed without an authorisation: %d", a.Code)
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("_idempotency", rand.Text()) // a buffer takes everything
	_ = m.WriteField("drawing", signature())
	part, _ := m.CreateFormFile("authority", "a.pdf")
	paper := []byte("%PDF-1.4 authority")
	_, _ = part.Write(paper)
	_ = m.Close()
	if a := clerk.send(http.MethodPost, at+"/pad", m.FormDataContentType(), &b); a.Code != http.StatusSeeOther {
		t.Fatalf("signed with it: %d %.500s", a.Code, a.Body)
	}
	kept := visit(t, w, "auditor").get(strings.Replace(at, "/visit/", "/log/", 1) + "/authority")
	if !bytes.Equal(kept.Body.Bytes(), paper) {
		t.Errorf("the auditor gets %d: %.80q", kept.Code, kept.Body)
	}
}

// A report of before, also of a kiosk whose printer failed, is printed by number and code once it is noted who takes it.
func aReportIsPrintedAgain(t *testing.T, w *app.Web) {
	key, _ := showcaseFirm()
	clerk := visit(t, w, "window")
	doc := generalReport(t, w, key)
	number := doc.Content.Number
	for name, code := range map[string]string{"a wrong code": "AAAAAAAA", "no code": ""} {
		if a := clerk.post("/hall/reprint", url.Values{"number": {number}, "code": {code}}); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "编号或者验证码不对") {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	a := clerk.post("/hall/reprint", url.Values{"number": {number}, "code": {strings.ToLower(doc.Content.Code)}})
	at := a.Header().Get("Location")
	if !visitAt.MatchString(at) {
		t.Fatalf("number and code answer %d: %.500s", a.Code, a.Body)
	}
	if a := clerk.get(at + "/report"); a.Code != http.StatusSeeOther {
		t.Errorf("printed before it is known for whom: %d", a.Code)
	}
	if a := clerk.post(at+"/person", walkIn()); a.Code != http.StatusSeeOther {
		t.Fatalf("the person: %d %.800s", a.Code, a.Body)
	}
	if body := clerk.get(at + "?paper=1").Body.String(); !strings.Contains(body, number) || !strings.Contains(body, "<iframe") {
		t.Errorf("the report is not shown: %.500s", body)
	}
	paper := clerk.get(at + "/report")
	if !bytes.HasPrefix(paper.Body.Bytes(), []byte("%PDF-")) || paper.Header().Get("X-Frame-Options") != "SAMEORIGIN" || !strings.Contains(paper.Header().Get("Content-Security-Policy"), "frame-ancestors 'self'") {
		t.Errorf("the paper answers %d, %v", paper.Code, paper.Header())
	}
	clerk.post(at+"/close", url.Values{})
	if body := clerk.get("/hall/today").Body.String(); !strings.Contains(body, "补打报告") {
		t.Error("the day's list does not say that it was printed again")
	}
}

// A kiosk stays signed in when nobody comes for long; when its session is over it says so, and leads nowhere.
func aKioskThatNobodyTouched(t *testing.T, w *app.Web) {
	nobody := visit(t, w, "")
	for _, path := range []string{"/kiosk", "/kiosk/card"} {
		a := nobody.get(path)
		if body := a.Body.String(); a.Code != http.StatusUnauthorized || !strings.Contains(body, "本机暂停服务") || strings.Contains(body, "site-header") {
			t.Errorf("%s without a session answers %d: %.300s", path, a.Code, body)
		}
	}
	if a := nobody.post("/kiosk/card", url.Values{}); a.Code != http.StatusUnauthorized || !strings.Contains(a.Body.String(), "本机暂停服务") {
		t.Errorf("a touch without a session answers %d", a.Code)
	}
	if a := visit(t, w, "window").get("/kiosk"); a.Code != http.StatusForbidden {
		t.Errorf("a window's account is answered %d", a.Code)
	}
}

// The subject's log tells by which way it was, and as what somebody came.
func theSubjectSeesTheWay(t *testing.T, w *app.Web) {
	key, _ := showcaseFirm()
	clerk := visit(t, w, "window")
	at := begun(t, clerk, key)
	clerk.post(at+"/pad", url.Values{"drawing": {signature()}})
	machine := visit(t, w, "kiosk")
	machine.post("/kiosk/card", url.Values{"lay": {"licence"}})
	machine.post("/kiosk/purpose", url.Values{"purpose": {"loan"}})
	machine.post("/kiosk/consent", url.Values{})
	log := visit(t, w, "enterprise").get("/access").Body.String()
	for _, s := range []string{"渠道", "，办事人：法定代表人（负责人）演＊＊＊", "，办事人：持照人（未核验身份）", ">自助机<"} {
		if !strings.Contains(log, s) {
			t.Errorf("the subject does not see %q", s)
		}
	}
	if body := visit(t, w, "auditor").get("/audit?subject=" + url.QueryEscape(string(key))).Body.String(); !strings.Contains(body, ">自助机<") || !strings.Contains(body, "渠道") {
		t.Error("the auditor does not see the way")
	}
}

// Each card that the demo can lay leads where its name says.
func everyCardOfTheDemo(t *testing.T, w *app.Web) {
	machine := visit(t, w, "kiosk")
	for card, says := range map[string]string{"licence": "", "licence2": "", "elicence": "", "stranger": "没有查到登记或者归集信息", "garbage": "证件读不出来", "fails": "读卡器有故障"} {
		a := machine.post("/kiosk/card", url.Values{"lay": {card}})
		switch {
		case says == "" && (a.Code != http.StatusSeeOther || !strings.Contains(machine.get("/kiosk").Body.String(), "报告用来做什么")):
			t.Errorf("%s: %d %s", card, a.Code, text(a))
		case says != "" && !strings.Contains(a.Body.String(), says):
			t.Errorf("%s does not say %s: %d", card, says, a.Code)
		}
		machine.post("/kiosk/end", url.Values{})
	}
	machine.post("/kiosk/card", url.Values{"lay": {"licence"}})
	if a := machine.post("/kiosk/purpose", url.Values{"purpose": {"listing"}}); !strings.Contains(a.Body.String(), "请再放身份证") {
		t.Errorf("the listing edition by a licence alone: %d", a.Code)
	}
	if a := machine.post("/kiosk/identity", url.Values{"purpose": {"listing"}, "lay": {"licence"}}); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "证件读不出来") {
		t.Errorf("the licence for an identity card: %d", a.Code)
	}
	if a := machine.post("/kiosk/identity", url.Values{"purpose": {"listing"}, "lay": {"person"}}); a.Code != http.StatusSeeOther || !strings.Contains(machine.get("/kiosk").Body.String(), "持照人（已读取身份证）") {
		t.Errorf("the identity card: %d %.500s", a.Code, a.Body)
	}
	machine.post("/kiosk/end", url.Values{})
}
