package law

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xinban/internal/credit"
)

// Every number, date and choice of the proposals is changed, one at a time: the file must be refused or
// a scenario must break. What survives is named in survivors with the reason.
func TestEveryValueIsHeldByAScenario(t *testing.T) {
	if testing.Short() {
		t.Skip("changes every value of the rule files")
	}
	all := scenarios(t)
	slices.SortStableFunc(all, func(a, b scenario) int { return len(a.Adopt) - len(b.Adopt) }) // the cheap ones first
	adopted := AdoptProposals(20260101, "岚海省社会信用中心")
	organs := register(t)
	var alive []string
	count := 0
	for i, p := range Proposals() {
		for _, m := range mutants(string(p.Body)) {
			count++
			changed := slices.Clone(adopted)
			changed[i] = Adopted{Body: []byte(m.body), Author: "甲", Approver: "乙"}
			b, err := bookOf(changed)
			if err != nil || breaks(&runner{changed, b, organs, map[string][]string{}}, all) {
				continue
			}
			alive = append(alive, p.ID+": "+m.what)
		}
	}
	t.Logf("%d values changed, %d survive", count, len(alive))
	for _, a := range alive {
		if !slices.Contains(survivors, a) {
			t.Errorf("no scenario holds %s", a)
		}
	}
	for _, s := range survivors {
		if !slices.Contains(alive, s) {
			t.Errorf("%s is held now: take it off the list", s)
		}
	}
}

func breaks(r *runner, all []scenario) bool {
	for i := range all {
		if len(r.run(&all[i])) > 0 {
			return true
		}
	}
	return false
}

type mutant struct{ what, body string }

// others is what a choice is changed to.
var others = map[string]string{
	"minor": "general", "general": "serious", "serious": "minor", "true": "false", "false": "true",
	"always": "never", "never": "always", "no_unless_necessary": "never", "end": "stay",
	"shorter_of_two": "recompute", "organisation": "person", "person": "organisation",
	"penalty": "never", "list": "never", "validity": "never", "months": "until", "until": "months", "removal": "months",
	"listing": "correction", "correction": "listing", "count": "summary", "full": "summary",
	"days": "working_days", "working_days": "days", "SD-2023": "NDRC-2025", "NDRC-2025": "SD-2023", "simple": "ordinary",
}

var (
	valued  = regexp.MustCompile(`(?m)(?:^|[{,]\s*)\s*-?\s*(\w+): (\S[^,}\n]*)`)
	listed  = regexp.MustCompile(`(\w+): \[([^\]\n]+)\]`)
	isDate  = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)
	isPlain = regexp.MustCompile(`^\d+$`)
	prose   = []string{"id", "set", "title", "text", "source", "sureness", "name", "keeper", "organ", "product", "state", "kind", "mark_date", "aliases"}
)

func mutants(body string) []mutant {
	var all []mutant
	add := func(key string, from, to int, with string) {
		line := strings.Count(body[:from], "\n") + 1
		all = append(all, mutant{fmt.Sprintf("line %d %s: %s becomes %q", line, key, body[from:to], with), body[:from] + with + body[to:]})
	}
	for _, m := range valued.FindAllStringSubmatchIndex(body, -1) {
		key, value := body[m[2]:m[3]], strings.TrimRight(body[m[4]:m[5]], " ")
		end := m[4] + len(value)
		d, err := credit.ParseDate(value)
		n, _ := strconv.Atoi(value)
		switch other := others[value]; {
		case slices.Contains(prose, key):
		case isDate.MatchString(value) && err == nil:
			add(key, m[4], end, d.AddDays(1).String())
		case isPlain.MatchString(value):
			add(key, m[4], end, strconv.Itoa(n+1))
		case other != "":
			add(key, m[4], end, other)
		case strings.HasPrefix(key, "mark"):
			add(key, m[4], end, "改动")
		}
	}
	for _, m := range listed.FindAllStringSubmatchIndex(body, -1) {
		if key := body[m[2]:m[3]]; !slices.Contains(prose, key) {
			items := strings.Split(body[m[4]:m[5]], ", ")
			for i := range items {
				add(key, m[4], m[5], strings.Join(slices.Delete(slices.Clone(items), i, i+1), ", "))
			}
		}
	}
	return all
}

// survivors are values that no answer can show, each with the reason.
var survivors = []string{
	// The only version of its set: it also serves earlier days.
	`domains-52: line 6 effective_from: 2020-06-01 becomes "2020-06-02"`,
	`lists: line 8 effective_from: 2013-10-01 becomes "2013-10-02"`,
	`fine-thresholds: line 7 effective_from: 2023-05-01 becomes "2023-05-02"`,
	`hangzhou: line 5 effective_from: 2020-06-01 becomes "2020-06-02"`,
	`shandong: line 5 effective_from: 2020-06-01 becomes "2020-06-02"`,
	`suzhou: line 5 effective_from: 2020-06-01 becomes "2020-06-02"`,
	`xiamen: line 5 effective_from: 2020-06-01 becomes "2020-06-02"`,
	`O58: line 6 effective_from: 2023-05-01 becomes "2023-05-02"`,
	`repair-58: line 5 effective_from: 2023-05-01 becomes "2023-05-02"`,
	// A region says from when a rule set of the report is in force; asked for by name it serves any day.
	`NDRC-2025: line 7 effective_from: 2025-04-29 becomes "2025-04-30"`,
	`SD-2023: line 7 effective_from: 2023-11-19 becomes "2023-11-20"`,
	// No penalty is serious under Order 58, and lists have periods of their own.
	`O58: line 25 publish: always becomes "never"`,
	`O58: line 26 min_months: 12 becomes "13"`,
	`O58: line 27 max_months: 36 becomes "37"`,
	// What the pages say of the list, not an answer: held by TestDomainsAreAWorkingList.
	`domains-52: line 9 working_list: true becomes "false"`,
}
