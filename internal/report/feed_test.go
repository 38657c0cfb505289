package report_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
	"xinban/internal/report"
	"xinban/internal/store"
	"xinban/internal/store/storetest"
)

// The feeds are asked for the kinds that the rule set counts, with those that a domain's organ added.
func TestTheRuleSetSaysWhichFeedsADomainNeeds(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		o.adopt("SD-2023", "extra: []", "extra: [{id: extra.market, domain: market, kind: abnormal_list, text: 经营异常名录, source: 试验, sureness: assumed}]")
		two := []credit.Kind{credit.Penalty, credit.SeriousList}
		for set, want := range map[string]map[string][]credit.Kind{
			"SD-2023":   {"ecology": two, "market": append(slices.Clone(two), credit.AbnormalList)},
			"NDRC-2025": {"ecology": append(slices.Clone(two), credit.Coercion, credit.CriminalJudgment)},
		} {
			for d, kinds := range want {
				o.issue(report.Request{RuleSet: set, Domains: []string{d}})
				slices.Sort(kinds)
				if len(o.needs) != 1 || o.needs[0].Domain != d {
					t.Fatalf("asked for %+v", o.needs)
				}
				if got := slices.Sorted(slices.Values(o.needs[0].Kinds)); !slices.Equal(got, kinds) {
					t.Errorf("%s: %s needs %v, want %v", set, d, got, kinds)
				}
			}
		}
	})
}

// A decision of an organ with several domains counts in its main domain unless a label says another; the
// organ's other domains are then not answered for.
func TestAnOrganOfSeveralDomainsLeavesTheOthersOpen(t *testing.T) {
	wide := strings.Replace(register, "domains: [market]", "domains: [market, ip]", 1)
	decided := func(label string, penalties ...credit.PenaltyKind) credit.Record {
		return penalised("岚市监罚〔2026〕1号", func(r *credit.Record) {
			r.Authority, r.Domain = "岚港市市场监督管理局", label
			if len(penalties) > 0 {
				r.Penalties = credit.PenaltySet(penalties...)
			}
		})
	}
	for name, c := range map[string]struct {
		record     credit.Record
		domains    []string
		states     []report.State
		conclusion report.Conclusion
	}{
		"no label, the other domain asked":  {decided(""), []string{"ip"}, []report.State{report.Late}, report.Incomplete},
		"no label, the main domain asked":   {decided(""), []string{"market"}, []report.State{report.Found}, report.ConcludesFound},
		"no label, both asked":              {decided(""), []string{"market", "ip"}, []report.State{report.Found, report.Late}, report.ConcludesFound},
		"no label, a third domain asked":    {decided(""), []string{"tax"}, []report.State{report.None}, report.ConcludesNone},
		"a label":                           {decided("知识产权"), []string{"market", "ip"}, []report.State{report.None, report.Found}, report.ConcludesFound},
		"a label of the main domain":        {decided("市场监管"), []string{"ip"}, []report.State{report.None}, report.ConcludesNone},
		"a label that the organ is not for": {decided("税务"), []string{"ip", "tax"}, []report.State{report.Late, report.None}, report.Incomplete},
		"what does not count opens nothing": {decided("", credit.Warning), []string{"ip"}, []report.State{report.None}, report.ConcludesNone},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				o := openWith(t, db, t.TempDir(), wide)
				o.says(firm, c.record)
				doc := o.issue(report.Request{Domains: c.domains}).Content
				if doc.Conclusion != c.conclusion {
					t.Errorf("conclusion %s, want %s", doc.Conclusion, c.conclusion)
				}
				for i, d := range c.domains {
					if a := answer(&doc, d); a.State != c.states[i] || a.UnderCheck != (a.State == report.Late) {
						t.Errorf("%s answers %+v, want %s", d, a, c.states[i])
					}
				}
				if r, err := o.Replay(t.Context(), doc.Number); err != nil || !r.Same {
					t.Errorf("replay %+v, %v", r, err)
				}
			})
		})
	}
}

// How the feeds keep the time limits is printed, and makes no new document of the same data.
func TestThePaperSaysHowTheFeedsKeepTheLimits(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		o.feeds[0].Timeliness = report.Timeliness{Rows: 1000, LatePublish: 123, LateArrive: 45, HeldBack: 6}
		doc := o.issue(report.Request{Paper: true})
		if text := strings.Join(strings.Fields(paperText(t, doc.Paper)), ""); !strings.Contains(text, "12.3/4.5/0.6") {
			t.Errorf("the paper does not say it:\n%s", text)
		}
		if first := doc.Content.Domains[0]; first.Feeds == nil || first.Feeds.LateArrive != 45 || doc.Content.Domains[1].Feeds != nil {
			t.Errorf("%+v", first.Feeds)
		}
		o.feeds[0].Rows += 500
		if again := o.issue(report.Request{}); again.Content.Number != doc.Content.Number {
			t.Error("another file of the same day made another document")
		}
		if r, err := o.Replay(t.Context(), doc.Content.Number); err != nil || !r.Same {
			t.Errorf("replay %+v, %v", r, err)
		}
	})
}

// The region's data may begin later than the rule set's.
func TestAPeriodDoesNotBeginBeforeTheRegionsData(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		o.says(firm, registered())
		o.adopt("shandong", "data_start: 2020-06-01", "data_start: 2023-06-01")
		var wrong *law.PeriodError
		if _, err := o.ask(report.Request{From: 20230531, To: today}); !errors.As(err, &wrong) || !strings.Contains(wrong.Message, "2023年6月1日") {
			t.Errorf("before it: %v", err)
		}
		if c := o.issue(report.Request{}).Content; c.From != 20230601 {
			t.Errorf("the longest period begins on %s", c.From)
		}
	})
}

// A restriction of business or employment stays on the general edition for its term (市场监督管理行政处罚信息
// 公示规定 第十三条第三款).
func TestARestrictionIsPublishedForItsTerm(t *testing.T) {
	for name, c := range map[string]struct {
		kind  credit.PenaltyKind
		until credit.Date
		found bool
	}{
		"restriction of employment, seven years": {credit.RestrictEmployment, 20290410, true},
		"restriction of business, seven years":   {credit.RestrictBusiness, 20290410, true},
		"restriction of employment, run out":     {credit.RestrictEmployment, 20260401, false},
		"another kind":                           {credit.SuspendLicence, 20290410, false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, o *office) {
				o.says(firm, penalised("岚市监罚〔2022〕1号", func(r *credit.Record) {
					r.Authority, r.Decided, r.Until, r.Penalties = "岚港市市场监督管理局", 20220410, c.until, credit.PenaltySet(c.kind)
				}))
				doc := o.issue(report.Request{})
				if found := doc.Content.Conclusion == report.ConcludesFound; found != c.found {
					t.Errorf("found %v, hidden %+v", found, doc.Hidden)
				}
			})
		})
	}
}

// A source's label of a protected sector lengthens publicity under the order of 2023 (第58号令).
func TestALabelOfAProtectedSectorCounts(t *testing.T) {
	for label, want := range map[string]int{"食品": 12, " 特种设备 ": 12, "市场监管": 3, "": 3} {
		each(t, func(t *testing.T, o *office) {
			organs, err := law.ReadRegister([]byte(register))
			must(t, err)
			book, err := o.book("")
			must(t, err)
			r := penalised("岚市监罚〔2024〕1号", func(r *credit.Record) {
				r.Authority, r.Domain, r.Decided, r.Fine = "岚港市市场监督管理局", label, 20240410, credit.Amount{Fen: 500_000, Known: true}
				r.Penalties = credit.PenaltySet(credit.Fine)
			})
			j := report.Assess(book, organs, &ledger.Matter{Kind: credit.Penalty, Record: &r}, 20240601)
			if j.Window.MinEnd != r.Decided.AddMonths(want) {
				t.Errorf("%q: published at least until %s, want %d months", label, j.Window.MinEnd, want)
			}
		})
	}
}
