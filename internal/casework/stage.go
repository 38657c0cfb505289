package casework

import (
	"cmp"
	"fmt"
	"slices"

	"xinban/internal/credit"
)

// Stage is something that happens around the day of a deadline: a reminder before it, the day itself, the first day overdue, a higher
// desk some days later.
type Stage struct {
	Name string
	Days int    // working days from the day of the deadline: negative before it, 0 on it, positive after it
	Desk string // the higher desk that is told, empty for the desk of the case
}

// unfired is what stands for the last stage of a deadline of which none has fired.
const unfired = int64(-1_000_000)

// Plan gives the deadlines of a name their stages; two stages cannot have the same number of days. It is called before the
// service is used. A plan may change from one start of the program to the next: stages that have fired do not fire again, and a
// deadline that was set before takes up the new plan with the next stage that it had.
func (s *Service) Plan(name string, stages ...Stage) error {
	sorted := slices.SortedFunc(slices.Values(stages), func(a, b Stage) int { return cmp.Compare(a.Days, b.Days) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Days == sorted[i-1].Days {
			return fmt.Errorf("casework: deadline %s: stages %s and %s fall on one day", name, sorted[i-1].Name, sorted[i].Name)
		}
	}
	s.stages[name] = sorted
	return nil
}

// Due is a stage of a deadline whose day has come.
type Due struct {
	Deadline
	Stage Stage
	On    credit.Date // the day of the stage, which may be long before the sweep
}

// following is the stage after the one that fired last; ok is false when there is none. sure is false while the day of
// the deadline or of the stage is provisional and the stage is more than a reminder.
func (s *Service) following(d Deadline, fired int64) (due Due, sure, ok bool) {
	for _, st := range s.stages[d.Name] {
		if int64(st.Days) <= fired {
			continue
		}
		r := s.calendar.Add(d.Due, st.Days)
		return Due{d, st, r.Date}, st.Days < 0 || !d.Provisional && !r.Provisional, true
	}
	return Due{}, false, false
}

// nextDay is the day of the stage after the one that fired last.
func (s *Service) nextDay(d Deadline, fired int64) credit.Date {
	if due, _, ok := s.following(d, fired); ok {
		return due.On
	}
	return never
}

func (s *Service) firstDay(d Deadline) credit.Date { return s.nextDay(d, unfired) }
