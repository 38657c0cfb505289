package law

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/decision"
)

func matters() *rapid.Generator[*Matter] {
	date := rapid.Custom(func(t *rapid.T) credit.Date {
		return credit.Date(20230101).AddDays(rapid.IntRange(0, 2000).Draw(t, "day"))
	})
	maybe := rapid.Custom(func(t *rapid.T) credit.Date {
		if rapid.Bool().Draw(t, "happened") {
			return date.Draw(t, "date")
		}
		return 0
	})
	return rapid.Custom(func(t *rapid.T) *Matter {
		m := &Matter{
			Kind: credit.Kind(rapid.IntRange(1, 11).Draw(t, "kind")), SubjectIsPerson: rapid.Bool().Draw(t, "person"),
			Procedure: credit.Procedure(rapid.IntRange(0, 2).Draw(t, "procedure")), Decided: maybe.Draw(t, "decided"),
			Fine: credit.Amount{Fen: credit.Fen(rapid.Int64Range(0, 1e9).Draw(t, "fine")), Known: rapid.Bool().Draw(t, "known")}, Until: maybe.Draw(t, "until"),
			Removed: maybe.Draw(t, "removed"), Repaired: maybe.Draw(t, "repaired"), Annulled: maybe.Draw(t, "annulled"), Disputed: rapid.Bool().Draw(t, "disputed"),
			List: rapid.SampledFrom([]string{"", "market", "wages", "失信被执行人", "没有的名单"}).Draw(t, "list"), Domain: rapid.SampledFrom([]string{"", "market", "ecology", "fire"}).Draw(t, "domain"),
			RestrictionUntil: maybe.Draw(t, "restriction"), DutiesDone: decision.Outcome(rapid.IntRange(0, 2).Draw(t, "duties")),
		}
		if m.Kind == credit.Penalty {
			m.Penalties = credit.PenaltyKinds(rapid.Uint16Range(0, 1<<15-1).Draw(t, "penalties")) &^ 1
		}
		return m
	})
}

// What holds for every matter on every day.
func TestLawsOfThePublic(t *testing.T) {
	b := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		m := matters().Draw(t, "matter")
		on := credit.Date(20230101).AddDays(rapid.IntRange(0, 3000).Draw(t, "on"))
		c, w := b.Assess(m, on)
		p := Public(m, &w, on)
		if p.Outcome == decision.Yes && (m.person() || m.Kind == credit.CriminalJudgment || happened(m.Annulled, on) || happened(m.Repaired, on) || happened(m.Removed, on)) {
			t.Fatalf("published though it never may be: %+v", m)
		}
		if w.MaxEnd != 0 && (w.HiddenFrom != w.MaxEnd.AddDays(1) || w.MinEnd > w.MaxEnd && !m.Kind.Listing() || w.Open) {
			t.Fatalf("window out of order: %+v", w)
		}
		if w.MinEnd != 0 && w.ApplyFrom != w.MinEnd.AddDays(1) {
			t.Fatalf("repair may be asked for after the shortest period: %+v", w)
		}
		if p.Outcome != decision.Unknown && p.Rule == nil {
			t.Fatal("an answer names its rule")
		}
		if m.Kind == credit.Penalty && w.Publishable == decision.Yes && !w.Open && w.MaxEnd > m.Decided.AddMonths(36) && m.RestrictionUntil != w.MaxEnd {
			t.Fatalf("published longer than three years: %+v", w)
		}
		for _, set := range b.ReportRuleIDs() {
			rules, err := b.ReportRulesByID(set, on)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range rules.Editions() {
				j := e.Judge(m, &c, &w, on)
				switch {
				case j.Rule == nil || j.Rule.ID == "":
					t.Fatal("every judgement names its rule")
				case j.Counts && !j.Shown:
					t.Fatal("what counts is shown")
				case happened(m.Annulled, on) && (j.Counts || j.Shown):
					t.Fatal("an annulled matter is never counted")
				case m.Disputed && j.Counts && j.Adverse != decision.Unknown:
					t.Fatal("a disputed matter is unknown to automatic decisions")
				case m.Disputed && j.Shown && !strings.Contains(j.Mark(), "异议处理中"):
					t.Fatal("a disputed matter is marked")
				}
				if len(e.Explain(m, &c, &w, on)) == 0 {
					t.Fatal("every judgement has reasons")
				}
			}
		}
	})
}

// A heavier kind added to a decision never makes its class lighter.
func TestMoreKindsAreNeverLighter(t *testing.T) {
	b := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		m := matters().Draw(t, "matter")
		m.Kind, m.Fine.Known = credit.Penalty, true
		more := *m
		more.Penalties |= credit.PenaltySet(credit.PenaltyKind(rapid.IntRange(1, 14).Draw(t, "kind")))
		if b.Classify(&more, 20260601).Class < b.Classify(m, 20260601).Class {
			t.Fatalf("%s is lighter than %s", more.Penalties.Chinese(), m.Penalties.Chinese())
		}
	})
}

func TestReasonsInChinese(t *testing.T) {
	b := setup(t)
	m := &Matter{Kind: credit.Penalty, Penalties: credit.PenaltySet(credit.ConfiscateProperty), Procedure: credit.ProcedureOrdinary, Decided: 20260410, Domain: "ecology"}
	var lines []string
	for _, r := range append(b.ExplainClass(m, 20260518), b.ExplainWindow(m, 20260518)...) {
		lines = append(lines, r.Chinese())
	}
	for _, r := range b.ExplainPublic(m, 20260518) {
		lines = append(lines, r.Chinese())
	}
	want := `分类为一般：是（行政处罚，普通程序，没收非法财物，截至2026年5月18日）；依据：信用修复管理办法 第二章。
应予公示：是（认定日期2026-04-10，截至2026年5月18日）；依据：信用修复管理办法 第二章。
已可申请修复或者提前移出：否（认定日期2026-04-10，截至2026年5月18日）；依据：信用修复管理办法 第二章；改变结果的办法：2026年7月11日起可以申请。
最长公示期已满：否（认定日期2026-04-10，最长至2027-04-10，截至2026年5月18日）；依据：信用修复管理办法 第二章。
可以公示：是（行政处罚，普通程序，没收非法财物；一般失信信息最短公示三个月，最长一年，截至2026年5月18日）；依据：信用修复管理办法 第二章；改变结果的办法：2027年4月10日后自动停止公示，或者完成信用修复。`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Articles of Order 36 after the fourth are not known: no rule may cite one.
func TestNoInventedArticle(t *testing.T) {
	for _, r := range setup(t).Rules() {
		if strings.Contains(r.Source, "信用修复管理办法 第") && !strings.Contains(r.Source, "第二章") && !strings.Contains(r.Source, "第二条") && !strings.Contains(r.Source, "第三条") && !strings.Contains(r.Source, "第四条") {
			t.Errorf("%s cites %s", r.ID, r.Source)
		}
		if r.Source == "" || r.Text == "" {
			t.Errorf("%s has no source or text", r.ID)
		}
	}
}

func TestDomainsAreAWorkingList(t *testing.T) {
	d := setup(t).Domains(20260518)
	if !d.WorkingList || len(d.All()) != 52 || len(d.IDs()) != 52 {
		t.Errorf("working list %t, %d domains", d.WorkingList, len(d.All()))
	}
	law := 0
	for _, x := range d.All() {
		if x.Rule.Sureness == decision.Law {
			law++
		}
	}
	if law != 3 {
		t.Errorf("three domains are confirmed, the list says %d", law)
	}
	// Every domain that another file names must be in the list.
	b := setup(t)
	for _, l := range b.Lists(20260518).All() {
		if _, ok := d.Find(l.Domain); !ok && l.Domain != "" {
			t.Errorf("list %s is in domain %q, which does not exist", l.ID, l.Domain)
		}
	}
	for _, p := range b.publicity {
		var named []string
		for _, r := range p.restricts {
			named = append(named, r.domains...)
		}
		for _, r := range p.periods {
			named = append(named, r.domains...)
		}
		for _, n := range named {
			if _, ok := d.Find(n); !ok {
				t.Errorf("%s names domain %q, which does not exist", p.set.ID, n)
			}
		}
	}
}

// A listing belongs to every period in which it stood; a decision to that of its day.
func TestPeriodCovers(t *testing.T) {
	b := setup(t)
	from, to := credit.Date(20240101), credit.Date(20260518)
	for _, c := range []struct {
		what string
		m    Matter
		want bool
	}{
		{"decided on the first day", Matter{Kind: credit.Penalty, Decided: from}, true},
		{"decided the day before", Matter{Kind: credit.Penalty, Decided: 20231231}, false},
		{"decided on the last day", Matter{Kind: credit.Penalty, Decided: to}, true},
		{"decided the day after", Matter{Kind: credit.Penalty, Decided: 20260519}, false},
		{"day not known", Matter{Kind: credit.Penalty}, true},
		{"listed before and still there", Matter{Kind: credit.SeriousList, List: "market", Decided: 20230601}, true},
		{"listed and removed before", Matter{Kind: credit.SeriousList, List: "market", Decided: 20210101, Removed: 20231231}, false},
		{"removed on the first day: not there that day", Matter{Kind: credit.SeriousList, List: "market", Decided: 20210601, Removed: from}, false},
		{"removed on the second day", Matter{Kind: credit.SeriousList, List: "market", Decided: 20210601, Removed: 20240102}, true},
		{"ended by itself before", Matter{Kind: credit.SeriousList, List: "market", Decided: 20201230}, false},
		{"ended by itself after the first day", Matter{Kind: credit.SeriousList, List: "market", Decided: 20210101}, true},
		{"on a list without end", Matter{Kind: credit.JudgmentDefaulter, List: "judgment-defaulter", Decided: 20100101}, true},
	} {
		w := b.Window(&c.m, to)
		if got := Covers(&c.m, &w, from, to); got != c.want {
			t.Errorf("%s: %t", c.what, got)
		}
	}
}

func BenchmarkAssessAndJudge(b *testing.B) {
	book := setup(b)
	rules, err := book.ReportRulesByID("NDRC-2025", 20260518)
	if err != nil {
		b.Fatal(err)
	}
	e, err := rules.Edition("listing")
	if err != nil {
		b.Fatal(err)
	}
	var all []Matter
	for i := range 3000 {
		all = append(all, Matter{Kind: credit.Penalty, Penalties: credit.PenaltySet(credit.Fine, credit.PenaltyKind(i%14+1)), Procedure: credit.ProcedureOrdinary,
			Fine: credit.Amount{Fen: credit.Fen(i) * 100_000, Known: true}, Decided: credit.Date(20230101).AddDays(i % 1200), Domain: "ecology", Repaired: credit.Date(20260101 * (i % 2))})
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for i := range all {
			c, w := book.Assess(&all[i], 20260518)
			if j := e.Judge(&all[i], &c, &w, 20260518); j.Counts {
				n++
			}
		}
		if n == 0 {
			b.Fatal("nothing counts")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/3000, "ns/matter")
}

func BenchmarkNewBook(b *testing.B) {
	adopted := AdoptProposals(20260101, "x")
	for b.Loop() {
		if _, err := NewBook(adopted); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleBook_Assess() {
	book, err := NewBook(AdoptProposals(20260101, "演示"))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := &Matter{Kind: credit.Penalty, Penalties: credit.PenaltySet(credit.ConfiscateProperty), Procedure: credit.ProcedureOrdinary, Decided: 20260410, Domain: "ecology"}
	class, window := book.Assess(m, 20260518)
	fmt.Println(class.Class.Chinese(), window.ApplyFrom, window.HiddenFrom)
	// Output: 一般 2026-07-11 2027-04-11
}

// An organ's English name goes with the Chinese one and with the day: a former name has its own, an abbreviation none
// unless it is given, and a name that changed in English alone is dated.
func TestEnglishNamesOfOrgansAreDated(t *testing.T) {
	t.Parallel()
	const head = "set: organ\nid: x\ntitle: x\neffective_from: 2020-01-01\nsource: 演示数据\nsureness: assumed\norgans:\n"
	r, err := ReadRegister([]byte(head + `  - id: lg-market
    name: 岚港市市场监督管理局
    old_names: [岚港市工商行政管理局, 岚港工商]
    domains: [market]
    english_names:
      - {name: Langang Market Supervision Bureau, until: 2023-12-31}
      - {name: Langang Administration for Market Regulation, from: 2024-01-01}
      - {of: 岚港市工商行政管理局, name: Langang Administration for Industry and Commerce}
  - {id: lg-water, name: 岚港市水务局, english: Langang Water Bureau, domains: [water]}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		organ, chinese string
		on             credit.Date
		want           string
	}{
		{"lg-market", "岚港市市场监督管理局", 20231231, "Langang Market Supervision Bureau"},
		{"lg-market", "岚港市市场监督管理局", 20240101, "Langang Administration for Market Regulation"},
		{"lg-market", "岚港市工商行政管理局", 20260518, "Langang Administration for Industry and Commerce"},
		{"lg-market", "岚港工商", 20260518, ""},
		{"lg-water", "岚港市水务局", 19900101, "Langang Water Bureau"},
	} {
		o, _ := r.ByID(c.organ)
		if got := o.EnglishOn(c.chinese, c.on); got != c.want {
			t.Errorf("%s on %s is %q, want %q", c.chinese, c.on, got, c.want)
		}
	}
	for name, names := range map[string]string{
		"a name it never bore":  "[{of: 岚港市水利局, name: X}]",
		"two at once":           "[{name: X}, {name: Y, from: 2024-01-01}]",
		"ends before it begins": "[{name: X, from: 2024-01-01, until: 2023-01-01}]",
		"no name":               "[{from: 2024-01-01}]",
	} {
		if _, err := ReadRegister([]byte(head + "  - {id: a, name: 岚港市水务局, domains: [water], english_names: " + names + "}\n")); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
