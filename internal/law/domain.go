package law

import (
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/decision"
)

// DomainUnknown is the domain of a matter that no rule could assign. It is shown, never dropped.
const DomainUnknown = "unknown"

// Domain is one domain of the report (领域).
type Domain struct {
	No    int
	ID    string // stable
	Name  string // 领域名称
	Organ string // organ that used to issue the certificate, as written in the list
	Rule  *Rule
	// English and OrganEnglish are the names in English, empty where the list has none. How sure they are
	// says Domains.EnglishNames.
	English      string
	OrganEnglish string
}

// EnglishNames says where the English names of a list come from.
type EnglishNames struct {
	Source   string
	Sureness decision.Sureness
}

// Domains is the list of domains. WorkingList tells that it is our working list and not the annex of
// the plan; the pages say so.
type Domains struct {
	Set         Set
	WorkingList bool
	// English is where the English names come from; the zero value where there are none.
	English EnglishNames
	all     []Domain
	byName  map[string]int // identifiers, names and aliases
}

type domainSpec struct {
	Head        header `yaml:",inline"`
	WorkingList bool   `yaml:"working_list"`
	English     struct {
		Source   string     `yaml:"source"`
		Sureness surenessAt `yaml:"sureness"`
	} `yaml:"english_names"`
	Rows []struct {
		About        about    `yaml:",inline"`
		No           int      `yaml:"no"`
		Name         string   `yaml:"name"`
		Organ        string   `yaml:"organ"`
		Aliases      []string `yaml:"aliases"`
		English      string   `yaml:"english"`
		OrganEnglish string   `yaml:"organ_english"`
	} `yaml:"rows"`
}

func readDomains(set Set, e *errs) (*Domains, error) {
	var spec domainSpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	d := &Domains{Set: set, WorkingList: spec.WorkingList, English: EnglishNames{spec.English.Source, spec.English.Sureness.V}, byName: map[string]int{}}
	for i, r := range spec.Rows {
		line := r.About.ID.Line
		e.check(r.No == i+1, "line %d: domain %s has number %d, the list goes on with %d", line, r.About.ID.V, r.No, i+1)
		e.check(r.About.ID.V != DomainUnknown, "line %d: a domain cannot be called %s", line, DomainUnknown)
		if r.About.Text == "" {
			r.About.Text = r.Name
		}
		e.check(r.English == "" && r.OrganEnglish == "" || spec.English.Source != "", "line %d: domain %s has an English name, but english_names names no source", line, r.About.ID.V)
		d.all = append(d.all, Domain{No: r.No, ID: string(r.About.ID.V), Name: r.Name, Organ: r.Organ, Rule: e.rule(r.About, spec.Head),
			English: r.English, OrganEnglish: r.OrganEnglish})
		for _, n := range append([]string{string(r.About.ID.V), r.Name}, r.Aliases...) {
			_, twice := d.byName[n]
			e.check(n != "" && !twice, "line %d: domain name %q is empty or given twice", line, n)
			d.byName[n] = i
		}
	}
	return d, e.err
}

// All are the domains in the order of the list.
func (d *Domains) All() []Domain { return slices.Clone(d.all) }

// IDs are the identifiers in the order of the list.
func (d *Domains) IDs() []string {
	ids := make([]string, len(d.all))
	for i := range d.all {
		ids[i] = d.all[i].ID
	}
	return ids
}

// Find returns a domain by its identifier, name or alias.
func (d *Domains) Find(nameOrID string) (Domain, bool) {
	i, ok := d.byName[nameOrID]
	if !ok {
		i, ok = d.byName[credit.NormalName(nameOrID)]
	}
	if !ok {
		return Domain{}, false
	}
	return d.all[i], true
}

// Assignment is what decides the domain of a matter.
type Assignment struct {
	Kind  credit.Kind
	Organ Organ // deciding organ as the register resolved it; the zero Organ when it did not
	// Authority is the organ's name as the source wrote it: where the register does not know the organ,
	// the domain whose name stands in it is taken.
	Authority string
	DocNo     string // 文书号 in normal form
	List      string // identifier or name of the list
	Claimed   string // 领域 as the source labels it: a claim, used only where the organ covers it
	Override  string // domain set for this matter by a person
}

// DomainAnswer is the domain of a matter: [DomainUnknown] when no rule could assign it.
type DomainAnswer struct {
	ID  string
	How string // override, list, document, organ, claim, main, name or unknown
	// Others are the domains to which the matter may belong instead: none of them can be answered for.
	Others []string
}

// AssignDomain assigns a matter to a domain: by a person's override, by its list, by the document
// series of a merged enforcement team, by its organ's only domain, or, where the organ covers
// several, by the source's label. Without a label that decides it is the organ's main domain, and the
// organ's others stay open. An organ that the register does not know is judged by the domain
// named in its name; one that names none leads to [DomainUnknown].
func (b *Book) AssignDomain(a Assignment, on credit.Date) DomainAnswer {
	d := b.Domains(on)
	if x, ok := d.Find(a.Override); ok {
		return DomainAnswer{ID: x.ID, How: "override"}
	}
	if a.Kind.Listing() {
		if l, ok := b.Lists(on).Find(a.List); ok && l.Domain != "" {
			return DomainAnswer{ID: l.Domain, How: "list"}
		}
	}
	if id, ok := a.Organ.series(a.DocNo); ok {
		return DomainAnswer{ID: id, How: "document"}
	}
	if len(a.Organ.Domains) == 1 {
		return DomainAnswer{ID: a.Organ.Domains[0], How: "organ"}
	}
	if x, ok := d.Find(a.Claimed); ok && slices.Contains(a.Organ.Domains, x.ID) {
		return DomainAnswer{ID: x.ID, How: "claim"}
	}
	if len(a.Organ.Domains) > 1 && !a.Organ.Merged {
		return DomainAnswer{ID: a.Organ.Domains[0], How: "main", Others: a.Organ.Domains[1:]}
	}
	if a.Organ.ID == "" {
		if id, ok := d.namedIn(a.Authority); ok {
			return DomainAnswer{ID: id, How: "name"}
		}
	}
	return DomainAnswer{ID: DomainUnknown, How: "unknown"}
}

// namedIn returns the domain whose longest name or alias stands in an organ's name, such as 生态环境 in
// the name of an ecology bureau; none when two domains stand there with names of one length.
func (d *Domains) namedIn(authority string) (id string, ok bool) {
	longest := 0
	for name, i := range d.byName {
		if len(name) < longest || !strings.Contains(authority, name) {
			continue
		}
		ok = len(name) > longest || ok && id == d.all[i].ID
		longest, id = len(name), d.all[i].ID
	}
	return id, ok
}
