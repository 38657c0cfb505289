package objection

import (
	"os"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"xinban/internal/credit"
	"xinban/internal/store/storetest"
)

// clockScenario is one of scenarios/clock.yaml, which an official reads.
type clockScenario struct {
	Name  string `yaml:"name"`
	Given struct {
		Region  string `yaml:"region"`
		Filed   string `yaml:"filed"`
		Longer  string `yaml:"longer"`
		Assumed bool   `yaml:"assumed"`
	} `yaml:"given"`
	Then []struct {
		On          string `yaml:"on"`
		Due         string `yaml:"due"`
		Provisional bool   `yaml:"provisional"`
		Overdue     bool   `yaml:"overdue"`
		Centre      int    `yaml:"centre"`
	} `yaml:"then"`
}

func TestTheClockByScenarios(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("scenarios/clock.yaml")
	must(t, err)
	var file struct {
		Title     string          `yaml:"title"`
		Scenarios []clockScenario `yaml:"scenarios"`
	}
	must(t, yaml.UnmarshalWithOptions(text, &file, yaml.Strict()))
	for _, s := range file.Scenarios {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			s.run(t)
		})
	}
}

func dayOf(t *testing.T, text string) credit.Date {
	t.Helper()
	d, err := credit.ParseDate(text)
	must(t, err)
	return d
}

func (s *clockScenario) run(t *testing.T) {
	o := open(t, storetest.SQLite(t), s.Given.Region)
	o.on(dayOf(t, s.Given.Filed))
	c := o.accepted("")
	switch s.Given.Longer {
	case "consult":
		must(t, o.Consult(t.Context(), body, &c, "需住房部门核实"))
	case "extend":
		must(t, o.Extend(t.Context(), body, &c, "案情复杂"))
	}
	d, err := dataOf(&c)
	must(t, err)
	if d.Clock.Citable() == s.Given.Assumed {
		t.Errorf("the limit is shown as law: %v", d.Clock.Citable())
	}
	for _, then := range s.Then {
		day := dayOf(t, then.On)
		o.on(day)
		_, err := o.Sweep(t.Context())
		must(t, err)
		_, err = o.box.Send(t.Context())
		must(t, err)
		due, err := o.due(t.Context(), &c)
		must(t, err)
		if due.Due != dayOf(t, then.Due) || due.Provisional != then.Provisional || overdue(due, day) != then.Overdue {
			t.Errorf("on %s: due %s, provisional %v, overdue %v", then.On, due.Due, due.Provisional, overdue(due, day))
		}
		if n := o.risen(); n != then.Centre {
			t.Errorf("on %s: the centre was told %d times", then.On, n)
		}
	}
}

// risen is how often the centre was told.
func (o *office) risen() (n int) {
	for _, m := range o.sent {
		if m.Target == "desk:centre" && strings.HasPrefix(m.Topic, riseName) {
			n++
		}
	}
	return n
}
