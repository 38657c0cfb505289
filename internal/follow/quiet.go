package follow

import (
	"time"

	"xinban/internal/credit"
)

// Quiet hours, in Shanghai: messages that can wait do so.
const (
	quietFrom  = 21
	quietUntil = 8
)

// quiet tells whether it is a quiet hour, and when it is over.
func quiet(now time.Time) (until time.Time, yes bool) {
	t := now.In(credit.Shanghai)
	until = time.Date(t.Year(), t.Month(), t.Day(), quietUntil, 0, 0, 0, credit.Shanghai)
	switch {
	case t.Hour() >= quietFrom:
		return until.AddDate(0, 0, 1), true
	case t.Hour() < quietUntil:
		return until, true
	}
	return time.Time{}, false
}

// canWait tells whether a message of a kind keeps the quiet hours: a report that must not be used any more and a
// code that somebody is waiting for do not.
func canWait(kind string) bool { return kind != kindWithdrawn && kind != kindCode }

func timeOf(ms int64) time.Time { return time.UnixMilli(ms) }
