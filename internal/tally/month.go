package tally

import (
	"context"

	"xinban/internal/credit"
)

// period is days in whole months, and the days before and after them. An empty part ends before it begins.
type period struct {
	firstMonth, lastMonth int64 // year and month, such as 202605
	head, tail            [2]credit.Date
}

// noDays is an empty part of a period.
var noDays = [2]credit.Date{1, 0}

// split divides the days from one to another, both included.
func split(from, to credit.Date) period {
	p := period{firstMonth: int64(from) / 100, lastMonth: int64(to) / 100, head: noDays, tail: noDays}
	if to < from {
		return period{firstMonth: 1, head: noDays, tail: noDays}
	}
	if from%100 > 1 { // the first month is not whole
		p.head = [2]credit.Date{from, min(to, lastOf(from))}
		p.firstMonth = int64(lastOf(from).AddDays(1)) / 100
	}
	if to < lastOf(to) && p.firstMonth <= p.lastMonth { // nor is the last
		p.tail = [2]credit.Date{credit.Date(p.lastMonth*100 + 1), to}
		p.lastMonth = int64(credit.Date(p.lastMonth*100+1).AddDays(-1)) / 100
	}
	return p
}

// lastOf is the last day of the month of a date.
func lastOf(d credit.Date) credit.Date { return (d/100*100 + 1).AddMonths(1).AddDays(-1) }

// By returns the sums of a kind by the values of a facet, over all days from one to another. It reads whole months as
// such, and so at most two months of days.
func (t *Tally) By(ctx context.Context, kind, facet string, from, to credit.Date) ([]Sum, error) {
	p := split(from, to)
	return t.sums(ctx, `SELECT 0, value, CAST(SUM(n) AS BIGINT) FROM (
			SELECT value, n FROM tally_month WHERE kind = $1 AND facet = $2 AND month >= $3 AND month <= $4
			UNION ALL SELECT value, n FROM tally_sum WHERE kind = $1 AND facet = $2 AND day >= $5 AND day <= $6
			UNION ALL SELECT value, n FROM tally_sum WHERE kind = $1 AND facet = $2 AND day >= $7 AND day <= $8) AS parts
		GROUP BY value ORDER BY 3 DESC, value`, kind, facet, p.firstMonth, p.lastMonth, int64(p.head[0]), int64(p.head[1]), int64(p.tail[0]), int64(p.tail[1]))
}
