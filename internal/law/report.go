package law

import (
	"fmt"
	"slices"

	"xinban/internal/credit"
)

// Detail is how much an edition shows of a record.
type Detail uint8

// The levels.
const (
	DetailCount   Detail = 0 // the number of records in each domain
	DetailSummary Detail = 1 // one line a record
	DetailFull    Detail = 2 // every field
)

var details = map[string]Detail{"count": DetailCount, "summary": DetailSummary, "full": DetailFull}

// String is "count", "summary" or "full".
func (d Detail) String() string { return [...]string{"count", "summary", "full", "full"}[d&3] }

// MarshalText writes the identifier.
func (d Detail) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// ReportRules is one rule set of the report (报告规则): what is a violation record, the period that may
// be asked for, and the editions.
type ReportRules struct {
	Set      Set
	period   PeriodRule
	records  [16]recordRow // by credit.Kind
	extra    []extraRow
	light    credit.PenaltyKinds
	outside  *Rule // hides what is no violation record in this rule set
	editions []*Edition
}

// Edition is one edition of a report (专版).
type Edition struct {
	ID     string // general, administration or listing
	Name   string // 普通版, 行政管理专版 or 上市专版
	Detail Detail
	Rule   *Rule
	rules  *ReportRules
	rows   [stateCount]editionRow
}

type recordRow struct {
	rule       *Rule
	procedures uint8 // bit by credit.Procedure; 0: any
}

type extraRow struct {
	rule   *Rule
	domain string
	kind   credit.Kind
}

type editionRow struct {
	rule            *Rule
	counts, shown   bool
	mark            string
	markUnpublished string // instead of mark for a record that was never published
	markRemoved     bool   // the day of removal follows the mark
}

// state is where a record stands for an edition. The first that fits counts.
type state uint8

const (
	stateAnnulled state = iota
	stateRemoved
	stateRepaired
	stateExpired
	stateLight
	stateCurrent
	stateCount
)

var states = map[string]state{"annulled": stateAnnulled, "removed": stateRemoved, "repaired": stateRepaired,
	"expired": stateExpired, "light": stateLight, "current": stateCurrent}

var procedures = map[string]credit.Procedure{"unknown": credit.ProcedureUnknown, "simple": credit.ProcedureSimple, "ordinary": credit.ProcedureOrdinary}

type reportSpec struct {
	Head   header     `yaml:",inline"`
	Period periodSpec `yaml:"period"`
	Starts []struct {
		About  about  `yaml:",inline"`
		Domain nameAt `yaml:"domain"`
		Start  dateAt `yaml:"data_start"`
	} `yaml:"data_starts"`
	Records []struct {
		About      about    `yaml:",inline"`
		Kind       kindAt   `yaml:"kind"`
		Procedures []string `yaml:"procedures"`
	} `yaml:"records"`
	Extra []struct {
		About  about  `yaml:",inline"`
		Domain nameAt `yaml:"domain"`
		Kind   kindAt `yaml:"kind"`
	} `yaml:"extra"`
	Light    []penaltyAt   `yaml:"light"`
	Editions []editionSpec `yaml:"editions"`
}

type periodSpec struct {
	About     about  `yaml:",inline"`
	MaxMonths int    `yaml:"max_months"`
	DataStart dateAt `yaml:"data_start"`
}

type editionSpec struct {
	About  about  `yaml:",inline"`
	Name   string `yaml:"name"`
	Detail string `yaml:"detail"`
	Rules  []struct {
		About           about  `yaml:",inline"`
		State           string `yaml:"state"`
		Counts          bool   `yaml:"counts"`
		Shown           bool   `yaml:"shown"`
		Mark            string `yaml:"mark"`
		MarkUnpublished string `yaml:"mark_unpublished"`
		MarkDate        string `yaml:"mark_date"`
	} `yaml:"rules"`
}

func readReport(set Set, e *errs) (*ReportRules, error) {
	var spec reportSpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	r, h := &ReportRules{Set: set}, spec.Head
	r.outside = &Rule{ID: set.ID + ".record.outside", Text: "不属于本规则所称违法违规记录", Source: set.Source, Sureness: set.Sureness, From: set.EffectiveFrom}
	r.period = PeriodRule{Rule: e.rule(spec.Period.About, h), MaxMonths: spec.Period.MaxMonths, DataStart: spec.Period.DataStart.V, starts: map[string]credit.Date{}}
	e.check(r.period.MaxMonths > 0 && r.period.DataStart != 0, "%s：period应写明max_months和data_start", set.ID)
	e.rules = append(e.rules, r.outside)
	for _, s := range spec.Starts {
		e.rule(s.About, h)
		r.period.starts[string(s.Domain.V)] = s.Start.V
	}
	for _, k := range spec.Light {
		r.light |= credit.PenaltySet(credit.PenaltyKind(k.V))
	}
	for _, x := range spec.Records {
		row := recordRow{rule: e.rule(x.About, h)}
		for _, p := range x.Procedures {
			row.procedures |= 1 << choice(e, x.About, "procedures", p, procedures)
		}
		e.check(x.Kind.V == credit.Penalty == (row.procedures != 0), "第%d行：%s：procedures只用于行政处罚，行政处罚必须写", x.About.ID.Line, x.About.ID.V)
		r.records[x.Kind.V] = row
	}
	for _, x := range spec.Extra {
		r.extra = append(r.extra, extraRow{e.rule(x.About, h), string(x.Domain.V), x.Kind.V})
	}
	for _, x := range spec.Editions {
		r.editions = append(r.editions, r.readEdition(e, h, x))
	}
	e.check(len(r.editions) > 0, "%s没有任何版本", set.ID)
	return r, e.err
}

func (r *ReportRules) readEdition(e *errs, h header, x editionSpec) *Edition {
	d := &Edition{ID: string(x.About.ID.V), Name: x.Name, Detail: choice(e, x.About, "detail", x.Detail, details), Rule: e.rule(x.About, h), rules: r}
	for _, row := range x.Rules {
		s := choice(e, row.About, "state", row.State, states)
		rule := e.ruleIn(r.Set.ID+"."+d.ID, row.About, h)
		e.check(d.rows[s].rule == nil, "第%d行：版本%s对%s有两条规则", row.About.ID.Line, d.ID, row.State)
		e.check(!row.Counts || row.Shown, "第%d行：%s：计入结论的必须列示", row.About.ID.Line, row.About.ID.V)
		e.check(row.MarkDate == "" || row.MarkDate == "removed", "第%d行：mark_date“%s”：只能写removed", row.About.ID.Line, row.MarkDate)
		d.rows[s] = editionRow{rule, row.Counts, row.Shown, row.Mark, row.MarkUnpublished, row.MarkDate == "removed"}
	}
	for word, s := range states {
		e.check(d.rows[s].rule != nil, "%s：版本%s缺少%s的规则", r.Set.ID, d.ID, word)
	}
	return d
}

// Edition returns an edition by its identifier.
func (r *ReportRules) Edition(id string) (*Edition, error) {
	for _, e := range r.editions {
		if e.ID == id {
			return e, nil
		}
	}
	return nil, fmt.Errorf("规则%s没有版本“%s”", r.Set.ID, id)
}

// Editions are the editions in the order of the file.
func (r *ReportRules) Editions() []*Edition { return slices.Clone(r.editions) }

// RuleSet is the rule set to which the edition belongs.
func (e *Edition) RuleSet() *ReportRules { return e.rules }

// Kinds are the kinds of matter that can count in a domain: its data must hold each of them before it
// answers 未查见.
func (r *ReportRules) Kinds(domain string) []credit.Kind {
	var kinds []credit.Kind
	for _, k := range credit.Kinds() {
		extra := slices.ContainsFunc(r.extra, func(x extraRow) bool { return x.kind == k && x.domain == domain })
		if extra || int(k) < len(r.records) && r.records[k].rule != nil {
			kinds = append(kinds, k)
		}
	}
	return kinds
}
