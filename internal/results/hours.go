package results

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Hours is how long it takes to get one certificate, from a day on (每份证明办理时间).
type Hours struct {
	From    credit.Date `json:"from"`
	Minutes int64       `json:"minutes"`
	Source  string      `json:"source"`
	Author  string      `json:"author,omitempty" doc:"who entered it; for the credit centre"`
	Known   int64       `json:"-"` // UTC ms, when it was entered; 0 for the value that the program ships
}

// shipped is the value until somebody enters another. 317.43 over 105.81 is 3: the formula itself was not
// published, so this is an assumption.
var shipped = Hours{From: 20200101, Minutes: 180, Author: "系统设定",
	Source: "按公开数字推算：截至2024年5月，105.81万余份证明、节约约317.43万小时，每份3小时；计算公式未公布"}

// Text is the hours as people read them, such as 3 or 2.5.
func (h Hours) Text() string { return hoursText(h.Minutes) }

// hoursText writes minutes as hours, without zeros at the end.
func hoursText(minutes int64) string {
	if minutes%60 == 0 {
		return fmt.Sprint(minutes / 60)
	}
	return trimZeros(fmt.Sprintf("%.2f", float64(minutes)/60))
}

func trimZeros(s string) string {
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	return s
}

// grouped sets the thousands of a number apart.
func grouped(s string) string {
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return whole + rest
}

// hours lists the values, the earliest first; for each day the last that begins on it or before counts.
func (s *Service) hours(ctx context.Context) ([]Hours, error) {
	rows, err := s.c.DB.Query(ctx, "SELECT effective, known, minutes, source, author FROM results_hours ORDER BY effective, known")
	if err != nil {
		return nil, fmt.Errorf("results: reading the hours of a certificate: %w", err)
	}
	defer rows.Close()
	all := []Hours{shipped}
	for rows.Next() {
		var h Hours
		var from int64
		if err := rows.Scan(&from, &h.Known, &h.Minutes, &h.Source, &h.Author); err != nil {
			return nil, err
		}
		h.From = credit.Date(from)
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(a, b Hours) int { return int(a.From) - int(b.From) })
	return all, rows.Err()
}

// SetHours enters a value that holds from a day on.
func (s *Service) SetHours(ctx context.Context, h Hours) error {
	known := s.c.Now().UnixMilli()
	err := s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		return tx.Insert("results_hours", []string{"effective", "known", "minutes", "source", "author"},
			[][]any{{int64(h.From), known, h.Minutes, h.Source, h.Author}})
	})
	if err != nil {
		return fmt.Errorf("results: entering the hours of a certificate: %w", err)
	}
	return nil
}

// span is days to which one value applies.
type span struct {
	from, to credit.Date
	minutes  int64
}

// spans divides a period by the values: the days before the first value have its own.
func spans(all []Hours, from, to credit.Date) (list []span) {
	for i, h := range all {
		begin, end := h.From, to
		if i == 0 {
			begin = from
		}
		if i+1 < len(all) {
			end = min(end, all[i+1].From.AddDays(-1))
		}
		if begin = max(begin, from); begin <= end {
			list = append(list, span{begin, end, h.Minutes})
		}
	}
	return list
}
