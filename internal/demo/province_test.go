package demo

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinban/internal/credit"
)

var demoDir = flag.String("demo-dir", "", "folder into which TestFilesToLookAt writes the files of the default province")

func TestFilesToLookAt(t *testing.T) {
	if *demoDir == "" {
		t.Skip("no -demo-dir given: there is nobody to look")
	}
	p := Default()
	files, err := p.WriteFiles(*demoDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Logf("%-55s %-20s %-8s %6d rows", filepath.Base(f.Path), f.Kind, f.Encoding, f.Rows)
	}
}

var little = Province{Seed: 9, Subjects: 2_000, Records: 20_000}

func TestCodesAreValidAndOfNoPlace(t *testing.T) {
	seen := map[string]string{}
	check := func(code, name string) {
		if credit.CheckUSCC(code).Verdict != credit.Valid || credit.CheckOrgCode(code[8:17]).Verdict != credit.Valid {
			t.Errorf("%s: code %s is not valid", name, code)
		}
		if code[2:4] != "00" {
			t.Errorf("%s: code %s is of a place that may exist", name, code)
		}
		if seen[code] != "" {
			t.Errorf("%s and %s share the code %s", name, seen[code], code)
		}
		seen[code] = name
	}
	for _, o := range Organs() {
		check(o.Code, o.Name)
	}
	names := map[string]bool{}
	p := Default()
	for s := range p.AllSubjects() {
		if names[s.Name] {
			t.Errorf("two subjects are called %s", s.Name)
		}
		names[s.Name] = true
		if s.Code != "" {
			check(s.Code, s.Name)
		}
		if s.PersonID != "" && (credit.CheckResidentID(s.PersonID).Verdict != credit.Valid || s.PersonID[:6] != "000000") {
			t.Errorf("%s: identity number %s", s.Name, s.PersonID)
		}
		if s.Class == credit.NaturalPerson && !strings.HasPrefix(s.Name, "演示") || s.LegalRep != "" && !strings.HasPrefix(s.LegalRep, "演示") {
			t.Errorf("%s and %s may be people", s.Name, s.LegalRep)
		}
	}
	for _, want := range []string{"䶮", "㛃", "𬭎", "（", "分公司", "专业合作社", "演示甲子", "（集团）"} {
		if !slices.ContainsFunc(keysOf(names), func(n string) bool { return strings.Contains(n, want) }) {
			t.Errorf("no name holds %s", want)
		}
	}
}

func keysOf(m map[string]bool) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	return all
}

func TestOldIdentityNumbersLeadBackToTheNew(t *testing.T) {
	for i := range 2000 {
		id := personID(i)
		if id[6:8] != "19" {
			continue
		}
		if long, ok := credit.ResidentID18(oldPersonID(id)); !ok || long != id {
			t.Fatalf("%s became %s became %s", id, oldPersonID(id), long)
		}
	}
}

func TestProvinceHasItsRecordsOfEveryKind(t *testing.T) {
	kinds := map[credit.Kind]int{}
	total, documents := 0, map[string]bool{}
	for s, row := range little.Rows() {
		total++
		kinds[row.Kind]++
		if row.Decided > Today || row.Kind != credit.Registration && row.Decided < dataStart {
			t.Errorf("%s: %s is dated %s", s.Name, row.DocNo, row.Decided)
		}
		if row.Kind == credit.Penalty {
			if key := row.Authority + row.DocNo; documents[key] {
				t.Errorf("two penalties are %s", key)
			} else {
				documents[key] = true
			}
		}
		if article.MatchString(row.Facts + row.Basis + row.Content) {
			t.Errorf("%s cites an article: %s", row.DocNo, article.FindString(row.Facts+row.Basis+row.Content))
		}
		if strings.ContainsAny(row.Facts+row.Content+row.Title, "{}[]|~") {
			t.Errorf("%s has a slot left: %s %s %s", row.DocNo, row.Title, row.Facts, row.Content)
		}
	}
	if total != little.Records {
		t.Errorf("%d records, want %d", total, little.Records)
	}
	for _, k := range credit.Kinds() {
		if kinds[k] == 0 {
			t.Errorf("no %s", k)
		}
	}
}

// article finds the number of an article of a law, which no demo text may cite.
var article = regexp.MustCompile(`第[一二三四五六七八九十百零\d]+[条款]`)

func TestEveryDomainHasAnOrganAndAFeed(t *testing.T) {
	domains := map[string]bool{}
	for _, s := range Sources() {
		for _, f := range s.Feeds {
			if f.Basis == "" {
				t.Errorf("%s sends %s without a basis", s.Code, f.Kind)
			}
			for _, d := range f.Domains {
				domains[d] = true
				if (d == AbsentDomain) != (f.Arrived == 0) || (d == LateDomain) != (f.Arrived == LateSince) {
					t.Errorf("feed of %s last arrived %s", d, f.Arrived)
				}
			}
		}
	}
	if len(domains) != 52 {
		t.Errorf("%d domains are fed, want 52", len(domains))
	}
	for _, o := range texts().offences {
		for _, p := range places() {
			if !domains[o.Domain] || decider(p, o.Domain, Today) == nil {
				t.Errorf("nobody in %s punishes for %s", p.Name, o.Domain)
			}
		}
		if domainMarks[o.Domain] == "" {
			t.Errorf("documents of %s have no mark", o.Domain)
		}
	}
}

func TestMergedTeamPunishesFromTheDayOfTheMerger(t *testing.T) {
	for _, c := range []struct {
		domain string
		on     credit.Date
		want   string
	}{
		{"urban-management", 20220630, "岚港市城市管理局"}, {"urban-management", 20220701, "岚港市综合行政执法局"},
		{"water", 20220630, "岚港市水务局"}, {"water", 20220701, "岚港市综合行政执法局"}, {"ecology", 20220701, "岚港市生态环境局"},
	} {
		if got := decider(Langang, c.domain, c.on).Name; got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.domain, c.on, got, c.want)
		}
	}
}

func TestShowcaseShowsEveryState(t *testing.T) {
	show := little.ShowcaseSubjects()
	var port []*Row
	for s, row := range little.Rows() {
		if s.Index == 0 {
			port = append(port, row)
		}
		if s.Index == 1 && (row.Kind == credit.Penalty || row.Kind == credit.SeriousList) {
			t.Errorf("the clean firm has %s", row.DocNo)
		}
	}
	has := func(what string, f func(*Row) bool) {
		if !slices.ContainsFunc(port, f) {
			t.Errorf("%s has no %s", show[0].Subject.Name, what)
		}
	}
	has("warning", func(r *Row) bool {
		return r.Penalties == credit.PenaltySet(credit.Warning) || r.Penalties == credit.PenaltySet(credit.PublicCriticism)
	})
	has("repaired penalty", func(r *Row) bool { return r.Kind == credit.Penalty && r.Repaired != 0 })
	has("expired penalty", func(r *Row) bool { return r.Kind == credit.Penalty && r.Decided.AddMonths(36) < Today })
	has("published fine", func(r *Row) bool {
		return r.Penalties.Has(credit.Fine) && r.Procedure == credit.ProcedureOrdinary && r.Repaired == 0 && r.Decided.AddMonths(12) > Today
	})
	has("removed listing", func(r *Row) bool { return r.Kind == credit.SeriousList && r.Removed != 0 })
	has("licence", func(r *Row) bool { return r.Kind == credit.Licence })
	has("honour", func(r *Row) bool { return r.Kind == credit.RedList })
}

func TestFilesAreTheSameEachTimeAndReadable(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	p := Province{Seed: 4, Subjects: 600, Records: 6_000}
	files, err := p.WriteFiles(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.WriteFiles(b); err != nil {
		t.Fatal(err)
	}
	encodings := map[string]bool{}
	for _, f := range files {
		encodings[f.Encoding] = true
		one, err := os.ReadFile(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		other, err := os.ReadFile(filepath.Join(b, filepath.Base(f.Path)))
		if err != nil {
			t.Fatal(err)
		}
		if string(one) != string(other) {
			t.Errorf("%s differs between two runs", filepath.Base(f.Path))
		}
		if !strings.HasSuffix(f.Path, ".csv") {
			continue
		}
		if f.Encoding == "gb18030" {
			if one, err = simplifiedchinese.GB18030.NewDecoder().Bytes(one); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(one), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != f.Rows+1 {
			t.Errorf("%s: %d rows of %d, %v", filepath.Base(f.Path), len(rows)-1, f.Rows, err)
		}
	}
	for _, e := range []string{"utf-8", "gb18030", "xlsx"} {
		if !encodings[e] {
			t.Errorf("no file is %s", e)
		}
	}
}

func TestEveryDirtIsInTheFiles(t *testing.T) {
	w := &filing{p: &little, dir: t.TempDir(), files: map[feedKey]*sending{}, counts: map[string]int{}}
	if err := w.open(); err != nil {
		t.Fatal(err)
	}
	for s, row := range little.Rows() {
		if err := w.send(&s, row); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range w.files {
		if err := f.out.close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range Dirts() {
		if w.counts[d.ID] == 0 {
			t.Errorf("no row is dirty by %s (%s)", d.ID, d.Chinese)
		}
	}
	t.Log(w.counts)
}

func TestSharesOfDirtAddUpToEightInAHundred(t *testing.T) {
	total := 0
	for _, d := range Dirts() {
		total += d.Share
	}
	if total != 800 {
		t.Errorf("dirt falls to %d of 10,000 rows", total)
	}
}

func TestAccountsNameOrgansAndSubjectsThatAreThere(t *testing.T) {
	roles := map[string]bool{}
	for _, a := range little.Accounts() {
		roles[a.Role] = true
		if _, err := OrganByID(a.Organ); err != nil && a.SubjectKey == "" {
			t.Errorf("%s: %v", a.Login, err)
		}
		if a.DisplayName == "" {
			t.Errorf("%s has no name to show", a.Login)
		}
	}
	if len(roles) != 8 {
		t.Errorf("roles: %v", roles)
	}
}

func TestCapitalNumerals(t *testing.T) {
	for yuan, want := range map[int]string{2000: "贰仟元整", 12000: "壹万贰仟元整", 100500: "壹拾万零伍佰元整", 1005: "壹仟零伍元整", 480000: "肆拾捌万元整", 10100: "壹万零壹佰元整", 3040: "叁仟零肆拾元整"} {
		if got := string(appendCapital(nil, credit.Fen(yuan)*credit.Yuan)); got != want {
			t.Errorf("%d: %s, want %s", yuan, got, want)
		}
	}
}

func TestSentencesOfOneCaseDiffer(t *testing.T) {
	l := texts().common
	for _, list := range [][]template{l.Findings, l.Hearing} {
		for _, step := range walkSteps {
			seen := map[int]bool{}
			for n := range list {
				seen[n*step%len(list)] = true
			}
			if len(seen) != len(list) {
				t.Errorf("a step of %d reaches %d of %d sentences", step, len(seen), len(list))
			}
		}
	}
}
