package casework

import (
	"context"
	"fmt"
	"time"

	"xinban/internal/credit"
)

// Figure is how long the ended cases of a kind took in one state, or as a whole.
type Figure struct {
	Step   State // empty for the whole case
	Count  int64 // cases
	Median int64 // working days
	P90    int64 // working days that nine of ten did not exceed
	OnTime int64 // cases of which no deadline with stages passed
}

// Figures counts the cases of a kind that ended from one day up to and including another, the whole first. It reads one number
// for each number of days, never the history of a case.
func (s *Service) Figures(ctx context.Context, kind string, from, to credit.Date) ([]Figure, error) {
	rows, err := s.db.Query(ctx, `SELECT step, days, COUNT(*), CAST(SUM(late) AS BIGINT) FROM case_duration WHERE kind = $1 AND closed >= $2 AND closed <= $3
		GROUP BY step, days ORDER BY step, days`, kind, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("casework: counting durations: %w", err)
	}
	defer rows.Close()
	var steps []histogram
	for rows.Next() {
		var step State
		var days, n, late int64
		if err := rows.Scan(&step, &days, &n, &late); err != nil {
			return nil, fmt.Errorf("casework: counting durations: %w", err)
		}
		if len(steps) == 0 || steps[len(steps)-1].step != step {
			steps = append(steps, histogram{step: step})
		}
		steps[len(steps)-1].add(days, n, late)
	}
	var all []Figure
	for _, h := range steps {
		all = append(all, h.figure())
	}
	return all, rows.Err()
}

// histogram is how many cases took how many days, by days.
type histogram struct {
	step        State
	days, count []int64
	all, late   int64
}

func (h *histogram) add(days, n, late int64) {
	h.days, h.count = append(h.days, days), append(h.count, n)
	h.all, h.late = h.all+n, h.late+late
}

// at is the least number of days that the given share of a hundred did not exceed.
func (h *histogram) at(percent int64) int64 {
	seen := int64(0)
	for i, n := range h.count {
		if seen += n; 100*seen >= percent*h.all {
			return h.days[i]
		}
	}
	return 0
}

func (h *histogram) figure() Figure {
	return Figure{h.step, h.all, h.at(50), h.at(90), h.all - h.late}
}

func dateOfMilli(ms int64) credit.Date { return credit.DateOf(time.UnixMilli(ms)) }
