package platform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// Said is what the ledger says of a document of a subject.
type Said struct {
	Known   bool // false: the ledger has no such document, and nothing else here means anything
	Subject credit.Key
	Matter  credit.MatterID
	Ended   bool        // shown no more
	EndsOn  credit.Date // end of publicity by the ledger, 0 when it is not known
}

// Verdict is what a comparison finds of one row.
type Verdict string

// The verdicts.
const (
	Agree       Verdict = "agree"
	ShowsEnded  Verdict = "shows_ended"  // the platform shows what is ended
	HidesShown  Verdict = "hides_shown"  // the platform hides what is shown
	DatesDiffer Verdict = "dates_differ" // the two name different ends
	Unknown     Verdict = "unknown"      // the ledger has no such document
)

// Finding is the verdict about a row, with the words for people.
type Finding struct {
	Row
	Verdict Verdict
	Words   string
	said    Said
}

// judge compares a row with what the ledger says.
func judge(r Row, s Said, manner Manner) Finding {
	f := Finding{Row: r, Verdict: Agree, said: s}
	switch {
	case !s.Known:
		f.Verdict, f.Words = Unknown, "本系统没有这份文书，请核对代码和文号，或者等待归集"
	case r.Shown && s.Ended && manner == Hide:
		f.Verdict, f.Words = ShowsEnded, "该平台仍在公示已经终止公示的事项"
	case !r.Shown && !s.Ended:
		f.Verdict, f.Words = HidesShown, "该平台没有公示尚在公示期的事项"
	case r.EndsOn != 0 && s.EndsOn != 0 && r.EndsOn != s.EndsOn:
		f.Verdict, f.Words = DatesDiffer, fmt.Sprintf("公示截止日期不同：该平台为%s，本系统为%s", r.EndsOn, s.EndsOn)
	}
	return f
}

// Comparison is one comparison of a platform with the ledger.
type Comparison struct {
	Target string
	Run    int64 // UTC ms
	Items  int64
	Agree  int64
}

// Compare compares what a platform shows with what the ledger says and keeps the outcome. There is one finding for each row,
// in their order. What a platform shows although it confirmed that it does not is told again.
func (s *Service) Compare(ctx context.Context, target string, rows []Row) ([]Finding, error) {
	t, err := s.target(ctx, target)
	if err != nil {
		return nil, err
	}
	all, agree := make([]Finding, 0, len(rows)), int64(0)
	for _, r := range rows {
		said, err := s.c.Says(ctx, r.Code, r.DocNo)
		if err != nil {
			return nil, fmt.Errorf("platform: asking the ledger about line %d: %w", r.Line, err)
		}
		f := judge(r, said, t.Manner)
		if f.Verdict == Agree {
			agree++
		}
		all = append(all, f)
	}
	if err := s.keepComparison(ctx, target, all, agree); err != nil {
		return nil, fmt.Errorf("platform: keeping a comparison: %w", err)
	}
	return all, s.deny(ctx, target, all)
}

func (s *Service) keepComparison(ctx context.Context, target string, all []Finding, agree int64) error {
	return s.c.DB.Tx(ctx, func(tx *store.Tx) error {
		run := s.now()
		if _, err := tx.Exec("DELETE FROM platform_difference WHERE target = $1 AND run = $2", target, run); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO platform_comparison (target, run, items, agree) VALUES ($1, $2, $3, $4)
			ON CONFLICT (target, run) DO UPDATE SET items = excluded.items, agree = excluded.agree`, target, run, int64(len(all)), agree); err != nil {
			return err
		}
		var rows [][]any
		for _, f := range all {
			if f.Verdict != Agree {
				rows = append(rows, []any{target, run, int64(f.Line), f.Code, f.DocNo, string(f.Verdict), f.Words})
			}
		}
		return tx.Insert("platform_difference", []string{"target", "run", "line", "code", "doc_no", "verdict", "words"}, rows)
	})
}

// deny notes each finding against what was confirmed.
func (s *Service) deny(ctx context.Context, target string, all []Finding) error {
	for i := range all {
		f := &all[i]
		if f.Verdict != ShowsEnded && f.Verdict != HidesShown {
			continue
		}
		x, err := s.Of(ctx, f.said.Subject, f.said.Matter.String(), target)
		if errors.Is(err, ErrNotShown) || err == nil && (x.State != Confirmed || x.Ended != f.said.Ended) {
			continue
		}
		if err == nil {
			_, err = s.apply(ctx, &x, event{what: differs, version: x.Version, text: "每日公示文件：" + f.Words})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// LastComparison is the newest comparison of a platform; ok is false when there was none.
func (s *Service) LastComparison(ctx context.Context, target string) (c Comparison, ok bool, err error) {
	err = s.c.DB.QueryRow(ctx, "SELECT target, run, items, agree FROM platform_comparison WHERE target = $1 ORDER BY run DESC LIMIT 1", target).Scan(&c.Target, &c.Run, &c.Items, &c.Agree)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	return c, err == nil, err
}

// Differences lists up to limit items on which a comparison found no agreement, after a line (0: from the first).
func (s *Service) Differences(ctx context.Context, target string, run int64, after, limit int) (all []Finding, err error) {
	rows, err := s.c.DB.Query(ctx, "SELECT line, code, doc_no, verdict, words FROM platform_difference WHERE target = $1 AND run = $2 AND line > $3 ORDER BY line LIMIT $4",
		target, run, int64(after), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("platform: listing differences: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f Finding
		if err := rows.Scan(&f.Line, &f.Code, &f.DocNo, &f.Verdict, &f.Words); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
}
