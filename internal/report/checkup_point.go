package report

import (
	"fmt"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// PointKind is why a point is made.
type PointKind string

// The kinds of points.
const (
	PointAttribution PointKind = "attribution" // 可能挂错主体、机关或领域
	PointDisputable  PointKind = "disputable"  // 可以提出异议
	PointRepairable  PointKind = "repairable"  // 可申请信用修复
	PointLater       PointKind = "later"       // 以后可申请信用修复
	PointEnding      PointKind = "ending"      // 公示即将期满
)

// Point is one thing that deserves a look, with the rule on which it rests.
type Point struct {
	Kind PointKind
	Text string
	From credit.Date // from when, 0 for always
	Rule *law.Rule   // nil where facts speak for themselves
}

// Basis is the rule's text with its source as it may be shown: as a basis only when it is law.
func (p Point) Basis() string {
	if p.Rule == nil {
		return ""
	}
	return p.Rule.Text + "（" + p.Rule.Sureness.Chinese() + "：" + p.Rule.Source + "）"
}

// Cited tells that the rule may be cited as law.
func (p Point) Cited() bool { return p.Rule != nil && p.Rule.Sureness == decision.Law }

// points are what deserves a look in a matter.
func (l *look) points(c *MatterCheck) (all []Point) {
	if c.Annulled != 0 && c.Annulled <= l.on {
		return nil
	}
	all = append(all, l.attribution(c)...)
	all = append(all, disputable(c, l.on)...)
	return append(all, l.ends(c)...)
}

// attribution is what suggests that a matter stands with the wrong subject, organ or domain.
func (l *look) attribution(c *MatterCheck) (all []Point) {
	add := func(format string, args ...any) {
		all = append(all, Point{Kind: PointAttribution, Text: fmt.Sprintf(format, args...)})
	}
	if n := c.Record.Name; n != "" && !c.Matter.Subject.Person() && !l.bore(n) {
		add("信息所载名称“%s”与现名称不同，如果不是曾用名称，请核对是否为本主体", n)
	}
	if c.Law.Organ == "" {
		add("认定机关“%s”不在机关目录中，所属领域可能不准", c.Record.Authority)
	}
	switch {
	case c.Domain == law.DomainUnknown:
		add("未能确定所属领域，报告单独列为“领域待核”")
	case len(c.Others) > 0:
		add("可能属于其他领域，相关领域在核实前不作结论")
	}
	return all
}

// bore tells whether a name is the present one or one under which a source registers the subject. Other names
// that sources used are no proof: a row that was put to the wrong subject brings its name along.
func (l *look) bore(name string) bool {
	name = credit.NormalName(name)
	if credit.NormalName(l.standing.Name) == name {
		return true
	}
	return slices.ContainsFunc(l.standing.Matters, func(m ledger.Matter) bool {
		return m.Kind == credit.Registration && slices.ContainsFunc(m.Assertions, func(a ledger.Assertion) bool {
			return credit.NormalName(a.Record.Name) == name
		})
	})
}

// disputable is what may be objected to: sources that differ, a class or a window that cannot be told, and
// dates and amounts that are doubtful. A kind that the rules never class, as criminal judgments, lacks none.
func disputable(c *MatterCheck, on credit.Date) (all []Point) {
	add := func(rule *law.Rule, text string) {
		all = append(all, Point{Kind: PointDisputable, Text: text, Rule: rule})
	}
	if c.Disputed {
		add(nil, "异议正在处理")
	}
	if c.Differ {
		add(nil, "不同来源的说法不一致，可以申请核实")
	}
	if c.Kind == credit.Penalty && c.Class.Class == law.ClassUnknown {
		add(c.Class.Rule, "无法确定失信信息类别，公示期无法计算")
	}
	if text := (c.Class.Findings &^ (law.DomainMissing | law.AssumedThreshold)).Chinese(); text != "" {
		add(c.Class.Rule, text)
	}
	if c.Class.Findings.Has(law.AssumedThreshold) {
		add(c.Class.Rule, "类别按金额确定，而金额界限尚无主管部门标准")
	}
	if c.Record.Decided > on {
		add(nil, "决定日期晚于今天")
	}
	if c.Record.Until != 0 && c.Record.Until < c.Record.Decided {
		add(nil, "有效期至早于决定日期")
	}
	return all
}

// ends is how a matter can end: by repair or early removal that may be asked for, or soon by itself.
func (l *look) ends(c *MatterCheck) (all []Point) {
	w := &c.Window
	if w.Over(l.on) || c.Repaired != 0 && c.Repaired <= l.on || c.Removed != 0 && c.Removed <= l.on {
		return nil
	}
	if w.Publishable == decision.Yes && w.ApplyFrom != 0 {
		what := "申请信用修复"
		if c.Kind.Listing() {
			what = "申请提前移出名单"
		}
		switch {
		case w.CourtOnly:
		case l.on >= w.ApplyFrom:
			all = append(all, Point{Kind: PointRepairable, Text: "最短公示期已满，已纠正并履行完毕义务的可" + what, From: w.ApplyFrom, Rule: w.Rule})
		default:
			all = append(all, Point{Kind: PointLater, Text: w.ApplyFrom.Chinese() + "起可" + what, From: w.ApplyFrom, Rule: w.Rule})
		}
	}
	if w.Publishable == decision.Yes && w.HiddenFrom != 0 && w.HiddenFrom <= l.on.AddDays(endingDays) {
		all = append(all, Point{Kind: PointEnding, Text: "公示将在" + w.HiddenFrom.AddDays(-1).Chinese() + "届满后自动停止", From: w.HiddenFrom, Rule: w.Rule})
	}
	return all
}
