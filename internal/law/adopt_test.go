package law

import (
	"os"
	"strings"
	"testing"

	"xinban/internal/credit"
)

func edited(t *testing.T, id, old, with string) []byte {
	t.Helper()
	for _, p := range Proposals() {
		if p.ID == id {
			if !strings.Contains(string(p.Body), old) {
				t.Fatalf("%s has no %q", id, old)
			}
			return []byte(strings.Replace(string(p.Body), old, with, 1))
		}
	}
	t.Fatalf("no proposal %s", id)
	return nil
}

// An edit needs a second person; a shipped proposal unchanged may be adopted by one.
func TestAnEditNeedsASecondPerson(t *testing.T) {
	all := AdoptProposals(20260101, "甲")
	edit := edited(t, "O36", "max_months: 12", "max_months: 11")
	for _, c := range []struct {
		author, approver string
		ok               bool
	}{{"甲", "乙", true}, {"甲", "甲", false}, {"", "乙", false}, {"甲", "", false}} {
		_, err := NewBook(append(all[:len(all):len(all)], Adopted{edit, 20260301, c.author, c.approver}))
		if (err == nil) != c.ok {
			t.Errorf("author %q, approver %q: %v", c.author, c.approver, err)
		}
	}
	same := all[0]
	same.Author, same.Approver = "甲", "甲"
	if _, err := NewBook(append(all[:len(all):len(all)], same)); err != nil {
		t.Errorf("a proposal unchanged: %v", err)
	}
}

func TestTheLaterAdoptionCounts(t *testing.T) {
	m := &Matter{Kind: credit.Penalty, Penalties: credit.PenaltySet(credit.ConfiscateProperty), Procedure: credit.ProcedureOrdinary, Decided: 20260410}
	all := AdoptProposals(20260101, "甲")
	edit := Adopted{edited(t, "O36", "max_months: 12", "max_months: 11"), 20260301, "甲", "乙"}
	later, err := NewBook(append(all[:len(all):len(all)], edit))
	if err != nil {
		t.Fatal(err)
	}
	before := setup(t)
	if w := later.Window(m, 20260501); w.MaxEnd != 20270310 {
		t.Errorf("after the edit the longest period ends on %s", w.MaxEnd)
	}
	if later.Digest() == before.Digest() {
		t.Error("another text has another digest")
	}
	first, err := NewBook(append([]Adopted{edit}, AdoptProposals(20260401, "甲")...))
	if err != nil {
		t.Fatal(err)
	}
	if first.Digest() != before.Digest() {
		t.Error("adopting the proposal again brings its digest back, whatever the order of the rows")
	}
}

func TestCanonicalText(t *testing.T) {
	for _, p := range Proposals() {
		if string(canonical(p.Body)) != string(p.Body) {
			t.Errorf("%s is not canonical", p.File)
		}
		windows, err := ReadSet([]byte("\ufeff" + strings.ReplaceAll(string(p.Body), "\n", "  \r\n") + "\r\n\r\n"))
		if err != nil || windows.Digest != p.Digest {
			t.Errorf("%s: line ends must not change the digest: %v", p.File, err)
		}
	}
}

// A bad file is refused with the line and what is wrong.
func TestBadFilesSayWhere(t *testing.T) {
	for _, c := range []struct{ id, old, with, want string }{
		{"O36", "class: minor\n    publish", "class: light\n    publish", `第23行：“light”的写法不对：“light”不是类别`},
		{"O36", "max_months: 12", "max_months: 3", "最长公示期应长于最短公示期"},
		{"O36", "publish: always", "publish: perhaps", `第28行：class.general：publish“perhaps”不在可用的值之内：always, never, no_unless_necessary`},
		{"O36", "kind: warning", "kind: scolding", `“scolding”的写法不对`},
		{"O36", "kind: warning", "kind: fine", "种类fine重复"},
		{"O36", "min_months: 3\n", "min_month: 3\n", `没有“min_month”这一项`},
		{"O36", "effective_from: 2026-04-01", "effective_from: 2026-04-31", "“2026-04-31”的写法不对"},
		{"O36", "    sureness: reported\n", "", "没有写确定程度"},
		{"O36", "sureness: reported", "sureness: certain", `“certain”的写法不对`},
		{"O36", "periods: []", "periods: [{id: x, class: general, min_months: 1}]", "最长公示期应长于最短公示期"},
		{"O36", "id: kind.licence", "id: kind.penalty", "重复"},
		{"fine-thresholds", "below_yuan: 1000000", "below_yuan: 900000", "金额应当首尾相接"},
		{"fine-thresholds", "from_yuan: 1000000, class", "from_yuan: 1000000, below_yuan: 2000000, class", "不写上限"},
		{"lists", "auto_off: removal", "auto_off: months", "应写明auto_off_months"},
		{"lists", "early_from: listing", "early_from: birth", `early_from“birth”`},
		{"lists", "name: 重大税收违法失信主体", "name: 失信被执行人", "或者与另一名单相同"},
		{"SD-2023", "state: light", "state: heavy", `state“heavy”`},
		{"SD-2023", "state: light, counts: false", "state: light, counts: true", "计入结论的必须列示"},
		{"SD-2023", "state: light", "state: current", "对current有两条规则"},
		{"domains-52", "no: 7,", "no: 8,", "has number 8, the list goes on with 7"},
		{"domains-52", "id: energy", "id: 能源", "不能作标识"},
		{"shandong", "unit: days", "unit: weeks", `unit“weeks”`},
		{"shandong", "set: region", "set: province", `没有“province”这一类规则`},
	} {
		all := AdoptProposals(20260101, "甲")
		for i, p := range Proposals() {
			if p.ID == c.id {
				all[i] = Adopted{edited(t, c.id, c.old, c.with), 20260301, "甲", "乙"}
			}
		}
		if _, err := NewBook(all); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: got %v, want an error with %q", c.id, c.with, err, c.want)
		}
	}
	if _, err := NewBook(nil); err == nil {
		t.Error("a book without rule sets cannot answer")
	}
}

func TestOrganRegister(t *testing.T) {
	r := register(t)
	for _, c := range []struct {
		name, code string
		on         credit.Date
		want       string
	}{
		{"岚海省生态环境厅", "", 20260518, "lh-ecology"},
		{"别的名称", "11000000MB0A000015", 20260518, "lh-ecology"}, // the code goes before the name
		{"岚海省环境保护厅", "", 20170101, "lh-ecology"},
		{"岚港市工商行政管理局", "00", 20170101, "lg-market"},
		{" 岚港市 市场监督管理局 ", "", 20260518, "lg-market"},
		{"岚港市规划局", "", 20240229, "lg-planning"},  // before the merger
		{"岚港市规划局", "", 20240301, "lg-resources"}, // the name lives on as a former one
		{"岚港市规划局", "", 0, "lg-resources"},
		{"没有的机关", "", 20260518, ""},
		{"", "", 20260518, ""},
	} {
		o, ok := r.Resolve(c.name, c.code, c.on)
		if o.ID != c.want || ok != (c.want != "") {
			t.Errorf("%q %q on %s is %q, want %q", c.name, c.code, c.on, o.ID, c.want)
		}
	}
	for _, c := range []struct {
		organ, domain string
		on            credit.Date
		want          string
	}{
		{"lg-planning", "natural-resources", 20240229, "lg-planning"},
		{"lg-planning", "natural-resources", 20240301, "lg-resources"},
		{"sl-water", "fisheries", 20241231, "sl-water"},
		{"sl-water", "fisheries", 20250101, "lg-resources2"},
		{"sl-water", "water", 20250101, "sl-water"},
		{"nobody", "water", 20250101, ""},
	} {
		if o, _ := r.Responsible(c.organ, c.domain, c.on); o.ID != c.want {
			t.Errorf("for %s of %s on %s answers %q, want %q", c.domain, c.organ, c.on, o.ID, c.want)
		}
	}
	for name, want := range map[string]bool{"岚海省行政处罚信息系统": true, "信用岚海平台": true, "执法平台（试运行系统）": true, "岚海省生态环境厅": false, "": false} {
		if r.IsSystem(name) != want {
			t.Errorf("%q is a system: %t", name, !want)
		}
	}
}

func TestBadRegisters(t *testing.T) {
	body, err := os.ReadFile("testdata/organs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for old, with := range map[string]string{
		"id: sl-water":            "id: lg-market",
		"to: lg-resources2":       "to: nobody",
		"how: transfer":           "how: magic",
		"domain: market}":         "domain: tax}",
		"11000000MB0A000015":      "1100000",
		"domains: [fisheries]}":   "domains: [water]}",
		"name: 溯岚县水利局":            "nom: 溯岚县水利局",
		"name: 溯岚县农业农村局":          `name: ""`,
		"effective_from: 2020-01": "effective_from: 2020-1",
	} {
		if !strings.Contains(string(body), old) {
			t.Fatalf("the register has no %q", old)
		}
		if _, err := ReadRegister([]byte(strings.Replace(string(body), old, with, 1))); err == nil {
			t.Errorf("%q is accepted", with)
		}
	}
}

func FuzzReadSet(f *testing.F) {
	const head = "id: x\neffective_from: 2026-01-01\nsource: s\nsureness: law\n"
	for _, body := range []string{
		"set: region\n" + head + "reports: [{id: a, ruleset: SD-2023}]\n",
		"set: domain\n" + head + "rows: [{no: 1, id: a, name: 甲}]\n",
		"set: list\n" + head + "rows:\n  - {id: a, name: 甲, kind: serious_list, auto_off: removal}\n",
		"set: report\n" + head + "light: [warning]\n",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := ReadSet(body)
		if err != nil {
			return
		}
		again, err := ReadSet(s.Body)
		if err != nil || again.Digest != s.Digest {
			t.Fatalf("the canonical text reads back as another set: %v", err)
		}
		readPart(s)
	})
}
