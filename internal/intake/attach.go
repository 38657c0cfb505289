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

// comer is a row that came into the ledger and of which it is asked whose it is.
type comer struct {
	*ledger.Incoming
	doubtful bool // its code fails its check
}

// asking opens the attachment questions that rows raise, within the transaction that writes the rows. load
// is 0 for what a person typed in place of a row.
type asking struct {
	s                    *Service
	tx                   *store.Tx
	load, source, opened int64
	registered           map[credit.Key]bool
	raised               map[[2]credit.Key]bool
	rows                 [][]any // of desk_item
}

// all asks of rows whose names or legacy numbers other subjects bear.
func (a *asking) all(ctx context.Context, ask []comer) error {
	ask = slices.DeleteFunc(ask, func(c comer) bool { return c.Key.Person() })
	names := make([]string, len(ask))
	for i := range ask {
		names[i] = ask[i].Name
	}
	owners, err := nameOwners(a.tx, names)
	if err != nil {
		return err
	}
	for _, c := range ask {
		for _, owner := range owners[c.Name] {
			if owner == c.Key || owner.Person() {
				continue
			}
			if err := a.pair(ctx, c, owner); err != nil {
				return err
			}
		}
	}
	return a.numbers(ask)
}

// pair asks of two keys that bear one name whether what lies under one is the other's. In doubt is a key
// that fails its check, or one without a registration: rows may come before the subject does, and after.
func (a *asking) pair(ctx context.Context, c comer, owner credit.Key) error {
	mine, err := a.isRegistered(c.Key)
	if err != nil {
		return err
	}
	sure := credit.CheckUSCC(string(owner)).Verdict == credit.Valid
	if sure && mine {
		if sure, err = a.isRegistered(owner); err != nil {
			return err
		}
	}
	if !sure {
		if known, err := a.earlier(c.Key, owner, attachmentDetail(c.Name, owner)); known || err != nil {
			return err
		}
	}
	if c.Kind != credit.Registration && (c.doubtful || !mine) {
		return a.raise(ctx, owner, c)
	}
	return nil
}

func (a *asking) isRegistered(key credit.Key) (bool, error) {
	if known, ok := a.registered[key]; ok {
		return known, nil
	}
	is, err := registered(a.tx, key)
	if a.registered == nil {
		a.registered = map[credit.Key]bool{}
	}
	a.registered[key] = is
	return is, err
}

// registered tells whether a key has a registration.
func registered(tx *store.Tx, key credit.Key) (bool, error) {
	var seq int64
	err := tx.QueryRow("SELECT seq FROM fact WHERE subject = $1 AND op = $2 AND kind = $3 LIMIT 1", string(key), int64(ledger.OpAssertion), int64(credit.Registration)).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("intake: looking for a registration: %w", err)
	}
	return true, nil
}

// numbers asks of legacy numbers that lead to a subject from now on and under which rows lie already.
func (a *asking) numbers(ask []comer) error {
	claims := map[credit.Key][]credit.Key{}
	for _, c := range ask {
		all := c.Aliases
		if alias, ok := ledger.OrgAlias(c.Key); ok {
			all = append(slices.Clone(all), alias)
		}
		for _, n := range all {
			if n != c.Key && !slices.Contains(claims[n], c.Key) {
				claims[n] = append(claims[n], c.Key)
			}
		}
	}
	numbers := make([]string, 0, len(claims))
	for n := range claims {
		numbers = append(numbers, string(n))
	}
	slices.Sort(numbers)
	known, err := readPairs(a.tx, subjectQuery, numbers)
	if err != nil {
		return fmt.Errorf("intake: looking for rows under legacy numbers: %w", err)
	}
	for _, n := range numbers {
		if len(known[n]) == 0 {
			continue
		}
		for _, subject := range claims[credit.Key(n)] {
			if _, err := a.earlier(subject, credit.Key(n), "登记信息中的号码"+credit.Key(n).Code()+"下已有记录"); err != nil {
				return err
			}
		}
	}
	return nil
}

// earlier asks whether what lies under other since before is the subject's, once; known is false when
// nothing lies there.
func (a *asking) earlier(subject, other credit.Key, detail string) (known bool, err error) {
	it := Item{Subject: subject, ID: attachmentID(other), Type: Attachment, Other: other, Detail: detail, Opened: a.opened}
	var matter []byte
	err = a.tx.QueryRow("SELECT matter, load, row, source FROM fact WHERE subject = $1 AND op = $2 AND kind <> $3 ORDER BY seq LIMIT 1",
		string(other), int64(ledger.OpAssertion), int64(credit.Registration)).Scan(&matter, &it.Load, &it.Row, &it.Source)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("intake: looking for rows of a doubtful code: %w", err)
	}
	copy(it.Matter[:], matter)
	a.rows = append(a.rows, it.values())
	return true, nil
}

// raise asks whether a row is owner's. While the question on its key is open it stands for the row too; an
// answer was given of earlier rows, so the next row asks anew.
func (a *asking) raise(ctx context.Context, owner credit.Key, c comer) error {
	pair := [2]credit.Key{owner, c.Key}
	if a.raised[pair] {
		return nil
	}
	if a.raised == nil {
		a.raised = map[[2]credit.Key]bool{}
	}
	a.raised[pair] = true
	it := Item{Subject: owner, ID: attachmentID(c.Key), Type: Attachment, Matter: c.Matter, Other: c.Key,
		Load: a.load, Row: c.Row, Detail: attachmentDetail(c.Name, c.Key), Opened: a.opened, Source: a.source}
	before, err := a.before(&it)
	if err != nil {
		return err
	}
	if len(before) > 0 {
		if ask, err := a.anew(ctx, &it, before); !ask || err != nil {
			return err
		}
		at := it.Row
		if it.Load == 0 {
			at = it.Opened
		}
		it.ID = fmt.Sprintf("%s-%d-%d", it.ID, it.Load, at)
	}
	a.rows = append(a.rows, it.values())
	return nil
}

// before lists the questions that were asked of the pair of keys.
func (a *asking) before(it *Item) ([]Item, error) {
	rows, err := a.tx.Query("SELECT "+strings.Join(itemColumns, ", ")+" FROM desk_item WHERE subject = $1 AND id >= $2 AND id < $3",
		string(it.Subject), it.ID, it.ID+".") // further ones go on with a hyphen, which is less
	if err != nil {
		return nil, fmt.Errorf("intake: looking for earlier questions: %w", err)
	}
	return scanItems(rows)
}

// anew tells whether a row is asked of although its key was asked of before: not while a question is open,
// nor when the row itself was asked of, nor when the keys were found to be one subject's, whose report the
// row then is in.
func (a *asking) anew(ctx context.Context, it *Item, before []Item) (bool, error) {
	linked := false
	for i := range before {
		b := &before[i]
		if b.Closed == 0 || it.Load != 0 && b.Load == it.Load && b.Row == it.Row {
			return false, nil
		}
		given, err := readAnswer(b.Outcome)
		if err != nil {
			return false, err
		}
		linked = linked || given.Outcome == Same
	}
	if !linked {
		return true, nil
	}
	facts, err := a.s.ledger.Read(ctx, it.Other)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(ledger.Fold(it.Other, facts, 0, a.s.today()).Links, func(e ledger.Event) bool {
		return e.Link == ledger.SameAs && e.To == it.Subject
	}), nil
}

func attachmentDetail(name string, key credit.Key) string {
	return "“" + name + "”的记录挂在未登记或校验不符的代码" + key.Code() + "上"
}

// attachmentID names the first question whether a key is a subject's.
func attachmentID(other credit.Key) string {
	sum := sha256.Sum256([]byte(other))
	return string(Attachment) + "-" + hex.EncodeToString(sum[:8])
}

// pairAsk is how many values one statement asks for.
const pairAsk = 64

var (
	nameQuery    = "SELECT name, key FROM subject_name WHERE name IN (" + placeholders(pairAsk) + ")"
	subjectQuery = "SELECT key, key FROM subject WHERE key IN (" + placeholders(pairAsk) + ")"
)

func placeholders(n int) string { return placeholdersFrom(1, n) }

// placeholdersFrom are n parameters of which the first has a number.
func placeholdersFrom(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}

func fillUp(list []any, n int) []any {
	list = slices.Clone(list)
	for len(list) < n {
		list = append(list, list[len(list)-1])
	}
	return list
}

// nameOwners finds the subjects that bear names; an empty name is nobody's.
func nameOwners(tx *store.Tx, names []string) (map[string][]credit.Key, error) {
	owners, err := readPairs(tx, nameQuery, slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" }))
	if err != nil {
		return nil, fmt.Errorf("intake: looking for the owners of names: %w", err)
	}
	return owners, nil
}

// readPairs asks for values, each once, and returns the keys found of each.
func readPairs(tx *store.Tx, query string, values []string) (map[string][]credit.Key, error) {
	slices.Sort(values)
	found := map[string][]credit.Key{}
	for some := range slices.Chunk(slices.Compact(values), pairAsk) {
		args := make([]any, len(some))
		for i := range some {
			args[i] = some[i]
		}
		rows, err := tx.Query(query, fillUp(args, pairAsk)...)
		if err != nil {
			return nil, err
		}
		if err := scanPairs(rows, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func scanPairs(rows *sql.Rows, found map[string][]credit.Key) error {
	defer rows.Close()
	for rows.Next() {
		var value, key string
		if err := rows.Scan(&value, &key); err != nil {
			return err
		}
		found[value] = append(found[value], credit.Key(key))
	}
	return rows.Err()
}
