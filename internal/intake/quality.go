package intake

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"xinban/internal/credit"
	"xinban/internal/store"
)

// tally counts the findings of one load.
type tally map[tallyKey]int64

type tallyKey struct {
	code, field string
	block       bool
}

func (t *tally) add(findings []FileFinding) {
	if *t == nil {
		*t = tally{}
	}
	for _, f := range findings {
		(*t)[tallyKey{f.Code, f.Field, f.Block}]++
	}
}

// write keeps the counts; a load that runs again leaves what is there.
func (t tally) write(ctx context.Context, db *store.DB, load int64) error {
	var rows [][]any
	for _, k := range slices.SortedFunc(maps.Keys(t), func(a, b tallyKey) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.field, b.field))
	}) {
		rows = append(rows, []any{load, k.code, k.field, flag(k.block), t[k]})
	}
	if len(rows) == 0 {
		return nil
	}
	err := db.Bulk(ctx, func(tx *store.Tx) error {
		return tx.InsertMissing("load_finding", []string{"load", "code", "field", "blocking", "n"}, rows)
	})
	if err != nil {
		return fmt.Errorf("intake: counting the findings of load %d: %w", load, err)
	}
	return nil
}

// FindingCount is how often one thing was found (问题计数).
type FindingCount struct {
	Code  string
	Field string
	Block bool // it sent rows into quarantine
	N     int64
}

// Findings counts the findings of one load, the most frequent first.
func (s *Service) Findings(ctx context.Context, load int64) ([]FindingCount, error) {
	return s.findingCounts(ctx, "SELECT code, field, blocking, n FROM load_finding WHERE load = $1 ORDER BY n DESC, code, field", load)
}

func (s *Service) findingCounts(ctx context.Context, query string, args ...any) ([]FindingCount, error) {
	rows, err := s.db.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("intake: counting findings: %w", err)
	}
	defer rows.Close()
	var all []FindingCount
	for rows.Next() {
		var f FindingCount
		var block int64
		if err := rows.Scan(&f.Code, &f.Field, &block, &f.N); err != nil {
			return nil, err
		}
		f.Block = block != 0
		all = append(all, f)
	}
	return all, rows.Err()
}

// Quality is the quality of what arrived since a day (数据质量): kept by load, never counted over facts.
type Quality struct {
	Since   credit.Date
	Sources []SourceQuality // the largest bad share first
	Codes   []FindingCount  // the most frequent first
	Rows    int64
	Bad     int64
	Warned  int64
}

// SourceQuality is the quality of one source and kind.
type SourceQuality struct {
	Source int64
	Kind   credit.Kind
	Loads  int64
	Rows   int64
	Bad    int64
	Warned int64
}

// BadShare is the share of rows that went into quarantine.
func (q SourceQuality) BadShare() float64 { return share(q.Bad, q.Rows) }

// BadShare is the share of rows that went into quarantine.
func (f Feed) BadShare() float64 { return share(f.Bad, f.Rows) }

func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// maxCodes is how many codes a quality page shows.
const maxCodes = 20

// Quality sums up the loads since a day, of one source or of all (0).
func (s *Service) Quality(ctx context.Context, since credit.Date, source int64) (Quality, error) {
	q := Quality{Since: since}
	from := since.Time().UnixMilli()
	rows, err := s.db.Query(ctx, `SELECT source, kind, COUNT(*), SUM(row_count), SUM(quarantined), SUM(warned) FROM intake_load
		WHERE started >= $1 AND ($2 = 0 OR source = $2) AND state = 'done' GROUP BY source, kind`, from, source)
	if err != nil {
		return q, fmt.Errorf("intake: summing up the quality of loads: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x SourceQuality
		if err := rows.Scan(&x.Source, &x.Kind, &x.Loads, &x.Rows, &x.Bad, &x.Warned); err != nil {
			return q, err
		}
		q.Sources = append(q.Sources, x)
		q.Rows, q.Bad, q.Warned = q.Rows+x.Rows, q.Bad+x.Bad, q.Warned+x.Warned
	}
	if err := rows.Err(); err != nil {
		return q, err
	}
	q.sortSources()
	q.Codes, err = s.findingCounts(ctx, `SELECT f.code, '', MAX(f.blocking), SUM(f.n) FROM load_finding f JOIN intake_load l ON l.id = f.load
		WHERE l.started >= $1 AND ($2 = 0 OR l.source = $2) GROUP BY f.code ORDER BY 4 DESC, 1 LIMIT $3`, from, source, int64(maxCodes))
	return q, err
}

func (q *Quality) sortSources() {
	slices.SortFunc(q.Sources, func(a, b SourceQuality) int {
		return cmp.Or(cmp.Compare(b.BadShare(), a.BadShare()), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Kind, b.Kind))
	})
}

// add takes up the quality of other sources.
func (q *Quality) add(o Quality) {
	q.Sources = append(q.Sources, o.Sources...)
	q.sortSources()
	q.Rows, q.Bad, q.Warned = q.Rows+o.Rows, q.Bad+o.Bad, q.Warned+o.Warned
	for _, c := range o.Codes {
		if i := slices.IndexFunc(q.Codes, func(x FindingCount) bool { return x.Code == c.Code }); i >= 0 {
			q.Codes[i].N, q.Codes[i].Block = q.Codes[i].N+c.N, q.Codes[i].Block || c.Block
		} else {
			q.Codes = append(q.Codes, c)
		}
	}
	slices.SortStableFunc(q.Codes, func(a, b FindingCount) int { return cmp.Compare(b.N, a.N) })
}
