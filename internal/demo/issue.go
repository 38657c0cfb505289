package demo

import (
	"fmt"
	"strings"

	"xinban/internal/credit"
)

// issuer makes the matters of one run. It numbers the documents of each organ, kind and year in the
// order in which they are made, as an organ's registry does.
type issuer struct {
	seed uint64
	last map[series]int
	text penaltyText
}

type series struct {
	organ, mark string
	year        int
}

func newIssuer(seed uint64) *issuer { return &issuer{seed: seed, last: map[series]int{}} }

// domainMarks stand in document numbers after the place: 岚港环罚〔2024〕12号.
var domainMarks = map[string]string{
	"ecology": "环", "work-safety": "应急", "market": "市监", "transport": "交", "maritime": "海事", "fire": "消", "hr": "人社", "housing": "建",
	"urban-management": "综执", "tax": "税", "health": "卫", "drugs": "药", "agriculture": "农", "fisheries": "渔", "water": "水",
	"natural-resources": "自然", "customs": "关", "public-security": "公", "statistics": "统", "post": "邮", "tobacco": "烟", "energy": "能",
	"cyberspace": "网", "culture-tourism": "文", "commerce": "商", "education": "教", "medical-insurance": "医保", "housing-fund": "公积金",
	"local-finance": "金", "industry": "工信", "ip": "知",
}

func (n *issuer) docNo(o *Organ, domain, mark string, on credit.Date) string {
	k := series{o.ID, domain + mark, on.Year()}
	n.last[k]++
	organ := domainMarks[domain]
	if o.ID == mergedFrom {
		organ = "城管"
	}
	return fmt.Sprintf("%s%s%s〔%d〕%d号", o.Place.Short, organ, mark, on.Year(), n.last[k])
}

func (n *issuer) caseNo(o *Organ, mark string, on credit.Date) string {
	k := series{o.ID, mark, on.Year()}
	n.last[k]++
	return fmt.Sprintf("（%d）演%s%s%d号", on.Year(), o.Place.Area[4:], mark, n.last[k])
}

// begin starts a row about a subject, decided by an organ on a day.
func begin(s *Subject, k credit.Kind, o *Organ, on credit.Date) *Row {
	r := &Row{PersonID: s.PersonID, deciding: o}
	r.Kind, r.Class, r.Name, r.Code, r.LegalRep = k, s.Class, s.DocumentName(on), s.Code, s.LegalRep
	r.Decided, r.Authority, r.AuthorityCode, r.Region = on, o.nameOn(on), o.Code, s.Place.Area
	if s.Code != "" {
		r.OrgCode = s.Code[8:17]
		r.Registration = s.RegNo
	}
	return r
}

func sceneOf(s *Subject, on credit.Date) *scene {
	c := &scene{lib: texts(), name: []byte(s.DocumentName(on)), trade: s.trade}
	c.setDay(dayIndex(on), s.Index)
	return c
}

// penalty makes a penalty of the given severity.
func (n *issuer) penalty(r *random, s *Subject, o *offence, sev severity, on credit.Date) *Row {
	organ := decider(s.Place, o.Domain, on)
	row := begin(s, credit.Penalty, organ, on)
	n.text.compose(r, sceneOf(s, on), o, sev, findingsFor(r, sev))
	t := &n.text
	row.DocNo = n.docNo(organ, o.Domain, present(t.procedure == credit.ProcedureSimple, "当")+"罚", on)
	row.Title = o.Behaviour + "案"
	row.Behaviour, row.Facts, row.Basis, row.Content = o.Behaviour, string(t.facts), string(t.basis), string(t.content)
	row.Penalties, row.Procedure = t.kinds, t.procedure
	row.Fine = credit.Amount{Fen: t.fine, Known: t.kinds.Has(credit.Fine)}
	row.Confiscated = credit.Amount{Fen: t.confiscated, Known: t.confiscated > 0}
	row.PublicUntil = on.AddMonths(12)
	if sev == grave {
		row.PublicUntil = on.AddMonths(36)
		row.Seized = seizedLicence(t.kinds, r)
	}
	return row
}

func seizedLicence(kinds credit.PenaltyKinds, r *random) string {
	if !kinds.Has(credit.SuspendLicence) && !kinds.Has(credit.RevokeLicence) {
		return ""
	}
	return "经营许可证 " + string(appendBatch(nil, r.next()))
}

// findingsFor is how thick the file of a case is.
func findingsFor(r *random, sev severity) int {
	if sev == summary || sev == warningOnly {
		return r.below(2)
	}
	switch n := r.below(100); {
	case n < 50:
		return r.below(3)
	case n < 90:
		return 2 + r.below(5)
	default:
		return 7 + r.below(14)
	}
}

func (n *issuer) licence(r *random, s *Subject, on credit.Date) *Row {
	c := pickFitting(r, others().Licences, s.trade)
	row := begin(s, credit.Licence, decider(s.Place, c.Domain, on), on)
	sc := sceneOf(s, on)
	row.DocNo = n.docNo(row.deciding, c.Domain, "许", on)
	row.Title, row.Licence, row.Category = c.Title, c.Licence, c.Category
	row.LicenceNo = string(appendBatch(nil, r.next()))
	row.Content = string(c.content.appendTo(nil, r, sc))
	row.From = on
	if row.Until = on.AddMonths(12 * c.Years).AddDays(-1); c.Years == 0 {
		row.Until, row.Forever = 0, true
	}
	return row
}

func (n *issuer) coercion(r *random, s *Subject, on credit.Date) *Row {
	c := pick(r, others().Coercions)
	row := begin(s, credit.Coercion, decider(s.Place, c.Domain, on), on)
	sc := sceneOf(s, on)
	row.DocNo, row.Title = n.docNo(row.deciding, c.Domain, "强", on), c.Title
	row.Facts, row.Content = string(c.facts.appendTo(nil, r, sc)), string(c.content.appendTo(nil, r, sc))
	row.Basis, row.Until = "《中华人民共和国行政强制法》有关规定", on.AddDays(30)
	return row
}

func (n *issuer) crime(r *random, s *Subject, on credit.Date) *Row {
	c := pick(r, others().Crimes)
	row := begin(s, credit.CriminalJudgment, court(s.Place), on)
	sc := sceneOf(s, on)
	row.DocNo, row.Title = n.caseNo(row.deciding, "刑初", on), c.Title
	row.Facts, row.Content = string(c.facts.appendTo(nil, r, sc)), string(c.content.appendTo(nil, r, sc))
	return row
}

func (n *issuer) defaulter(r *random, s *Subject, on credit.Date) *Row {
	c := pick(r, others().Defaulters)
	row := begin(s, credit.JudgmentDefaulter, court(s.Place), on)
	sc := sceneOf(s, on)
	row.DocNo = n.caseNo(row.deciding, "执", on)
	row.Basis = n.caseNo(row.deciding, "民初", on.AddMonths(-8))
	row.Facts, row.Content = string(c.facts.appendTo(nil, r, sc)), string(c.content.appendTo(nil, r, sc))
	row.Behaviour, row.From = string(c.remark.appendTo(nil, r, sc)), on.AddDays(12)
	row.List = "失信被执行人"
	return row
}

func (n *issuer) serious(r *random, s *Subject, c *clause, on credit.Date) *Row {
	row := begin(s, credit.SeriousList, decider(s.Place, c.Domain, on), on)
	row.DocNo = n.docNo(row.deciding, c.Domain, "严信", on)
	row.List, row.Facts = c.List, string(c.facts.appendTo(nil, r, sceneOf(s, on)))
	row.Basis = "国家有关严重失信主体名单管理规定"
	if off := on.AddMonths(36); off <= Today {
		row.Removed, row.Why = off, "列入期限届满"
	}
	return row
}

func (n *issuer) abnormal(r *random, s *Subject, on credit.Date) *Row {
	row := begin(s, credit.AbnormalList, decider(s.Place, "market", on), on)
	row.List, row.Facts = "经营异常名录", pick(r, others().Abnormal)
	if off := on.AddDays(20 + r.below(500)); off <= Today && r.below(3) > 0 {
		row.Removed, row.Why = off, pick(r, others().Removal)
	}
	return row
}

func (n *issuer) honour(r *random, s *Subject, on credit.Date) *Row {
	c := pick(r, others().Honours)
	row := begin(s, credit.RedList, decider(s.Place, c.Domain, on), on)
	row.DocNo, row.List = n.docNo(row.deciding, c.Domain, "信", on), c.List
	row.Title = strings.NewReplacer("{2020~2025}", fmt.Sprint(on.Year()-1), "{trade}", s.trade.Name).Replace(c.Title)
	row.Until = on.AddMonths(36)
	return row
}

func (n *issuer) commitment(r *random, s *Subject, on credit.Date) *Row {
	c := pick(r, others().Commitments)
	row := begin(s, credit.Commitment, decider(s.Place, c.Domain, on), on)
	row.DocNo, row.Category = n.docNo(row.deciding, c.Domain, "诺", on), c.Type
	row.Facts = string(c.facts.appendTo(nil, r, sceneOf(s, on)))
	row.Content = pick(r, []string{"全部履行", "全部履行", "全部履行", "履行中", "全部履行", "部分履行", "未履行"})
	row.Until = on.AddMonths(12)
	return row
}

func (n *issuer) catalogue(r *random, s *Subject, on credit.Date) *Row {
	c := pick(r, others().Catalogue)
	row := begin(s, credit.Catalogue, decider(s.Place, c.Domain, on), on)
	row.DocNo, row.Category = n.docNo(row.deciding, c.Domain, "录", on), c.Category
	row.Content = string(c.facts.appendTo(nil, r, sceneOf(s, on)))
	return row
}

// registration is the entry of the register of enterprises (登记注册信息).
func (n *issuer) registration(r *random, s *Subject) *Row {
	row := begin(s, credit.Registration, decider(s.Place, "market", Today), s.Founded)
	row.Name, row.Authority = s.Name, row.deciding.Name
	row.OldName, row.Parent, row.Trade, row.Scope = s.OldName, s.Parent, s.Trade, s.trade.Scope
	row.Address = fmt.Sprintf("%s%s%d号", s.Place.Name, pick(r, streets), r.between(1, 380))
	row.capitalWan = pick(r, []int{50, 100, 200, 500, 1000, 2000, 5000, 10000})
	if s.Class == credit.IndividualTrader {
		row.capitalWan = r.between(1, 20)
	}
	row.Status, row.Forever = "存续", true
	if s.Closed != 0 {
		row.Status = "注销"
	}
	return row
}

// streets are streets of the demo; the last character of a word nobody would look for on a map.
var streets = []string{"演示一路", "演示二路", "临港演示大道", "演示工业园三街", "演示保税区五街", "演示老街", "演示科技园七路", "演示渔港路"}
