package workday

import (
	"bytes"
	"maps"
	"strconv"
	"strings"
	"sync"

	"xinban/internal/credit"
)

// Calendar tells working days. It never changes and may be shared by goroutines.
type Calendar struct {
	days      map[credit.Date]bool // days named by a notice: true works, false rests
	published map[int]bool
	text      strings.Builder // rows, for the digest
}

// Result is a date counted in working days.
type Result struct {
	Date        credit.Date `json:"date"`
	Provisional bool        `json:"provisional"` // a year without a published calendar was counted over
}

// Count is a number of working days.
type Count struct {
	Days        int  `json:"days"`
	Provisional bool `json:"provisional"` // a year without a published calendar was counted over
}

func newCalendar() *Calendar {
	return &Calendar{days: map[credit.Date]bool{}, published: map[int]bool{}}
}

func (c *Calendar) clone() *Calendar {
	n := &Calendar{days: maps.Clone(c.days), published: maps.Clone(c.published)}
	n.text.WriteString(c.text.String())
	return n
}

// Published tells whether the calendar of a date's year has been published.
func (c *Calendar) Published(d credit.Date) bool { return c.published[d.Year()] }

// IsWorkday tells whether a date is a working day; sure is false when the calendar of its year is not
// published, unless the day is a statutory rest day that needs no notice.
func (c *Calendar) IsWorkday(d credit.Date) (work, sure bool) {
	if named, ok := c.days[d]; ok {
		return named, true
	}
	if c.Published(d) {
		return !isWeekend(d), true
	}
	if certain().rests(d) {
		return false, true
	}
	return !isWeekend(d), false
}

// Add returns the n-th working day after start, the start itself not counted (民法典 art. 201). A
// negative n counts back; 0 is the start. n is limited to a hundred thousand.
func (c *Calendar) Add(start credit.Date, n int) Result {
	r, step := Result{Date: start}, 1
	if n < 0 {
		step, n = -1, -n
	}
	for left := min(n, maxDays); left > 0; {
		r.Date = r.Date.AddDays(step)
		if !c.Published(r.Date) {
			r.Provisional = true
		}
		if work, _ := c.IsWorkday(r.Date); work {
			left--
		}
	}
	return r
}

const maxDays = 100_000

// Between is the number of working days after from up to and including to, so that Between(d,
// Add(d, n).Date) is n. It is negative when to is earlier.
func (c *Calendar) Between(from, to credit.Date) Count {
	if to < from {
		back := c.Between(to, from)
		back.Days = -back.Days
		return back
	}
	var n Count
	for d := from; d < to; {
		d = d.AddDays(1)
		if !c.Published(d) {
			n.Provisional = true
		}
		if work, _ := c.IsWorkday(d); work {
			n.Days++
		}
	}
	return n
}

// Next is the date itself when it is a working day, else the next one: the last day of a period that
// falls on a rest day (民法典 art. 203). Publicity periods in months are not moved.
func (c *Calendar) Next(d credit.Date) Result {
	r := Result{Date: d}
	for {
		if !c.Published(r.Date) {
			r.Provisional = true
		}
		if work, _ := c.IsWorkday(r.Date); work {
			return r
		}
		r.Date = r.Date.AddDays(1)
	}
}

// certainDays are the statutory rest days that need no notice.
type certainDays struct {
	yearly map[int]int // month*100+day, first year
	once   map[credit.Date]bool
}

func (s *certainDays) rests(d credit.Date) bool {
	since, ok := s.yearly[int(d)%10000]
	return ok && d.Year() >= since || s.once[d]
}

var certain = sync.OnceValue(func() *certainDays {
	s := &certainDays{map[int]int{}, map[credit.Date]bool{}}
	rows, err := readRows(bytes.NewReader(statutory), "date,since,name")
	if err != nil {
		panic(err) // the table is in the binary
	}
	for _, r := range rows {
		if d, err := credit.ParseDate(r.fields[0]); err == nil {
			s.once[d] = true
			continue
		}
		d, err := credit.ParseDate("2000-" + r.fields[0])
		since, err2 := strconv.Atoi(r.fields[1])
		if err != nil || err2 != nil {
			panic(r.errorf("%q since %q is not a day of the year", r.fields[0], r.fields[1]))
		}
		s.yearly[int(d)%10000] = since
	}
	return s
})
