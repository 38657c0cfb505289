package law

import (
	"slices"

	"xinban/internal/credit"
)

// EnglishName is what an organ is called in English under one of its Chinese names, from a day until another, both
// included; 0 leaves that end open.
type EnglishName struct {
	Of      string // the Chinese name in normal form
	English string
	From    credit.Date
	Until   credit.Date
}

type englishSpec struct {
	Of    string `yaml:"of"`
	Name  string `yaml:"name"`
	From  dateAt `yaml:"from"`
	Until dateAt `yaml:"until"`
}

// EnglishOn is what the organ is called in English on a day under a Chinese name of its own; empty where none is known.
// Of a former name it is the former English one, never the present.
func (o Organ) EnglishOn(chinese string, on credit.Date) string {
	chinese = credit.NormalName(chinese)
	for _, n := range o.English {
		if n.Of == chinese && n.holds(on) {
			return n.English
		}
	}
	return ""
}

func (n EnglishName) holds(on credit.Date) bool {
	return on >= n.From && (n.Until == 0 || on <= n.Until)
}

// readEnglish reads the names in English: of the present name without dates, and those of a list.
func (o *Organ) readEnglish(present string, list []englishSpec, line int, e *errs) {
	if present != "" {
		o.English = append(o.English, EnglishName{Of: credit.NormalName(o.Name), English: present})
	}
	for _, x := range list {
		n := EnglishName{credit.NormalName(x.Of), x.Name, x.From.V, x.Until.V}
		if x.Of == "" {
			n.Of = credit.NormalName(o.Name)
		}
		own := n.Of == credit.NormalName(o.Name) || slices.ContainsFunc(o.OldNames, func(s string) bool { return credit.NormalName(s) == n.Of })
		e.check(own, "line %d: organ %s was never called %q, of which it has an English name", line, o.ID, x.Of)
		e.check(n.English != "" && (n.Until == 0 || n.From <= n.Until), "line %d: organ %s has an English name that is empty or ends before it begins", line, o.ID)
		twice := slices.ContainsFunc(o.English, func(m EnglishName) bool {
			return m.Of == n.Of && (m.Until == 0 || n.From <= m.Until) && (n.Until == 0 || m.From <= n.Until)
		})
		e.check(!twice, "line %d: organ %s has two English names of %s at once", line, o.ID, n.Of)
		o.English = append(o.English, n)
	}
}
