package demo

import (
	"iter"

	"xinban/internal/credit"
)

// Province is 岚海省, made from a seed. The same values always give the same province. Subjects is
// how many subjects have a registration or, for natural persons, a record; Records is how many
// matters there are in all, before what is sent twice.
type Province struct {
	Seed     uint64
	Subjects int
	Records  int
}

// Default is the province of `xinban demo`.
func Default() Province { return Province{Seed: 20260518, Subjects: 20_000, Records: 200_000} }

// AllSubjects lists the subjects: those of the showcase first, then the others.
func (p *Province) AllSubjects() iter.Seq[Subject] {
	return func(yield func(Subject) bool) {
		for i := range p.Subjects {
			if !yield(p.subjectOrShow(i)) {
				return
			}
		}
	}
}

// Rows makes every matter once, subject after subject in an order that is not that of their codes.
// The row is the consumer's to keep.
func (p *Province) Rows() iter.Seq2[Subject, *Row] {
	return func(yield func(Subject, *Row) bool) {
		n := newIssuer(p.Seed)
		share := p.shares()
		order := newShuffle(p.Seed, "order", p.Subjects)
		for at := range p.Subjects {
			i := order.of(at)
			s := p.subjectOrShow(i)
			for _, row := range p.matters(n, &s, share[i]) {
				if !yield(s, row) {
					return
				}
			}
		}
	}
}

// shares is how many matters each subject has: one at least, most few, some many, Records in all.
func (p *Province) shares() []int {
	share := make([]int, p.Subjects)
	total := 0
	for i := range share {
		share[i] = 1
		if i < showcases {
			share[i] = len(showcasePlans[i])
		}
		total += share[i]
	}
	// Three dice of one subject fall together: the weight of a subject is heavy-tailed, the sum exact.
	r := at(p.Seed, "shares", p.Subjects)
	for total < p.Records && p.Subjects > showcases {
		i := showcases + r.below(p.Subjects-showcases)
		w := 1 + int(mix(p.Seed^uint64(i))%8)
		if mix(p.Seed+uint64(i))%50 == 0 {
			w *= 12
		}
		w = min(w, p.Records-total)
		share[i] += w
		total += w
	}
	return share
}

// matters makes the matters of one subject.
func (p *Province) matters(n *issuer, s *Subject, count int) []*Row {
	r := at(p.Seed, "matters", s.Index)
	if s.Index < showcases {
		return showcase(n, &r, s)
	}
	var rows []*Row
	if s.Class != credit.NaturalPerson {
		rows = append(rows, n.registration(&r, s))
	}
	temper := temperOf(&r)
	for len(rows) < count {
		rows = append(rows, p.matter(n, &r, s, temper))
	}
	return rows
}

// temper is how a subject keeps the law.
type temper uint8

const (
	faithful temper = iota // nothing negative
	slight                 // warnings and cases decided on the spot
	past                   // fines long ago, or repaired
	careless               // fines, some of them recent
	bad                    // fines, lists, judgments
)

func temperOf(r *random) temper {
	switch n := r.below(100); {
	case n < 58:
		return faithful
	case n < 66:
		return slight
	case n < 74:
		return past
	case n < 96:
		return careless
	default:
		return bad
	}
}

// matter makes one more matter of a subject.
func (p *Province) matter(n *issuer, r *random, s *Subject, t temper) *Row {
	on := p.day(r, s)
	if s.Class == credit.NaturalPerson {
		return n.penalty(r, s, pick(r, s.trade.offences), ordinaryFine, on)
	}
	switch d := r.below(100); {
	case t == faithful || d < 40:
		return n.friendly(r, s, on)
	case t == slight:
		return n.penalty(r, s, pick(r, s.trade.offences), pick(r, []severity{warningOnly, summary}), on)
	case t == past:
		return n.pastPenalty(r, s, on)
	case t == bad && d < 62:
		return n.grim(r, s, on)
	default:
		row := n.penalty(r, s, pick(r, s.trade.offences), pick(r, []severity{ordinaryFine, ordinaryFine, ordinaryFine, ordinaryFine, warningOnly, summary, grave}), on)
		return n.aftermath(r, row)
	}
}

// day is a day on which the subject stood, from the beginning of the data to a few days ago.
func (p *Province) day(r *random, s *Subject) credit.Date {
	from, to := max(dataStart, s.Founded.AddDays(20)), Today.AddDays(-3)
	if s.Closed != 0 {
		to = s.Closed
	}
	if to <= from {
		return to
	}
	return from.AddDays(r.below(from.DaysUntil(to)))
}

// friendly makes a matter that speaks for the subject or is neutral.
func (n *issuer) friendly(r *random, s *Subject, on credit.Date) *Row {
	switch d := r.below(100); {
	case d < 66:
		return n.licence(r, s, on)
	case d < 82:
		return n.commitment(r, s, on)
	case d < 90:
		return n.catalogue(r, s, on)
	case d < 97:
		return n.honour(r, s, on)
	default:
		return n.abnormal(r, s, on)
	}
}

func (n *issuer) pastPenalty(r *random, s *Subject, on credit.Date) *Row {
	if r.below(2) == 0 && s.Founded < 20210101 {
		on = max(dataStart, s.Founded.AddDays(20)).AddDays(r.below(700))
		return n.penalty(r, s, pick(r, s.trade.offences), ordinaryFine, on)
	}
	row := n.penalty(r, s, pick(r, s.trade.offences), ordinaryFine, on)
	row.Repaired = min(on.AddMonths(3).AddDays(r.below(60)), Today.AddDays(-1))
	return row
}

// aftermath repairs one penalty in six and annuls one in eighty.
func (n *issuer) aftermath(r *random, row *Row) *Row {
	switch d := r.below(480); {
	case d < 80:
		if on := row.Decided.AddMonths(12).AddDays(r.below(90)); on < Today {
			row.Repaired = on
		}
	case d < 86:
		if on := row.Decided.AddDays(60 + r.below(120)); on < Today {
			row.Annulled, row.Remark = on, "经行政复议撤销"
		}
	}
	return row
}

func (n *issuer) grim(r *random, s *Subject, on credit.Date) *Row {
	switch d := r.below(100); {
	case d < 34:
		return n.serious(r, s, pick(r, others().Serious), on)
	case d < 62:
		return n.defaulter(r, s, on)
	case d < 84:
		return n.coercion(r, s, on)
	case d < 90:
		return n.crime(r, s, on)
	default:
		return n.abnormal(r, s, on)
	}
}
