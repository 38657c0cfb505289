package demo

import "xinban/internal/credit"

// A Showcase is a subject made to be shown.
type Showcase struct {
	Subject Subject
	Why     string
	// Found tells whether its general report on all domains finds a record on [Today]; the domains of
	// the demo without data stand apart from that.
	Found bool
}

const showcases = 3

// plan makes one matter of a showcase.
type plan func(n *issuer, r *random, s *Subject) *Row

// ShowcaseSubjects are: a port enterprise of 岚港市 whose records show every state, a clean firm, and a
// shipping firm of whose domain, 海事, the feed is late.
func (p *Province) ShowcaseSubjects() [3]Showcase {
	why := [showcases]string{
		"警告、已修复、已过期和公示中的处罚，已移出的严重失信名单，许可和荣誉",
		"只有许可、承诺和荣誉，没有违法违规记录",
		"海事领域数据迟报：报告说明海事领域数据未更新，不作结论",
	}
	var all [showcases]Showcase
	for i := range all {
		all[i] = Showcase{Subject: p.subjectOrShow(i), Why: why[i], Found: i == 0}
	}
	return all
}

// ShowcaseSubject is the first of [Province.ShowcaseSubjects]: the enterprise of the demo account.
func (p *Province) ShowcaseSubject() Subject { return p.subjectOrShow(0) }

func (p *Province) subjectOrShow(i int) Subject {
	if i >= showcases {
		return p.subject(i)
	}
	trades := [showcases]string{"port", "road", "shipping"}
	names := [showcases]string{"岚港市汀帆港口装卸有限公司", "岚港霁橹汽车运输有限责任公司", "岚港市砚舷沿海运输有限公司"}
	s := Subject{Index: i, Class: credit.Organisation, Name: names[i], Place: Langang, trade: tradeByID(trades[i]),
		Founded: credit.Date(20120618), LegalRep: personName(i)}
	s.Trade = s.trade.Name
	s.identify("91")
	if i == 0 {
		s.OldName, s.RenamedOn = "岚港市汀帆港务装卸有限公司", 20230901
	}
	return s
}

func tradeByID(id string) *trade {
	for _, t := range texts().trades {
		if t.ID == id {
			return t
		}
	}
	return texts().trades[0]
}

func showcase(n *issuer, r *random, s *Subject) []*Row {
	var rows []*Row
	for _, make := range showcasePlans[s.Index] {
		rows = append(rows, make(n, r, s))
	}
	return rows
}

func planRegistration(n *issuer, r *random, s *Subject) *Row { return n.registration(r, s) }

// planPenalty makes a penalty for the named behaviour, repaired on a day or not.
func planPenalty(behaviour string, sev severity, on, repaired credit.Date) plan {
	return func(n *issuer, r *random, s *Subject) *Row {
		row := n.penalty(r, s, offenceByName(behaviour), sev, on)
		row.Repaired = repaired
		return row
	}
}

func offenceByName(behaviour string) *offence {
	for _, o := range texts().offences {
		if o.Behaviour == behaviour {
			return o
		}
	}
	panic("demo: the library has no offence " + behaviour)
}

func planLicence(on credit.Date) plan {
	return func(n *issuer, r *random, s *Subject) *Row { return n.licence(r, s, on) }
}

func planHonour(on credit.Date) plan {
	return func(n *issuer, r *random, s *Subject) *Row { return n.honour(r, s, on) }
}

func planCommitment(on credit.Date) plan {
	return func(n *issuer, r *random, s *Subject) *Row { return n.commitment(r, s, on) }
}

// planSerious puts the subject on the list of a domain and takes it off.
func planSerious(domain string, on, off credit.Date) plan {
	return func(n *issuer, r *random, s *Subject) *Row {
		for _, c := range others().Serious {
			if c.Domain == domain {
				row := n.serious(r, s, c, on)
				row.Removed, row.Why = off, "提前移出：已履行义务并作出信用承诺"
				return row
			}
		}
		panic("demo: no serious list of domain " + domain)
	}
}

var showcasePlans = [showcases][]plan{
	{
		planRegistration,
		planPenalty("未按规定对从业人员进行安全生产教育和培训", warningOnly, 20260310, 0),
		planPenalty("未采取有效措施控制粉尘排放", ordinaryFine, 20251120, 20260312),
		planPenalty("消防设施未保持完好有效", ordinaryFine, 20210415, 0),
		planPenalty("未按规定备案或者报告港口危险货物作业", ordinaryFine, 20260122, 0),
		planPenalty("未按规定期限办理纳税申报和报送资料", summary, 20251009, 0),
		planSerious("hr", 20230306, 20240318),
		planLicence(20220311), planLicence(20240520), planLicence(20250902), planLicence(20251216),
		planHonour(20230428), planHonour(20250425), planCommitment(20240111), planCommitment(20260225),
	},
	{planRegistration, planLicence(20220706), planLicence(20240315), planLicence(20250611), planHonour(20240422), planHonour(20250429), planCommitment(20250110)},
	{planRegistration, planLicence(20230510), planLicence(20250320), planPenalty("船舶未按规定处置污染物", ordinaryFine, 20220914, 20230228), planCommitment(20250516)},
}
