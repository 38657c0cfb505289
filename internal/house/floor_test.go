package house

import (
	"strings"
	"testing"
)

// floors places every package of internal/ on a floor. A package with subpackages stands with them.
var floors = map[string]int{
	"credit": 0, "workday": 0, "decision": 0, "pinyin": 0,
	"law": 1, "rule": 1, "store": 1, "page": 1, "problem": 1, "i18n": 1,
	"ledger": 2, "casework": 2, "outbox": 2, "document": 2, "account": 2, "audit": 2, "consent": 2, "tally": 2, "form": 2,
	"intake": 3, "report": 3, "publicity": 3, "ruleset": 3, "accesslog": 3, "objection": 3, "repair": 3, "approval": 3, "policy": 3, "supervision": 3,
	"mandate": 3, "follow": 3, "group": 3, "receive": 3, "livecode": 3, "statement": 3, "hall": 3, "results": 3, "undelivered": 3, "platform": 3,
	"exchange": 4, "demo": 4,
	"app": 5, "bench": 5, "cli": 5, "web": 5, "api": 5, "house": 5,
}

// beside are the imports between different packages of one floor that are meant.
var beside = map[string]string{
	"workday credit":  "a calendar counts the vocabulary's dates",
	"decision credit": "reasons carry the vocabulary's values",
	"law store":       "law/adopted keeps in a table what persons put in force; law itself stays pure",
	"account audit":   "who may see what and who did see it are one question",
	"audit account":   "who may see what and who did see it are one question",
	"form document":   "a paper from a template is laid out and printed as every paper is",
}

const capabilities, wiring = 3, 5

// A package imports only from floors below it; capabilities never import each other; on the top floor the wiring
// may use what stands beside it.
func TestImportsGoDownstairs(t *testing.T) {
	for _, s := range ours(t) {
		from, in := strings.CutPrefix(s.pkg, "internal/")
		if s.test || !in {
			continue
		}
		from = top(from)
		low, known := floors[from]
		if !known {
			t.Errorf("%s: internal/%s stands on no floor: place it in floors", s.path, from)
			continue
		}
		for _, imp := range s.file.Imports {
			to, ok := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), "xinban/internal/")
			if !ok || top(to) == from {
				continue
			}
			to = top(to)
			if fault := climbs(from, to, low, floors[to]); fault != "" {
				t.Errorf("%s:%d: internal/%s imports internal/%s: %s", s.path, s.line(imp), from, to, fault)
			}
		}
	}
}

func top(pkg string) string {
	first, _, _ := strings.Cut(pkg, "/")
	return first
}

func climbs(from, to string, low, high int) string {
	switch {
	case beside[from+" "+to] != "" || high < low:
		return ""
	case high > low:
		return "that is a higher floor"
	case low == wiring:
		return ""
	case low == capabilities:
		return "capabilities meet through interfaces that the consumer declares and app wires"
	}
	return "that is the same floor"
}

// The guard itself must see each kind of fault.
func TestTheGuardSeesFaults(t *testing.T) {
	for _, c := range []struct {
		from, to string
		fault    bool
	}{{"credit", "law", true}, {"report", "intake", true}, {"intake", "report", true}, {"ledger", "report", true}, {"store", "i18n", true},
		{"credit", "workday", true}, {"law", "store", false}, {"report", "ledger", false}, {"cli", "app", false}, {"workday", "credit", false}} {
		if got := climbs(c.from, c.to, floors[c.from], floors[c.to]) != ""; got != c.fault {
			t.Errorf("%s importing %s: fault %v, want %v", c.from, c.to, got, c.fault)
		}
	}
}

// What is only for tests is not linked into the program.
func TestTheProgramLinksNoTestHelpers(t *testing.T) {
	for _, s := range ours(t) {
		if s.test || strings.HasSuffix(s.pkg, "test") {
			continue
		}
		for _, imp := range s.file.Imports {
			path := strings.Trim(imp.Path.Value, `"`)
			if path == "testing" || strings.HasPrefix(path, "xinban/") && strings.HasSuffix(path, "test") {
				t.Errorf("%s:%d imports %s", s.path, s.line(imp), path)
			}
		}
	}
}
