package workday

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"xinban/internal/credit"
)

//go:embed data/holidays-cn.csv
var national []byte

//go:embed data/statutory-cn.csv
var statutory []byte

// Default is the calendar of the State Council notices shipped with the program.
var Default = sync.OnceValue(func() *Calendar {
	c, err := Parse(bytes.NewReader(national))
	if err != nil {
		panic(err) // the table is in the binary
	}
	return c
})

// span is one row of a table: the days from first to last, resting or working.
type span struct {
	first, last credit.Date
	work        bool
	name        string
}

// Parse reads a table of published rest days and make-up days with the columns year, kind (off or work),
// from, to and name. Lines that begin with # are comments. The year of a row is the year of the
// notice that published it: the years in that column are those that the calendar answers for.
// Days in the last week of the year before are allowed, because some notices begin there.
func Parse(r io.Reader) (*Calendar, error) {
	c := newCalendar()
	rows, err := readRows(r, "year,kind,from,to,name")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		year, s, err := row.span()
		if err != nil {
			return nil, err
		}
		if s.last.Year() != year || s.first < credit.Date((year-1)*10000+1225) {
			return nil, row.errorf("the days are not of the year %d", year)
		}
		if err := c.put(s, row); err != nil {
			return nil, err
		}
		c.published[year] = true
		c.text.WriteString(row.text + "\n")
	}
	if len(c.published) == 0 {
		return nil, errors.New("workday: the table publishes no year")
	}
	return c, nil
}

// Overlay returns the calendar of a region: this one with the rows of a second table of the same
// columns put over it (全国年节及纪念日放假办法 art. 4). An overlay publishes no year by itself.
func (c *Calendar) Overlay(r io.Reader) (*Calendar, error) {
	rows, err := readRows(r, "year,kind,from,to,name")
	if err != nil {
		return nil, err
	}
	over := c.clone()
	over.text.WriteString("overlay\n")
	seen := map[credit.Date]bool{}
	for _, row := range rows {
		_, s, err := row.span()
		if err != nil {
			return nil, err
		}
		for d := s.first; d <= s.last; d = d.AddDays(1) {
			if seen[d] {
				return nil, row.errorf("%s is given twice", d)
			}
			seen[d] = true
			over.days[d] = s.work
		}
		over.text.WriteString(row.text + "\n")
	}
	return over, nil
}

// Digest is the SHA-256 in hexadecimal of the rows of the table, comments and spaces left out. A
// document stores it to say by which calendar its deadlines were counted.
func (c *Calendar) Digest() string {
	sum := sha256.Sum256([]byte(c.text.String()))
	return hex.EncodeToString(sum[:])
}

// Years are the years that the table publishes, in order.
func (c *Calendar) Years() []int {
	var years []int
	for y := range c.published {
		years = append(years, y)
	}
	slices.Sort(years)
	return years
}

// put sets the days of a span; a day given twice is an error, a make-up day on a weekday too.
func (c *Calendar) put(s span, row row) error {
	for d := s.first; d <= s.last; d = d.AddDays(1) {
		if _, twice := c.days[d]; twice {
			return row.errorf("%s is given twice", d)
		}
		if weekend := isWeekend(d); s.work && !weekend {
			return row.errorf("%s is no Saturday or Sunday, so it cannot be a make-up working day", d)
		}
		c.days[d] = s.work
	}
	return nil
}

func isWeekend(d credit.Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// row is one line of a table with its number, for errors that say where to look.
type row struct {
	line   int
	text   string // fields trimmed and joined by commas
	fields []string
}

func (r row) errorf(format string, args ...any) error {
	return fmt.Errorf("workday: line %d: %w", r.line, fmt.Errorf(format, args...))
}

func (r row) span() (year int, s span, err error) {
	if year, err = strconv.Atoi(r.fields[0]); err != nil || year < 1950 || year > 9998 {
		return 0, s, r.errorf("%q is not a year", r.fields[0])
	}
	if s.work = r.fields[1] == "work"; !s.work && r.fields[1] != "off" {
		return 0, s, r.errorf("kind %q is neither off nor work", r.fields[1])
	}
	if s.first, err = credit.ParseDate(r.fields[2]); err != nil {
		return 0, s, r.errorf("%w", err)
	}
	if s.last, err = credit.ParseDate(r.fields[3]); err != nil {
		return 0, s, r.errorf("%w", err)
	}
	if days := s.first.DaysUntil(s.last); days < 0 || days > 31 {
		return 0, s, r.errorf("%s to %s is not a holiday: it must end after it begins, within a month", s.first, s.last)
	}
	s.name = r.fields[4]
	return year, s, nil
}

// readRows reads the lines of a table after its head; the head must be as given.
func readRows(r io.Reader, head string) ([]row, error) {
	var rows []row
	columns := strings.Count(head, ",") + 1
	scan := bufio.NewScanner(r)
	for line, seen := 1, false; scan.Scan(); line++ {
		text := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "\ufeff"))
		if text == "" || text[0] == '#' {
			continue
		}
		fields := strings.Split(text, ",")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		x := row{line, strings.Join(fields, ","), fields}
		switch {
		case !seen && x.text != head:
			return nil, x.errorf("the columns must be %s", head)
		case !seen:
			seen = true
		case len(fields) != columns:
			return nil, x.errorf("%d fields instead of %d", len(fields), columns)
		default:
			rows = append(rows, x)
		}
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("workday: read the table: %w", err)
	}
	return rows, nil
}
