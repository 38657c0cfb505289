package normal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xinban/internal/credit"
)

// judge checks the row as a whole, once every cell is read.
func (s *state) judge() {
	s.subject()
	s.name()
	s.required()
	s.organ()
	s.dates()
	if s.l.Kind == credit.Penalty {
		s.fine()
	}
	s.texts()
	slices.Sort(s.out.SealedColumns)
}

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
	s.person(id)
	if r.Class == credit.NaturalPerson {
		if r.Code != "" {
			s.add("class_contradicts", toClass)
			s.checkCode(r.Code)
		}
		if id.PersonID == "" {
			s.add("person_id_missing", toPersonID)
		}
		return
	}
	s.organisation(r)
}

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
		id.PersonID, id.PersonIDType = number, ResidentIDType
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
		r.Class == credit.ClassUnknown && utf8.RuneCountInString(r.Name) <= 4
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
			id.PersonIDType = ResidentIDType
		}
		if wrong != "" && s.out.Record.Class == credit.NaturalPerson {
			s.add("person_id_invalid", toPersonID, wrong)
		}
	}
	if id.LegalRepID != "" {
		number, wrong := personID(id.LegalRepID, id.LegalRepIDType)
		id.LegalRepID = number
		if id.LegalRepIDType == "" && wrong == "" {
			id.LegalRepIDType = ResidentIDType
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

func (s *state) name() {
	r := &s.out.Record
	if maskedName(r.Name, r.Class == credit.NaturalPerson) {
		s.add("name_masked", toName)
	}
}

// required reports empty cells of columns that the kind needs. A column that the file does not have
// was reported once for the file.
func (s *state) required() {
	cols := layouts[s.l.Kind]
	for i := range cols {
		c := &cols[i]
		if c.need == optional || c.to == toExtra || s.l.spec[c.to] == nil || s.holds(c.to) {
			continue
		}
		switch {
		case c.to == toDocNo && s.out.Record.LicenceNo != "", c.to == toLegalRep && s.out.Record.Class == credit.NaturalPerson,
			c.to == toUntil && s.out.Record.Forever, c.to == toPenalties && s.out.Record.Penalties != 0:
		case c.to == toProcedure:
			s.add("procedure_unknown", toProcedure, "")
		case c.need == must:
			s.add("field_missing", c.to, c.heading)
		default:
			s.add("field_empty", c.to, c.heading)
		}
	}
}

// organ refuses a system's name as the deciding organ unless the organ's code is good.
func (s *state) organ() {
	r := &s.out.Record
	if !systemName(r.Authority) {
		return
	}
	if credit.CheckUSCC(r.AuthorityCode).Verdict == credit.Valid {
		s.add("authority_system", toAuthority, r.Authority)
		return
	}
	s.add("authority_is_system", toAuthority, r.Authority)
}

// holds tells whether the cell of a target gave something, or is reported already.
func (s *state) holds(to target) bool {
	if !s.filled[to] || s.bad[to] {
		return s.filled[to]
	}
	if to == toPenalties {
		return s.out.Record.Penalties != 0
	}
	p := textOf(&s.out.Record, to)
	return p == nil || *p != ""
}

const founding credit.Date = 19491001

// dates compares the dates of a row with each other and with today.
func (s *state) dates() {
	r, today := &s.out.Record, s.l.Today
	if r.Decided != 0 && r.Decided < founding {
		s.add("date_old", toDecided, r.Decided)
	}
	if today != 0 && r.Decided > today {
		s.add("date_future", toDecided, r.Decided, today)
	}
	for _, d := range [...]struct {
		to     target
		date   credit.Date
		future bool // may lie after today
	}{{toUntil, r.Until, true}, {toPublicUntil, r.PublicUntil, true}, {toRemoved, r.Removed, false}, {toRepaired, r.Repaired, false}, {toAnnulled, r.Annulled, false}} {
		if d.date == 0 {
			continue
		}
		if d.date < r.Decided {
			s.add("date_order", d.to, d.date, r.Decided)
		}
		if !d.future && today != 0 && d.date > today {
			s.add("date_future_note", d.to, d.date, today)
		}
	}
}

// fine compares the amounts with the kinds of penalty and with what the text says.
func (s *state) fine() {
	r := &s.out.Record
	hasFine := r.Penalties.Has(credit.Fine)
	switch {
	case hasFine && (!r.Fine.Known || r.Fine.Fen == 0) && !s.filled[toFine]:
		s.add("fine_without_amount", toFine)
	case !hasFine && r.Fine.Known && r.Fine.Fen > 0 && r.Penalties != 0:
		s.add("amount_without_fine", toFine)
	}
	if r.Fine.Known && r.Fine.Fen > 0 {
		if said := amountsAfter(r.Content, "罚款"); said.n > 0 && !said.has(r.Fine.Fen) {
			s.differs(toFine, r.Fine.Fen, &said, true)
		}
	}
	if r.Confiscated.Known && r.Confiscated.Fen > 0 {
		if said := amountsAfter(r.Content, "没收"); said.n > 0 && !said.has(r.Confiscated.Fen) {
			s.differs(toConfiscated, r.Confiscated.Fen, &said, false)
		}
	}
}

// differs warns when an amount is ten thousand times what the text says, which shows that yuan was
// typed into a column of 万元, and when a fine differs otherwise. The amount stays as stated.
func (s *state) differs(to target, f credit.Fen, said *stated, always bool) {
	text := said.total
	if f%10000 == 0 && said.has(f/10000) {
		s.add("amount_yuan", to, f.Grouped(), (f / 10000).Grouped())
		return
	}
	if always {
		s.add("amount_differs", to, f.Grouped(), text.Grouped())
	}
}

// longest is how many characters the text of a target has in good order (6.1).
func longest(to target) int {
	switch to {
	case toName, toAuthority, toProvider, toSeized, toList, toDomain:
		return 200
	case toDocNo, toLicenceNo, toTitle, toLicence, toCategory:
		return 256
	case toLegalRep:
		return 50
	case toBehaviour:
		return 2000
	}
	return 20000
}

// texts masks identity numbers in texts and warns of texts that are too long.
func (s *state) texts() {
	r := &s.out.Record
	for i := range s.l.cols {
		to := s.l.cols[i].to
		p := textOf(r, to)
		if p == nil {
			continue
		}
		if s.hasLongDigits(to) {
			*p = s.mask(i, *p)
		}
		if n := longest(to); tooLong(*p, n) {
			s.addAt("text_too_long", i, n)
		}
	}
	if s.hasLongDigits(toExtra) {
		for j := range r.Extra {
			r.Extra[j].Text = s.maskExtra(&r.Extra[j])
		}
	}
}

// mask hides identity numbers in a text. In a name they are taken away altogether.
func (s *state) mask(i int, text string) string {
	masked, ok := maskIdentities(text, s.out.Record.Code)
	if !ok {
		return text
	}
	s.out.seal(i)
	s.addAt("identity_in_text", i)
	if to := s.l.cols[i].to; to == toName || to == toLegalRep {
		return strings.ReplaceAll(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r == '*' || r == 'X' {
				return -1
			}
			return r
		}, masked), "（）", "")
	}
	return masked
}

func (s *state) maskExtra(f *credit.Field) string {
	for i := range s.l.cols {
		if s.l.cols[i].to == toExtra && s.l.cols[i].heading == f.Heading {
			return s.mask(i, f.Text)
		}
	}
	return f.Text
}
