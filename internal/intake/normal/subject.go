package normal

import (
	"unicode/utf8"

	"xinban/internal/credit"
)

// subject decides who the row is about: class, code, legacy numbers, identity numbers.
func (s *state) subject() {
	r, id := &s.out.Record, &s.out.Identity
	s.misplaced()
	if r.Part == "" && r.DocNo != "" {
		r.Part = s.codePart
	}
	if r.Class == credit.ClassUnknown {
		r.Class = s.assumedClass()
		if s.className != "" {
			s.add("class_unknown", toClass, s.className, r.Class.Chinese())
		}
	}
	s.contradiction()
	s.person(id)
	if r.Class == credit.NaturalPerson {
		if r.Code != "" {
			s.checkCode(r.Code)
		}
		if id.PersonID == "" {
			s.add("person_id_missing", toPersonID)
		}
		return
	}
	s.organisation(r)
}

// contradiction settles who is meant by a natural person's row with a unified code. The code of a sole
// trader is the subject, since its owner's name and number stand in many such rows, and so is any code
// beside a name that is no person's. The code of an organisation beside a person's name may be the
// employer's: nobody can tell, and the row is refused. A person's number with a typing error is no code.
func (s *state) contradiction() {
	r := &s.out.Record
	if r.Class != credit.NaturalPerson || r.Code == "" {
		return
	}
	trader := r.Code[0:min(2, len(r.Code))] == "92"
	switch {
	case !s.usable(r.Code):
		s.add("class_contradicts", toClass)
		if kind, _ := credit.CheckCode(r.Code); kind == credit.CodeResidentID {
			s.out.seal(int(s.l.at[toCode]) - 1)
			r.Code = ""
		}
	case trader || !personName(r.Name):
		s.add("class_contradicts", toClass)
		r.Class = s.assumedClass()
	default:
		s.add("class_or_code", toClass)
	}
}

// usable tells whether a code can stand for a subject. One whose check fails and that reads as the
// number of a person with a typing error cannot.
func (s *state) usable(code string) bool {
	switch credit.CheckUSCC(code).Verdict {
	case credit.Valid:
		return !placeholder(code)
	case credit.Warn:
		kind, _ := credit.CheckCode(code)
		return kind == credit.CodeUSCC && !placeholder(code)
	}
	return false
}

// personName tells whether a name is as short as a person's.
func personName(name string) bool { return utf8.RuneCountInString(name) <= 4 }

// misplaced moves identity numbers out of the columns of codes.
func (s *state) misplaced() {
	s.misplacedLegacy()
	r, id := &s.out.Record, &s.out.Identity
	number := r.Code
	if long, ok := credit.ResidentID18(number); ok && r.Class == credit.NaturalPerson {
		number = long
	}
	if credit.CheckResidentID(number).Verdict != credit.Valid || !s.personal(number) {
		return
	}
	s.out.seal(int(s.l.at[toCode]) - 1)
	r.Code = ""
	person := r.Class == credit.NaturalPerson || r.Class == credit.ClassUnknown
	if !person {
		s.add("identity_not_a_code", toCode)
		return
	}
	if id.PersonID == "" {
		id.PersonID, id.PersonIDType = number, credit.ResidentIDType
	}
	s.add("identity_in_code", toCode)
}

// misplacedLegacy clears legacy numbers that are, or begin with, an identity number: a sole trader's
// tax number often is its owner's.
func (s *state) misplacedLegacy() {
	r := &s.out.Record
	for _, c := range [...]struct {
		to   target
		text *string
	}{{toOrgCode, &r.OrgCode}, {toRegistration, &r.Registration}, {toTaxNo, &r.TaxNo}, {toInstitution, &r.Institution}, {toSociety, &r.Society}} {
		if n := *c.text; len(n) >= 18 && len(n) <= 20 && credit.CheckResidentID(n[:18]).Verdict == credit.Valid && (len(n) > 18 || credit.CheckUSCC(n).Verdict != credit.Valid) {
			*c.text = ""
			s.out.seal(int(s.l.at[c.to]) - 1)
			s.add("identity_in_number", c.to)
		}
	}
}

// personal tells whether a valid identity number in the code column is one: it is, unless it is also
// a valid code of something that is not called like a person.
func (s *state) personal(number string) bool {
	r := &s.out.Record
	return r.Class == credit.NaturalPerson || credit.CheckUSCC(number).Verdict != credit.Valid ||
		r.Class == credit.ClassUnknown && personName(r.Name)
}

// assumedClass is the class by the numbers that the row gives.
func (s *state) assumedClass() credit.SubjectClass {
	r := &s.out.Record
	switch {
	case len(r.Code) == 18 && r.Code[:2] == "92":
		return credit.IndividualTrader
	case r.Code == "" && s.out.Identity.PersonID != "" && legacyScheme(r) == "":
		return credit.NaturalPerson
	}
	return credit.Organisation
}

// person brings identity numbers into normal form and checks them.
func (s *state) person(id *Identity) {
	if id.PersonID != "" {
		number, wrong := personID(id.PersonID, id.PersonIDType)
		id.PersonID = number
		if id.PersonIDType == "" && wrong == "" {
			id.PersonIDType = credit.ResidentIDType
		}
		if wrong != "" && s.out.Record.Class == credit.NaturalPerson {
			s.add("person_id_invalid", toPersonID, wrong)
		}
	}
	if id.LegalRepID != "" {
		number, wrong := personID(id.LegalRepID, id.LegalRepIDType)
		id.LegalRepID = number
		if id.LegalRepIDType == "" && wrong == "" {
			id.LegalRepIDType = credit.ResidentIDType
		}
		if wrong != "" {
			s.add("legal_id_invalid", toLegalRepID, wrong)
		}
	}
}

// organisation checks the codes of a subject that is not a natural person.
func (s *state) organisation(r *credit.Record) {
	if r.Code != "" {
		s.checkCode(r.Code)
	}
	orgWrong := ""
	if r.OrgCode != "" {
		if c := credit.CheckOrgCode(r.OrgCode); c.Verdict == credit.Invalid {
			orgWrong = c.Reason
			s.add("org_code_invalid", toOrgCode, orgWrong)
		} else if len(r.Code) == 18 && r.Code[8:17] != r.OrgCode {
			s.add("org_code_differs", toOrgCode)
		}
	}
	if r.Code != "" || s.hasBlock("identity_not_a_code") {
		return
	}
	switch by := legacyScheme(r); {
	case by == "" || by == "组织机构代码" && orgWrong != "":
		s.add("code_missing", toCode)
	default:
		s.add("code_legacy_only", toCode, by)
	}
}

func (s *state) hasBlock(code string) bool {
	for i := range s.out.Findings {
		if s.out.Findings[i].Code == code {
			return true
		}
	}
	return false
}

// legacyScheme names the first number, other than the code, by which a subject can be known.
func legacyScheme(r *credit.Record) string {
	switch {
	case r.OrgCode != "":
		return "组织机构代码"
	case r.Registration != "":
		return "工商注册号"
	case r.TaxNo != "":
		return "税务登记号"
	case r.Institution != "":
		return "事业单位证书号"
	case r.Society != "":
		return "社会组织登记证号"
	}
	return ""
}

func (s *state) checkCode(code string) {
	if placeholder(code) {
		s.add("code_placeholder", toCode)
		return
	}
	switch c := credit.CheckUSCC(code); c.Verdict {
	case credit.Invalid:
		s.add("code_invalid", toCode, c.Reason)
	case credit.Warn:
		s.add("code_check", toCode, c.Reason)
	}
}
