package report_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

func (o *office) checkup() *report.Checkup {
	o.t.Helper()
	c, err := o.Checkup(o.t.Context(), firm)
	must(o.t, err)
	return c
}

// on moves the clock to nine o'clock of a later day.
func (o *office) on(day credit.Date) {
	o.t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = day.Time().Add(9 * time.Hour)
}

func pointsOf(c *report.Checkup, docNo string) (kinds []string, text string) {
	for _, m := range c.Matters {
		if m.Record.DocNo == docNo {
			for _, p := range m.Points {
				kinds = append(kinds, string(p.Kind))
				text += p.Text + p.Basis() + "\n"
			}
		}
	}
	return kinds, text
}

// What the check-up says of each edition is, whole, what a report issued at that moment says but for number, code and
// time; and nothing is issued.
func TestTheCheckupSaysWhatTheReportWouldSay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o, s := withStatements(t, db)
		one := penalised("岚环罚〔2026〕1号", nil)
		o.says(firm, registered(), one, penalised("岚环罚〔2026〕2号", func(r *credit.Record) {
			r.Penalties, r.Fine, r.Content = credit.PenaltySet(credit.Warning), credit.Amount{}, "警告"
		}))
		s.all = append(s.all, statementOn(one, "Q1"))
		o.feeds[3].Late, o.feeds = true, o.feeds[:len(o.feeds)-2]
		c := o.checkup()
		if n := o.count("document"); n != 0 {
			t.Errorf("%d documents were issued", n)
		}
		for _, e := range c.Editions {
			doc := o.issue(report.Request{Edition: e.ID}).Content
			doc.Number, doc.Code, doc.IssuedAt = "", "", ""
			said, err := json.Marshal(e.Content)
			must(t, err)
			issued, err := json.Marshal(doc)
			must(t, err)
			if string(said) != string(issued) {
				t.Errorf("%s: the check-up says\n%s\nthe report\n%s", e.ID, said, issued)
			}
			if named := strings.Contains(string(said), "Q1"); named != (e.ID == "listing") {
				t.Errorf("%s names the statement: %v", e.ID, named)
			}
			if len(e.Open()) != 3 || e.Answered() != e.Asked()-3 {
				t.Errorf("%s: %d of %d domains answer, open are %v", e.ID, e.Answered(), e.Asked(), e.Open())
			}
		}
		for _, m := range c.Matters {
			if (m.Statement != nil) != (m.Record.DocNo == one.DocNo) {
				t.Errorf("%s has the statement %v", m.Record.DocNo, m.Statement)
			}
		}
		if len(c.Editions) != 3 || len(c.Matters) != 2 {
			t.Errorf("%d editions, %d matters", len(c.Editions), len(c.Matters))
		}
	})
}

// Of each matter the check-up says how it stands in each edition, or by which rule it does not, as the report does.
func TestTheCheckupSaysHowAMatterStandsOrWhyNot(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, registered(), penalised("岚环罚〔2026〕1号", nil), penalised("岚环罚〔2026〕2号", func(r *credit.Record) {
		r.Penalties, r.Fine, r.Content = credit.PenaltySet(credit.Warning), credit.Amount{}, "警告"
	}))
	c := o.checkup()
	for _, m := range c.Matters {
		for _, s := range m.Says {
			doc := o.issue(report.Request{Edition: s.ID})
			i := slices.IndexFunc(doc.Content.Records, func(r report.Record) bool { return r.Matter == m.ID.String() })
			if s.Shown != (i >= 0) {
				t.Errorf("%s in %s: shown %v, in the report %v", m.Record.DocNo, s.ID, s.Shown, i >= 0)
				continue
			}
			if !s.Shown {
				j := slices.IndexFunc(doc.Hidden, func(h report.Hidden) bool { return h.Matter == m.ID.String() })
				if j < 0 || s.Why == "" || s.Why != doc.Hidden[j].Reason || !strings.Contains(s.Basis(), s.Why) {
					t.Errorf("%s in %s is hidden because %q (%s)", m.Record.DocNo, s.ID, s.Why, s.Basis())
				}
				continue
			}
			r := doc.Content.Records[i]
			if s.Counts != r.Counts || r.Detail != "" && (s.Mark != r.State || len(m.Stands()) == 0) {
				t.Errorf("%s in %s: %+v, in the report %+v", m.Record.DocNo, s.ID, s, r)
			}
		}
	}
}

// The first clean day is exactly that: a report of the day before counts a record, one of that day none.
func TestTheFirstCleanDayIsTheFirst(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*credit.Record){
		"a fine of the general class": nil,
		"a suspension of business": func(r *credit.Record) {
			r.Penalties = credit.PenaltySet(credit.SuspendProduction)
		},
		"the last day of February": func(r *credit.Record) { r.Decided = 20240229 },
		"old":                      func(r *credit.Record) { r.Decided = 20210601 },
	} {
		o := open(t, storetest.SQLite(t), t.TempDir())
		o.says(firm, registered(), penalised("岚环罚〔2026〕1号", change))
		c := o.checkup()
		for _, e := range c.Editions {
			if e.CleanNow(today) {
				if e.Counted != 0 {
					t.Errorf("%s, %s: clean today with %d counted", name, e.ID, e.Counted)
				}
				continue
			}
			if e.CleanFrom == 0 {
				t.Errorf("%s, %s: never clean, though every decision leaves the period of five years", name, e.ID)
				continue
			}
			for day, clean := range map[credit.Date]bool{e.CleanFrom.AddDays(-1): false, e.CleanFrom: true} {
				o.on(day)
				then := o.checkup().Editions
				i := slices.IndexFunc(then, func(x report.EditionCheck) bool { return x.ID == e.ID })
				if got := then[i].Counted == 0; got != clean {
					t.Errorf("%s, %s on %s: clean %v, want %v", name, e.ID, day, got, clean)
				}
			}
			o.on(today)
		}
	}
}

func TestAListingWithoutEndIsNeverCleanByItself(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, registered(), credit.Record{Kind: credit.SeriousList, DocNo: "列〔2024〕1号", Class: credit.Organisation, Name: name, List: "没有这种名单", Decided: 20240105,
		Authority: "岚港市市场监督管理局"})
	for _, e := range o.checkup().Editions {
		if e.CleanFrom != 0 {
			t.Errorf("%s is clean from %s", e.ID, e.CleanFrom)
		}
	}
}

// A decision of 2026-04-10 of the general class: repair from 2026-07-11, publicity ends on 2027-04-10.
func TestPointsComeAndGoWithTheirDays(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	doc := "岚环罚〔2026〕1号"
	one := penalised(doc, nil)
	o.says(firm, registered(), one)
	for _, c := range []struct {
		on   credit.Date
		want []string
	}{
		{20260710, []string{"later"}},
		{20260711, []string{"repairable"}},
		{20270110, []string{"repairable"}},
		{20270111, []string{"repairable", "ending"}},
		{20270410, []string{"repairable", "ending"}},
		{20270411, nil},
	} {
		o.on(c.on)
		got, text := pointsOf(o.checkup(), doc)
		got = slices.DeleteFunc(got, func(k string) bool { return k == "disputable" }) // the amount threshold is assumed
		if !slices.Equal(got, c.want) {
			t.Errorf("on %s: %v, want %v: %s", c.on, got, c.want, text)
		}
	}
	o.on(20260711)
	o.happens(firm, matterOf(one), ledger.Event{Type: ledger.Repaired, On: 20260711})
	if got, text := pointsOf(o.checkup(), doc); slices.Contains(got, "repairable") {
		t.Errorf("repaired, and may be repaired: %s", text)
	}
}

// Only rules of law are cited as a basis; others say what they are.
func TestOnlyLawIsCitedAsLaw(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, registered(), penalised("岚环罚〔2026〕1号", nil))
	n := 0
	for _, m := range o.checkup().Matters {
		for _, p := range m.Points {
			if p.Rule == nil {
				continue
			}
			n++
			if p.Rule.Text == "" || !strings.Contains(p.Basis(), p.Rule.Text) {
				t.Errorf("%s without the rule's text", p.Text)
			}
			if strings.Contains(p.Basis(), "（依据：") != p.Cited() {
				t.Errorf("%s cites %s", p.Rule.ID, p.Basis())
			}
		}
	}
	if n == 0 {
		t.Error("no point rests on a rule")
	}
}

func TestWhatLooksMisattributedOrDisputable(t *testing.T) {
	t.Parallel()
	doc := "岚环罚〔2026〕1号"
	for name, c := range map[string]struct {
		change func(*credit.Record)
		kind   report.PointKind
		word   string
	}{
		"another name":          {func(r *credit.Record) { r.Name = "岚港另一家公司" }, report.PointAttribution, "岚港另一家公司"},
		"an organ nobody knows": {func(r *credit.Record) { r.Authority = "某某执法队" }, report.PointAttribution, "不在机关目录中"},
		"no domain":             {func(r *credit.Record) { r.Authority = "某某执法队" }, report.PointAttribution, "未能确定所属领域"},
		"no kind":               {func(r *credit.Record) { r.Penalties = 0 }, report.PointDisputable, "无法确定失信信息类别"},
		"no date":               {func(r *credit.Record) { r.Decided = 0 }, report.PointDisputable, "未注明决定日期"},
	} {
		o := open(t, storetest.SQLite(t), t.TempDir())
		o.says(firm, registered())
		r := penalised(doc, c.change)
		o.append(firm, "", o.ledger.NewAssertion(firm, matterOf(r), 1, &r, nil, o.clock().UnixMilli()))
		found := false
		for _, m := range o.checkup().Matters {
			for _, p := range m.Points {
				found = found || p.Kind == c.kind && strings.Contains(p.Text, c.word)
			}
		}
		if !found {
			_, text := pointsOf(o.checkup(), doc)
			t.Errorf("%s is not pointed at: %s", name, text)
		}
	}
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, registered(), penalised(doc, nil))
	if got, text := pointsOf(o.checkup(), doc); slices.Contains(got, "attribution") {
		t.Errorf("a sound matter is doubted: %s", text)
	}
}

// A matter that neither an edition nor a public page tells of is not in the check-up, not even as a number.
func TestTheCheckupTellsOfNoHiddenMatter(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	o.says(firm, registered(), penalised("岚环罚〔2020〕1号", func(r *credit.Record) { r.Decided = 20200610 }))
	if c := o.checkup(); len(c.Matters) != 0 {
		t.Errorf("%d matters of before the period are told", len(c.Matters))
	}
}

// Whatever matters a subject has, an edition counts some record on every day before its first clean day and none on it.
func TestNoEarlierDayIsClean(t *testing.T) {
	t.Parallel()
	o := open(t, storetest.SQLite(t), t.TempDir())
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		key := credit.Key(fmt.Sprintf("9100000000%08d", n))
		checkup := func() *report.Checkup {
			c, err := o.Checkup(t.Context(), key)
			must(t, err)
			return c
		}
		o.on(today)
		o.says(key, registered())
		for i := range rapid.IntRange(1, 3).Draw(r, "matters") {
			back := rapid.IntRange(0, 5*365+20).Draw(r, "days ago")
			kinds := rapid.SampledFrom([]credit.PenaltyKinds{credit.PenaltySet(credit.Warning), credit.PenaltySet(credit.Fine), credit.PenaltySet(credit.RevokeLicence), 0}).Draw(r, "kinds")
			o.says(key, penalised(fmt.Sprintf("岚环罚〔2026〕%d号", i), func(x *credit.Record) { x.Decided, x.Penalties = today.AddDays(-back), kinds }))
		}
		for _, e := range checkup().Editions {
			end := e.CleanFrom
			if end == 0 {
				end = today.AddMonths(60)
			}
			days := []credit.Date{end.AddDays(-1)}
			for range 4 {
				days = append(days, today.AddDays(rapid.IntRange(0, max(0, today.DaysUntil(end)-1)).Draw(r, "day")))
			}
			for _, d := range days {
				if d < today || e.CleanNow(today) {
					continue
				}
				o.on(d)
				if n := countedIn(checkup(), e.ID); n == 0 {
					r.Fatalf("%s is clean on %s already, not from %s", e.ID, d, e.CleanFrom)
				}
			}
			if e.CleanFrom != 0 {
				o.on(e.CleanFrom)
				if n := countedIn(checkup(), e.ID); n != 0 {
					r.Fatalf("%s counts %d on %s", e.ID, n, e.CleanFrom)
				}
			}
		}
	})
}

func countedIn(c *report.Checkup, edition string) int {
	for _, e := range c.Editions {
		if e.ID == edition {
			return e.Counted
		}
	}
	return -1
}
