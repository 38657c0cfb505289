package demo

import (
	"sync"

	"xinban/internal/credit"
)

// vertical are the domains whose organs report up their own line and not to the platform of the city.
var vertical = map[string]bool{"tax": true, "customs": true, "maritime": true, "post": true, "tobacco": true, "fire": true,
	"local-finance": true, "statistics": true}

// sourceOf is the source that sends a matter.
func sourceOf(row *Row) string {
	o := row.deciding
	domain := ""
	if len(o.Domains) > 0 {
		domain = o.Domains[0]
	}
	switch row.Kind {
	case credit.Registration, credit.AbnormalList:
		return "lanhai-market"
	case credit.SeriousList:
		return "lanhai-" + domain
	case credit.JudgmentDefaulter, credit.CriminalJudgment:
		return "lanhai-courts"
	case credit.Penalty, credit.Coercion:
		if vertical[domain] || o.Place == LanhaiProvince {
			return "lanhai-" + domain
		}
	case credit.RedList:
		if domain == "tax" {
			return "lanhai-tax"
		}
	}
	return platformOf(row)
}

// platformOf is the platform of the place, the province's organs being gathered by 岚港市.
func platformOf(row *Row) string {
	for _, p := range platforms {
		if p.place == row.deciding.Place.ID {
			return p.code
		}
	}
	return platforms[0].code
}

// provide fills in 数据来源单位: the organ behind the source or, through a platform, the organ that
// decided (谁产生、谁负责).
func provide(row *Row, source string) {
	o, err := OrganByID(sourceOrgans()[source])
	if err != nil {
		o = *row.deciding
	}
	row.Provider, row.ProviderCode = o.Name, o.Code
}

var sourceOrgans = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, s := range Sources() {
		m[s.Code] = s.Organ
	}
	return m
})

// send writes a matter into the file of its source, with the dirt that falls to it, and what is sent
// twice into the other files.
func (w *filing) send(s *Subject, row *Row) error {
	w.seq++
	r := at(w.p.Seed, "sending", w.seq)
	src := sourceOf(row)
	if src == "lanhai-"+LateDomain && row.Decided > LateSince.AddDays(-3) {
		return nil // decided after the feed stopped
	}
	part := ""
	if row.Kind == credit.Penalty && row.Decided < 20210701 && w.files[feedKey{src, row.Kind, "old"}] != nil {
		part = "old"
	}
	row.Source = src
	var dirt *Dirt
	if s.Index >= showcases {
		dirt = dirtOf(r.below(10000))
	}
	if err := w.put(feedKey{src, row.Kind, part}, row, dirt, r); err != nil {
		return err
	}
	if dirt != nil {
		if err := w.again(row, dirt, part, r); err != nil {
			return err
		}
	}
	if s.Index < showcases {
		return nil // what is shown must stay as it is
	}
	return w.delta(row, src, part, r)
}

// again writes what some dirt makes of a row besides the row itself.
func (w *filing) again(row *Row, dirt *Dirt, part string, r random) error {
	switch dirt.ID {
	case dirtBothLayouts:
		other := "old"
		if part == "old" {
			other = ""
		}
		return w.put(feedKey{row.Source, row.Kind, other}, row, nil, r)
	case dirtTwoSources:
		second := *row
		if len(row.deciding.Domains) == 0 {
			return nil
		}
		if second.Source = "lanhai-" + row.deciding.Domains[0]; second.Source == row.Source {
			second.Source = platformOf(row)
		}
		return w.put(feedKey{second.Source, row.Kind, ""}, &second, nil, r)
	case dirtTwoContents:
		second := *row
		second.Content, second.Facts = row.Content+"（更正：以本行为准）", row.Facts
		return w.put(feedKey{row.Source, row.Kind, part}, &second, nil, r)
	}
	return nil
}

// delta sends three penalties in a hundred again with changed content and five as they were.
func (w *filing) delta(row *Row, src, part string, r random) error {
	k := feedKey{src, row.Kind, "delta"}
	if part == "old" || w.files[k] == nil {
		return nil
	}
	switch n := r.below(100); {
	case n < 3:
		changed := *row
		if row.Repaired == 0 && row.Decided.AddMonths(4) < Today {
			changed.Repaired = Today.AddDays(-r.between(1, 12))
		} else {
			changed.Remark = "已更正文书文字"
		}
		return w.put(k, &changed, nil, r)
	case n < 8:
		return w.put(k, row, nil, r)
	}
	return nil
}

// put writes a row into a file; a file that the province does not have takes nothing.
func (w *filing) put(k feedKey, row *Row, dirt *Dirt, r random) error {
	f := w.files[k]
	if f == nil {
		return nil
	}
	provide(row, k.source)
	cells := f.layout.cells(row)
	if dirt != nil {
		if dirt.spoil == nil || dirt.spoil(&soiled{cells: cells, l: f.layout, r: r}) {
			w.counts[dirt.ID]++
		}
	}
	f.info.Rows++
	return f.out.write(cells)
}
