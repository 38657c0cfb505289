package decision

import "fmt"

// Outcome is the answer to one condition or to a whole question. The zero value is Unknown.
type Outcome uint8

// The outcomes.
const (
	Unknown Outcome = 0 // 不明
	No      Outcome = 1 // 否
	Yes     Outcome = 2 // 是
)

// Of is Yes for true and No for false, for facts that are known.
func Of(known bool) Outcome {
	if known {
		return Yes
	}
	return No
}

// Not turns yes into no and no into yes; unknown stays unknown.
func (o Outcome) Not() Outcome {
	switch o {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}

// And is No when one of the outcomes is No, else Unknown when one is Unknown, else Yes.
func And(all ...Outcome) Outcome {
	result := Yes
	for _, o := range all {
		if o == No {
			return No
		}
		if o != Yes {
			result = Unknown
		}
	}
	return result
}

// Or is Yes when one of the outcomes is Yes, else Unknown when one is Unknown, else No.
func Or(all ...Outcome) Outcome {
	result := No
	for _, o := range all {
		if o == Yes {
			return Yes
		}
		if o != No {
			result = Unknown
		}
	}
	return result
}

// String is "unknown", "no" or "yes".
func (o Outcome) String() string {
	switch o {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// Chinese is 不明, 否 or 是.
func (o Outcome) Chinese() string {
	switch o {
	case Yes:
		return "是"
	case No:
		return "否"
	}
	return "不明"
}

// MarshalText writes "unknown", "no" or "yes".
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads what MarshalText writes and nothing else.
func (o *Outcome) UnmarshalText(b []byte) error {
	switch string(b) {
	case "yes":
		*o = Yes
	case "no":
		*o = No
	case "unknown":
		*o = Unknown
	default:
		return fmt.Errorf("decision: %q is not an outcome: write yes, no or unknown", b)
	}
	return nil
}
