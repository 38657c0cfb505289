package platform_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	standin "xinban/internal/exchange/platform"
	"xinban/internal/platform"
	"xinban/internal/store/storetest"
)

// Whatever platforms do and whenever, once they behave each ends with the newest version, which its page confirms, and no effect
// was done twice; a comparison then agrees.
func TestEveryPlatformEndsRight(t *testing.T) {
	t.Parallel()
	modes := []standin.Mode{standin.OK, standin.Down, standin.Twice, standin.Garbage, standin.Deny, standin.FailHalf}
	rapid.Check(t, func(r *rapid.T) {
		o := setup(t, storetest.SQLite(t), platform.Official, platform.ThirdParty)
		version := int64(0)
		for range rapid.IntRange(1, 5).Draw(r, "steps") {
			for id := range o.platforms {
				o.behave(id, rapid.SampledFrom(modes).Draw(r, id))
			}
			if version == 0 || rapid.Bool().Draw(r, "newer") {
				version++
				o.tell(effect(version, rapid.Bool().Draw(r, "end")))
			}
			o.send()
			o.pass(time.Duration(rapid.IntRange(0, 100).Draw(r, "hours")) * time.Hour)
			o.rounds()
		}
		for id := range o.platforms {
			o.behave(id, standin.OK)
		}
		o.pass(2 * time.Hour)
		o.rounds()
		o.send()
		for id, p := range o.platforms {
			x := o.state(id)
			m, _ := p.Matter(matter.String())
			if x.State != platform.Confirmed || m.Version != version || m.End != x.Ended || int64(m.Applied) > version {
				r.Fatalf("%s: %+v, but the platform has %+v", id, x, m)
			}
		}
	})
}

// rounds is what an office does by the clock.
func (o *office) rounds() {
	o.t.Helper()
	if _, err := o.Check(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Overdue(o.t.Context(), 20260601); err != nil {
		o.t.Fatal(err)
	}
}

// No statement reads a table that grows from end to end.
func TestEveryStatementHasAnIndex(t *testing.T) {
	t.Parallel()
	o := setup(t, storetest.SQLite(t), platform.Official, platform.ThirdParty)
	o.tell(effect(1, true))
	o.send()
	o.pass(time.Hour)
	o.rounds()
	if _, err := o.arrive(proof()); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Board(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Waiting(t.Context(), "p1", platform.Pending, 10); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Compare(t.Context(), "p1", []platform.Row{{Line: 2, Code: string(firm), DocNo: docNo}}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.OfMatter(t.Context(), firm, matter); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Differences(t.Context(), "p1", 0, 0, 10); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, q := range o.db.Statements() {
		if strings.Contains(q, "platform_") && !strings.HasPrefix(strings.TrimSpace(q), "INSERT") {
			n++
			explain(t, o, q)
		}
	}
	if n < 12 {
		t.Errorf("only %d statements were seen", n)
	}
}

func explain(t *testing.T, o *office, q string) {
	t.Helper()
	args := make([]any, 0, 20)
	for i := 1; i <= 20 && strings.Contains(q, fmt.Sprintf("$%d", i)) || strings.Contains(q, fmt.Sprintf("?%d", i)); i++ {
		args = append(args, "1")
	}
	rows, err := o.db.Query(t.Context(), "EXPLAIN QUERY PLAN "+q, args...)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b, c int
		var line string
		if err := rows.Scan(&a, &b, &c, &line); err != nil {
			t.Fatal(err)
		}
		if scans := strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "platform_target"); scans || strings.Contains(line, "TEMP B-TREE") {
			t.Errorf("%s\n  in %s", line, q)
		}
	}
}
