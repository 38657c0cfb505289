package intake

import (
	"context"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// ZeroReport says that nothing happened in a period (零报告): silence is told apart from lateness.
type ZeroReport struct {
	Source   int64
	Kind     credit.Kind
	From, To credit.Date // both included
	Reported int64       // UTC ms
	By       string
}

// What is wrong with the period of a zero report.
var (
	ErrZeroPeriod = errors.New("起始日期不能晚于截止日期")
	ErrZeroFuture = errors.New("截止日期不能晚于今天，期间结束后再报")
	ErrZeroTwice  = errors.New("该期间已报过零报告，不必重复报送")
)

// ReportZero records a zero report. The feed is up to date to the end of its period, not to the day on
// which it was sent.
func (s *Service) ReportZero(ctx context.Context, z ZeroReport) error {
	switch {
	case z.From == 0 || z.To == 0 || z.From > z.To:
		return ErrZeroPeriod
	case z.To > s.today():
		return ErrZeroFuture
	}
	defer s.forget()
	now := s.now().UnixMilli()
	err := s.db.Tx(ctx, func(tx *store.Tx) error {
		n, err := tx.Exec(`INSERT INTO zero_report (source, kind, period_from, period_to, reported, by_login) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (source, kind, period_from, period_to) DO NOTHING`,
			z.Source, int64(z.Kind), int64(z.From), int64(z.To), now, z.By)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrZeroTwice
		}
		n, err = tx.Exec("UPDATE feed SET last_arrival = CASE WHEN last_arrival > $1 THEN last_arrival ELSE $1 END WHERE source = $2 AND kind = $3",
			min(now, z.To.AddDays(1).Time().UnixMilli()-1), z.Source, int64(z.Kind))
		if err == nil && n == 0 {
			return ErrNotInCatalogue
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("intake: recording a zero report: %w", err)
	}
	return nil
}

// ZeroReports lists the latest zero reports of a source, newest first.
func (s *Service) ZeroReports(ctx context.Context, source int64, limit int) ([]ZeroReport, error) {
	rows, err := s.db.Query(ctx, `SELECT source, kind, period_from, period_to, reported, by_login FROM zero_report
		WHERE source = $1 ORDER BY period_to DESC, kind LIMIT $2`, source, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("intake: listing zero reports: %w", err)
	}
	defer rows.Close()
	var all []ZeroReport
	for rows.Next() {
		var z ZeroReport
		if err := rows.Scan(&z.Source, &z.Kind, &z.From, &z.To, &z.Reported, &z.By); err != nil {
			return nil, err
		}
		all = append(all, z)
	}
	return all, rows.Err()
}
