package intake

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
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
func (j *loading) desks(tx *store.Tx, r *run, part []ledger.Incoming, outs []ledger.Outcome) error {
	var rows [][]any
	open := func(t ItemType, subject, other credit.Key, in *ledger.Incoming, detail string) {
		id := fmt.Sprintf("%s-%d-%d", t, j.load.ID, in.Row)
		if t == Attachment {
			id = attachmentID(other)
		}
		it := Item{Subject: subject, ID: id, Type: t, Matter: in.Matter, Other: other,
			Load: j.load.ID, Row: in.Row, Detail: detail, Opened: j.load.Started, Source: j.load.Source}
		rows = append(rows, it.values())
	}
	var ask []*ledger.Incoming
	astray := map[int64]bool{} // rows that may be another subject's
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
			open(Duplicate, in.Key, "", in, "文书号或机关缺失，无法确认是否与已有记录重复")
		}
		if o.Contradicts {
			open(Reconcile, in.Key, "", in, "来源变更了已有处理结论（更正、撤回、修复、撤销或异议）的事项")
		}
		astray[in.Row] = fresh == in.Key && in.Kind != credit.Registration || m.doubtful
		if (astray[in.Row] || fresh == in.Key || in.Kind == credit.Registration) && in.Name != "" && !in.Key.Person() {
			ask = append(ask, in)
		}
	}
	owners, err := nameOwners(tx, ask)
	if err != nil {
		return err
	}
	for _, in := range ask {
		for _, owner := range owners[in.Name] {
			if owner == in.Key || owner.Person() {
				continue
			}
			if astray[in.Row] {
				open(Attachment, owner, in.Key, in, attachmentDetail(in.Name, in.Key))
			}
			it, ok, err := j.earlierAstray(tx, owner, in)
			if err != nil {
				return err
			}
			if ok {
				rows = append(rows, it.values())
			}
		}
	}
	return tx.InsertMissing("desk_item", itemColumns, rows)
}

func attachmentDetail(name string, key credit.Key) string {
	return "“" + name + "”的记录挂在未登记或校验不符的代码" + key.Code() + "上"
}

// attachmentID names the question whether a key is a subject's: one question, however many rows lie
// under the key.
func attachmentID(other credit.Key) string {
	sum := sha256.Sum256([]byte(other))
	return string(Attachment) + "-" + hex.EncodeToString(sum[:8])
}

// earlierAstray is the question whether what lies under owner, which bears the same name, is in truth
// the subject's that in brings on record: rows may come before the subject does. It is asked of a key
// that fails its check, and by a registered subject of a key that is not registered.
func (j *loading) earlierAstray(tx *store.Tx, owner credit.Key, in *ledger.Incoming) (it Item, ok bool, err error) {
	if credit.CheckUSCC(string(owner)).Verdict == credit.Valid {
		if in.Kind != credit.Registration {
			return it, false, nil
		}
		var registered int64
		err = tx.QueryRow("SELECT seq FROM fact WHERE subject = $1 AND op = $2 AND kind = $3 LIMIT 1", string(owner), int64(ledger.OpAssertion), int64(credit.Registration)).Scan(&registered)
		if err == nil {
			return it, false, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return it, false, fmt.Errorf("intake: looking for a registration: %w", err)
		}
	}
	it = Item{Subject: in.Key, Type: Attachment, Other: owner, Detail: attachmentDetail(in.Name, owner), Opened: j.load.Started}
	var matter []byte
	err = tx.QueryRow("SELECT matter, load, row, source FROM fact WHERE subject = $1 AND op = $2 AND kind <> $3 ORDER BY seq LIMIT 1",
		string(owner), int64(ledger.OpAssertion), int64(credit.Registration)).Scan(&matter, &it.Load, &it.Row, &it.Source)
	if errors.Is(err, sql.ErrNoRows) {
		return it, false, nil
	}
	if err != nil {
		return it, false, fmt.Errorf("intake: looking for rows of a doubtful code: %w", err)
	}
	copy(it.Matter[:], matter)
	it.ID = attachmentID(owner)
	return it, true, nil
}

// nameAsk is how many names one statement asks for.
const nameAsk = 64

var nameQuery = "SELECT name, key FROM subject_name WHERE name IN ($1" + func() string {
	var b strings.Builder
	for i := 2; i <= nameAsk; i++ {
		fmt.Fprintf(&b, ", $%d", i)
	}
	return b.String()
}() + ")"

// nameOwners finds the subjects that bear the names of rows.
func nameOwners(tx *store.Tx, ask []*ledger.Incoming) (map[string][]credit.Key, error) {
	owners := map[string][]credit.Key{}
	for len(ask) > 0 {
		n := min(nameAsk, len(ask))
		args := make([]any, nameAsk)
		for i := range args {
			args[i] = ask[min(i, n-1)].Name
		}
		ask = ask[n:]
		rows, err := tx.Query(nameQuery, args...)
		if err != nil {
			return nil, fmt.Errorf("intake: looking for the owners of names: %w", err)
		}
		if err := scanOwners(rows, owners); err != nil {
			return nil, err
		}
	}
	return owners, nil
}

func scanOwners(rows *sql.Rows, owners map[string][]credit.Key) error {
	defer rows.Close()
	for rows.Next() {
		var name, key string
		if err := rows.Scan(&name, &key); err != nil {
			return err
		}
		owners[name] = append(owners[name], credit.Key(key))
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

// UnderCheck returns the domains of rows that may belong to a subject and await an answer.
func (s *Service) UnderCheck(ctx context.Context, key credit.Key) ([]string, error) {
	items, err := s.Attachments(ctx, key)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	var domains []string
	for _, it := range items {
		facts, err := s.ledger.Read(ctx, it.Other)
		if err != nil {
			return nil, err
		}
		for i := range facts {
			if f := &facts[i]; f.Op == ledger.OpAssertion && f.Kind != credit.Registration { // whose the key is decides on all of them
				domains = append(domains, s.organs.Domains(&f.Record)...)
			}
		}
	}
	slices.Sort(domains)
	return slices.Compact(domains), nil
}
