package normal

import (
	"xinban/internal/credit"
	"xinban/internal/intake/read"
)

// Row reads one row into out. cells may be fewer than the headings; those missing are empty. What
// cannot be used is left empty in the Record and told in the findings. A clean row costs no
// allocation.
func (l *Layout) Row(cells []string, out *Out) {
	out.reset(l.Kind)
	s := state{l: l, out: out, cells: cells}
	for i := range l.cols {
		if i < len(cells) && cells[i] != "" {
			s.cell(i, cells[i])
		}
	}
	s.judge()
}

// state is what is known of a row while it is read.
type state struct {
	l         *Layout
	out       *Out
	cells     []string
	filled    [targets]bool // the cell held something, even if it could not be used
	bad       [targets]bool // the cell could not be read; that is reported
	refused   [targets]bool // the cell holds an amount that was refused; that is reported
	digits    uint64        // targets whose text holds a long run of digits
	className string
	codePart  string
}

// add reports a finding about the column of a target.
func (s *state) add(code string, to target, args ...any) {
	field := ""
	if c := s.l.spec[to]; c != nil {
		field = c.heading
	} else if c := columnOf(s.l.Kind, to); c != nil {
		field = c.heading
	}
	s.out.Findings = append(s.out.Findings, finding(code, field, int(s.l.at[to])-1, args...))
}

func (s *state) addAt(code string, i int, args ...any) {
	s.out.Findings = append(s.out.Findings, finding(code, s.l.cols[i].heading, i, args...))
}

func columnOf(kind credit.Kind, to target) *column {
	for i := range layouts[kind] {
		if layouts[kind][i].to == to {
			return &layouts[kind][i]
		}
	}
	return nil
}

// cell reads one cell that is not empty.
func (s *state) cell(i int, raw string) {
	to := s.l.cols[i].to
	f := scan(raw)
	if f&(hasControl|hasDamage) != 0 {
		s.spoilt(i, raw, f)
		return
	}
	text := unquoteCell(fold(raw, f))
	if f&hasBreak != 0 && !multiline(to) {
		text = oneLine(text)
	}
	if to != toFine && to != toConfiscated && absent(text) {
		return
	}
	s.filled[to] = true
	if f&(hasDigits|hasFold) != 0 && to < 64 {
		s.digits |= 1 << to
	}
	s.put(i, to, text)
}

// spoilt reports a cell that must not be read.
func (s *state) spoilt(i int, raw string, f flags) {
	to := s.l.cols[i].to
	s.filled[to], s.bad[to] = true, true
	if identityColumn(to) {
		s.out.seal(i)
	}
	code, text, ok := read.Marked(raw)
	switch {
	case ok && Known(code) && identityColumn(to):
		s.addAt(code, i, "（不显示）")
	case ok && Known(code):
		if masked, _ := maskIdentities(text, ""); masked != text {
			s.out.seal(i)
			text = masked
		}
		s.addAt(code, i, text)
	case f&hasDamage != 0:
		s.addAt("damaged_text", i)
	default:
		s.addAt("control_character", i)
	}
}

func identityColumn(to target) bool {
	return to == toPersonID || to == toLegalRepID || to == toSealed
}

// multiline tells that the text of a target may have line breaks.
func multiline(to target) bool {
	switch to {
	case toFacts, toBasis, toContent, toRemark, toExtra, toBehaviour, toSeized, toPenalties, toPenalties2:
		return true
	}
	return false
}

// put stores the text of a cell in its place.
func (s *state) put(i int, to target, text string) {
	r, id := &s.out.Record, &s.out.Identity
	switch to {
	case toName:
		r.Name = subjectName(text)
	case toClass:
		if r.Class = parseClass(text); r.Class == credit.ClassUnknown {
			s.className = text
		}
	case toCode:
		s.code(i, text)
	case toOrgCode:
		r.OrgCode, _, _ = cleanCode(text)
	case toRegistration:
		r.Registration, _, _ = cleanCode(text)
	case toTaxNo:
		r.TaxNo, _, _ = cleanCode(text)
	case toInstitution:
		r.Institution = present(credit.NormalCode(text))
	case toSociety:
		r.Society = present(credit.NormalCode(text))
	case toLegalRep:
		r.LegalRep = subjectName(text)
	case toLegalRepIDType:
		id.LegalRepIDType = credit.DocumentType(text)
	case toLegalRepID:
		id.LegalRepID = text
		s.out.seal(i)
	case toPersonIDType:
		id.PersonIDType = credit.DocumentType(text)
	case toPersonID:
		id.PersonID = text
		s.out.seal(i)
	case toSealed:
		s.out.seal(i)
	case toDocNo:
		s.docNo(text)
	case toLicenceNo:
		r.LicenceNo = present(credit.NormalDocNo(text))
	case toPenalties, toPenalties2:
		s.penalties(i, text)
	case toProcedure:
		if r.Procedure = parseProcedure(text); r.Procedure == credit.ProcedureUnknown {
			s.addAt("procedure_unknown", i, text)
		}
	case toFine:
		s.amount(i, text, &r.Fine)
	case toConfiscated:
		s.amount(i, text, &r.Confiscated)
	case toDecided, toFrom, toUntil, toPublicUntil, toRemoved, toRepaired, toAnnulled:
		s.date(i, to, text)
	case toAuthorityCode:
		r.AuthorityCode = s.organCode(i, text)
	case toProviderCode:
		r.ProviderCode = s.organCode(i, text)
	case toAuthority:
		r.Authority = subjectName(text)
	case toProvider:
		r.Provider = subjectName(text)
	case toClaim, toPublicState:
		s.claim(i, to, text)
	case toExtra:
		r.Extra = append(r.Extra, credit.Field{Heading: s.l.cols[i].heading, Text: text})
	default:
		if p := textOf(r, to); p != nil {
			*p = text
		}
	}
}

// textOf is the plain text of a record that a target fills.
func textOf(r *credit.Record, to target) *string {
	switch to {
	case toTitle:
		return &r.Title
	case toLicence:
		return &r.Licence
	case toCategory:
		return &r.Category
	case toBehaviour:
		return &r.Behaviour
	case toFacts:
		return &r.Facts
	case toBasis:
		return &r.Basis
	case toContent:
		return &r.Content
	case toSeized:
		return &r.Seized
	case toList:
		return &r.List
	case toDomain:
		return &r.Domain
	case toRegion:
		return &r.Region
	case toRemark:
		return &r.Remark
	case toName:
		return &r.Name
	case toLegalRep:
		return &r.LegalRep
	case toAuthority:
		return &r.Authority
	case toProvider:
		return &r.Provider
	case toDocNo:
		return &r.DocNo
	case toLicenceNo:
		return &r.LicenceNo
	}
	return nil
}

// code reads the unified code, or an identity number that was put in its place; what it is depends on
// the class of the subject and is judged when the whole row is read.
func (s *state) code(i int, text string) {
	code, part, cut := cleanCode(text)
	s.out.Record.Code = code
	if realPart(part) {
		s.codePart = part
	}
	if cut {
		s.addAt("code_cleaned", i)
	}
}

func (s *state) docNo(text string) {
	r := &s.out.Record
	var part string
	r.DocNo, part = docNo(text)
	switch {
	case realPart(part):
		r.Part = part
	case part != "":
		s.add("doc_no_cleaned", toDocNo, "（"+part+"）")
	}
}

func (s *state) penalties(i int, text string) {
	k := parsePenalties(text)
	s.out.Record.Penalties |= k.kinds
	if k.unknown != "" {
		s.addAt("penalty_unknown", i, k.unknown)
	}
	if k.guessed != "" {
		s.addAt("penalty_guessed", i, k.guessed, k.kinds.Chinese())
	}
	if k.differs != "" {
		s.addAt("penalty_code_differs", i, k.differs)
	}
}

func (s *state) amount(i int, text string, to *credit.Amount) {
	f, unit, state := parseAmount(text, s.l.cols[i].yuan)
	s.refused[s.l.cols[i].to] = state >= amountNegative
	switch state {
	case amountGood:
	case amountUnit:
		s.addAt("amount_unit", i, unit)
	case amountNegative:
		s.addAt("amount_negative", i, text)
		return
	case amountPrecision:
		decimals := 6
		if s.l.cols[i].yuan || unit == "元" {
			decimals = 2
		}
		s.addAt("amount_precision", i, text, decimals)
		return
	case amountUnreadable:
		s.addAt("amount_unreadable", i, text)
		return
	default:
		s.filled[s.l.cols[i].to] = false
		return
	}
	*to = credit.Amount{Fen: f, Known: true}
}

func (s *state) date(i int, to target, text string) {
	d, state := parseDate(text)
	switch state {
	case dateGood:
		s.setDate(to, d)
	case dateForever:
		s.endless(i, to, d, text)
	case dateImpossible:
		s.addAt("date_impossible", i, text)
	case dateUnreadable:
		s.addAt("date_unreadable", i, text)
	default:
		s.filled[to] = false
	}
}

// endless stores 长期: only an end of validity may be so. A far day elsewhere stays what it is.
func (s *state) endless(i int, to target, d credit.Date, text string) {
	switch {
	case to == toUntil:
		s.out.Record.Forever, s.out.Record.Until = true, d
	case d != 0:
		s.setDate(to, d)
	default:
		s.filled[to] = false
		s.addAt("forever_not_allowed", i, s.l.cols[i].heading)
	}
}

func (s *state) setDate(to target, d credit.Date) {
	r := &s.out.Record
	switch to {
	case toDecided:
		r.Decided = d
	case toFrom:
		r.From = d
	case toUntil:
		r.Until = d
	case toPublicUntil:
		r.PublicUntil = d
	case toRemoved:
		r.Removed = d
	case toRepaired:
		r.Repaired = d
	case toAnnulled:
		r.Annulled = d
	}
}

func (s *state) organCode(i int, text string) string {
	code, _, cut := cleanCode(text)
	if c := credit.CheckUSCC(code); c.Verdict == credit.Invalid {
		s.addAt("authority_code", i, c.Reason)
	} else if cut {
		s.addAt("code_cleaned", i)
	}
	return code
}

func (s *state) claim(i int, to target, text string) {
	parse := parseClaim
	if to == toPublicState {
		parse = parsePublicState
	}
	c, known := parse(text)
	if !known {
		s.addAt("claim_unknown", i, text)
	}
	if r := &s.out.Record; r.Claim == credit.ClaimNormal {
		r.Claim = c
	}
}

// hasLongDigits tells that the text of a target must be searched for identity numbers.
func (s *state) hasLongDigits(to target) bool { return s.digits&(1<<to) != 0 }
