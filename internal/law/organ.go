package law

import (
	"slices"
	"strings"

	"xinban/internal/credit"
)

// Organ is an organ of the register (行政机关、法律法规授权的组织).
type Organ struct {
	ID         string
	Code       string   // 统一社会信用代码
	Name       string   // 机关名称
	OldNames   []string // 曾用名, abbreviations
	English    []EnglishName
	Region     string   // 行政区划
	Domains    []string // the first is its main domain
	Merged     bool     // merged enforcement team (综合执法): its domain is told by matter
	Series     []Series
	Succession []Succession
}

// Series tells the domain of a merged team's decisions by the beginning of their numbers.
type Series struct {
	Prefix string // in the form of credit.NormalDocNo
	Domain string
}

// Succession is a change after which another organ answers for duties (机构改革、职责划转、委托、相对集中行政处罚权).
type Succession struct {
	On      credit.Date
	To      string   // identifier of the organ that answers from then on
	How     string   // merger, transfer, entrusted or centralised
	Domains []string // duties that moved; empty: all
}

var successionHow = map[string]bool{"merger": true, "transfer": true, "entrusted": true, "centralised": true}

// series returns the domain of a document number by the longest prefix that fits.
func (o Organ) series(docNo string) (domain string, ok bool) {
	longest := 0
	for _, s := range o.Series {
		if len(s.Prefix) > longest && strings.HasPrefix(docNo, s.Prefix) {
			longest, domain, ok = len(s.Prefix), s.Domain, true
		}
	}
	return domain, ok
}

// Register is the register of organs (机关目录).
type Register struct {
	Set      Set
	organs   []Organ
	byID     map[string]int
	byCode   map[string]int
	byName   map[string][]int // current and old names in normal form
	suffixes []string         // with which the names of systems end
}

type registerSpec struct {
	Head     header   `yaml:",inline"`
	Suffixes []string `yaml:"system_suffixes"`
	Organs   []struct {
		ID   nameAt `yaml:"id"`
		Code string `yaml:"code"`
		Name string `yaml:"name"`
		// English is of the present name, at all times; Names are dated, or of a name of OldNames.
		English  string        `yaml:"english"`
		Names    []englishSpec `yaml:"english_names"`
		OldNames []string      `yaml:"old_names"`
		Region   string        `yaml:"region"`
		Domains  []string      `yaml:"domains"`
		Merged   bool          `yaml:"merged"`
		Series   []struct {
			Prefix string `yaml:"prefix"`
			Domain string `yaml:"domain"`
		} `yaml:"series"`
		Succession []struct {
			On      dateAt   `yaml:"on"`
			To      nameAt   `yaml:"to"`
			How     string   `yaml:"how"`
			Domains []string `yaml:"domains"`
		} `yaml:"succession"`
	} `yaml:"organs"`
}

// defaultSuffixes end the names of systems, platforms and sites that sources type in place of an organ.
var defaultSuffixes = []string{"系统", "平台", "网", "网站", "数据库", "公众号", "小程序"}

// ReadRegister reads a register of organs from YAML with the set kind "organ".
func ReadRegister(body []byte) (*Register, error) {
	set, err := ReadSet(body)
	if err != nil {
		return nil, err
	}
	var spec registerSpec
	if err := strict(set.Body, &spec); err != nil {
		return nil, err
	}
	r, e := &Register{Set: set, byID: map[string]int{}, byCode: map[string]int{}, byName: map[string][]int{}, suffixes: spec.Suffixes}, &errs{}
	if len(r.suffixes) == 0 {
		r.suffixes = defaultSuffixes
	}
	for i, x := range spec.Organs {
		o := Organ{ID: string(x.ID.V), Code: credit.NormalCode(x.Code), Name: x.Name, OldNames: x.OldNames, Region: x.Region, Domains: x.Domains, Merged: x.Merged}
		o.readEnglish(x.English, x.Names, x.ID.Line, e)
		_, twice := r.byID[o.ID]
		e.check(o.ID != "" && !twice, "line %d: organ %q has no id or that of another", x.ID.Line, x.Name)
		e.check(o.Name != "", "line %d: organ %s has no name", x.ID.Line, o.ID)
		if o.Code != "" {
			e.check(credit.CheckUSCC(o.Code).Verdict != credit.Invalid, "line %d: organ %s: code %s is malformed", x.ID.Line, o.ID, o.Code)
			_, twice := r.byCode[o.Code]
			e.check(!twice, "line %d: organ %s: code %s is another organ's", x.ID.Line, o.ID, o.Code)
			r.byCode[o.Code] = i
		}
		for _, s := range x.Series {
			e.check(slices.Contains(o.Domains, s.Domain), "line %d: organ %s does not cover domain %q of series %s", x.ID.Line, o.ID, s.Domain, s.Prefix)
			o.Series = append(o.Series, Series{credit.NormalDocNo(s.Prefix), s.Domain})
		}
		for _, s := range x.Succession {
			e.check(successionHow[s.How], "line %d: succession of %s: how %q is not merger, transfer, entrusted or centralised", s.On.Line, o.ID, s.How)
			o.Succession = append(o.Succession, Succession{s.On.V, string(s.To.V), s.How, s.Domains})
		}
		r.organs, r.byID[o.ID] = append(r.organs, o), i
		for _, n := range append([]string{o.Name}, o.OldNames...) {
			n = credit.NormalName(n)
			r.byName[n] = append(r.byName[n], i)
		}
	}
	r.checkSuccession(e)
	return r, e.err
}

func (r *Register) checkSuccession(e *errs) {
	for _, o := range r.organs {
		for _, s := range o.Succession {
			to, ok := r.byID[s.To]
			e.check(ok && s.To != o.ID, "organ %s is succeeded by %q, which is not another organ of the register", o.ID, s.To)
			for _, d := range s.Domains {
				e.check(!ok || slices.Contains(r.organs[to].Domains, d), "organ %s gives domain %s to %s, which does not cover it", o.ID, d, s.To)
			}
		}
	}
}

// All are the organs in the order of the register.
func (r *Register) All() []Organ { return slices.Clone(r.organs) }

// ByID returns an organ by its identifier.
func (r *Register) ByID(id string) (Organ, bool) {
	i, ok := r.byID[id]
	if !ok {
		return Organ{}, false
	}
	return r.organs[i], true
}

// Resolve returns the organ of a decision made on a day by its code or, without a code that is in the register,
// by its name or a former name. Of several organs that bore the name, the one that still had its
// duties on that day is meant. A decision keeps its organ: succession does not change the answer.
func (r *Register) Resolve(name, code string, on credit.Date) (Organ, bool) {
	if i, ok := r.byCode[code]; ok && code != "" {
		return r.organs[i], true
	}
	found := r.byName[name]
	if len(found) == 0 {
		found = r.byName[credit.NormalName(name)]
	}
	for _, i := range found {
		if !r.organs[i].gone(on) {
			return r.organs[i], true
		}
	}
	if len(found) > 0 {
		return r.organs[found[0]], true
	}
	return Organ{}, false
}

// gone tells that all duties of the organ had moved by the day on. A day that is not known is today's.
func (o Organ) gone(on credit.Date) bool {
	for _, s := range o.Succession {
		if s.How == "merger" && len(s.Domains) == 0 && (on == 0 || s.On <= on) {
			return true
		}
	}
	return false
}

// Responsible is the organ that answers on a day for a domain of another organ's past decisions: it
// follows mergers, transfers and centralised powers. Entrusted duties stay with who entrusts them.
func (r *Register) Responsible(organ, domain string, on credit.Date) (Organ, bool) {
	for range len(r.organs) + 1 {
		o, ok := r.ByID(organ)
		if !ok {
			return Organ{}, false
		}
		next := ""
		for _, s := range o.Succession {
			if s.How != "entrusted" && s.On <= on && (len(s.Domains) == 0 || slices.Contains(s.Domains, domain)) {
				next = s.To
			}
		}
		if next == "" {
			return o, true
		}
		organ = next
	}
	return Organ{}, false
}

// IsSystem tells that a name is that of a system, platform or site, which sources type by mistake in
// place of an organ.
func (r *Register) IsSystem(name string) bool {
	name = strings.TrimRight(credit.NormalName(name), "）")
	for _, s := range r.suffixes {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}
