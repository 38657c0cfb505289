package demo

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"xinban/internal/credit"
)

//go:embed text/*.yaml
var textFiles embed.FS

// A trade (行业) gives a subject its words, scenes, goods, gear and posts.
type trade struct {
	ID     string `yaml:"id"`
	Name   string `yaml:"name"`
	Home   string `yaml:"home"`
	Weight int    `yaml:"weight"`
	Words  string `yaml:"words"`
	Scope  string `yaml:"scope"`
	Scenes string `yaml:"scenes"`
	Goods  string `yaml:"goods"`
	Gear   string `yaml:"gear"`
	Posts  string `yaml:"posts"`
	Coop   bool   `yaml:"coop"`

	words              []string
	goods, gear, posts [][]byte
	sceneTexts         []template
	// offences are the offences that fit the trade.
	offences []*offence
}

// An offence (违法行为) is an entry of the library of penalties.
type offence struct {
	Domain    string   `yaml:"domain"`
	Behaviour string   `yaml:"behaviour"`
	Law       string   `yaml:"law"`
	Trades    string   `yaml:"trades"`
	Kinds     string   `yaml:"kinds"`
	Fine      string   `yaml:"fine"`
	Core      []string `yaml:"core"`

	core            []template
	kinds           []credit.PenaltyKind
	fineLow, fineHi int
}

// clauses are the sentences that any domain uses.
type clauses struct {
	Openings, Findings, Evidence, Hearing, Discretion, Orders, Payment []template
}

type library struct {
	trades   []*trade
	weights  []int // cumulative weights of trades
	offences []*offence
	common   clauses
	people   [][]byte
	calendar
}

// texts is the library, compiled once. It is embedded, so that an error is a defect of the build.
var texts = sync.OnceValue(func() *library {
	l, err := loadLibrary()
	if err != nil {
		panic(err)
	}
	return l
})

func loadLibrary() (*library, error) {
	l := &library{people: allPersonNames(), calendar: newCalendar()}
	if err := readYAML("trades.yaml", &l.trades); err != nil {
		return nil, err
	}
	if err := readYAML("penalties.yaml", &l.offences); err != nil {
		return nil, err
	}
	for _, step := range []func() error{l.compileTrades, l.compileOffences, l.compileCommon} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func readYAML(name string, into any) error {
	b, err := textFiles.ReadFile("text/" + name)
	if err == nil {
		err = yaml.UnmarshalWithOptions(b, into, yaml.Strict())
	}
	if err != nil {
		return fmt.Errorf("demo: read %s: %w", name, err)
	}
	return nil
}

func (l *library) compileTrades() error {
	total := 0
	for _, t := range l.trades {
		t.words = strings.Split(t.Words, "、")
		t.goods, t.gear, t.posts = splitBytes(t.Goods), splitBytes(t.Gear), splitBytes(t.Posts)
		var err error
		if t.sceneTexts, err = compileAll(strings.Split(t.Scenes, "、")); err != nil {
			return fmt.Errorf("demo: trade %s: %w", t.ID, err)
		}
		total += t.Weight
		l.weights = append(l.weights, total)
	}
	return nil
}

func (l *library) compileOffences() error {
	for _, o := range l.offences {
		var err error
		if o.core, err = compileAll(o.Core); err != nil {
			return fmt.Errorf("demo: offence %s: %w", o.Behaviour, err)
		}
		for k := range strings.FieldsSeq(o.Kinds) {
			kind, err := credit.ParsePenaltyKind(k)
			if err != nil {
				return fmt.Errorf("demo: offence %s: %w", o.Behaviour, err)
			}
			o.kinds = append(o.kinds, kind)
		}
		lo, hi, _ := strings.Cut(o.Fine, "-")
		if o.fineLow, err = strconv.Atoi(lo); err != nil {
			return fmt.Errorf("demo: offence %s: fine %q: %w", o.Behaviour, o.Fine, err)
		}
		if o.fineHi, err = strconv.Atoi(hi); err != nil {
			return fmt.Errorf("demo: offence %s: fine %q: %w", o.Behaviour, o.Fine, err)
		}
		if err := l.assign(o); err != nil {
			return err
		}
	}
	return nil
}

// assign gives the offence to the trades that it fits.
func (l *library) assign(o *offence) error {
	for id := range strings.FieldsSeq(o.Trades) {
		found := false
		for _, t := range l.trades {
			if id == "all" || id == t.ID {
				t.offences = append(t.offences, o)
				found = true
			}
		}
		if !found {
			return fmt.Errorf("demo: offence %s names the unknown trade %q", o.Behaviour, id)
		}
	}
	return nil
}

func (l *library) compileCommon() error {
	var raw struct{ Openings, Findings, Evidence, Hearing, Discretion, Orders, Payment []string }
	if err := readYAML("common.yaml", &raw); err != nil {
		return err
	}
	for _, part := range []struct {
		from []string
		to   *[]template
	}{
		{raw.Openings, &l.common.Openings}, {raw.Findings, &l.common.Findings}, {raw.Evidence, &l.common.Evidence},
		{raw.Hearing, &l.common.Hearing}, {raw.Discretion, &l.common.Discretion}, {raw.Orders, &l.common.Orders},
		{raw.Payment, &l.common.Payment},
	} {
		var err error
		if *part.to, err = compileAll(part.from); err != nil {
			return fmt.Errorf("demo: common clauses: %w", err)
		}
	}
	return nil
}

func compileAll(list []string) ([]template, error) {
	all := make([]template, len(list))
	for i, s := range list {
		t, err := compile(s)
		if err != nil {
			return nil, err
		}
		all[i] = t
	}
	return all, nil
}

func splitBytes(s string) [][]byte {
	var all [][]byte
	for part := range strings.SplitSeq(s, "、") {
		all = append(all, []byte(part))
	}
	return all
}

// tradeFor picks a trade by weight.
func (l *library) tradeFor(r *random) *trade {
	n := r.below(l.weights[len(l.weights)-1])
	for i, w := range l.weights {
		if n < w {
			return l.trades[i]
		}
	}
	return l.trades[0]
}
