package law

import (
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
)

// Region is the profile of a region (地区配置): which rule sets, clocks and product name it uses.
type Region struct {
	ID        string
	Name      string
	Product   string // name printed on the report
	Default   bool
	DataStart credit.Date // first day for which the region's data answer
	Area      string      // digits with which the areas begin whose data the platform gathers (GB/T 2260); empty when not stated
	reports   []reportChoice
	clocks    map[string]Clock
}

// Clock is one time limit of a region.
type Clock struct {
	Value       int
	WorkingDays bool // working days, otherwise calendar days
	Rule        *Rule
}

type reportChoice struct {
	rule    *Rule
	ruleSet string
}

type regionSpec struct {
	Head    header `yaml:",inline"`
	Product string `yaml:"product"`
	Default bool   `yaml:"default"`
	Reports []struct {
		About   about  `yaml:",inline"`
		RuleSet nameAt `yaml:"ruleset"`
	} `yaml:"reports"`
	DataStart dateAt `yaml:"data_start"`
	Area      string `yaml:"area"`
	Clocks    []struct {
		About about  `yaml:",inline"`
		Value int    `yaml:"value"`
		Unit  string `yaml:"unit"`
	} `yaml:"clocks"`
}

var clockUnits = map[string]bool{"days": false, "working_days": true}

func readRegion(set Set, e *errs) (*Region, error) {
	var spec regionSpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	r := &Region{ID: set.ID, Name: set.Title, Product: spec.Product, Default: spec.Default, DataStart: spec.DataStart.V, Area: spec.Area, clocks: map[string]Clock{}}
	for _, x := range spec.Reports {
		r.reports = append(r.reports, reportChoice{e.rule(x.About, spec.Head), string(x.RuleSet.V)})
	}
	for _, x := range spec.Clocks {
		e.check(x.Value > 0, "第%d行：期限%s应大于零", x.About.ID.Line, x.About.ID.V)
		r.clocks[string(x.About.ID.V)] = Clock{x.Value, choice(e, x.About, "unit", x.Unit, clockUnits), e.rule(x.About, spec.Head)}
	}
	e.check(len(r.Area) <= 6 && strings.Trim(r.Area, "0123456789") == "", "%s：area“%s”不是行政区划代码的开头", set.ID, r.Area)
	e.check(len(r.reports) > 0, "%s没有写明使用哪份报告规则", set.ID)
	return r, e.err
}

// Clock returns a time limit by its identifier, such as "publish".
func (r *Region) Clock(id string) (Clock, bool) {
	c, ok := r.clocks[id]
	return c, ok
}

// ReportRules is the rule set of the report in force in the region on a day.
func (b *Book) ReportRules(region *Region, on credit.Date) (*ReportRules, error) {
	var best *reportChoice
	for i := range region.reports {
		if c := &region.reports[i]; c.rule.From <= on && (best == nil || c.rule.From > best.rule.From) {
			best = c
		}
	}
	if best == nil {
		return nil, fmt.Errorf("地区%s在%s没有生效的报告规则", region.ID, on)
	}
	return b.ReportRulesByID(best.ruleSet, on)
}

// ReportRulesByID is the version in force on a day of the rule set with an identifier. Asked for by
// name, the oldest version also serves days before it took effect.
func (b *Book) ReportRulesByID(id string, on credit.Date) (*ReportRules, error) {
	if r, ok := choose(b.reports, id, on); ok {
		return r, nil
	}
	return nil, fmt.Errorf("没有已采用的报告规则“%s”，可用：%v", id, b.ReportRuleIDs())
}

// ReportRuleIDs are the identifiers of the adopted rule sets of the report.
func (b *Book) ReportRuleIDs() []string {
	var ids []string
	for _, v := range b.reports {
		if !slices.Contains(ids, v.id) {
			ids = append(ids, v.id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Region returns a region's profile; the empty identifier asks for the default.
func (b *Book) Region(id string, on credit.Date) (*Region, error) {
	for _, v := range b.regions {
		if id == "" && v.rules.Default {
			id = v.id
		}
	}
	if r, ok := choose(b.regions, id, on); ok {
		return r, nil
	}
	return nil, fmt.Errorf("没有已采用的地区配置“%s”", id)
}
