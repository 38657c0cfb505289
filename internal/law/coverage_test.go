package law

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"xinban/internal/credit"
)

var update = flag.Bool("update", false, "write docs/law-coverage.md anew")

const coverageFile = "../../docs/law-coverage.md"

// docs/law-coverage.md lists every rule with its source, how sure it is and the scenarios that reach
// it. It is written by this test, so that it cannot say what is not so.
func TestCoverageDocument(t *testing.T) {
	r, err := newRunner(t, AdoptProposals(20260101, "岚海省社会信用中心"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios(t) {
		r.run(&s)
	}
	for _, rule := range r.book.Rules() {
		if reached := len(r.used[rule.ID]) > 0; reached == slices.Contains(unreachable, rule.ID) {
			t.Errorf("rule %s (%s): reached by a scenario %t", rule.ID, rule.Text, reached)
		}
	}
	want := coverage(r)
	if *update {
		if err := os.WriteFile(coverageFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(coverageFile); err != nil || string(got) != want {
		t.Errorf("docs/law-coverage.md is not what the rules and scenarios say: run go test ./internal/law -update (%v)", err)
	}
}

// unreachable are rules that no matter of today's proposals can meet, with the reason in the document.
var unreachable = []string{
	"O58.kind.penalty",                             // a penalty is named by its own kind; Order 36 shows the way for none
	"O36.transition",                               // chooses between rule sets, names none
	"O36.simple.person", "O36.simple.organisation", // limits for a finding
	"O58.simple.person", "O58.simple.organisation", // likewise
	"O58.class.serious", // no penalty is serious under Order 58
}

func coverage(r *runner) string {
	var b strings.Builder
	b.WriteString(`# What the law says here, and which scenarios show it

Written by ` + "`go test ./internal/law -update`" + `; the test fails when it is out of date. Each rule of the proposals in
` + "`internal/law/proposals`" + ` stands with its source and how sure that is. Only **law** is ever cited to a user as the basis;
**article** is the experience article, **reported** the press, commentary or a draft, **assumed** our own proposal that the adopting
organ has to confirm.

`)
	count := map[string]int{}
	for _, rule := range r.book.Rules() {
		count[rule.Sureness.String()]++
	}
	fmt.Fprintf(&b, "Rules: %d law, %d article, %d reported, %d assumed.\n", count["law"], count["article"], count["reported"], count["assumed"])
	for _, set := range r.book.Sets() {
		fmt.Fprintf(&b, "\n## %s %s\n\nFrom %s. %s (%s).\n\n| rule | says | source | sure | scenarios |\n|---|---|---|---|---|\n", set.ID, set.Title, set.EffectiveFrom, set.Source, set.Sureness)
		for _, rule := range r.book.Rules() {
			if strings.HasPrefix(rule.ID, set.ID+".") {
				line(&b, r, rule, rule.From, set.EffectiveFrom)
			}
		}
	}
	b.WriteString("\n## Built in\n\nWhat no rule file may switch off.\n\n| rule | says | source | sure | scenarios |\n|---|---|---|---|---|\n")
	for _, rule := range builtIn {
		line(&b, r, rule, 0, 0)
	}
	return b.String()
}

func line(b *strings.Builder, r *runner, rule *Rule, from, setFrom credit.Date) {
	text := rule.Text
	if from != setFrom {
		text += "（自" + from.String() + "）"
	}
	used := r.used[rule.ID]
	shown := strings.Join(used[:min(2, len(used))], "；")
	if len(used) > 2 {
		shown += fmt.Sprintf("；等%d个", len(used))
	}
	if len(used) == 0 {
		shown = "不直接作答"
	}
	fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", rule.ID, text, rule.Source, rule.Sureness, shown)
}
