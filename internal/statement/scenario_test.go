package statement

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"xinban/internal/credit"
	"xinban/internal/law"
	"xinban/internal/store/storetest"
)

// clockScenario is one of scenarios/clock.yaml, which an official reads.
type clockScenario struct {
	Name  string `yaml:"name"`
	Given struct {
		Asked    string `yaml:"asked"`
		Days     int    `yaml:"days"`
		Working  bool   `yaml:"working"`
		Answered string `yaml:"answered"`
	} `yaml:"given"`
	Then []struct {
		On          string   `yaml:"on"`
		Due         string   `yaml:"due"`
		Provisional bool     `yaml:"provisional"`
		Overdue     bool     `yaml:"overdue"`
		Told        []string `yaml:"told"`
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
	o := open(t, storetest.SQLite(t))
	o.on(dayOf(t, s.Given.Asked))
	if !s.Given.Working {
		book := o.limited(fmt.Sprintf("  - {id: statement, value: %d, unit: days, text: 情节说明, source: 某办法, sureness: law}\n", s.Given.Days))
		o.c.Books = func(string) (*law.Book, error) { return book, nil }
	}
	o.c.Days = s.Given.Days
	c := o.ask()
	for _, then := range s.Then {
		day := dayOf(t, then.On)
		if a := s.Given.Answered; a != "" && c.State == Asked && dayOf(t, a) <= day {
			o.on(dayOf(t, a))
			organ, err := o.responsible("old", "market")
			must(t, err)
			_, err = o.Answer(t.Context(), clerk(organ.Code), &c, light)
			must(t, err)
		}
		o.on(day)
		_, err := o.Remind(t.Context())
		must(t, err)
		_, err = o.box.Send(t.Context())
		must(t, err)
		due, err := o.due(t.Context(), &c)
		must(t, err)
		want := credit.Date(0)
		if then.Due != "" {
			want = dayOf(t, then.Due)
		}
		if due.Due != want || due.Provisional != then.Provisional || overdue(due, day) != then.Overdue {
			t.Errorf("on %s: due %s, provisional %v, overdue %v", then.On, due.Due, due.Provisional, overdue(due, day))
		}
		got, wanted := o.heard(), slices.Clone(then.Told)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("on %s: told %v, want %v", then.On, got, wanted)
		}
	}
}

// heard are what desks and the asker were told, in the words of the scenarios.
func (o *office) heard() (all []string) {
	for _, m := range o.sent {
		kind, _, _ := strings.Cut(strings.TrimPrefix(m.Topic, "statement."), ":")
		all = append(all, kind)
	}
	for _, told := range o.told {
		word := "answer"
		if strings.HasSuffix(told, " late") {
			word = "late"
		}
		all = append(all, word)
	}
	slices.Sort(all)
	return all
}
