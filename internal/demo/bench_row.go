package demo

import (
	"bytes"
	"strconv"
	"strings"

	"xinban/internal/credit"
)

// benchRow is a row being made: all cells in one buffer, so that a row costs no allocation.
type benchRow struct {
	layout *layout
	buf    []byte
	from   [roles]int32
	to     [roles]int32
	text   penaltyText
	scene  scene
	// cells holds the row instead when dirt has been put on it.
	cells []string
}

func newBenchRow(l *layout) *benchRow { return &benchRow{layout: l, buf: make([]byte, 0, 1<<14)} }

func (row *benchRow) reset() {
	row.buf, row.cells = row.buf[:0], nil
	row.from, row.to = [roles]int32{}, [roles]int32{}
}

func (row *benchRow) put(c role, text []byte) {
	row.from[c] = int32(len(row.buf))
	row.buf = append(row.buf, text...)
	row.to[c] = int32(len(row.buf))
}

func (row *benchRow) puts(c role, text string) {
	row.from[c] = int32(len(row.buf))
	row.buf = append(row.buf, text...)
	row.to[c] = int32(len(row.buf))
}

// begin and end mark a cell that is appended to buf in parts.
func (row *benchRow) begin(c role) { row.from[c] = int32(len(row.buf)) }
func (row *benchRow) end(c role)   { row.to[c] = int32(len(row.buf)) }

func (row *benchRow) get(c role) []byte { return row.buf[row.from[c]:row.to[c]] }

// appendCells appends the cells in the order of the layout, all parts of one new string.
func (row *benchRow) appendCells(cells []string) []string {
	if row.cells != nil {
		return append(cells, row.cells...)
	}
	all := string(row.buf)
	for _, c := range row.layout.columns {
		cells = append(cells, all[row.from[c.role]:row.to[c.role]])
	}
	return cells
}

func (row *benchRow) appendCSV(out []byte) []byte {
	if row.cells != nil {
		for i, c := range row.cells {
			out = appendCell(out, c, i > 0)
		}
		return append(out, '\n')
	}
	plain := bytes.IndexByte(row.buf, '"') < 0 && bytes.IndexByte(row.buf, ',') < 0 && bytes.IndexByte(row.buf, '\n') < 0
	for i := range row.layout.columns {
		c := row.layout.columns[i].role
		if !plain {
			out = appendCell(out, string(row.get(c)), i > 0)
			continue
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, row.buf[row.from[c]:row.to[c]]...)
	}
	return append(out, '\n')
}

func appendCell(out []byte, c string, comma bool) []byte {
	if comma {
		out = append(out, ',')
	}
	if !strings.ContainsAny(c, ",\"\r\n") {
		return append(out, c...)
	}
	out = append(out, '"')
	out = append(out, strings.ReplaceAll(c, `"`, `""`)...)
	return append(out, '"')
}

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
	l := texts()
	s.trade = l.tradeFor(&r)
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
	row.scene.name, row.scene.trade = who.name, who.trade
	row.scene.setDay(day, slot)
	o := pick(&r, who.trade.offences)
	row.text.compose(&r, &row.scene, o, sev, benchFindings(&r, sev))
	p.fill(row, &who, slot, day)
	if r.below(100) < 3 {
		row.remark("系统导出,含\"引号\"\n和换行")
	}
	switch {
	case how == amended:
		row.amend(&r, kept, day)
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
	row.put(rLegalRep, personNames[who.index%persons])
	organ := decider(*who.place, o.Domain, dayDate(day))
	row.begin(rDocNo)
	row.buf = append(row.buf, who.place.Short...)
	row.buf = append(row.buf, domainMarks[o.Domain]...)
	row.buf = append(row.buf, "罚〔"...)
	row.buf = append(row.buf, dayISO[day][:4]...)
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
	row.put(rDecided, dayISO[day])
	row.put(rPublicUntil, dayISO[min(day+365, len(dayISO)-1)])
	row.puts(rAuthority, organ.Name)
	row.puts(rAuthorityCode, organ.Code)
	row.puts(rProvider, organ.Name)
	row.puts(rProviderCode, organ.Code)
	row.puts(rProcedure, t.procedure.Chinese())
	row.puts(rClaim, "0")
	row.puts(rRegion, who.place.Area)
	row.put(rTimestamp, dayISO[min(day+5, len(dayISO)-1)])
	if t.kinds.Has(credit.SuspendLicence) || t.kinds.Has(credit.RevokeLicence) {
		row.begin(rSeized)
		row.buf = appendBatch(append(row.buf, "经营许可证 "...), mix(uint64(slot)))
		row.end(rSeized)
	}
}

// kinds writes the kinds into the one cell of the new layout and the two of the old.
func (row *benchRow) kinds(set credit.PenaltyKinds) {
	row.begin(rKinds)
	n := 0
	for k := credit.Warning; k <= credit.OrderClosure; k++ {
		if !set.Has(k) {
			continue
		}
		if n > 0 {
			row.buf = append(row.buf, "、"...)
		}
		start := len(row.buf)
		row.buf = append(row.buf, k.Chinese()...)
		if n < 2 {
			row.from[rKind1+role(n)], row.to[rKind1+role(n)] = int32(start), int32(len(row.buf))
		}
		n++
	}
	row.end(rKinds)
	if n > 2 { // the second cell of the old layout takes all but the first
		row.to[rKind2] = row.to[rKinds]
	}
}

// amount writes money in 万元, without trailing zeros.
func (row *benchRow) amount(c role, f credit.Fen, known bool) {
	if !known {
		return
	}
	row.begin(c)
	row.buf = strconv.AppendInt(row.buf, int64(f/credit.WanYuan), 10)
	if frac := int64(f % credit.WanYuan); frac != 0 {
		row.buf = append(row.buf, '.')
		for unit := int64(credit.WanYuan) / 10; frac != 0; unit /= 10 {
			row.buf = append(row.buf, byte('0'+frac/unit))
			frac %= unit
		}
	}
	row.end(c)
}

func (row *benchRow) remark(text string) { row.puts(rRemark, text) }

// amend changes the content of a row whose matter stays the same.
func (row *benchRow) amend(r *random, kept bool, day int) {
	switch n := r.below(3); {
	case n == 0 && !kept && day+120 < benchToday:
		row.put(rRepaired, dayISO[benchToday-1-r.below(20)])
	case n == 1:
		text := append([]byte("（更正）"), row.get(rFacts)...)
		row.put(rFacts, text)
	default:
		row.remark("公示截止期已按规定更正")
		row.put(rPublicUntil, dayISO[min(day+180, len(dayISO)-1)])
	}
}

// licenceRow makes the i-th licence to arrive.
func (p *benchPlan) licenceRow(row *benchRow, i int) {
	slot := p.shape.penalties + p.licence.of(i)
	rank, _ := p.shape.place(slot)
	who := p.who(rank)
	r := at(p.Seed, "licence", slot)
	day := benchStart + r.below(benchToday-3-benchStart)
	c := pickFitting(&r, others().Licences, who.trade)
	row.reset()
	row.scene.name, row.scene.trade = who.name, who.trade
	row.scene.setDay(day, slot)
	organ := decider(*who.place, c.Domain, dayDate(day))
	row.put(rName, who.name)
	row.puts(rClass, "法人及非法人组织")
	row.put(rCode, who.code[:])
	row.put(rOrgCode, who.code[8:17])
	row.put(rLegalRep, personNames[who.index%persons])
	row.puts(rTitle, c.Title)
	row.begin(rDocNo)
	row.buf = append(append(row.buf, who.place.Short...), domainMarks[c.Domain]...)
	row.buf = append(append(append(row.buf, "许〔"...), dayISO[day][:4]...), "〕"...)
	row.buf = append(strconv.AppendInt(row.buf, int64(slot+1), 10), "号"...)
	row.end(rDocNo)
	row.puts(rCategory, c.Category)
	row.puts(rLicence, c.Licence)
	row.begin(rLicenceNo)
	row.buf = appendBatch(row.buf, mix(uint64(slot)))
	row.end(rLicenceNo)
	row.begin(rContent)
	row.buf = c.content.appendTo(row.buf, &r, &row.scene)
	row.end(rContent)
	row.put(rDecided, dayISO[day])
	row.put(rFrom, dayISO[day])
	row.put(rUntil, dayISO[min(day+365*max(c.Years, 1), len(dayISO)-1)])
	row.puts(rAuthority, organ.Name)
	row.puts(rAuthorityCode, organ.Code)
	row.puts(rProvider, organ.Name)
	row.puts(rProviderCode, organ.Code)
	row.puts(rClaim, "0")
	if dirt := p.dirt("licence-dirt", i); dirt != nil {
		row.spoil(dirt, r)
	}
}
