package demo

import "strconv"

// licenceRow makes the i-th licence to arrive.
func (p *benchPlan) licenceRow(row *benchRow, i int) {
	slot := p.shape.penalties + p.licence.of(i)
	rank, _ := p.shape.place(slot)
	who := p.who(rank)
	r := at(p.Seed, "licence", slot)
	day := benchStart + r.below(benchToday-3-benchStart)
	c := pickFitting(&r, others().Licences, who.trade)
	row.reset()
	row.scene.lib, row.scene.name, row.scene.trade = p.lib, who.name, who.trade
	row.scene.setDay(day, slot)
	organ := decider(*who.place, c.Domain, p.lib.dates[day])
	row.put(rName, who.name)
	row.puts(rClass, "法人及非法人组织")
	row.put(rCode, who.code[:])
	row.put(rOrgCode, who.code[8:17])
	row.put(rLegalRep, p.lib.people[who.index%persons])
	row.puts(rTitle, c.Title)
	row.begin(rDocNo)
	row.buf = append(append(row.buf, who.place.Short...), domainMarks[c.Domain]...)
	row.buf = append(append(append(row.buf, "许〔"...), p.lib.iso[day][:4]...), "〕"...)
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
	row.put(rDecided, p.lib.iso[day])
	row.put(rFrom, p.lib.iso[day])
	row.put(rUntil, p.lib.isoAt(day+365*max(c.Years, 1)))
	row.puts(rAuthority, organ.Name)
	row.puts(rAuthorityCode, organ.Code)
	row.puts(rProvider, organ.Name)
	row.puts(rProviderCode, organ.Code)
	row.puts(rClaim, "0")
	if dirt := p.dirt("licence-dirt", i); dirt != nil {
		row.spoil(dirt, r)
	}
}
