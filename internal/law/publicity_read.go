package law

import (
	"fmt"
	"slices"

	"xinban/internal/credit"
)

// publicitySpec is a rule file on classes and publicity windows, as written.
type publicitySpec struct {
	Head       header `yaml:",inline"`
	Transition *struct {
		About  about  `yaml:",inline"`
		Policy string `yaml:"policy"`
	} `yaml:"transition"`
	Classes []struct {
		About   about   `yaml:",inline"`
		Class   classAt `yaml:"class"`
		Publish string  `yaml:"publish"`
		Min     int     `yaml:"min_months"`
		Max     int     `yaml:"max_months"`
	} `yaml:"classes"`
	Uncorrected []struct {
		About about     `yaml:",inline"`
		Scope scopeSpec `yaml:",inline"`
		AtMax string    `yaml:"at_max"`
	} `yaml:"uncorrected"`
	Procedures []struct {
		About     about   `yaml:",inline"`
		Procedure string  `yaml:"procedure"`
		Class     classAt `yaml:"class"`
	} `yaml:"procedures"`
	Limits []struct {
		About   about  `yaml:",inline"`
		Subject string `yaml:"subject"`
		Yuan    int64  `yaml:"yuan"`
	} `yaml:"simple_limits"`
	Penalties []struct {
		About    about     `yaml:",inline"`
		Kind     penaltyAt `yaml:"kind"`
		Class    classAt   `yaml:"class"`
		ByAmount bool      `yaml:"by_amount"`
	} `yaml:"penalties"`
	Kinds []struct {
		About about   `yaml:",inline"`
		Kind  kindAt  `yaml:"kind"`
		By    string  `yaml:"by"`
		Class classAt `yaml:"class"`
	} `yaml:"kinds"`
	Periods []struct {
		About about     `yaml:",inline"`
		Scope scopeSpec `yaml:",inline"`
		Class classAt   `yaml:"class"`
		Min   int       `yaml:"min_months"`
		Max   int       `yaml:"max_months"`
	} `yaml:"periods"`
	Restrictions []struct {
		About about       `yaml:",inline"`
		Scope scopeSpec   `yaml:",inline"`
		Kinds []penaltyAt `yaml:"kinds"`
		Over  int         `yaml:"over_months"`
	} `yaml:"restrictions"`
}

// scopeSpec narrows a row to domains and sectors; an uncorrected row without any holds everywhere.
type scopeSpec struct {
	Domains []string `yaml:"domains"`
	Sectors []string `yaml:"sectors"`
}

func (s scopeSpec) scope() scope { return scope{s.Domains, s.Sectors} }

// errs keeps the first error of a file, so that the readers below stay plain lists of rows, and the
// rules read.
type errs struct {
	err   error
	rules []*Rule
}

func (e *errs) add(err error) {
	if e.err == nil {
		e.err = err
	}
}

func (e *errs) check(ok bool, format string, args ...any) {
	if !ok {
		e.add(fmt.Errorf(format, args...))
	}
}

func (e *errs) rule(a about, h header) *Rule {
	return e.ruleIn(string(h.ID.V), a, h)
}

func (e *errs) ruleIn(prefix string, a about, h header) *Rule {
	r, err := a.rule(prefix, h)
	if e.add(err); err != nil {
		return nil
	}
	for _, other := range e.rules {
		e.check(other.ID != r.ID || other.From != r.From, "第%d行：规则%s在同一生效日期重复", a.ID.Line, r.ID)
	}
	e.rules = append(e.rules, r)
	return r
}

func readPublicity(set Set, e *errs) (*Publicity, error) {
	var spec publicitySpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	p, h := &Publicity{set: set}, spec.Head
	if t := spec.Transition; t != nil {
		p.transRule = e.rule(t.About, h)
		p.transition = choice(e, t.About, "policy", t.Policy, transitions)
	}
	for _, c := range spec.Classes {
		row := classRow{e.rule(c.About, h), choice(e, c.About, "publish", c.Publish, publishes), c.Min, c.Max}
		e.check(c.Class.V != ClassUnknown && p.classes[c.Class.V].rule == nil, "第%d行：类别%s未知或者重复", c.Class.Line, c.Class.V)
		e.months(c.About, c.Min, c.Max)
		p.classes[c.Class.V] = row
	}
	for c := Minor; c <= Serious; c++ {
		e.check(p.classes[c].rule != nil, "%s缺少类别%s的一行", set.ID, c)
	}
	p.readProcedures(e, &spec)
	p.readKinds(e, &spec)
	p.readSpecial(e, &spec)
	return p, e.err
}

func (e *errs) months(a about, lo, hi int) {
	e.check(lo >= 0 && hi > lo, "第%d行：%s：最长公示期应长于最短公示期", a.ID.Line, a.ID.V)
}

func (p *Publicity) readProcedures(e *errs, spec *publicitySpec) {
	for _, r := range spec.Procedures {
		e.check(r.Procedure == "simple", "第%d行：程序“%s”：只有simple（简易程序）单独分类", r.About.ID.Line, r.Procedure)
		e.check(r.Class.V != ClassUnknown, "第%d行：%s没有写类别", r.About.ID.Line, r.About.ID.V)
		p.simple = classOf{rule: e.rule(r.About, spec.Head), class: r.Class.V}
	}
	e.check(p.simple.rule != nil, "%s缺少简易程序的一行", p.set.ID)
	for _, r := range spec.Limits {
		i := choice(e, r.About, "subject", r.Subject, subjects)
		p.simpleLimit[i] = limitRow{e.rule(r.About, spec.Head), credit.Fen(r.Yuan) * credit.Yuan}
	}
}

func (p *Publicity) readKinds(e *errs, spec *publicitySpec) {
	for _, r := range spec.Penalties {
		k := &p.penalties[r.Kind.V]
		e.check(k.rule == nil, "第%d行：种类%s重复", r.Kind.Line, credit.PenaltyKind(r.Kind.V))
		e.check((r.Class.V != ClassUnknown) != r.ByAmount, "第%d行：%s应写类别或者by_amount，二者取一", r.Kind.Line, r.About.ID.V)
		*k = classOf{e.rule(r.About, spec.Head), r.Class.V, r.ByAmount}
	}
	for k := credit.Warning; k <= credit.OrderClosure; k++ {
		e.check(p.penalties[k].rule != nil, "%s缺少处罚种类%s的一行", p.set.ID, k)
	}
	for _, r := range spec.Kinds {
		k := &p.kinds[r.Kind.V]
		e.check(k.rule == nil, "第%d行：种类%s重复", r.Kind.Line, r.Kind.V)
		*k = kindRow{e.rule(r.About, spec.Head), choice(e, r.About, "by", r.By, kindBys), r.Class.V}
		e.check((k.by == byList) == (k.class != ClassUnknown), "第%d行：%s：只有by: list时才写类别", r.Kind.Line, r.About.ID.V)
	}
	for _, k := range credit.Kinds() {
		e.check(p.kinds[k].rule != nil, "%s缺少信息种类%s的一行", p.set.ID, k)
	}
}

func (p *Publicity) readSpecial(e *errs, spec *publicitySpec) {
	for _, r := range spec.Periods {
		e.months(r.About, r.Min, r.Max)
		e.check(r.Class.V != ClassUnknown, "第%d行：%s没有写类别", r.About.ID.Line, r.About.ID.V)
		p.periods = append(p.periods, periodRow{r.Scope.scope(), e.rule(r.About, spec.Head), r.Class.V, r.Min, r.Max})
	}
	for _, r := range spec.Restrictions {
		row := restrictRow{scope: r.Scope.scope(), rule: e.rule(r.About, spec.Head), over: r.Over}
		for _, k := range r.Kinds {
			row.kinds |= credit.PenaltySet(credit.PenaltyKind(k.V))
		}
		p.restricts = append(p.restricts, row)
	}
	for _, r := range spec.Uncorrected {
		s := r.Scope.scope()
		if len(s.domains)+len(s.sectors) == 0 {
			s.domains = []string{"*"}
		}
		p.uncorrected = append(p.uncorrected, uncorrectedRow{s, e.rule(r.About, spec.Head), choice(e, r.About, "at_max", r.AtMax, atMax)})
	}
	slices.SortStableFunc(p.uncorrected, func(a, b uncorrectedRow) int { return a.width() - b.width() })
	e.check(len(p.uncorrected) > 0, "%s没有写明最长公示期满仍未纠正的如何处理", p.set.ID)
}

var atMax = map[string]bool{"end": false, "stay": true}
