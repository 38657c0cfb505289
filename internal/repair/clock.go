package repair

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"

	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/store"
)

//go:embed clocks.yaml
var clocksFile []byte

// Clock is a number of working days with its source and how sure it is.
type Clock struct {
	Days     int               `yaml:"days"`
	Source   string            `yaml:"source"`
	Sureness decision.Sureness `yaml:"sureness"`
}

// Clocks are the days of a region.
type Clocks struct {
	Accept     Clock `yaml:"accept"`     // from the push to the body
	Decide     Clock `yaml:"decide"`     // from acceptance
	Fast       Clock `yaml:"fast"`       // from the application, when neither consultation nor visit is needed
	Whole      Clock `yaml:"whole"`      // from the application, otherwise
	Extend     Clock `yaml:"extend"`     // once, from the day it would have been due
	Supplement Clock `yaml:"supplement"` // for the subject to fill gaps
}

// ReadClocks reads the days; every one must be there, positive and labelled.
func ReadClocks(body []byte) (Clocks, error) {
	var f struct {
		From   string `yaml:"effective_from"`
		Clocks Clocks `yaml:"clocks"`
	}
	if err := yaml.UnmarshalWithOptions(body, &f, yaml.Strict()); err != nil {
		return Clocks{}, fmt.Errorf("修复时限：%w", err)
	}
	c := &f.Clocks
	for name, x := range map[string]*Clock{"accept": &c.Accept, "decide": &c.Decide, "fast": &c.Fast, "whole": &c.Whole, "extend": &c.Extend, "supplement": &c.Supplement} {
		if x.Days <= 0 || x.Source == "" {
			return Clocks{}, fmt.Errorf("修复时限：%s应有大于零的days和source", name)
		}
	}
	return *c, nil
}

// DefaultClocks are those that come with the program.
func DefaultClocks() Clocks {
	c, err := ReadClocks(clocksFile)
	if err != nil {
		panic(err) // the file is in the binary
	}
	return c
}

// Names of the deadlines of an item.
const (
	acceptName     = "repair.accept"
	decideName     = "repair.decide"
	supplementName = "repair.supplement"
)

// Names of the days on which a desk is reminded of the day that an item has, and the centre is told that it has passed.
const (
	beforeName = "repair.before"
	lateName   = "repair.late"
)

var deadlineNames = []string{acceptName, decideName, supplementName, beforeName, lateName}

// set gives an item the one day that it now has and drops the others: an open item always has exactly one. There is no
// reminder about a provisional day.
func (s *Service) set(tx *store.Tx, c *casework.Case, name string, from credit.Date, days int) error {
	for _, other := range deadlineNames {
		if other != name {
			if err := s.c.Cases.Drop(tx, c.Subject, c.ID, other); err != nil {
				return err
			}
		}
	}
	due := s.c.Calendar.Add(from, days)
	if err := s.c.Cases.Set(tx, casework.Deadline{Subject: c.Subject, Case: c.ID, Name: name, Due: due.Date, Provisional: due.Provisional}); err != nil || due.Provisional {
		return err
	}
	for about, n := range map[string]int{beforeName: -1, lateName: 1} {
		day := s.c.Calendar.Add(due.Date, n)
		if day.Provisional {
			continue
		}
		if err := s.c.Cases.Set(tx, casework.Deadline{Subject: c.Subject, Case: c.ID, Name: about, Due: day.Date}); err != nil {
			return err
		}
	}
	return nil
}

// setDecide gives an accepted item its day: fast from the application while no consultation or visit was needed; else the
// earlier of the body's own days and those of the whole case. An extension begins with the day that it puts off.
func (s *Service) setDecide(tx *store.Tx, c *casework.Case, d *itemData) error {
	from, days := s.decideFrom(d)
	if d.Extended != "" {
		from, days = s.c.Calendar.Add(from, days).Date, s.c.Clocks.Extend.Days
	}
	return s.set(tx, c, decideName, from, days)
}

// decideFrom is from when and how many working days a decision has without an extension.
func (s *Service) decideFrom(d *itemData) (from credit.Date, days int) {
	if !d.Slow {
		return d.Running, s.c.Clocks.Fast.Days
	}
	if s.c.Calendar.Add(d.Accepted, s.c.Clocks.Decide.Days).Date < s.c.Calendar.Add(d.Running, s.c.Clocks.Whole.Days).Date {
		return d.Accepted, s.c.Clocks.Decide.Days
	}
	return d.Running, s.c.Clocks.Whole.Days
}
