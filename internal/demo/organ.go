package demo

import (
	"fmt"
	"sync"

	"xinban/internal/credit"
)

// An Organ is an entry of the fictional organ register (机关名册).
type Organ struct {
	ID      string // lower-case, such as lg-ecology
	Code    string // 统一社会信用代码, of an area that does not exist
	Name    string
	English string // empty for none
	Short   string // as other systems call it; empty for none
	Place   Place
	Domains []string // of the working list of 52
	Court   bool
	From    credit.Date // 0: before all data
	Until   credit.Date // last day of its own decisions; 0 while it stands
	// OldName is what it was called until OldUntil.
	OldName    string
	OldEnglish string // empty for none
	OldUntil   credit.Date
	// Successor is the organ into which it went, empty for none; its powers and duties went along.
	Successor string
}

// The two organs of the demo's merger: on MergedOn 岚港市城市管理局 went into
// 岚港市综合行政执法局, which punishes for city management and, centralised, for water.
const (
	mergedFrom = "lg-urban-management"
	mergedInto = "lg-enforcement"
	// waterBefore punished for water until then.
	waterBefore = "lg-water"
	MergedOn    = credit.Date(20220701)
)

// Organs lists the register: the province's organs in the order of the domains, then those of the
// cities and the county, the courts, and the merger.
func Organs() []Organ { return register() }

var register = sync.OnceValue(func() []Organ {
	type row struct {
		Domains []string
		Name    string
		English string
		Short   string
		Regions []string
		Court   bool
		Old     struct {
			Name    string
			English string
			Until   credit.Date
		}
	}
	var list struct{ Province, Local []row }
	if err := readYAML("organs.yaml", &list); err != nil {
		panic(err) // embedded text: a defect of the build
	}
	var all []Organ
	add := func(id string, p Place, r row) {
		o := Organ{ID: id, Name: p.Name + r.Name, Place: p, Domains: r.Domains, Court: r.Court, OldUntil: r.Old.Until}
		if r.Old.Name != "" {
			o.OldName = p.Name + r.Old.Name
		}
		if r.Old.English != "" {
			o.OldEnglish = p.English + " " + r.Old.English
		}
		if r.English != "" {
			o.English = p.English + " " + r.English
		}
		if r.Short != "" {
			o.Short = p.Name + r.Short
		}
		all = append(all, o)
	}
	for _, r := range list.Province {
		add("lh-"+r.Domains[0], LanhaiProvince, r)
	}
	for _, r := range list.Local {
		for _, region := range r.Regions {
			p, ok := placeByID(region)
			if !ok {
				panic("demo: organ " + r.Name + " is in the unknown place " + region)
			}
			id := p.ID + "-court"
			if !r.Court {
				id = p.ID + "-" + r.Domains[0]
			}
			add(id, p, r)
		}
	}
	all = append(all,
		Organ{ID: mergedFrom, Name: "岚港市城市管理局", English: "Langang Urban Management Bureau", Place: Langang, Domains: []string{"urban-management"}, Until: MergedOn.AddDays(-1), Successor: mergedInto},
		Organ{ID: mergedInto, Name: "岚港市综合行政执法局", English: "Langang Comprehensive Administrative Enforcement Bureau", Short: "岚港市综合执法局", Place: Langang, From: MergedOn,
			Domains: []string{"urban-management", "water"}},
		Organ{ID: "sl-enforcement", Name: "溯岚县综合行政执法局", English: "Sulan County Comprehensive Administrative Enforcement Bureau", Place: Sulan, Domains: []string{"urban-management", "housing"}},
		Organ{ID: "lh-credit-centre", Name: "岚海省社会信用中心", English: "Lanhai Provincial Social Credit Centre", Short: "岚海省公共信用中心", Place: LanhaiProvince},
		Organ{ID: "lg-credit-centre", Name: "岚港市信用中心", English: "Langang Credit Centre", Place: Langang},
		Organ{ID: "qw-credit-centre", Name: "青梧市信用中心", English: "Qingwu Credit Centre", Place: Qingwu},
		Organ{ID: "sl-credit-centre", Name: "溯岚县信用中心", English: "Sulan County Credit Centre", Place: Sulan},
	)
	for i := range all {
		all[i].Code = makeCode("11", all[i].Place.Area, 9_000_000+i)
	}
	return all
})

// OrganByID finds an organ of the register.
func OrganByID(id string) (Organ, error) {
	for _, o := range register() {
		if o.ID == id {
			return o, nil
		}
	}
	return Organ{}, fmt.Errorf("demo: the register has no organ %q", id)
}

// nameOn is what the organ was called on a day.
func (o *Organ) nameOn(d credit.Date) string {
	if o.OldName != "" && d <= o.OldUntil {
		return o.OldName
	}
	return o.Name
}

type organPlace struct{ place, domain string }

// deciders finds the organ that decides in a domain and place.
var deciders = sync.OnceValue(func() map[organPlace]*Organ {
	m := map[organPlace]*Organ{}
	all := register()
	for i := range all {
		for _, domain := range all[i].Domains {
			key := organPlace{all[i].Place.ID, domain}
			if m[key] == nil && all[i].ID != mergedFrom && all[i].ID != mergedInto {
				m[key] = &all[i]
			}
		}
		switch all[i].ID {
		case mergedFrom:
			m[organPlace{"lg", "before-merger"}] = &all[i]
		case mergedInto:
			m[organPlace{"lg", "after-merger"}] = &all[i]
		}
	}
	return m
})

// decider is the organ that decides on a day about a firm of a place: the local one, else the province's.
func decider(p Place, domain string, on credit.Date) *Organ {
	m := deciders()
	if p.ID == "lg" && (domain == "urban-management" || domain == "water" && on >= MergedOn) {
		if on < MergedOn {
			return m[organPlace{"lg", "before-merger"}]
		}
		return m[organPlace{"lg", "after-merger"}]
	}
	if o := m[organPlace{p.ID, domain}]; o != nil {
		return o
	}
	return m[organPlace{"lh", domain}]
}

func court(p Place) *Organ {
	for i, o := range register() {
		if o.Court && o.Place.ID == p.ID {
			return &register()[i]
		}
	}
	return nil
}
