package intake

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/ledger"
	"xinban/internal/store"
)

// ItemType is a question that a person must answer.
type ItemType string

// The questions.
const (
	Attachment ItemType = "attachment" // 归属核对: the code is doubtful and the name is another subject's
	Duplicate  ItemType = "duplicate"  // 重复核对: too little identifies the matter
	Reconcile  ItemType = "reconcile"  // 对账: an amendment speaks of a matter decided upon meanwhile
)

// Item is a question on a desk.
type Item struct {
	Subject credit.Key // whose report it touches
	ID      string
	Type    ItemType
	Matter  credit.MatterID
	Other   credit.Key // attachment: the key under which the row lies
	Load    int64
	Row     int64
	Detail  string
	Opened  int64 // UTC ms
	Closed  int64 // UTC ms, 0 while open
	Outcome string
	Source  int64 // whose row raised it
}

var itemColumns = []string{"subject", "id", "type", "matter", "other", "load", "row", "detail", "opened", "closed", "outcome", "source"}

func (it *Item) values() []any {
	return []any{string(it.Subject), it.ID, string(it.Type), it.Matter[:], string(it.Other), it.Load, it.Row, it.Detail, it.Opened, it.Closed, it.Outcome, it.Source}
}

// desks opens the questions of a part, in the transaction that writes it.
func (j *loading) desks(ctx context.Context, tx *store.Tx, r *run, part []ledger.Incoming, outs []ledger.Outcome) error {
	if err := j.readAnswered(tx); err != nil {
		return err
	}
	var rows [][]any
	open := func(t ItemType, in *ledger.Incoming, detail string) {
		it := Item{Subject: in.Key, ID: fmt.Sprintf("%s-%d-%d", t, j.load.ID, in.Row), Type: t, Matter: in.Matter,
			Load: j.load.ID, Row: in.Row, Detail: detail, Opened: j.load.Started, Source: j.load.Source}
		rows = append(rows, it.values())
	}
	var ask []comer
	fresh := credit.Key("")
	for i := range part {
		in, o, m := &part[i], &outs[i], r.marks[part[i].Row]
		if o.Fresh {
			fresh = in.Key
		}
		if o.Verdict != ledger.Accepted && o.Verdict != ledger.Amended {
			continue
		}
		if m.weak && o.Verdict == ledger.Accepted {
			open(Duplicate, in, "文书号或机关缺失，无法确认是否与已有记录重复")
		}
		if o.Contradicts {
			open(Reconcile, in, "来源变更了已有处理结论（更正、撤回、修复、撤销或异议）的事项")
		}
		if fresh == in.Key || o.Named || m.doubtful || in.Kind == credit.Registration || j.answered[in.Key] {
			ask = append(ask, comer{in, m.doubtful})
		}
	}
	a := asking{s: j.s, tx: tx, load: j.load.ID, source: j.load.Source, opened: j.load.Started}
	if err := a.all(ctx, ask); err != nil {
		return err
	}
	return tx.InsertMissing("desk_item", itemColumns, append(rows, a.rows...))
}

// answeredAgain is how far back, in ms, answers are read again, for those that servers with other clocks
// gave meanwhile.
const answeredAgain = 10 * 60 * 1000

// readAnswered takes up of which keys it was answered whose they are: a new row under one asks anew.
func (j *loading) readAnswered(tx *store.Tx) error {
	rows, err := tx.Query("SELECT other, closed FROM desk_item WHERE type = $1 AND closed >= $2", string(Attachment), max(1, j.answeredTo-answeredAgain))
	if err != nil {
		return fmt.Errorf("intake: reading which questions were answered: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var other string
		var closed int64
		if err := rows.Scan(&other, &closed); err != nil {
			return err
		}
		if j.answered == nil {
			j.answered = map[credit.Key]bool{}
		}
		j.answered[credit.Key(other)], j.answeredTo = true, max(j.answeredTo, closed)
	}
	return rows.Err()
}

func scanItems(rows *sql.Rows) ([]Item, error) {
	defer rows.Close()
	var all []Item
	for rows.Next() {
		var it Item
		var matter []byte
		if err := rows.Scan(&it.Subject, &it.ID, &it.Type, &matter, &it.Other, &it.Load, &it.Row, &it.Detail, &it.Opened, &it.Closed, &it.Outcome, &it.Source); err != nil {
			return nil, err
		}
		copy(it.Matter[:], matter)
		all = append(all, it)
	}
	return all, rows.Err()
}

// Place tells questions opened at one instant apart: one matter's id may serve several subjects.
func (it *Item) Place() string { return it.ID + "/" + string(it.Subject) }

// OpenItems lists the open questions of one type, oldest first, after the given opening and [Item.Place].
func (s *Service) OpenItems(ctx context.Context, t ItemType, afterOpened int64, afterPlace string, limit int) ([]Item, error) {
	id, subject, _ := strings.Cut(afterPlace, "/")
	rows, err := s.db.Query(ctx, "SELECT "+strings.Join(itemColumns, ", ")+` FROM desk_item WHERE type = $1 AND closed = 0
		AND (opened, id, subject) > ($2, $3, $4) ORDER BY opened, id, subject LIMIT $5`, string(t), afterOpened, id, subject, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("intake: listing desk items: %w", err)
	}
	return scanItems(rows)
}

// Attachments lists the open attachment questions that touch a subject: its report says that the
// domains concerned are under check.
func (s *Service) Attachments(ctx context.Context, key credit.Key) ([]Item, error) {
	rows, err := s.db.Query(ctx, "SELECT "+strings.Join(itemColumns, ", ")+" FROM desk_item WHERE subject = $1 AND type = 'attachment' AND closed = 0 ORDER BY id", string(key))
	if err != nil {
		return nil, fmt.Errorf("intake: reading attachment questions: %w", err)
	}
	return scanItems(rows)
}

// checks lists the open questions for which a report on a key is under check: whose a key is, asked from
// either side, and whether a changed word stands. What waits on the other desks stands in the report.
func (s *Service) checks(ctx context.Context, key credit.Key) ([]Item, error) {
	var all []Item
	for _, where := range []string{"subject = $1 AND type IN ('attachment', 'reconcile') AND closed = 0", "other = $1 AND type = 'attachment' AND closed = 0"} {
		rows, err := s.db.Query(ctx, "SELECT "+strings.Join(itemColumns, ", ")+" FROM desk_item WHERE "+where, string(key))
		if err != nil {
			return nil, fmt.Errorf("intake: reading the questions on a subject: %w", err)
		}
		items, err := scanItems(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

// UnderCheck returns the domains of rows that may be a subject's and are not in its facts: those under a
// key of which it is asked whether it is the subject's, changed words that wait for an answer, and rows in
// quarantine. keys are all keys of the subject, names all its names.
func (s *Service) UnderCheck(ctx context.Context, keys []credit.Key, names []string) ([]string, error) {
	var domains []string
	asked := slices.Clone(keys) // and the keys that may be the subject's
	for _, key := range keys {
		items, err := s.checks(ctx, key)
		if err != nil {
			return nil, err
		}
		for i := range items {
			it := &items[i]
			under, only := key, &it.Matter
			if it.Type == Attachment { // whose the key is decides on all that lies under it
				if under, only = it.Other, nil; under == key {
					under = it.Subject
				}
				if slices.Contains(asked, under) {
					continue
				}
				asked = append(asked, under)
			}
			some, err := s.domainsUnder(ctx, under, only)
			if err != nil {
				return nil, err
			}
			domains = append(domains, some...)
		}
	}
	held, err := s.heldDomains(ctx, asked, names)
	if err != nil {
		return nil, err
	}
	domains = append(domains, held...)
	slices.Sort(domains)
	return slices.Compact(domains), nil
}

// domainsUnder are the domains of what was said under a key, of one matter or (nil) of all.
func (s *Service) domainsUnder(ctx context.Context, key credit.Key, only *credit.MatterID) (domains []string, err error) {
	facts, err := s.ledger.Read(ctx, key)
	if err != nil {
		return nil, err
	}
	for i := range facts {
		if f := &facts[i]; f.Op == ledger.OpAssertion && f.Kind != credit.Registration && (only == nil || f.Matter == *only) {
			domains = append(domains, s.organs.Domains(&f.Record)...)
		}
	}
	return domains, nil
}
