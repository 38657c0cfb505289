package law

import (
	"slices"

	"xinban/internal/credit"
)

// Route is where a repair is asked for.
type Route uint8

// The routes.
const (
	RouteNational  Route = iota // 信用中国, or a window that files there
	RoutePublicity              // 国家企业信用信息公示系统: 以公示系统办理为准
	RouteCourt                  // the court that executes
)

var routeNames = [...][2]string{{"national", "信用中国"}, {"publicity_system", "国家企业信用信息公示系统"}, {"court", "人民法院"}}

// String is "national", "publicity_system" or "court".
func (r Route) String() string { return routeNames[r][0] }

// Chinese is the name of the entrance.
func (r Route) Chinese() string { return routeNames[r][1] }

var routes = map[string]Route{"national": RouteNational, "publicity_system": RoutePublicity, "court": RouteCourt}

// RepairRules are a rule set on repair: what it covers, its conditions, and where it is asked for.
type RepairRules struct {
	Set        Set
	kinds      []credit.Kind
	scope      *Rule // what can be repaired
	right      *Rule // who may ask
	persons    *Rule
	duty       *Rule
	restricted *Rule
	barred     *Rule
	disputed   *Rule
	shielding  *Rule
	Commitment *Rule // what comes with every application
	barYears   int
	shownYears int
	routes     []routeRow
	exclusions []selector
}

// selector chooses matters; an empty list chooses all.
type selector struct {
	rule    *Rule
	kinds   []credit.Kind
	domains []string
	lists   []string
}

func (s *selector) holds(m *Matter) bool {
	return chooses(s.kinds, m.Kind) && chooses(s.domains, m.Domain) && chooses(s.lists, m.List)
}

func chooses[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

type routeRow struct {
	selector
	to Route
}

type selectSpec struct {
	About   about    `yaml:",inline"`
	Kinds   []kindAt `yaml:"kinds"`
	Domains []string `yaml:"domains"`
	Lists   []string `yaml:"lists"`
}

type repairSpec struct {
	Head       header     `yaml:",inline"`
	Scope      selectSpec `yaml:"scope"`
	Right      about      `yaml:"right"`
	Persons    about      `yaml:"persons"`
	Duty       about      `yaml:"duty"`
	Commitment about      `yaml:"commitment"`
	Restricted about      `yaml:"restricted"`
	Disputed   about      `yaml:"disputed"`
	Shielding  about      `yaml:"shielding"`
	Bar        struct {
		About      about `yaml:",inline"`
		Years      int   `yaml:"years"`
		ShownYears int   `yaml:"shown_years"`
	} `yaml:"bar"`
	Routes []struct {
		Select selectSpec `yaml:",inline"`
		To     string     `yaml:"to"`
	} `yaml:"routes"`
	Exclusions []selectSpec `yaml:"exclusions"`
}

func readRepair(set Set, e *errs) (*RepairRules, error) {
	var spec repairSpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	r := &RepairRules{Set: set, barYears: spec.Bar.Years, shownYears: spec.Bar.ShownYears}
	scope := selectBy(e, spec.Scope, spec.Head)
	r.kinds, r.scope = scope.kinds, scope.rule
	for _, x := range []struct {
		to  **Rule
		row about
	}{{&r.right, spec.Right}, {&r.persons, spec.Persons}, {&r.duty, spec.Duty}, {&r.Commitment, spec.Commitment}, {&r.restricted, spec.Restricted},
		{&r.disputed, spec.Disputed}, {&r.shielding, spec.Shielding}, {&r.barred, spec.Bar.About}} {
		*x.to = e.rule(x.row, spec.Head)
	}
	e.check(len(r.kinds) > 0, "%s：scope没有写明信息种类", set.ID)
	e.check(r.barYears > 0 && r.shownYears > 0, "第%d行：%s：years和shown_years应大于零", spec.Bar.About.ID.Line, spec.Bar.About.ID.V)
	for _, x := range spec.Routes {
		r.routes = append(r.routes, routeRow{selectBy(e, x.Select, spec.Head), choice(e, x.Select.About, "to", x.To, routes)})
	}
	for _, x := range spec.Exclusions {
		r.exclusions = append(r.exclusions, selectBy(e, x, spec.Head))
	}
	return r, e.err
}

func selectBy(e *errs, s selectSpec, h header) selector {
	x := selector{rule: e.rule(s.About, h), domains: s.Domains, lists: s.Lists}
	for _, k := range s.Kinds {
		x.kinds = append(x.kinds, k.V)
	}
	return x
}

func (r *RepairRules) covers(k credit.Kind) bool { return slices.Contains(r.kinds, k) }

func (r *RepairRules) route(m *Matter) *routeRow {
	for i := range r.routes {
		if r.routes[i].holds(m) {
			return &r.routes[i]
		}
	}
	return nil
}

func (r *RepairRules) exclusion(m *Matter) *Rule {
	for i := range r.exclusions {
		if r.exclusions[i].holds(m) {
			return r.exclusions[i].rule
		}
	}
	return nil
}

// repairOn is the rule set on repair in force on a day, or the oldest when none is yet; nil where none was adopted.
func (b *Book) repairOn(on credit.Date) *RepairRules {
	if len(b.repairs) == 0 {
		return nil
	}
	return onDay(b.repairs, on)
}

// RepairRules are the rules on repair in force on a day; nil where none was adopted.
func (b *Book) RepairRules(on credit.Date) *RepairRules { return b.repairOn(on) }

// Bar is what follows when a repair was got by false material that was found on a day: the last day on which no
// application is taken, and the last day on which the breach is shown, with the rule.
func (r *RepairRules) Bar(found credit.Date) (until, shown credit.Date, rule *Rule) {
	return found.AddMonths(12 * r.barYears), found.AddMonths(12 * r.shownYears), r.barred
}
