package law

import (
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/decision"
)

// Rule is one row of an adopted rule set: what an answer names when it says why.
type Rule struct {
	ID       string            // such as "O36.class.general"
	Text     string            // what the row says, in Chinese
	Source   string            // the text on which it rests
	Sureness decision.Sureness // how sure Source is
	From     credit.Date       // first day on which the row applies
}

// Name is the identifier, empty for no rule.
func (r *Rule) Name() string {
	if r == nil {
		return ""
	}
	return r.ID
}

// reason is the part of a reason that comes from the rule.
func (r *Rule) reason(condition string, o decision.Outcome) decision.Reason {
	if r == nil {
		return decision.Reason{Condition: condition, Outcome: o}
	}
	return decision.Reason{Condition: condition, Outcome: o, Rule: r.ID, RuleSource: r.Source, Sureness: r.Sureness}
}

// about is what every row of a rule file says of itself. A row without a source has its file's
// source and sureness.
type about struct {
	ID            nameAt     `yaml:"id"`
	Text          string     `yaml:"text"`
	Source        string     `yaml:"source"`
	Sureness      surenessAt `yaml:"sureness"`
	EffectiveFrom dateAt     `yaml:"effective_from"`
}

func (a about) rule(prefix string, h header) (*Rule, error) {
	if a.ID.V == "" {
		return nil, fmt.Errorf("%s中有一行没有id", prefix)
	}
	r := &Rule{ID: prefix + "." + string(a.ID.V), Text: a.Text, Source: a.Source, Sureness: a.Sureness.V, From: a.EffectiveFrom.V}
	switch {
	case r.Source == "" && a.Sureness.Line != 0:
		return nil, fmt.Errorf("第%d行：%s写了确定程度（sureness），却没有写来源（source）", a.Sureness.Line, r.ID)
	case r.Source == "":
		r.Source, r.Sureness = h.Source, h.Sureness.V
	case a.Sureness.Line == 0:
		return nil, fmt.Errorf("第%d行：%s写了来源（source），却没有写确定程度（sureness）", a.ID.Line, r.ID)
	}
	if r.From == 0 {
		r.From = h.EffectiveFrom.V
	}
	return r, nil
}
