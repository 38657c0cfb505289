package law

import (
	"xinban/internal/credit"
)

type autoOff uint8

const (
	offMonths autoOff = iota
	offUntil
	offRemoval
)

var autoOffs = map[string]autoOff{"months": offMonths, "until": offUntil, "removal": offRemoval}

// List is one list of the table of lists (名单): who keeps it, and how one comes off it.
type List struct {
	ID         string
	Name       string
	Aliases    []string
	Kind       credit.Kind
	Keeper     string // 列入机关
	Domain     string // domain of its entries, empty: the keeper's
	CourtOnly  bool   // no administrative organ may take an entry off
	AutoMonths int    // months after listing when the entry ends by itself, 0: it does not
	EarlyAfter int    // months after which early removal may be asked for
	HasEarly   bool   // early removal is provided
	FromFixed  bool   // EarlyAfter counts from correction, not from listing
	Rule       *Rule
	off        autoOff
}

// Lists is the table of lists.
type Lists struct {
	all    []*List
	byName map[string]*List // identifiers, names and aliases in normal form
	first  map[credit.Kind]*List
	rule   *Rule // stands for a list that is not in the table
}

type listSpec struct {
	Head header `yaml:",inline"`
	Rows []struct {
		About     about    `yaml:",inline"`
		Name      string   `yaml:"name"`
		Aliases   []string `yaml:"aliases"`
		Kind      kindAt   `yaml:"kind"`
		Keeper    string   `yaml:"keeper"`
		Domain    string   `yaml:"domain"`
		CourtOnly bool     `yaml:"court_only"`
		AutoOff   string   `yaml:"auto_off"`
		Months    int      `yaml:"auto_off_months"`
		Early     *int     `yaml:"early_after_months"`
		EarlyFrom string   `yaml:"early_from"`
	} `yaml:"rows"`
}

var earlyFroms = map[string]bool{"listing": false, "correction": true}

func readLists(set Set, e *errs) (*Lists, error) {
	var spec listSpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	l := &Lists{byName: map[string]*List{}, first: map[credit.Kind]*List{}, rule: &Rule{ID: set.ID + ".unknown", Text: "名单不在目录内，暂按仍在名单处理", Source: set.Source, From: set.EffectiveFrom}}
	e.rules = append(e.rules, l.rule)
	for _, r := range spec.Rows {
		x := &List{ID: string(r.About.ID.V), Name: r.Name, Aliases: r.Aliases, Kind: r.Kind.V, Keeper: r.Keeper, Domain: r.Domain,
			CourtOnly: r.CourtOnly, AutoMonths: r.Months, Rule: e.rule(r.About, spec.Head), off: choice(e, r.About, "auto_off", r.AutoOff, autoOffs)}
		e.check(x.Kind.Listing(), "第%d行：%s不是名单类信息", r.Kind.Line, x.Kind)
		e.check((x.off == offRemoval) == (x.AutoMonths <= 0), "第%d行：%s：除由列入机关移出的以外，应写明auto_off_months（列入后多少个月自动结束）", r.About.ID.Line, x.ID)
		if r.Early != nil {
			x.EarlyAfter, x.HasEarly, x.FromFixed = *r.Early, true, choice(e, r.About, "early_from", r.EarlyFrom, earlyFroms)
		}
		e.check(r.Early != nil || r.EarlyFrom == "", "第%d行：%s：写了early_from，却没有early_after_months", r.About.ID.Line, x.ID)
		l.all = append(l.all, x)
		if l.first[x.Kind] == nil {
			l.first[x.Kind] = x
		}
		for _, n := range append([]string{x.ID, x.Name}, x.Aliases...) {
			n = credit.NormalName(n)
			e.check(n != "" && l.byName[n] == nil, "第%d行：%s：名称“%s”为空，或者与另一名单相同", r.About.ID.Line, x.ID, n)
			l.byName[n] = x
		}
	}
	return l, e.err
}

// Find returns a list by its identifier, name or alias.
func (l *Lists) Find(nameOrID string) (*List, bool) {
	if l == nil {
		return nil, false
	}
	x, ok := l.byName[nameOrID]
	if !ok {
		x, ok = l.byName[credit.NormalName(nameOrID)]
	}
	return x, ok
}

// Of returns the list on which an entry of a kind stands. Judgment defaulters have no column for the list,
// and rows of abnormal lists often leave it empty: these stand on the first list of their kind. There are
// many serious lists, and none stands for the others.
func (l *Lists) Of(kind credit.Kind, nameOrID string) (*List, bool) {
	if l == nil || nameOrID != "" || kind == credit.SeriousList {
		return l.Find(nameOrID)
	}
	x, ok := l.first[kind]
	return x, ok
}

// All are the lists in the order of the file.
func (l *Lists) All() []*List { return l.all }
