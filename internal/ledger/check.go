package ledger

import (
	"context"
	"fmt"

	"xinban/internal/credit"
)

// Fault is something in the ledger that is not as it must be.
type Fault struct {
	Subject credit.Key `json:"subject"`
	Seq     int64      `json:"seq"`
	What    string     `json:"what"`
}

// checkPage is how many subjects are read before the next are asked for.
const checkPage = 1000

// Check reads every fact: each must open, each assertion must have the digest of its normal form, and
// the sequence of each subject must have no gap. fault is told of what is not so; the count of facts
// is returned.
func (l *Ledger) Check(ctx context.Context, fault func(Fault)) (facts int64, err error) {
	after := ""
	for {
		keys, err := l.keysAfter(ctx, after)
		if err != nil || len(keys) == 0 {
			return facts, err
		}
		for _, k := range keys {
			n, err := l.checkSubject(ctx, k, fault)
			if err != nil {
				return facts, err
			}
			facts += n
		}
		after = string(keys[len(keys)-1])
	}
}

func (l *Ledger) keysAfter(ctx context.Context, after string) ([]credit.Key, error) {
	rows, err := l.db.Query(ctx, "SELECT DISTINCT subject FROM fact WHERE subject > $1 ORDER BY subject LIMIT $2", after, int64(checkPage))
	if err != nil {
		return nil, fmt.Errorf("ledger: listing subjects: %w", err)
	}
	defer rows.Close()
	var keys []credit.Key
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			return nil, err
		}
		keys = append(keys, credit.Key(k))
	}
	return keys, rows.Err()
}

func (l *Ledger) checkSubject(ctx context.Context, key credit.Key, fault func(Fault)) (int64, error) {
	facts, err := l.Read(ctx, key)
	if err != nil {
		if ctx.Err() != nil {
			return 0, err
		}
		fault(Fault{key, 0, err.Error()})
		return 0, nil
	}
	digests, err := l.digests(ctx, key)
	if err != nil {
		return 0, err
	}
	for i := range facts {
		f := &facts[i]
		if f.Seq != int64(i+1) {
			fault(Fault{key, f.Seq, fmt.Sprintf("序号不连续：第%d位是%d号", i+1, f.Seq)})
			break
		}
		if f.Op != OpAssertion {
			continue
		}
		if d := RecordDigest(AppendRecord([]byte{codecVersion}, &f.Record)); i >= len(digests) || d != digests[i] {
			fault(Fault{key, f.Seq, "内容与其摘要不符"})
		}
	}
	return int64(len(facts)), nil
}

// digests are those of a subject's facts in the order of their sequence.
func (l *Ledger) digests(ctx context.Context, key credit.Key) (all []int64, err error) {
	rows, err := l.db.Query(ctx, "SELECT digest FROM fact WHERE subject = $1 ORDER BY seq", string(key))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d int64
		if err := rows.Scan(&d); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}
