package decision

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func outcome() *rapid.Generator[Outcome] { return rapid.SampledFrom([]Outcome{Unknown, No, Yes}) }

// The truth tables of three-valued logic, written out: unknown is neither no nor yes.
func TestUnknownIsNotNo(t *testing.T) {
	for _, c := range []struct{ a, b, and, or Outcome }{
		{Yes, Yes, Yes, Yes}, {Yes, No, No, Yes}, {Yes, Unknown, Unknown, Yes},
		{No, Yes, No, Yes}, {No, No, No, No}, {No, Unknown, No, Unknown},
		{Unknown, Yes, Unknown, Yes}, {Unknown, No, No, Unknown}, {Unknown, Unknown, Unknown, Unknown},
	} {
		if got := And(c.a, c.b); got != c.and {
			t.Errorf("%s and %s = %s, want %s", c.a, c.b, got, c.and)
		}
		if got := Or(c.a, c.b); got != c.or {
			t.Errorf("%s or %s = %s, want %s", c.a, c.b, got, c.or)
		}
	}
	var zero Outcome
	if zero != Unknown || And() != Yes || Or() != No {
		t.Error("the zero outcome is unknown, all of nothing is yes, any of nothing is no")
	}
}

func TestLogicLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		os := rapid.SliceOf(outcome()).Draw(t, "outcomes")
		negated := make([]Outcome, len(os))
		for i, o := range os {
			negated[i] = o.Not()
		}
		if And(os...).Not() != Or(negated...) {
			t.Fatal("not all is any not")
		}
		perm := rapid.Permutation(os).Draw(t, "order")
		if And(perm...) != And(os...) || Or(perm...) != Or(os...) {
			t.Fatal("order must not matter")
		}
	})
}

func TestAllLooksAtEveryCondition(t *testing.T) {
	d := All(
		Because(Reason{Condition: "最短公示期已满", Outcome: No, WouldChange: "2026年7月11日起可申请"}),
		Because(Reason{Condition: "义务已履行", Outcome: Unknown}),
		Because(Reason{Condition: "已作出信用承诺", Outcome: Yes}))
	if d.Outcome != No || len(d.Reasons) != 3 || len(d.Blocking()) != 2 {
		t.Errorf("got %+v", d)
	}
	if Any(d, Because(Reason{Outcome: Unknown})).Outcome != Unknown || Not(d).Outcome != Yes {
		t.Error("any of no and unknown is unknown; not no is yes")
	}
}

func TestOnlyLawIsCitedAsBasis(t *testing.T) {
	for _, s := range []Sureness{Assumed, Reported, Article, Law} {
		c := Reason{RuleSource: "信用修复管理办法", Sureness: s}.Citation()
		if strings.HasPrefix(c, "依据：") != (s == Law) || s.Citable() != (s == Law) {
			t.Errorf("%s is cited as %q", s, c)
		}
	}
	if c := (Reason{RuleSource: "x"}).Citation(); !strings.Contains(c, "待主管部门确认") {
		t.Errorf("a source without a label must be shown as assumed, got %q", c)
	}
}

func TestReasonInChinese(t *testing.T) {
	r := Reason{Condition: "仍在公示期内", Outcome: Yes, Value: "决定日期2026-04-10", Source: "处罚机关", AsOf: 20260518,
		RuleSource: "信用修复管理办法 第二章", Sureness: Law, WouldChange: "完成信用修复"}
	want := "仍在公示期内：是（决定日期2026-04-10，来源：处罚机关，截至2026年5月18日）；依据：信用修复管理办法 第二章；改变结果的办法：完成信用修复。"
	if r.Chinese() != want {
		t.Errorf("got  %s\nwant %s", r.Chinese(), want)
	}
	if got := Because(r).Chinese(); got != "结论：是\n"+want {
		t.Errorf("got %s", got)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	d := Because(Reason{Condition: "c", Outcome: Unknown, AsOf: 20260401, Sureness: Reported})
	b, err := json.Marshal(d)
	if want := `{"outcome":"unknown","reasons":[{"condition":"c","outcome":"unknown","as_of":"2026-04-01","sureness":"reported"}]}`; err != nil || string(b) != want {
		t.Fatalf("got %s, %v", b, err)
	}
	var back Decision
	if err := json.Unmarshal(b, &back); err != nil || back.Reasons[0] != d.Reasons[0] || back.Outcome != d.Outcome {
		t.Errorf("got %+v, %v", back, err)
	}
	var o Outcome
	if o.UnmarshalText([]byte("maybe")) == nil || o.UnmarshalText([]byte("")) == nil {
		t.Error("an outcome that is none of the three is an error")
	}
	var s Sureness
	if s.UnmarshalText([]byte("sure")) == nil {
		t.Error("an unknown degree is an error")
	}
}
