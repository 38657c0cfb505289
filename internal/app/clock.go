package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"xinban/internal/credit"
)

// demoClock is a clock that a visitor of the demo moves forward (演示日期), so that deadlines and windows
// can be seen to pass. It goes on by itself like any clock.
type demoClock struct {
	path  string
	start time.Time
	from  atomic.Int64 // UTC ms at start
}

// ErrClockBack says that a demo's date only moves forward: what was issued later must not lie ahead.
var ErrClockBack = errors.New("演示日期只能向后调整")

// openClock reads where the demo's date was left.
func openClock(dir string, day credit.Date) (*demoClock, error) {
	c := &demoClock{path: filepath.Join(dir, "demo-date"), start: time.Now()}
	b, err := os.ReadFile(c.path)
	if err == nil {
		if day, err = credit.ParseDate(strings.TrimSpace(string(b))); err != nil {
			return nil, fmt.Errorf("app: reading the demo's date: %w", err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	c.from.Store(noon(day))
	return c, nil
}

func noon(day credit.Date) int64 { return day.Time().Add(12 * time.Hour).UnixMilli() }

// now is the demo's present.
func (c *demoClock) now() time.Time {
	return time.UnixMilli(c.from.Load()).Add(time.Since(c.start))
}

// during does something at another time, before anybody else reads the clock.
func (c *demoClock) during(at time.Time, do func() error) error {
	was := c.from.Load()
	defer c.from.Store(was)
	c.from.Store(at.Add(-time.Since(c.start)).UnixMilli())
	return do()
}

// move sets the demo's date.
func (c *demoClock) move(day credit.Date) error {
	if day <= credit.DateOf(c.now()) {
		return ErrClockBack
	}
	if err := os.WriteFile(c.path, []byte(day.String()+"\n"), 0o640); err != nil {
		return fmt.Errorf("app: keeping the demo's date: %w", err)
	}
	c.from.Store(noon(day) - time.Since(c.start).Milliseconds())
	return nil
}
