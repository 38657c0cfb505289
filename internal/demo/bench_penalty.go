package demo

import (
	"strconv"

	"xinban/internal/credit"
)

// change is how a row stands to an earlier one of the same matter.
type change uint8

const (
	asBefore     change = iota // as it was, or for the first time
	amended                    // the same matter with changed content
	again                      // the same decision from another source or in another layout
	contradicted               // the same decision with other content in one file
)

// benchSubject is who a row is about.
type benchSubject struct {
	code  [18]byte
	name  []byte
	index int
	place *Place
	trade *trade
}

var benchPlaces = places()

func (p *benchPlan) who(rank int) benchSubject {
	index := p.ranks.of(rank)
	r := at(p.Seed, "bench-subject", index)
	s := benchSubject{index: index, place: &benchPlaces[r.below(40)/19]}
	s.trade = p.lib.tradeFor(&r)
	putCode(&s.code, "91", s.place.Area, index)
	s.name = appendName(make([]byte, 0, 128), index, s.place, s.trade)
	return s
}

// penalty makes the i-th penalty to arrive, as a feed sends it.
func (p *benchPlan) penalty(row *benchRow, i int, how change, feed int) {
	slot := p.slots.of(i)
	rank, ordinal := p.shape.place(slot)
	who := p.who(rank)
	r := at(p.Seed, "penalty", slot)
	kept := ordinal == 0 && p.shape.standing(rank) == standingFound
	sev, day := p.severity(&r, rank, kept)
	row.reset()
	row.scene.lib, row.scene.name, row.scene.trade = p.lib, who.name, who.trade
	row.scene.setDay(day, slot)
	o := pick(&r, who.trade.offences)
	row.text.compose(&r, &row.scene, o, sev, benchFindings(&r, sev))
	p.fill(row, &who, slot, day)
	if r.below(100) < 3 {
		row.remark("系统导出,含\"引号\"\n和换行")
	}
	switch {
	case how == amended:
		p.amend(row, &r, kept, day)
	case how == contradicted:
		row.remark("以本行为准")
		row.puts(rContent, string(row.get(rContent))+"另责令登报声明。")
	}
	if dirt := p.dirt("penalty-dirt", i); dirt != nil && !kept && how != again {
		row.spoil(dirt, r)
	}
}

func (row *benchRow) spoil(dirt *Dirt, r random) {
	row.cells = row.appendCells(make([]string, 0, len(row.layout.columns)))
	dirt.spoil(&soiled{cells: row.cells, l: row.layout, r: r})
}

// dirt tells how the i-th row of a stream is spoilt; nil for not.
func (p *benchPlan) dirt(stream string, i int) *Dirt {
	r := at(p.Seed, stream, i)
	if d := dirtOf(r.below(10000)); d != nil && d.spoil != nil {
		return d
	}
	return nil
}

var (
	benchToday = dayIndex(Today)
	benchStart = dayIndex(dataStart)
	benchOver  = dayIndex(Today.AddMonths(-37)) // before it every publicity window has ended
)

// severity chooses what the penalty is like and its day, so that the subject stands as it shall.
func (p *benchPlan) severity(r *random, rank int, kept bool) (severity, int) {
	if kept {
		return ordinaryFine, benchToday - 5 - r.below(295)
	}
	sev := ordinaryFine
	switch n := r.below(100); {
	case n < 8:
		sev = warningOnly
	case n < 18:
		sev = summary
	case n < 24:
		sev = grave
	}
	if p.shape.standing(rank) == standingHidden && (sev == ordinaryFine || sev == grave) {
		return sev, benchStart + r.below(benchOver-benchStart)
	}
	return sev, benchStart + r.below(benchToday-3-benchStart)
}

// benchFindings is how thick the files are: two in three thin, one in nine thick.
func benchFindings(r *random, sev severity) int {
	if sev == summary {
		return r.below(2)
	}
	switch n := r.below(100); {
	case n < 66:
		return r.below(2)
	case n < 89:
		return 2 + r.below(4)
	default:
		return 10 + r.below(15)
	}
}

// fill writes the cells of a penalty.
func (p *benchPlan) fill(row *benchRow, who *benchSubject, slot, day int) {
	t := &row.text
	o := t.offence
	row.put(rName, who.name)
	row.puts(rClass, "法人及非法人组织")
	row.put(rCode, who.code[:])
	row.put(rOrgCode, who.code[8:17])
	row.put(rLegalRep, p.lib.people[who.index%persons])
	organ := decider(*who.place, o.Domain, p.lib.dates[day])
	row.begin(rDocNo)
	row.buf = append(row.buf, who.place.Short...)
	row.buf = append(row.buf, domainMarks[o.Domain]...)
	row.buf = append(row.buf, "罚〔"...)
	row.buf = append(row.buf, p.lib.iso[day][:4]...)
	row.buf = append(row.buf, "〕"...)
	row.buf = strconv.AppendInt(row.buf, int64(slot+1), 10)
	row.buf = append(row.buf, "号"...)
	row.end(rDocNo)
	row.puts(rBehaviour, o.Behaviour)
	row.puts(rTitle, o.Behaviour)
	row.put(rFacts, t.facts)
	row.put(rBasis, t.basis)
	row.put(rContent, t.content)
	row.kinds(t.kinds)
	row.amount(rFine, t.fine, t.kinds.Has(credit.Fine))
	row.amount(rConfiscated, t.confiscated, t.confiscated > 0)
	row.put(rDecided, p.lib.iso[day])
	row.put(rPublicUntil, p.lib.isoAt(day+365))
	row.puts(rAuthority, organ.Name)
	row.puts(rAuthorityCode, organ.Code)
	row.puts(rProvider, organ.Name)
	row.puts(rProviderCode, organ.Code)
	row.puts(rProcedure, t.procedure.Chinese())
	row.puts(rClaim, "0")
	row.puts(rRegion, who.place.Area)
	row.put(rTimestamp, p.lib.isoAt(day+5))
	if t.kinds.Has(credit.SuspendLicence) || t.kinds.Has(credit.RevokeLicence) {
		row.begin(rSeized)
		row.buf = appendBatch(append(row.buf, "经营许可证 "...), mix(uint64(slot)))
		row.end(rSeized)
	}
}

// amend changes the content of a row whose matter stays the same.
func (p *benchPlan) amend(row *benchRow, r *random, kept bool, day int) {
	switch n := r.below(3); {
	case n == 0 && !kept && day+120 < benchToday:
		row.put(rRepaired, p.lib.iso[benchToday-1-r.below(20)])
	case n == 1:
		text := append([]byte("（更正）"), row.get(rFacts)...)
		row.put(rFacts, text)
	default:
		row.remark("公示截止期已按规定更正")
		row.put(rPublicUntil, p.lib.isoAt(day+180))
	}
}
