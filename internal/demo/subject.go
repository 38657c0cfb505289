package demo

import (
	"fmt"

	"xinban/internal/credit"
)

// A Subject (信用主体) of the demo. Nothing in it belongs to anybody: its code is of an area that does
// not exist, its people are called 演示 and a number.
type Subject struct {
	Index    int
	Key      credit.Key // empty for a natural person, who gets a key at first sight
	Class    credit.SubjectClass
	Name     string
	OldName  string // 曾用名, until RenamedOn
	Code     string // 统一社会信用代码
	RegNo    string // 工商注册号
	LegalRep string
	PersonID string // 公民身份号码 of a natural person or of an individual trader's owner
	Place    Place
	Trade    string // 行业
	Founded  credit.Date
	// RenamedOn is the day from which Name is the name.
	RenamedOn credit.Date
	// Parent is the code of the firm of which this is a branch.
	Parent string
	// Closed is the day of cancellation (注销).
	Closed credit.Date

	trade *trade
}

// DocumentName is what a decision of that day calls the subject.
func (s *Subject) DocumentName(on credit.Date) string {
	if s.OldName != "" && on < s.RenamedOn {
		return s.OldName
	}
	return s.Name
}

// subject makes the i-th subject. Firms are most of them; one in 17 is an individual trader, one in
// 40 a branch, one in 60 an institution or society, one in 200 a natural person.
func (p *Province) subject(i int) Subject {
	r := at(p.Seed, "subject", i)
	l := texts()
	s := Subject{Index: i, Class: credit.Organisation, trade: l.tradeFor(&r)}
	s.Place = homeOf(&r, s.trade)
	s.Trade = s.trade.Name
	s.Founded = credit.Date(20030105).AddDays(r.below(6200))
	s.LegalRep = personName(r.below(persons))
	kind := "91"
	switch {
	case s.trade.Coop && r.below(2) == 0:
		kind = "93"
		s.Name = s.word(i, false) + s.trade.words[i%len(s.trade.words)] + "专业合作社"
	case i%200 == 57:
		return p.person(i, s)
	case i%17 == 5:
		kind = "92"
		s.Class = credit.IndividualTrader
		s.Name = s.word(i, i%51 == 5) + traderEnd(s.trade)
		s.PersonID = personID(i)
	case i%60 == 33:
		kind = []string{"12", "51", "52", "53"}[i/60%4]
		s.Name = s.word(i, false) + pick(&r, otherNames[kind])
	case i%40 == 11 && p.subject(i - 1).Code[:2] == "91":
		return p.branch(i, s)
	default:
		s.Name = string(appendName(nil, i, &s.Place, s.trade))
	}
	s.identify(kind)
	p.biography(&s, &r)
	return s
}

// word is the place and the trade name of one who is no firm; when the words are used up, they go on by number.
func (s *Subject) word(i int, rare bool) string {
	name := string(appendWord([]byte(s.Place.Name), i%words, rare))
	if i >= words {
		name += chineseNumber(i/words+1) + "号"
	}
	return name
}

func (s *Subject) identify(kind string) {
	s.Code = makeCode(kind, s.Place.Area, s.Index)
	s.Key = credit.OrgKey(s.Code)
	s.RegNo = fmt.Sprintf("%s1%08d", s.Place.Area, s.Index)
}

// biography renames one firm in 30 and closes one in 90.
func (p *Province) biography(s *Subject, r *random) {
	if s.Index%30 == 7 && s.Class == credit.Organisation {
		s.RenamedOn = credit.Date(20220301).AddDays(r.below(1300))
		s.OldName = string(appendName(nil, s.Index+p.Subjects, &s.Place, s.trade))
	}
	if s.Index%90 == 41 {
		s.Closed = credit.Date(20230101).AddDays(r.below(1100))
	}
}

// branch makes a branch (分公司) of the firm before it.
func (p *Province) branch(i int, s Subject) Subject {
	parent := p.subject(i - 1)
	seat := places()[(i/40)%3]
	s.Place, s.trade, s.Trade, s.Parent = seat, parent.trade, parent.Trade, parent.Code
	s.Name = parent.Name + seat.Short + "分公司"
	s.identify("91")
	return s
}

// person makes a natural person, called 演示 and a number.
func (p *Province) person(i int, s Subject) Subject {
	s.Class = credit.NaturalPerson
	s.Name = personName(i / 200)
	s.LegalRep = ""
	s.PersonID = personID(i)
	return s
}

// homeOf picks the place: two in three are at their trade's home.
func homeOf(r *random, t *trade) Place {
	all := places()
	if home, ok := placeByID(t.Home); ok && r.below(3) > 0 {
		return home
	}
	switch n := r.below(20); {
	case n < 9:
		return all[0]
	case n < 17:
		return all[1]
	default:
		return all[2]
	}
}
