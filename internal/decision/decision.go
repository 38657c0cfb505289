package decision

import "strings"

// Decision is an outcome with its reasons, one for each condition looked at.
type Decision struct {
	Outcome Outcome  `json:"outcome"`
	Reasons []Reason `json:"reasons,omitempty"`
}

// Because is the decision that rests on one reason.
func Because(r Reason) Decision { return Decision{r.Outcome, []Reason{r}} }

// All is yes when every part is yes, no when one is no, otherwise unknown. Every part is looked at,
// so that nobody mends one condition only to hear of the next. All of nothing is yes.
func All(parts ...Decision) Decision { return join(And, parts) }

// Any is yes when one part is yes, no when every part is no, otherwise unknown. Any of nothing is no.
func Any(parts ...Decision) Decision { return join(Or, parts) }

// Not reverses the outcome and keeps the reasons, which speak of the conditions themselves.
func Not(d Decision) Decision { return Decision{d.Outcome.Not(), d.Reasons} }

func join(how func(...Outcome) Outcome, parts []Decision) Decision {
	outcomes := make([]Outcome, len(parts))
	var reasons []Reason
	for i, p := range parts {
		outcomes[i] = p.Outcome
		reasons = append(reasons, p.Reasons...)
	}
	return Decision{how(outcomes...), reasons}
}

// Blocking returns the reasons that keep the decision from being yes: those that are not yes.
func (d Decision) Blocking() []Reason {
	var b []Reason
	for _, r := range d.Reasons {
		if r.Outcome != Yes {
			b = append(b, r)
		}
	}
	return b
}

// Chinese is the outcome and its reasons, one a line.
func (d Decision) Chinese() string {
	var b strings.Builder
	b.WriteString("结论：" + d.Outcome.Chinese())
	for _, r := range d.Reasons {
		b.WriteString("\n" + r.Chinese())
	}
	return b.String()
}
