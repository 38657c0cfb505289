package statement

import (
	"xinban/internal/credit"
	"xinban/internal/decision"
	"xinban/internal/law"
	"xinban/internal/workday"
)

// DefaultDays is how many working days an organ has where the region says nothing. No text was found that sets
// a limit: it is shown as assumed.
const DefaultDays = 10

// clockID is the region's time limit for an answer.
const clockID = "statement"

// limit is how long an organ has, and how sure that is.
type limit struct {
	days     int
	working  bool
	source   string
	sureness decision.Sureness
}

// limitOf is the region's time limit, or the default in working days.
func limitOf(region *law.Region, days int) limit {
	if c, ok := region.Clock(clockID); ok {
		return limit{c.Value, c.WorkingDays, c.Rule.Source, c.Rule.Sureness}
	}
	return limit{days: days, working: true, source: "系统设定"}
}

// due is the last day on which an answer is in time, the day of asking not counted.
func (l limit) due(c *workday.Calendar, asked credit.Date) workday.Result {
	if l.working {
		return c.Add(asked, l.days)
	}
	return c.Next(asked.AddDays(l.days))
}

// Names of the deadlines of a case.
const (
	dueName    = "statement.due"
	beforeName = "statement.before"
	afterName  = "statement.after"
	riseName   = "statement.escalate" // the centre is told
)

// escalateDays is how many working days after the last day the credit centre is told that there is no answer. It is an
// assumption, as no text was found that says it.
const escalateDays = 3

// reminders are the working days before and after the last day. There are none about a provisional day, and
// none that is provisional itself.
func reminders(c *workday.Calendar, due workday.Result) map[string]credit.Date {
	days := map[string]credit.Date{}
	if due.Provisional {
		return days
	}
	for name, n := range map[string]int{beforeName: -1, afterName: 1, riseName: escalateDays} {
		if r := c.Add(due.Date, n); !r.Provisional {
			days[name] = r.Date
		}
	}
	return days
}
