package demo

import (
	"strings"
	"sync"
)

// A clause is an entry of text/others.yaml: what a matter that is no penalty says.
type clause struct {
	Trades   string `yaml:"trades"`
	Domain   string `yaml:"domain"`
	Title    string `yaml:"title"`
	Licence  string `yaml:"licence"`
	Category string `yaml:"category"`
	Type     string `yaml:"type"`
	List     string `yaml:"list"`
	Years    int    `yaml:"years"`
	Facts    string `yaml:"facts"`
	Content  string `yaml:"content"`
	Remark   string `yaml:"remark"`

	title, facts, content, remark template
}

func (c *clause) fits(t *trade) bool {
	for id := range strings.FieldsSeq(c.Trades) {
		if id == "all" || id == t.ID {
			return true
		}
	}
	return c.Trades == ""
}

type otherTexts struct {
	Licences, Coercions, Serious, Honours, Commitments, Catalogue, Crimes, Defaulters []*clause
	Abnormal, Removal                                                                 []string
}

var others = sync.OnceValue(func() *otherTexts {
	var o otherTexts
	if err := readYAML("others.yaml", &o); err != nil {
		panic(err) // embedded text: a defect of the build
	}
	for _, list := range [][]*clause{o.Licences, o.Coercions, o.Serious, o.Honours, o.Commitments, o.Catalogue, o.Crimes, o.Defaulters} {
		for _, c := range list {
			all, err := compileAll([]string{c.Title, c.Facts, c.Content, c.Remark})
			if err != nil {
				panic(err)
			}
			c.title, c.facts, c.content, c.remark = all[0], all[1], all[2], all[3]
		}
	}
	return &o
})

// pickFitting picks a clause that fits the trade.
func pickFitting(r *random, list []*clause, t *trade) *clause {
	for range 50 {
		if c := pick(r, list); c.fits(t) {
			return c
		}
	}
	return list[len(list)-1]
}
