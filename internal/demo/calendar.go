package demo

import "xinban/internal/credit"

// firstDay is the first day that texts speak of, lastDay the last.
const (
	firstDay = credit.Date(20190101)
	lastDay  = credit.Date(20291231)
)

// calendar holds the days in the forms in which rows write them, made once because rows are full of days.
type calendar struct {
	dates []credit.Date
	days  [][]byte // 2024年3月5日
	iso   [][]byte // 2024-03-05
}

func newCalendar() calendar {
	var c calendar
	for d := firstDay; d <= lastDay; d = d.AddDays(1) {
		c.dates = append(c.dates, d)
		c.days = append(c.days, []byte(d.Chinese()))
		c.iso = append(c.iso, []byte(d.String()))
	}
	return c
}

// isoAt is a day by its place, the last day for places beyond.
func (c *calendar) isoAt(i int) []byte { return c.iso[min(i, len(c.iso)-1)] }

// dayIndex is the place of a day in the calendar.
func dayIndex(d credit.Date) int {
	return firstDay.DaysUntil(min(max(d, firstDay), lastDay))
}
