package law

import (
	"fmt"

	"xinban/internal/credit"
)

// PeriodRule is which period a report may be asked for (查询时段).
type PeriodRule struct {
	Rule      *Rule
	MaxMonths int         // longest period
	DataStart credit.Date // first day for which the data answer
	starts    map[string]credit.Date
}

// PeriodError says what is wrong with a period, and what to do, in Chinese.
type PeriodError struct {
	Code    string // from_missing, order, future, too_long, before_data
	Message string
}

// Error is the message.
func (e *PeriodError) Error() string { return e.Message }

// Start is the first day for which the data of a domain answer.
func (p PeriodRule) Start(domain string) credit.Date {
	return max(p.DataStart, p.starts[domain])
}

// StartOf is the first day for which the data of every given domain answer.
func (p PeriodRule) StartOf(domains []string) credit.Date {
	start := p.DataStart
	for _, d := range domains {
		start = max(start, p.starts[d])
	}
	return start
}

// WithStart is the rule with a later general start of data, as a region's own.
func (p PeriodRule) WithStart(start credit.Date) PeriodRule {
	p.DataStart = max(p.DataStart, start)
	return p
}

// Default is the longest period that ends today: used when the asker chooses none.
func (p PeriodRule) Default(today credit.Date, domains []string) (from, to credit.Date) {
	return max(today.AddMonths(-p.MaxMonths).AddDays(1), p.StartOf(domains)), today
}

// Check tells what is wrong with a period asked for on a day; nil when it may be answered. The error
// is a [*PeriodError], which names a domain as the list does.
func (p PeriodRule) Check(from, to, today credit.Date, domains []string, list *Domains) error {
	bad := func(code, format string, args ...any) error {
		return &PeriodError{code, fmt.Sprintf(format, args...)}
	}
	switch {
	case from == 0 || to == 0:
		return bad("from_missing", "请同时填写查询时段的起止日期")
	case from > to:
		return bad("order", "起始日期%s晚于截止日期%s，请对调或改正", from.Chinese(), to.Chinese())
	case to > today:
		return bad("future", "截止日期%s晚于今天%s，请改为今天或更早", to.Chinese(), today.Chinese())
	case to > from.AddMonths(p.MaxMonths):
		return bad("too_long", "查询时段最长%d年，请将起始日期改为%s或之后", p.MaxMonths/12, to.AddMonths(-p.MaxMonths).AddDays(1).Chinese())
	}
	if from < p.DataStart {
		return bad("before_data", "平台数据自%s起，请将起始日期改为该日或之后", p.DataStart.Chinese())
	}
	for _, d := range domains {
		if s := p.Start(d); from < s {
			name := d
			if x, ok := list.Find(d); ok {
				name = x.Name
			}
			return bad("before_data", "领域“%s”的数据自%s起，请将起始日期改为该日或之后，或者不选该领域", name, s.Chinese())
		}
	}
	return nil
}

// Period is the rule on periods of the rule set.
func (r *ReportRules) Period() PeriodRule { return r.period }

// Covers tells whether a matter belongs to a period. A decision belongs to the day on which it was made;
// a listing to every day from the listing to its end. A matter whose day is not known belongs to
// every period: it must never vanish from a report.
func Covers(m *Matter, w *Window, from, to credit.Date) bool {
	if m.Decided == 0 {
		return true
	}
	if m.Decided > to {
		return false
	}
	if m.Decided >= from {
		return true
	}
	if !m.Kind.Listing() {
		return false
	}
	end := w.HiddenFrom
	if m.Removed != 0 && (end == 0 || m.Removed < end) {
		end = m.Removed
	}
	return end == 0 || end > from
}
