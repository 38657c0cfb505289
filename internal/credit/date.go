package credit

import (
	"fmt"
	"time"
)

// Date is a civil date in Asia/Shanghai as the number yyyymmdd, so that it orders, stores and reads
// the same everywhere. The zero value means that there is no date.
type Date int32

// Shanghai is the zone in which dates are civil. China keeps no summer time since 1992.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// NewDate returns the date of year, month (1-12) and day; ok is false when there is no such day.
func NewDate(year, month, day int) (d Date, ok bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	return Date(year*10000 + month*100 + day), true
}

// ParseDate reads the form 2006-01-02 and no other.
func ParseDate(s string) (Date, error) {
	if len(s) == 10 && s[4] == '-' && s[7] == '-' {
		y, ok1 := digits(s[:4])
		m, ok2 := digits(s[5:7])
		d, ok3 := digits(s[8:])
		if ok1 && ok2 && ok3 {
			if date, ok := NewDate(y, m, d); ok {
				return date, nil
			}
		}
	}
	return 0, fmt.Errorf("credit: %q is not a date of the form 2006-01-02", s)
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// DateOf returns the civil date in Shanghai of an instant.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Shanghai).Date()
	return Date(y*10000 + int(m)*100 + d)
}

// Year, Month and Day are the parts of the date.
func (d Date) Year() int { return int(d) / 10000 }

// Month is 1 to 12.
func (d Date) Month() int { return int(d) / 100 % 100 }

// Day is 1 to 31.
func (d Date) Day() int { return int(d) % 100 }

// Time is the first instant of the date in Shanghai.
func (d Date) Time() time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, Shanghai)
}

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date {
	t := time.Date(d.Year(), time.Month(d.Month()), d.Day()+n, 0, 0, 0, 0, time.UTC)
	return Date(t.Year()*10000 + int(t.Month())*100 + t.Day())
}

// AddMonths returns the corresponding day n months later, or the last day of that month when it has
// none (民法典 art. 202): 2026-11-30 plus 3 is 2027-02-28.
func (d Date) AddMonths(n int) Date {
	m := d.Year()*12 + d.Month() - 1 + n
	y, mo := m/12, m%12+1
	day := min(d.Day(), daysIn(y, mo))
	return Date(y*10000 + mo*100 + day)
}

// DaysUntil is the number of days from d to e, negative when e is earlier.
func (d Date) DaysUntil(e Date) int {
	a := time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(e.Year(), time.Month(e.Month()), e.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a).Hours() / 24)
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, time.UTC).Weekday()
}

// String is the form 2006-01-02, empty for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year(), d.Month(), d.Day())
}

// Chinese is the form 2026年4月1日, empty for no date.
func (d Date) Chinese() string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

// MarshalText writes the form 2006-01-02.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form 2006-01-02; empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := ParseDate(string(b))
	*d = v
	return err
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
