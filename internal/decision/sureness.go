package decision

import "fmt"

// Sureness tells how sure the source of a rule's value is. The zero value is Assumed, so that a value
// without a label is never taken for law.
type Sureness uint8

// The degrees, weakest first.
const (
	Assumed  Sureness = 0 // our proposal or a recollection, to be confirmed by the adopting organ
	Reported Sureness = 1 // read in the press, in commentary or in a draft only
	Article  Sureness = 2 // the article that the program implements
	Law      Sureness = 3 // legal or official text read, or two independent reports of it that agree
)

var surenessNames = [...][2]string{
	Assumed:  {"assumed", "系统设定，待主管部门确认"},
	Reported: {"reported", "据公开报道"},
	Article:  {"article", "据经验材料"},
	Law:      {"law", "依据"},
}

// String is "law", "article", "reported" or "assumed".
func (s Sureness) String() string {
	if int(s) < len(surenessNames) {
		return surenessNames[s][0]
	}
	return surenessNames[Assumed][0]
}

// Chinese is the words that stand before a source shown to people.
func (s Sureness) Chinese() string {
	if int(s) < len(surenessNames) {
		return surenessNames[s][1]
	}
	return surenessNames[Assumed][1]
}

// Citable tells whether the source may be cited to a user as law.
func (s Sureness) Citable() bool { return s == Law }

// MarshalText writes the identifier.
func (s Sureness) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes and nothing else.
func (s *Sureness) UnmarshalText(b []byte) error {
	for i, n := range surenessNames {
		if n[0] == string(b) {
			*s = Sureness(i)
			return nil
		}
	}
	return fmt.Errorf("decision: %q does not say how sure a source is: write law, article, reported or assumed", b)
}
