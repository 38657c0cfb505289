package app_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-rod/rod"
	"github.com/goccy/go-yaml"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/consent"
	"xinban/internal/credit"
	"xinban/internal/hall"
	"xinban/internal/intake"
	"xinban/internal/law"
	"xinban/internal/outbox"
	"xinban/internal/report"
	"xinban/internal/web/webtest"
)

var screens = flag.String("screens", "", "folder, from the repository's root, for a picture of each page")

// screenList is testdata/screens.yaml.
type screenList struct {
	Pages []struct {
		Role, Path, Name string
		English          bool // the page is asked for in English
	}
	Steps []struct{ Path, Name string } // at the end of some steps, looked at by tests of their own
	Files []string
}

func readScreens(t *testing.T) screenList {
	t.Helper()
	text, err := os.ReadFile("testdata/screens.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list screenList
	if err := yaml.UnmarshalWithOptions(text, &list, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return list
}

// What is asked of the pages of the list is asked of each that any test here opens.
func TestMain(m *testing.M) {
	webtest.Prepare = func(t *testing.T, b *webtest.Browser) {
		b.Height, b.Also = 2400, judgeText
		if *screens == "" {
			return
		}
		listed := pictures(readScreens(t))
		b.Keep(filepath.Join("..", "..", *screens), func(name string) bool { return listed[name] })
	}
	os.Exit(m.Run())
}

// pictures are the names of all that docs/screens shows.
func pictures(list screenList) map[string]bool {
	names := map[string]bool{}
	for _, p := range list.Pages {
		names[p.Name] = true
	}
	for _, p := range list.Steps {
		names[p.Name] = true
	}
	return names
}

// Each page that a person sees, at a desk's and a phone's width: nothing wider than the screen, no fault of
// accessibility, no word of the program's own, no time in UTC, and amounts in yuan. With -screens the pictures
// are kept.
func TestScreens(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a browser and minutes")
	}
	w := setup(t, 300)
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	fill := screenWords(t, w)
	for role, pages := range byRole(readScreens(t)) {
		b := webtest.Open(t, server.URL)
		if v := visit(t, w, role); v.session != "" {
			b.SignIn(t, v.session)
		}
		for _, p := range pages {
			t.Run(p.Name, func(t *testing.T) {
				b.Look(t, p.Name, fill.Replace(p.Path))
			})
			if p.English {
				b.Set(t, "lang", "zh-CN")
			}
		}
	}
}

type screenPage = struct {
	Role, Path, Name string
	English          bool
}

func byRole(list screenList) map[string][]screenPage {
	all := map[string][]screenPage{}
	for _, p := range list.Pages {
		all[p.Role] = append(all[p.Role], p)
	}
	return all
}

// screenWords are what stands in braces in the paths.
func screenWords(t *testing.T, w *app.Web) *strings.Replacer {
	t.Helper()
	key, _ := showcase()
	withdrawn := withdraw(t, w, key)
	valid, general := issued(t, w, key), generalReport(t, w, key)
	roll(t, w)
	as(t, w, "operator").get("/subjects/" + string(key)) // an entry of the log
	c := as(t, w, ecologyClerk)
	feed := feedOf(t, w, "lanhai-ecology")
	load := c.loaded(c.upload(feed, "二〇二六年五月行政处罚信息报送数据.csv", csvOf(map[string]string{"处罚决定日期": "2022-09-31", "罚款金额（万元）": "贰万"})))
	c.loaded(c.post("/intake/entry/"+feed+"/send", decision(nil)))
	found := c.post("/intake/records", url.Values{"q": {uscc("91000000MA9XXX01")}})
	record := regexp.MustCompile(`href="(/intake/record/[^"]*)"`).FindStringSubmatch(found.Body.String())
	items, err := w.Intake.OpenItems(t.Context(), intake.Attachment, 0, "", 1)
	if err != nil || len(items) == 0 || record == nil {
		t.Fatalf("no question or no record in the demo: %v", err)
	}
	entry := publicEntry(t, w)
	penalty := portPenalty(t, w, key)
	asked := visit(t, w, "enterprise").post("/statements", url.Values{"subject": {string(key)}, "matter": {penalty}}).Header().Get("Location")
	statement, _, _ := strings.Cut(asked, "?")
	filed := visit(t, w, "enterprise").post("/objections", url.Values{"subject": {string(key)}, "matter": {penalty}, "ground": {"content"},
		"reasons": {"罚款金额与决定书不一致"}}).Header().Get("Location")
	objection, _, _ := strings.Cut(filed, "?")
	_, other := showcase()
	visit(t, w, "enterprise").post("/mandates/requests", url.Values{"subject": {string(other)}, "scope": {"ask"}, "purpose": {"上市"}, "why": {"集团上市申报"},
		"until": {credit.DateOf(w.Now()).AddDays(90).String()}})
	request := requestLink.FindString(visit(t, w, "enterprise2").get("/mandates/requests").Body.String())
	if statement == "" || objection == "" || request == "" {
		t.Fatalf("no statement %q, objection %q or request %q was asked for", statement, objection, request)
	}
	repair, item := askRepair(t, w, key)
	return strings.NewReplacer("{repair}", repair, "{repair-item}", item, "{valid}", valid.Content.Number, "{valid-code}", valid.Content.Code, "{general}", general.Content.Number,
		"{withdrawn}", withdrawn.Content.Number, "{withdrawn-code}", withdrawn.Content.Code, "{subject}", string(key), "{matter}", valid.Content.Records[0].Matter,
		"{public}", entry[strings.LastIndex(entry, "/")+1:], "{load}", fmt.Sprint(load.ID), "{feed}", feed, "{record}", record[1],
		"{penalty}", penalty, "{statement}", statement, "{objection}", objection, "{request}", request, "{question}", "attachment/"+url.PathEscape(string(items[0].Subject))+"/"+items[0].ID, "{ruleset}", setInForce(t, w, "O36").Digest)
}

// pageText is what a page says in Chinese to people, without what is code on purpose, and every text that is an
// amount and nothing else.
const pageText = `() => {
	const body = document.body.cloneNode(true);
	if (document.documentElement.lang.startsWith("en")) return "[]";
	body.querySelectorAll("script, style, pre, code, .mono, [lang=en], input, textarea, .chart-box, details.role-menu").forEach((e) => e.remove());
	const texts = [], walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) texts.push(walk.currentNode.textContent.trim());
	return JSON.stringify(texts.filter((s) => s));
}`

// enumWords are the program's own words, which mean nothing to people.
func enumWords() []string {
	words := []string{"unknown", "no_data", "pending", "true", "false", "null", "undefined", "NaN"}
	for _, k := range credit.Kinds() {
		words = append(words, k.String())
	}
	for _, k := range credit.PenaltyKinds(0xFFFF).List() {
		words = append(words, k.String())
	}
	for _, c := range []law.Class{law.Minor, law.General, law.Serious} {
		words = append(words, c.String())
	}
	for _, s := range []report.State{report.None, report.Found, report.Late, report.NoData} {
		words = append(words, string(s))
	}
	for _, s := range []report.Status{report.Valid, report.Changed, report.Replaced, report.Withdrawn, report.Unknown} {
		words = append(words, string(s))
	}
	for _, s := range []intake.State{intake.Running, intake.Done, intake.Failed} {
		words = append(words, string(s))
	}
	for _, r := range account.Roles() {
		words = append(words, string(r))
	}
	for _, s := range []outbox.State{outbox.Waiting, outbox.Sent, outbox.Refused} {
		words = append(words, string(s))
	}
	for _, s := range []hall.State{hall.Open, hall.Known, hall.Signed, hall.Issued, hall.Closed} {
		words = append(words, string(s))
	}
	for _, s := range []hall.Capacity{hall.Legal, hall.Agent, hall.Self} {
		words = append(words, string(s))
	}
	for _, m := range []consent.Method{consent.ByPassword, consent.OnPaper, consent.OnPad} {
		words = append(words, string(m))
	}
	words = append(words, "asked", "answered", "refused", "major", "not_major", "undecided", "looked", "ending", "repairable", "embed", "kiosk", "window", "group", "livecode", "read", "ask")
	return append(words, "incomplete", "administration", "listing", "accepted", "amended", "unchanged", "quarantined", "conflict", "law", "assumed", "page", "api", "command")
}

var (
	enumWord  = regexp.MustCompile(`(?:^|[^A-Za-z0-9@._/-])(` + strings.Join(enumWords(), "|") + `)(?:$|[^A-Za-z0-9._/-])`)
	rawKey    = regexp.MustCompile(`⟦|(?:^|\s)[a-z]+(\.[a-z-]+){2,}(?:\s|$)`)
	utcTime   = regexp.MustCompile(`\d\d-\d\dT\d\d:\d\d|\bUTC\b|\bGMT\b|\d\d:\d\dZ|2026-05-18 0[0-6]:`)
	amount    = regexp.MustCompile(`^-?[\d,]*\d(\.\d+)?\s*(万?元)$`)
	inYuan    = regexp.MustCompile(`^-?\d{1,3}(,\d{3})*\.\d\d ?元$`)
	notALogin = regexp.MustCompile(`^(enterprise2?|centre|operator|auditor|receiver|window|kiosk|clerk-[a-z]+)$`)
)

// judgeText finds what no person should read. The demo's clock begins at noon in Shanghai, so that what
// happens in the test and is shown before seven is in UTC.
func judgeText(t *testing.T, where string, p *rod.Page) {
	t.Helper()
	got, err := p.Eval(pageText)
	if err != nil {
		t.Fatalf("%s: reading: %v", where, err)
	}
	var texts []string
	if err := json.Unmarshal([]byte(got.Value.Str()), &texts); err != nil {
		t.Fatalf("%s: reading: %v", where, err)
	}
	for _, fault := range faults(texts) {
		t.Errorf("%s: %s", where, fault)
	}
}

func faults(texts []string) (list []string) {
	for _, s := range texts {
		if m := enumWord.FindStringSubmatch(s); m != nil && !notALogin.MatchString(s) {
			list = append(list, fmt.Sprintf("the program's word %q in %q", m[1], s))
		}
		if m := rawKey.FindString(s); m != "" {
			list = append(list, fmt.Sprintf("a raw key in %q", s))
		}
		if m := utcTime.FindString(s); m != "" {
			list = append(list, fmt.Sprintf("a time in UTC: %q", s))
		}
		if amount.MatchString(s) && !inYuan.MatchString(s) {
			list = append(list, fmt.Sprintf("an amount that is not in yuan with two decimals: %q", s))
		}
	}
	return list
}

// The judge itself must see each kind of fault, and let pass what is right.
func TestTheJudgeOfScreensSeesFaults(t *testing.T) {
	t.Parallel()
	for s, fault := range map[string]bool{
		"状态：withdrawn": true, "serious_list": true, "处罚 penalty 一条": true, "no_data": true, "⟦report.x⟧": true, "report.status.valid": true,
		"2026-05-18T12:00:00Z": true, "2026-05-18 04:00": true, "12:00 UTC": true, "2 万元": true, "20000 元": true, "20,000 元": true, "2万元": true,
		"20,000.00 元": false, "20,000.00元": false, "0.00 元": false, "2026-05-18 12:00": false, "已作废": false, "enterprise": false, "SD-2023": false, "罚款2万元，没收违法所得": false,
		"penalty.xlsx": false, "CSV、XLSX": false, "https://example.com/listing": false, "2025-11-20 04:00": false,
	} {
		if got := faults([]string{s}); (len(got) > 0) != fault {
			t.Errorf("%q: %v, fault %v", s, got, fault)
		}
	}
}

// Every page of the program is on the list of screens: a route that is added later is missed here.
func TestEveryPageIsOnTheListOfScreens(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	list := readScreens(t)
	seen, names := map[string]bool{}, map[string]bool{}
	mux := http.NewServeMux()
	for _, r := range w.Server.Routes() {
		if r.Method == http.MethodGet && !r.API {
			mux.HandleFunc("GET "+r.Pattern, func(http.ResponseWriter, *http.Request) {})
		}
	}
	words := strings.NewReplacer("{record}", "/intake/record/1/2", "{question}", "1/2/3", "{statement}", "/statements/1", "{request}", "/mandate-requests/1",
		"{objection}", "/objections/1", "{repair}", "/repairs/1", "{repair-item}", "/repairs/items/1")
	for _, p := range list.Steps {
		names[p.Name], seen[p.Path] = true, true
	}
	for _, p := range list.Pages {
		if names[p.Name] {
			t.Errorf("two pages are called %s", p.Name)
		}
		names[p.Name] = true
		path, _, _ := strings.Cut(words.Replace(p.Path), "?")
		_, pattern := mux.Handler(httptest.NewRequest(http.MethodGet, regexp.MustCompile(`\{[a-z-]+\}`).ReplaceAllString(path, "1"), nil))
		if pattern == "" {
			t.Errorf("%s: there is no page %s", p.Name, p.Path)
		}
		seen[strings.TrimPrefix(pattern, "GET ")] = true
	}
	for _, r := range w.Server.Routes() {
		if r.Method == http.MethodGet && !r.API && !seen[r.Pattern] && !slices.Contains(list.Files, r.Pattern) {
			t.Errorf("testdata/screens.yaml lacks a line for %s", r.Pattern)
		}
	}
}

// docs/screens holds each listed page at both widths, and nothing else.
func TestEveryListedPageHasItsPictures(t *testing.T) {
	t.Parallel()
	if *screens != "" {
		t.Skip("the pictures are being taken")
	}
	left := map[string]bool{}
	files, err := filepath.Glob("../../docs/screens/*.png")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		left[filepath.Base(f)] = true
	}
	for name := range pictures(readScreens(t)) {
		for _, width := range webtest.Widths {
			file := fmt.Sprintf("%s-%d.png", name, width)
			if !left[file] {
				t.Errorf("docs/screens lacks %s: run make screens", file)
			}
			delete(left, file)
		}
	}
	for file := range left {
		t.Errorf("docs/screens holds %s, of no listed page", file)
	}
}
