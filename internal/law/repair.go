package law

import (
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/decision"
)

// RepairFacts are what an answer on repair needs besides the matter itself.
type RepairFacts struct {
	BarredUntil credit.Date // last day on which the subject may not ask, after false material; 0 for none
	Ruling      credit.Date // day of the court's ruling that approves a reorganisation plan or recognises a settlement; 0 for none
}

// RepairAnswer tells whether one matter can be repaired on a day (信用修复), from when, where, and what is still
// needed: the reasons of Decision that are not yes.
type RepairAnswer struct {
	Decision  decision.Decision // may be asked for and granted now, but for the commitment, which comes with the application
	From      credit.Date       // first day on which time allows it; 0: no such day is known
	Ends      credit.Date       // last day of publicity without any repair; 0: it does not end by itself
	Route     Route
	RouteRule *Rule
	Shield    decision.Decision // may be shielded for a time (暂时屏蔽)
	Class     ClassAnswer
	Window    Window
}

// Repair answers for a matter on a day by the rules then in force. It is pure.
func (b *Book) Repair(m *Matter, f RepairFacts, on credit.Date) RepairAnswer {
	r := RepairAnswer{}
	r.Class, r.Window = b.Assess(m, on)
	rules := b.repairOn(on)
	if rules == nil {
		r.Decision = decision.Because(decision.Reason{Condition: "已采用信用修复的规则", Outcome: decision.Unknown, AsOf: on, WouldChange: "由信用中心采用信用修复规则"})
		return r
	}
	if over := rules.over(m, &r.Window, on); over != nil {
		r.Decision = decision.Because(*over)
		return r
	}
	r.Ends, r.Route, r.RouteRule = r.Window.MaxEnd, RouteNational, nil
	if row := rules.route(m); row != nil {
		r.Route, r.RouteRule = row.to, row.rule
	}
	x := repairing{b, rules, m, &f, &r, on}
	r.Decision = decision.All(x.excluded(), x.period(), x.restriction(), x.duties(), x.bar(), x.dispute())
	r.From = x.from()
	r.Shield = x.shield()
	return r
}

// over is why nothing is left to repair, nil where something is.
func (r *RepairRules) over(m *Matter, w *Window, on credit.Date) *decision.Reason {
	no := func(rule *Rule, condition, value string) *decision.Reason {
		x := rule.reason(condition, decision.No)
		x.Value, x.AsOf = value, on
		return &x
	}
	switch {
	case !r.covers(m.Kind):
		return no(r.scope, "属于可以修复的失信信息", m.Kind.Chinese()+"不是失信信息，或者不按信用修复办理")
	case happened(m.Annulled, on):
		return no(endAnnulled, "仍是失信信息", "决定已于"+m.Annulled.Chinese()+"撤销，不需要修复")
	case happened(m.Repaired, on):
		return no(endRepaired, "尚未修复", "已于"+m.Repaired.Chinese()+"修复")
	case happened(m.Removed, on):
		return no(endRemoved, "仍在名单", "已于"+m.Removed.Chinese()+"移出名单")
	case w.Over(on):
		return no(w.Rule, "仍在公示期内", "最长公示期已于"+w.MaxEnd.Chinese()+"届满，已自动停止公示，不需要申请")
	}
	return nil
}

// repairing is one question on its way to its answer.
type repairing struct {
	b     *Book
	rules *RepairRules
	m     *Matter
	f     *RepairFacts
	r     *RepairAnswer
	on    credit.Date
}

func (x *repairing) because(rule *Rule, condition string, o decision.Outcome, value, change string) decision.Decision {
	r := rule.reason(condition, o)
	r.Value, r.AsOf = value, x.on
	if o != decision.Yes {
		r.WouldChange = change
	}
	return decision.Because(r)
}

// excluded tells that no text expressly forbids the repair, and that it is not the court's alone.
func (x *repairing) excluded() decision.Decision {
	const condition = "没有明确规定不可修复"
	if x.r.Window.CourtOnly {
		return x.because(x.r.Window.Rule, "由行政机关办理", decision.No, "只能由人民法院删除", "向作出执行决定的人民法院申请")
	}
	if row := x.rules.exclusion(x.m); row != nil {
		return x.because(row, condition, decision.No, row.Text, "到期自动停止公示")
	}
	if x.m.person() {
		return x.because(x.rules.persons, "适用于自然人", decision.Unknown, "自然人的信息不公开，是否适用信用修复未查见规定", "向认定机关咨询")
	}
	return x.because(x.rules.right, condition, decision.Yes, "", "")
}

// period tells whether the shortest period of publicity is over.
func (x *repairing) period() decision.Decision {
	const condition = "最短公示期已满"
	w, m := &x.r.Window, x.m
	yes := func(value string) decision.Decision { return x.because(w.Rule, condition, decision.Yes, value, "") }
	switch {
	case w.ApplyFrom != 0:
		return x.because(w.Rule, condition, decision.Of(x.on >= w.ApplyFrom), "认定日期"+m.Decided.String(), w.ApplyFrom.Chinese()+"起可以申请")
	case m.Kind.Listing():
		return x.listPeriod(condition, yes)
	case m.Decided == 0:
		return x.because(w.Rule, condition, decision.Unknown, "决定日期不明", "由数据来源单位补正决定日期")
	}
	return x.because(x.r.Class.Rule, condition, decision.Unknown, "类别不能确定："+x.r.Class.Findings.Chinese(), "由处罚机关补正后重新计算")
}

func (x *repairing) listPeriod(condition string, yes func(string) decision.Decision) decision.Decision {
	w := &x.r.Window
	l, ok := x.b.Lists(x.on).Of(x.m.Kind, x.m.List)
	switch {
	case !ok:
		return x.because(w.Rule, condition, decision.Unknown, "名单不在名单目录内", "由列入机关说明名单的移出规定")
	case l.HasEarly && l.FromFixed:
		return x.because(w.Rule, condition, decision.Unknown, fmt.Sprintf("改正满%d个月后可以申请，改正日期不明", l.EarlyAfter), "提供改正和履行完毕的日期和证明")
	case l.HasEarly:
		return x.because(w.Rule, condition, decision.Unknown, "列入日期不明", "由列入机关补正列入日期")
	case l.off == offRemoval:
		return yes("没有最短期限，符合移出条件即可申请")
	}
	change := "由列入机关移出"
	if w.HiddenFrom != 0 {
		change = w.HiddenFrom.Chinese() + "起自动停止公示"
	}
	return x.because(w.Rule, "名单可以提前移出", decision.No, "未规定提前移出", change)
}

// restriction tells that no restriction of business or employment runs any more: it is a duty not yet done.
func (x *repairing) restriction() decision.Decision {
	if x.m.RestrictionUntil < x.on {
		return decision.All()
	}
	until := x.m.RestrictionUntil
	return x.because(x.rules.restricted, "限制期限已满", decision.No, "限制至"+until.Chinese(), until.AddDays(1).Chinese()+"起可以申请")
}

func (x *repairing) duties() decision.Decision {
	value := ""
	if x.m.Corrected != 0 {
		value = "改正日期" + x.m.Corrected.String()
	}
	change := "提交法定责任义务履行完毕的证明，或者由认定机关确认"
	if x.m.DutiesDone == decision.No {
		change = "改正违法行为，履行完毕决定载明的全部义务"
	}
	return x.because(x.rules.duty, "已纠正失信行为并履行完毕义务", x.m.DutiesDone, value, change)
}

func (x *repairing) bar() decision.Decision {
	if x.f.BarredUntil < x.on {
		return decision.All()
	}
	return x.because(x.rules.barred, "没有因虚假材料被限制申请", decision.No, "限制至"+x.f.BarredUntil.Chinese(), x.f.BarredUntil.AddDays(1).Chinese()+"起可以申请")
}

// dispute keeps a disputed matter unknown to what answers by itself.
func (x *repairing) dispute() decision.Decision {
	if !x.m.Disputed {
		return decision.All()
	}
	return x.because(x.rules.disputed, "没有正在处理的异议", decision.Unknown, "异议处理中", "异议办结后再申请")
}

// from is the first day on which time allows the repair.
func (x *repairing) from() credit.Date {
	w := &x.r.Window
	if w.CourtOnly || x.rules.exclusion(x.m) != nil {
		return 0
	}
	from := w.ApplyFrom
	if l, ok := x.b.Lists(x.on).Of(x.m.Kind, x.m.List); from == 0 && ok && l.off == offRemoval && !l.HasEarly {
		from = x.m.Decided
	}
	if from == 0 {
		return 0
	}
	for _, last := range []credit.Date{x.m.RestrictionUntil, x.f.BarredUntil} {
		if last >= from {
			from = last.AddDays(1)
		}
	}
	return from
}

// shield tells whether the matter may be shielded while a plan or settlement is carried out; the shortest period is
// no condition of it.
func (x *repairing) shield() decision.Decision {
	if x.m.Shielded {
		return x.because(x.rules.shielding, "尚未暂时屏蔽", decision.No, "已暂时屏蔽", "重整计划或者和解协议执行完毕后申请修复")
	}
	return x.because(x.rules.shielding, "法院已裁定批准重整计划或者认可和解协议", decision.Of(happened(x.f.Ruling, x.on)), "", "提交人民法院的裁定书")
}
