package decision

import (
	"strings"

	"xinban/internal/credit"
)

// Reason is one condition of a decision: what was asked, what came out, the value used with its
// source and date, the rule, and what would change the answer. Empty fields say nothing.
type Reason struct {
	Condition   string      `json:"condition"`              // what was asked, a short Chinese clause
	Outcome     Outcome     `json:"outcome"`                // what came out
	Value       string      `json:"value,omitempty"`        // the value used, as people read it
	Source      string      `json:"source,omitempty"`       // where the value comes from
	AsOf        credit.Date `json:"as_of,omitzero"`         // date of the value
	Rule        string      `json:"rule,omitempty"`         // identifier of the rule, such as O36.class.general
	RuleSource  string      `json:"rule_source,omitempty"`  // text on which the rule rests
	Sureness    Sureness    `json:"sureness"`               // how sure RuleSource is
	WouldChange string      `json:"would_change,omitempty"` // what would change the answer
}

// Citation is the rule's source as it may be shown to users: as a basis when it is law, otherwise
// with words that say that it is not.
func (r Reason) Citation() string {
	if r.RuleSource == "" {
		return ""
	}
	return r.Sureness.Chinese() + "：" + r.RuleSource
}

// Chinese is the reason in one sentence.
func (r Reason) Chinese() string {
	var b strings.Builder
	b.WriteString(r.Condition + "：" + r.Outcome.Chinese())
	var used []string
	if r.Value != "" {
		used = append(used, r.Value)
	}
	if r.Source != "" {
		used = append(used, "来源："+r.Source)
	}
	if r.AsOf != 0 {
		used = append(used, "截至"+r.AsOf.Chinese())
	}
	if len(used) > 0 {
		b.WriteString("（" + strings.Join(used, "，") + "）")
	}
	if c := r.Citation(); c != "" {
		b.WriteString("；" + c)
	}
	if r.WouldChange != "" {
		b.WriteString("；改变结果的办法：" + r.WouldChange)
	}
	b.WriteString("。")
	return b.String()
}
