package objection

import (
	"xinban/internal/casework"
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/store"
	"xinban/internal/workday"
)

// DefaultDays is how many working days a body has where the region says nothing. The national limit was not found: it
// is shown as assumed.
const DefaultDays = 5

// The region's time limits, by their identifiers in its profile.
const (
	clockPlain   = "objection"        // of every objection
	clockConsult = "objection_verify" // when others must verify
	clockMost    = "objection_max"    // in total after an extension
)

// limit is how long a body has, and how sure that is.
type limit struct {
	Days     int               `json:"days"`
	Working  bool              `json:"working"`
	Source   string            `json:"source"` // of the time limit
	Sureness decision.Sureness `json:"sureness"`
}

// Citable tells whether the limit may be shown as law.
func (l limit) Citable() bool { return l.Sureness.Citable() }

// limitOf is a time limit of the region; ok is false where it has none of the kind.
func limitOf(region *law.Region, id string) (l limit, ok bool) {
	if c, ok := region.Clock(id); ok {
		return limit{c.Value, c.WorkingDays, c.Rule.Source, c.Rule.Sureness}, true
	}
	return limit{Days: DefaultDays, Working: true, Source: "系统设定"}, id == clockPlain
}

// due is the last day in time, the day of filing not counted.
func (l limit) due(c *workday.Calendar, filed credit.Date) workday.Result {
	if l.Working {
		return c.Add(filed, l.Days)
	}
	return c.Next(filed.AddDays(l.Days))
}

// Names of the deadlines of a case.
const (
	dueName  = "objection.due"
	riseName = "objection.escalate" // the day after: the centre is told
)

// set gives a case the deadlines of its limit. A provisional day is not told to anyone.
func (s *Service) set(tx *store.Tx, c *casework.Case, d *data) error {
	due := d.Clock.due(s.c.Calendar, d.Filed)
	for name, day := range map[string]credit.Date{dueName: due.Date, riseName: due.Date.AddDays(1)} {
		x := casework.Deadline{Subject: c.Subject, Case: c.ID, Name: name, Due: day, Provisional: due.Provisional}
		if err := s.c.Cases.Set(tx, x); err != nil {
			return err
		}
	}
	return nil
}

// overdue tells that the last day is past, for sure.
func overdue(d casework.Deadline, today credit.Date) bool {
	return d.Due != 0 && !d.Provisional && d.Due < today
}
