package law

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
)

// PublicAnswer tells whether a matter may stand on public pages on a day (公示). It says nothing of
// certificates: "published" and "certifiable" are separate answers. Publish only on Yes.
type PublicAnswer struct {
	Outcome  decision.Outcome
	Until    credit.Date // last day on which it stays public by itself; 0: no end by time, or not public
	Disputed bool        // to be shown with 异议处理中
	Rule     *Rule
}

// The ends of publicity that no rule file may switch off.
var (
	endAnnulled = &Rule{ID: "end.annulled", Text: "决定已撤销，不再公示", Source: "行政处罚法 第四十八条", Sureness: decision.Law}
	endRepaired = &Rule{ID: "end.repaired", Text: "已修复，终止公示", Source: "信用修复管理办法 第三条", Sureness: decision.Law}
	endRemoved  = &Rule{ID: "end.removed", Text: "已移出名单，终止公示", Source: "信用修复管理办法 第三条", Sureness: decision.Law}
	endShielded = &Rule{ID: "end.shielded", Text: "重整或者和解期间暂时屏蔽", Source: "关于进一步完善信用修复制度的实施方案（据报道）", Sureness: decision.Reported}
	notYet      = &Rule{ID: "end.not_yet", Text: "决定尚未作出", Source: "平台设定", Sureness: decision.Assumed}
)

// Public tells whether a matter may be published on a day, given its window of that day.
func Public(m *Matter, w *Window, on credit.Date) PublicAnswer {
	no := func(r *Rule) PublicAnswer { return PublicAnswer{Outcome: decision.No, Rule: r} }
	switch {
	case m.person():
		return no(neverPerson)
	case m.Kind == credit.CriminalJudgment:
		return no(neverCriminal)
	case happened(m.Annulled, on):
		return no(endAnnulled)
	case happened(m.Repaired, on):
		return no(endRepaired)
	case happened(m.Removed, on):
		return no(endRemoved)
	case m.Shielded:
		return no(endShielded)
	case m.Decided > on:
		return no(notYet)
	case w.Publishable == decision.No || w.Over(on):
		return no(w.Rule)
	}
	return PublicAnswer{w.Publishable, w.MaxEnd, m.Disputed, w.Rule}
}

// neverCriminal is not configurable: criminal judgments have an access class of their own.
var neverCriminal = &Rule{ID: "never.criminal", Text: "单位犯罪判决不公开", Source: "平台设定", Sureness: decision.Assumed}

// Public tells whether a matter may be published on a day.
func (b *Book) Public(m *Matter, on credit.Date) PublicAnswer {
	_, w := b.Assess(m, on)
	return Public(m, &w, on)
}

// builtIn are the rules that are not data.
var builtIn = []*Rule{neverPerson, neverCriminal, endAnnulled, endRepaired, endRemoved, endShielded, notYet}
