package app_test

import (
	"bytes"
	"crypto/rand"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"xinban/internal/account"
	"xinban/internal/app"
	"xinban/internal/credit"
	"xinban/internal/demo"
	"xinban/internal/intake"
	"xinban/internal/page"
	"xinban/internal/web"
	"xinban/internal/web/webtest"
)

// desks are the roles whose accounts may have a region. A clerk is bound to its organ besides.
var desks = []account.Role{account.Centre, account.Operator, account.Auditor}

// naming is a request that names something of a place.
type naming struct {
	Path      string `yaml:"path"`
	Form      string `yaml:"form"`
	JSON      string `yaml:"json"`
	Multipart string `yaml:"multipart"`
}

type regionTable struct {
	Named   map[string]naming `yaml:"named"`
	Nothing []string          `yaml:"nothing"`
}

func readRegionTable(t *testing.T) (table regionTable) {
	t.Helper()
	text, err := os.ReadFile("testdata/region.yaml")
	if err == nil {
		err = yaml.UnmarshalWithOptions(text, &table, yaml.Strict())
	}
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// regional makes an account of a role that reaches a place.
func regional(t *testing.T, w *app.Web, role account.Role, place demo.Place) person {
	t.Helper()
	login := string(role) + "-" + place.ID
	_, err := w.Accounts.Create(t.Context(), account.Account{Login: login, Name: place.Name + "测试", Roles: []account.Role{role}, Region: place.Area}, app.DemoPassword)
	if err != nil {
		t.Fatal(err)
	}
	return as(t, w, login)
}

// request is the naming with the names of what it is about.
func (n naming) request(route web.Route, names *strings.Replacer) *http.Request {
	path := names.Replace(n.Path)
	if n.JSON != "" || route.API {
		r := httptest.NewRequest(route.Method, path, strings.NewReader(names.Replace(n.JSON)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Idempotency-Key", rand.Text())
		return r
	}
	text := n.Form
	if n.Multipart != "" {
		text = n.Multipart
	}
	form, _ := url.ParseQuery(names.Replace(text)) // a wrong one finds nothing and fails
	form.Set(page.IdempotencyField, rand.Text())
	if n.Multipart == "" {
		r := httptest.NewRequest(route.Method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k := range form {
		_ = m.WriteField(k, form.Get(k)) // into memory
	}
	m.Close()
	r := httptest.NewRequest(route.Method, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
}

// ofTheCity finds in the demo something of 岚港市 of every sort that a request can name.
func ofTheCity(t *testing.T, w *app.Web) *strings.Replacer {
	t.Helper()
	ctx := t.Context()
	key, to := showcase()
	names := map[string]string{"{subject}": string(key), "{to}": string(to), "{number}": issued(t, w, key).Content.Number}
	source, err := w.Intake.SourceByCode(ctx, "langang-platform")
	if err != nil {
		t.Fatal(err)
	}
	names["{source}"], names["{organ}"], names["{feed}"] = source.Code, source.Organ, strconv.FormatInt(source.ID, 10)+"."+credit.Licence.String()
	sent, err := w.Intake.SentBy(ctx, key, []int64{source.ID}, "")
	if err != nil || len(sent) == 0 {
		t.Fatalf("the platform has sent nothing of %s: %v", key, err)
	}
	names["{matter}"] = sent[0].Matter.String()
	loads, err := w.Intake.Loads(ctx, source.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range loads {
		held, err := w.Intake.HeldRows(ctx, l.ID, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(held) > 0 {
			names["{load}"], names["{row}"] = strconv.FormatInt(l.ID, 10), strconv.FormatInt(held[0].Row, 10)
		}
	}
	if it, ok := questionOf(t, w, demo.Langang); ok {
		names["{item}"] = string(it.Type) + "/" + url.PathEscape(string(it.Subject)) + "/" + it.ID
	}
	var pairs []string
	for k, v := range names {
		pairs = append(pairs, k, v)
	}
	return strings.NewReplacer(pairs...)
}

// questionOf finds an open question on a subject of a place.
func questionOf(t *testing.T, w *app.Web, place demo.Place) (intake.Item, bool) {
	t.Helper()
	for _, kind := range []intake.ItemType{intake.Attachment, intake.Duplicate, intake.Reconcile, intake.Removal} {
		items, err := w.Intake.OpenItems(t.Context(), kind, 0, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			area, err := w.Ledger.Area(t.Context(), it.Subject, credit.DateOf(w.Now()))
			if err != nil {
				t.Fatal(err)
			}
			if area == place.Area {
				return it, true
			}
		}
	}
	return intake.Item{}, false
}

// Every route of the desks that names something of a place refuses an account of another region and admits one of
// the right region, as testdata/region.yaml says.
func TestEveryRouteThatNamesASubjectAgainstRegions(t *testing.T) {
	t.Parallel()
	w, table := setup(t, 400), readRegionTable(t)
	names := ofTheCity(t, w)
	right, other := map[account.Role]person{}, map[account.Role]person{}
	for _, role := range desks {
		right[role], other[role] = regional(t, w, role, demo.Langang), regional(t, w, role, demo.Qingwu)
	}
	own, err := webtest.Parse(webtest.Own)
	if err != nil {
		t.Fatal(err)
	}
	left := maps.Clone(table.Named)
	for _, route := range w.Server.Routes() {
		name := route.Method + " " + route.Pattern
		roles := slices.DeleteFunc(slices.Clone(desks), func(r account.Role) bool {
			return !route.Access.Admits(account.Principal{ID: "x", Roles: []account.Role{r}})
		})
		if _, server := own[name]; server || len(roles) == 0 || route.Access.Admits(account.Principal{}) || slices.Contains(table.Nothing, name) {
			continue
		}
		n, ok := table.Named[name]
		if !ok {
			t.Errorf("%s admits %v, but testdata/region.yaml does not tell what it names", name, roles)
			continue
		}
		delete(left, name)
		for _, role := range roles {
			tryRegions(t, role, route, n, names, right[role], other[role])
		}
	}
	for name := range left {
		t.Errorf("%s stands in testdata/region.yaml, but is not mounted for a desk", name)
	}
}

func tryRegions(t *testing.T, role account.Role, route web.Route, n naming, names *strings.Replacer, right, other person) {
	t.Helper()
	a := other.do(n.request(route, names))
	if a.Code != http.StatusForbidden || !strings.Contains(a.Body.String(), "outside-region") && !strings.Contains(a.Body.String(), "不属于本账号的管辖区域") {
		t.Errorf("%s %s as %s of another region: %d %.200s", route.Method, route.Pattern, role, a.Code, text(a))
	}
	switch a := right.do(n.request(route, names)); a.Code {
	case http.StatusForbidden, http.StatusNotFound, http.StatusUnauthorized, http.StatusBadRequest:
		t.Errorf("%s %s as %s of the region: %d %.200s", route.Method, n.Path, role, a.Code, text(a))
	}
}

// The credit centre of 岚港市 works on its own city's subjects, questions and sources, and meets nothing of 青梧市.
func TestTheCreditCentreOfACitySeesItsCity(t *testing.T) {
	t.Parallel()
	w := setup(t, 400)
	city, province := as(t, w, "centre-city"), as(t, w, centreLogin)
	here, _ := showcase()
	there := subjectOf(t, w, demo.Qingwu)

	for _, q := range []struct {
		who         person
		words       string
		here, there bool
	}{
		{city, "岚港", true, false}, {city, string(here), true, false}, {city, "青梧", false, false}, {city, string(there), false, false},
		{province, "岚港", true, false}, {province, "青梧", false, true}, {province, string(there), false, true},
	} {
		body := q.who.post("/subjects", url.Values{"q": {q.words}}).Body.String()
		if strings.Contains(body, "/subjects/9100001") != q.here || strings.Contains(body, "/subjects/"+string(there)) != q.there {
			t.Errorf("a search for %s does not show what it should", q.words)
		}
	}
	if a := city.get("/subjects/" + string(here)); a.Code != http.StatusOK {
		t.Errorf("a subject of the city: %d", a.Code)
	}
	st, _, err := w.Ledger.Standing(t.Context(), there, credit.DateOf(w.Now()), nil)
	if err != nil {
		t.Fatal(err)
	}
	matter := "/matters/" + st.Matters[0].ID.String()
	form := func(more ...string) url.Values {
		f := url.Values{"subject": {string(there)}, "reason": {"经核查该决定已被依法撤销"}}
		for i := 0; i+1 < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	for name, a := range map[string]*httptest.ResponseRecorder{
		"its page":            city.get("/subjects/" + string(there)),
		"its matter":          city.get(matter + "?subject=" + string(there)),
		"annulling":           city.post(matter+"/annul", form()),
		"reassigning to here": city.post(matter+"/reassign", form("to", string(here))),
		"giving it a matter":  city.post("/matters/"+st.Matters[0].ID.String()+"/reassign", form("subject", string(here), "to", string(there))),
		"linking from here":   city.post("/subject-links", form("subject", string(here), "to", string(there), "link", "same_as")),
		"a proposal of rules": city.post("/rulesets/"+setInForce(t, w, "O36").Digest+"/edit", url.Values{"text": {"x"}}),
	} {
		if a.Code != http.StatusForbidden {
			t.Errorf("%s of another city: %d %.200s", name, a.Code, text(a))
		}
	}
	if s := text(city.get("/subjects/" + string(there))); strings.Contains(s, st.Name) || !strings.Contains(s, "省级") {
		t.Errorf("the refusal says %s", s)
	}
	if body := city.post("/intake/records", url.Values{"q": {string(there)}}).Body.String(); strings.Contains(body, "/intake/record/") {
		t.Error("records of another city's subject are listed")
	}
	for _, path := range []string{"/intake/loads", "/feeds", "/quality?days=365", "/intake/entry", "/api/v1/loads?limit=100", "/api/v1/feeds"} {
		body := city.get(path).Body.String()
		if strings.Contains(body, "青梧市公共信用信息平台") || strings.Contains(body, "qingwu-platform") || strings.Contains(body, "岚海省生态环境厅") || strings.Contains(body, "lanhai-ecology") {
			t.Errorf("%s shows sources of others", path)
		}
		if !strings.Contains(body, "岚港市公共信用信息平台") && !strings.Contains(body, "langang-platform") {
			t.Errorf("%s does not show the city's source", path)
		}
	}
	questionsOfTheCity(t, w, city, province)
}

func questionsOfTheCity(t *testing.T, w *app.Web, city, province person) {
	t.Helper()
	mine, ok := questionOf(t, w, demo.Langang)
	theirs, other := questionOf(t, w, demo.Qingwu)
	if !ok || !other {
		t.Fatal("the demo asks nothing of one of the cities")
	}
	path := func(it intake.Item) string {
		return "/questions/" + string(it.Type) + "/" + url.PathEscape(string(it.Subject)) + "/" + it.ID
	}
	list := func(p person, it intake.Item) string {
		return p.get("/questions?type=" + string(it.Type)).Body.String()
	}
	if !strings.Contains(list(city, mine), path(mine)) || strings.Contains(list(city, theirs), path(theirs)) || !strings.Contains(list(province, theirs), path(theirs)) {
		t.Error("the list of questions is not the city's")
	}
	if a := city.get(path(mine)); a.Code != http.StatusOK {
		t.Errorf("a question of the city: %d", a.Code)
	}
	answer := url.Values{"outcome": {intake.Outcomes(theirs.Type)[0]}, "reason": {"经核查确属同一主体"}}
	if a := city.post(path(theirs), answer); a.Code != http.StatusForbidden {
		t.Errorf("answering a question of another city: %d", a.Code)
	}
}

// subjectOf finds a firm of a place with a matter.
func subjectOf(t *testing.T, w *app.Web, place demo.Place) credit.Key {
	t.Helper()
	all, err := w.Ledger.NamesFrom(t.Context(), place.Short, "", "", 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if area, err := w.Ledger.Area(t.Context(), s.Key, credit.DateOf(w.Now())); err == nil && area == place.Area {
			return s.Key
		}
	}
	t.Fatalf("no subject of %s", place.Name)
	return ""
}

// An auditor of a city reads who saw its subjects, and nothing of others nor of the log itself.
func TestTheAuditorOfACityReadsOfItsSubjects(t *testing.T) {
	t.Parallel()
	w := setup(t, 200)
	here, _ := showcase()
	there := subjectOf(t, w, demo.Qingwu)
	for _, key := range []credit.Key{here, there} {
		as(t, w, centreLogin).get("/subjects/" + string(key))
	}
	as(t, w, "auditor").get("/audit")
	auditor := regional(t, w, account.Auditor, demo.Langang)
	for _, path := range []string{"/audit", "/audit?login=" + centreLogin} {
		s := text(auditor.get(path))
		if !strings.Contains(s, string(here)) || strings.Contains(s, string(there)) || strings.Contains(s, "查询记录本身") {
			t.Errorf("%s shows %s", path, s)
		}
	}
}

// A clerk's region holds its organ.
func TestTheRegionOfAClerkHoldsItsOrgan(t *testing.T) {
	t.Parallel()
	w := setup(t, 40)
	organ, err := demo.OrganByID("lg-ecology")
	if err != nil {
		t.Fatal(err)
	}
	for region, fits := range map[string]bool{"": true, demo.Langang.Area: true, "00001": true, demo.Qingwu.Area: false} {
		acc := account.Account{Roles: []account.Role{account.Clerk}, Organ: organ.Code, Region: region}
		if err := w.HoldsOrgan(acc); (err == nil) != fits {
			t.Errorf("region %q: %v", region, err)
		}
	}
}
