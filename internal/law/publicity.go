package law

import (
	"slices"

	"xinban/internal/credit"
)

// Publicity is one compiled rule set on classes and windows (公示).
type Publicity struct {
	set         Set
	transition  Transition
	transRule   *Rule
	classes     [4]classRow // by Class
	simple      classOf
	simpleLimit [2]limitRow // organisation, person
	penalties   [16]classOf // by credit.PenaltyKind
	kinds       [16]kindRow // by credit.Kind
	periods     []periodRow
	restricts   []restrictRow
	uncorrected []uncorrectedRow
}

// Transition is what becomes of decisions made before a rule set took effect (过渡).
type Transition uint8

// The policies.
const (
	Recompute    Transition = iota // by the new rule set
	Keep                           // by the rule set of the day of the decision
	ShorterOfTwo                   // by the one whose publicity ends first
)

var transitions = map[string]Transition{"recompute": Recompute, "keep": Keep, "shorter_of_two": ShorterOfTwo}

type publish uint8

const (
	publishNever publish = iota
	publishIfNecessary
	publishAlways
)

var publishes = map[string]publish{"never": publishNever, "no_unless_necessary": publishIfNecessary, "always": publishAlways}

type classRow struct {
	rule     *Rule
	publish  publish
	min, max int // months
}

type classOf struct {
	rule     *Rule
	class    Class
	byAmount bool
}

type limitRow struct {
	rule *Rule
	fen  credit.Fen
}

type kindBy uint8

const (
	byNothing kindBy = iota
	byPenalty
	byList
	byValidity
	byNever
)

var kindBys = map[string]kindBy{"penalty": byPenalty, "list": byList, "validity": byValidity, "never": byNever}

type kindRow struct {
	rule  *Rule
	by    kindBy
	class Class
}

// scope is the domains and sectors for which a row holds.
type scope struct {
	domains, sectors []string
}

func (s scope) holds(m *Matter) bool {
	for _, x := range s.sectors {
		if x == m.Sector {
			return true
		}
	}
	for _, x := range s.domains {
		if x == m.Domain || x == "*" {
			return true
		}
	}
	return false
}

type periodRow struct {
	scope
	rule     *Rule
	class    Class
	min, max int
}

type restrictRow struct {
	scope
	rule  *Rule
	kinds credit.PenaltyKinds
	over  int // months
}

type uncorrectedRow struct {
	scope
	rule *Rule
	stay bool
}

// width is 1 for a row that holds everywhere, so that rows of a domain or sector go first.
func (r uncorrectedRow) width() int {
	if slices.Contains(r.domains, anyDomain) {
		return 1
	}
	return 0
}
