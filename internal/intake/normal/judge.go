package normal

import (
	"slices"
	"strings"

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
		if c.need <= useful || c.to == toExtra || s.l.spec[c.to] == nil || s.holds(c.to) {
			continue
		}
		switch {
		case c.to == toDocNo && s.out.Record.LicenceNo != "", c.to == toLegalRep && s.out.Record.Class == credit.NaturalPerson,
			c.to == toUntil && s.out.Record.Forever, c.to == toPenalties && s.out.Record.Penalties != 0:
		case c.to == toProcedure:
			s.add("procedure_unknown", toProcedure, "空白")
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
	if !SystemName(r.Authority) {
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

// founding is before every decision of an organ that reports. Only what registers tell can be older.
const founding credit.Date = 19491001

// dates compares the dates of a row with each other and with today.
func (s *state) dates() {
	r, today := &s.out.Record, s.l.Today
	s.old(toDecided, r.Decided)
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
		switch {
		case s.old(d.to, d.date):
		case d.date < r.Decided:
			s.add("date_order", d.to, d.date, r.Decided)
		}
		if !d.future && today != 0 && d.date > today {
			s.add("date_future_note", d.to, d.date, today)
		}
	}
}

// old reports a day before the founding. Such a year is a slip, 1026 for 2026: the matter would lie in
// no period and in no report, so the row is refused, unless it is a registration, which may be old.
func (s *state) old(to target, d credit.Date) bool {
	switch {
	case d == 0 || d >= founding:
		return false
	case s.l.Kind == credit.Registration:
		s.add("date_old_note", to, d)
	default:
		s.add("date_old", to, d)
	}
	return true
}

// fine compares the amounts with the kinds of penalty and with what the text says.
func (s *state) fine() {
	r := &s.out.Record
	hasFine := r.Penalties.Has(credit.Fine)
	switch {
	case hasFine && r.Fine.Fen == 0 && s.l.spec[toFine] != nil && !s.bad[toFine] && !s.refused[toFine]:
		s.add("fine_without_amount", toFine)
	case !hasFine && r.Fine.Known && r.Fine.Fen > 0 && r.Penalties != 0:
		s.add("amount_without_fine", toFine)
	}
	if r.Fine.Known && r.Fine.Fen > 0 {
		if said := finesIn(r.Content); said.n > 0 && !said.has(r.Fine.Fen) {
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
