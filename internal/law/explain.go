package law

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
)

// ExplainClass gives the reasons of a matter's class on a day.
func (b *Book) ExplainClass(m *Matter, on credit.Date) []decision.Reason {
	c, _ := b.Assess(m, on)
	r := c.Rule.reason("分类为"+c.Class.Chinese(), decision.Of(c.Class != ClassUnknown))
	r.Value, r.AsOf = facts(m), on
	if c.Class == ClassUnknown {
		r.Outcome = decision.Unknown
	}
	reasons := []decision.Reason{r}
	if c.Findings != 0 {
		reasons = append(reasons, decision.Reason{Condition: "数据完整一致", Outcome: decision.No, Value: c.Findings.Chinese(), AsOf: on, WouldChange: "由数据来源单位核实补正"})
	}
	return reasons
}

// facts are the values by which a matter is classified.
func facts(m *Matter) string {
	s := m.Kind.Chinese()
	if m.Kind == credit.Penalty {
		s += "，" + m.Procedure.Chinese()
		if m.Penalties != 0 {
			s += "，" + m.Penalties.Chinese()
		}
		if m.Fine.Known {
			s += "，罚款" + m.Fine.Fen.Grouped() + "元"
		}
	}
	if m.List != "" {
		s += "，" + m.List
	}
	return s
}

// ExplainWindow gives the reasons of a matter's publicity window on a day.
func (b *Book) ExplainWindow(m *Matter, on credit.Date) []decision.Reason {
	_, w := b.Assess(m, on)
	value := "认定日期" + w.From.String()
	if w.From == 0 {
		value = "认定日期不明"
	}
	r := w.Rule.reason("应予公示", w.Publishable)
	r.Value, r.AsOf = value, on
	reasons := []decision.Reason{r}
	if w.ApplyFrom != 0 {
		apply := w.Rule.reason("已可申请修复或者提前移出", decision.Of(on >= w.ApplyFrom))
		apply.Value, apply.AsOf = value, on
		if on < w.ApplyFrom {
			apply.WouldChange = w.ApplyFrom.Chinese() + "起可以申请"
		}
		reasons = append(reasons, apply)
	}
	switch {
	case w.HiddenFrom != 0:
		end := w.Rule.reason("最长公示期已满", decision.Of(w.Over(on)))
		end.Value, end.AsOf = value+"，最长至"+w.MaxEnd.String(), on
		reasons = append(reasons, end)
	case w.Open && w.Publishable == decision.Yes:
		end := w.Rule.reason("有自动结束的日期", decision.No)
		end.AsOf, end.WouldChange = on, "由列入机关移出、完成纠正或者有效期届满"
		reasons = append(reasons, end)
	}
	return reasons
}

// ExplainPublic gives the reasons why a matter may or may not be published on a day.
func (b *Book) ExplainPublic(m *Matter, on credit.Date) []decision.Reason {
	a := b.Public(m, on)
	r := a.Rule.reason("可以公示", a.Outcome)
	r.Value, r.AsOf = facts(m), on
	if a.Rule != nil {
		r.Value += "；" + a.Rule.Text
	}
	if a.Until != 0 {
		r.WouldChange = a.Until.Chinese() + "后自动停止公示，或者完成信用修复"
	}
	return []decision.Reason{r}
}

// Explain gives the reasons of an edition's judgement of a matter on a day. It names the rule that
// hid the matter: for people inside the system, never for the sheet.
func (e *Edition) Explain(m *Matter, c *ClassAnswer, w *Window, on credit.Date) []decision.Reason {
	record := e.rules.record(m)
	is := record.reason("属于违法违规记录", decision.Of(record != e.rules.outside))
	is.Value, is.AsOf = facts(m)+"；"+record.Text, on
	reasons := []decision.Reason{is}
	j := e.Judge(m, c, w, on)
	if record != e.rules.outside {
		shown := j.Rule.reason(e.Name+"列示", decision.Of(j.Shown))
		shown.Value, shown.AsOf = j.Rule.Text, on
		if mark := j.Mark(); mark != "" {
			shown.Value += "；注明“" + mark + "”"
		}
		reasons = append(reasons, shown)
	}
	if m.Disputed {
		reasons = append(reasons, decision.Reason{Condition: "事实确定", Outcome: decision.Unknown, Value: "异议处理中", AsOf: on, WouldChange: "异议办结"})
	}
	return reasons
}
