package report

import (
	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/ledger"
)

// Judged is one matter of a standing with all that the rules say of it on a day.
type Judged struct {
	*ledger.Matter
	Law       law.Matter
	Domain    string
	Others    []string // domains to which the matter may belong instead
	Organ     string   // today's name of the deciding organ in the register, else as the source wrote it
	Class     law.ClassAnswer
	Window    law.Window
	Judgement law.Judgement
	InPeriod  bool // it stands, and falls into the period asked for
}

// Judge asks the rules about every matter of a standing, also of one that every source has taken back.
func Judge(book *law.Book, organs *law.Register, st *ledger.Standing, ed *law.Edition, from, to, on credit.Date) []Judged {
	all := make([]Judged, 0, len(st.Matters))
	for i := range st.Matters {
		m := &st.Matters[i]
		j := Assess(book, organs, m, on)
		j.Judgement = ed.Judge(&j.Law, &j.Class, &j.Window, on)
		j.InPeriod = !m.Withdrawn && law.Covers(&j.Law, &j.Window, from, to)
		all = append(all, j)
	}
	return all
}

// Assess gives a matter its domain, class and window on a day.
func Assess(book *law.Book, organs *law.Register, m *ledger.Matter, on credit.Date) Judged {
	r := m.Record
	j := Judged{Matter: m, Organ: r.Authority}
	organ, ok := organs.Resolve(r.Authority, r.AuthorityCode, r.Decided)
	if ok {
		j.Organ = organ.Name
	}
	domain := book.AssignDomain(law.Assignment{Kind: m.Kind, Organ: organ, Authority: r.Authority, DocNo: r.DocNo, List: r.List, Claimed: r.Domain}, on)
	j.Domain, j.Others = domain.ID, domain.Others
	j.Law = law.Matter{
		Kind: m.Kind, SubjectIsPerson: m.Subject.Person(), Subject: r.Class,
		Penalties: r.Penalties, Procedure: r.Procedure, Fine: r.Fine, Confiscated: r.Confiscated,
		Decided: r.Decided, Until: r.Until, Removed: m.Removed, Repaired: m.Repaired, Annulled: m.Annulled, Disputed: m.Disputed,
		List: r.List, Organ: organ.ID, Domain: j.Domain, Sector: law.SectorOf(r.Domain),
	}
	if r.Penalties&restrictions != 0 {
		j.Law.RestrictionUntil = r.Until
	}
	j.Class, j.Window = book.Assess(&j.Law, on)
	return j
}

// restrictions are the kinds whose term is the validity of the penalty (处罚有效期).
var restrictions = credit.PenaltySet(credit.RestrictBusiness, credit.RestrictEmployment)
